/* test_text_numbers.c: tests of src/base/text_numbers.c: numbers that are read from texts, and
 * written for people. */
#include "support/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "base/text.h"

static void whole_numbers_are_read_in_full(void **state)
{
    (void)state;
    size_t value = 7;
    assert_true(text_to_size("0", &value) && value == 0);
    assert_true(text_to_size("007", &value) && value == 7);
    assert_true(text_to_size("1234567890", &value) && value == 1234567890);
    char largest[32], larger[32];
    snprintf(largest, sizeof largest, "%zu", SIZE_MAX);
    snprintf(larger, sizeof larger, "%zu", SIZE_MAX);
    larger[strlen(larger) - 1]++; /* neither 2^32 - 1 nor 2^64 - 1 ends in 9 */
    assert_true(text_to_size(largest, &value) && value == SIZE_MAX);
    value = 7;
    const char *const wrong[] = {
        "",   " ",   "-1",  "+1",  "1 ",   " 1",  "1.0",  "1e3",
        "0x", "0x1", "abc", "12a", "1,00", "inf", larger, "99999999999999999999999"};
    for (size_t w = 0; w < sizeof wrong / sizeof wrong[0]; w++)
        assert_false(text_to_size(wrong[w], &value));
    assert_int_equal(value, 7);
}

static void decimal_numbers_are_read_in_full(void **state)
{
    (void)state;
    double value = 7;
    assert_true(text_to_real("1e-3", &value) && value == 0.001);
    assert_true(text_to_real("-2.5E+2", &value) && value == -250);
    assert_true(text_to_real("+.5", &value) && value == 0.5);
    assert_true(text_to_real("5.", &value) && value == 5);
    assert_true(text_to_real("0e9", &value) && value == 0);
    assert_true(text_to_real("-0", &value) && value == 0 && signbit(value));
    assert_true(text_to_real("1.7976931348623157e308", &value) && value == 0x1.fffffffffffffp1023);
    assert_true(text_to_real("5e-324", &value) && value == 0x1p-1074);
    value = 7;
    const char *const wrong[] = {"",      ".",      "-",      "e5",         "1e",   "1e+",
                                 "1 ",    " 1",     "inf",    "nan",        "0x10", "infinity",
                                 "1e999", "-1e999", "1e-999", "1.2.3",      "1,5",  "12ab",
                                 "--1",   "1e5.0",  "1f",     "0.0001e-400"};
    for (size_t w = 0; w < sizeof wrong / sizeof wrong[0]; w++)
        assert_false(text_to_real(wrong[w], &value));
    assert_close(value, 7, 0);
}

static void seventeen_digits_bring_every_double_back(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 20000; i++) {
        uint64_t bits = random_bits(random_seed(5), i);
        double number, back = 0;
        memcpy(&number, &bits, sizeof number);
        if (!isfinite(number))
            continue;
        char text[32];
        snprintf(text, sizeof text, "%.17g", number);
        assert_true(text_to_real(text, &back));
        assert_memory_equal(&back, &number, sizeof back);
    }
}

static void thousands_are_separated(void **state)
{
    (void)state;
    char buffer[32];
    assert_string_equal(text_thousands(buffer, 0), "0");
    assert_string_equal(text_thousands(buffer, 999), "999");
    assert_string_equal(text_thousands(buffer, 1000), "1,000");
    assert_string_equal(text_thousands(buffer, 12345), "12,345");
    assert_string_equal(text_thousands(buffer, 1234567), "1,234,567");
    assert_string_equal(text_thousands(buffer, UINT64_MAX), "18,446,744,073,709,551,615");
}

static void bytes_have_binary_units(void **state)
{
    (void)state;
    char buffer[32];
    const uint64_t kibi = 1024, mebi = 1024 * kibi, gibi = 1024 * mebi;
    assert_string_equal(text_bytes(buffer, 0), "0 B");
    assert_string_equal(text_bytes(buffer, 1023), "1023 B");
    assert_string_equal(text_bytes(buffer, 1024), "1.0 KiB");
    assert_string_equal(text_bytes(buffer, 1536), "1.5 KiB");
    assert_string_equal(text_bytes(buffer, mebi - 1), "1.0 MiB");
    assert_string_equal(text_bytes(buffer, 123 * mebi / 10), "12.3 MiB");
    assert_string_equal(text_bytes(buffer, 1023 * mebi), "1023.0 MiB");
    assert_string_equal(text_bytes(buffer, 5 * gibi / 2), "2.5 GiB");
    assert_string_equal(text_bytes(buffer, UINT64_MAX), "16.0 EiB");
}

static void durations_are_said_as_people_say_them(void **state)
{
    (void)state;
    char buffer[32];
    assert_string_equal(text_duration(buffer, 0), "0 s");
    assert_string_equal(text_duration(buffer, 8.4), "8 s");
    assert_string_equal(text_duration(buffer, 59.4), "59 s");
    assert_string_equal(text_duration(buffer, 59.6), "1 min 00 s");
    assert_string_equal(text_duration(buffer, 125), "2 min 05 s");
    assert_string_equal(text_duration(buffer, 3599.7), "1 h 00 min");
    assert_string_equal(text_duration(buffer, 3725), "1 h 02 min");
    assert_string_equal(text_duration(buffer, 360000), "100 h 00 min");
    assert_string_equal(text_duration(buffer, NAN), "?");
    assert_string_equal(text_duration(buffer, INFINITY), "?");
    assert_string_equal(text_duration(buffer, 1e300), "?");
    assert_string_equal(text_duration(buffer, -1), "?");
}

static void numbers_are_written_with_the_signs_they_need(void **state)
{
    (void)state;
    assert_string_equal(text_change(0.0126, 3).text, "+0.013");
    assert_string_equal(text_change(-0.0126, 3).text, "-0.013");
    assert_string_equal(text_decimal(0.0126, 3).text, "0.013");
    assert_string_equal(text_decimal(-12.5, 1).text, "-12.5");
    assert_string_equal(text_change(1000, 0).text, "+1000");
    assert_string_equal(text_change(INFINITY, 2).text, "+inf");
}

static void a_number_is_written_as_short_as_by_printf_and_nan_without_a_sign(void **state)
{
    (void)state;
    assert_string_equal(text_short(0.5).text, "0.5");
    assert_string_equal(text_short(-1e30).text, "-1e+30");
    assert_string_equal(text_short(-INFINITY).text, "-inf");
    assert_string_equal(text_short(NAN).text, "nan");
    assert_string_equal(text_short(copysign(NAN, -1)).text, "nan");
}

static void a_number_that_comes_out_as_zero_has_no_sign(void **state)
{
    (void)state;
    assert_string_equal(text_change(-0.00004, 4).text, "0.0000");
    assert_string_equal(text_change(0.00004, 4).text, "0.0000");
    assert_string_equal(text_decimal(-0.0, 2).text, "0.00");
    assert_string_equal(text_decimal(-0.4, 0).text, "0");
    assert_string_equal(text_change(-0.00006, 4).text, "-0.0001");
}

static void a_number_that_is_none_is_not_known(void **state)
{
    (void)state;
    assert_string_equal(text_change(NAN, 4).text, "not known");
    assert_string_equal(text_decimal(-NAN, 2).text, "not known");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_numbers_are_read_in_full),
        cmocka_unit_test(decimal_numbers_are_read_in_full),
        cmocka_unit_test(seventeen_digits_bring_every_double_back),
        cmocka_unit_test(thousands_are_separated),
        cmocka_unit_test(bytes_have_binary_units),
        cmocka_unit_test(durations_are_said_as_people_say_them),
        cmocka_unit_test(numbers_are_written_with_the_signs_they_need),
        cmocka_unit_test(a_number_is_written_as_short_as_by_printf_and_nan_without_a_sign),
        cmocka_unit_test(a_number_that_comes_out_as_zero_has_no_sign),
        cmocka_unit_test(a_number_that_is_none_is_not_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
