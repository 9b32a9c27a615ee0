/* test_intern.c: tests of src/base/intern.c. */
#include "support/check.h"

#include <stdio.h>
#include <string.h>

#include "base/intern.h"

static void the_same_bytes_have_the_same_number(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t number;
        bool is_new;
    } cases[] = {
        {"fox", 0, true}, {"hen", 1, true},   {"fox", 0, false},
        {"fo", 2, true},  {"foxes", 3, true}, {"", 4, true},
        {"", 4, false},   {"hen", 1, false},  {"a longer text than eight bytes", 5, true},
    };
    Interner interner = {0};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        bool is_new;
        size_t length = strlen(cases[c].text), found;
        assert_int_equal(intern(&interner, cases[c].text, length, &is_new), cases[c].number);
        assert_true(is_new == cases[c].is_new);
        const void *bytes = intern_bytes(&interner, cases[c].number, &found);
        assert_int_equal(found, length);
        assert_memory_equal(bytes, cases[c].text, length);
        assert_int_equal((uintptr_t)bytes % 8, 0);
    }
    assert_int_equal(interner.count, 6);
    intern_free(&interner);
}

/* Bytes that are 0 count, and so does how many there are. */
static void zeros_are_bytes_like_others(void **state)
{
    (void)state;
    static const char zeros[20] = {0};
    Interner interner = {0};
    for (uint32_t length = 0; length < sizeof zeros; length++)
        assert_int_equal(intern(&interner, zeros, length, NULL), length);
    for (uint32_t length = 0; length < sizeof zeros; length++)
        assert_int_equal(intern(&interner, zeros, length, NULL), length);
    intern_free(&interner);
}

static void what_was_never_given_is_not_found(void **state)
{
    (void)state;
    Interner interner = {0};
    uint32_t number;
    assert_false(intern_find(&interner, "fox", 3, &number));
    intern(&interner, "fox", 3, NULL);
    intern(&interner, "hen", 3, NULL);
    assert_true(intern_find(&interner, "hen", 3, &number));
    assert_int_equal(number, 1);
    assert_false(intern_find(&interner, "owl", 3, &number));
    assert_false(intern_find(&interner, "he", 2, &number));
    assert_int_equal(interner.count, 2);
    intern_free(&interner);
}

static void many_strings_keep_their_numbers(void **state)
{
    (void)state;
    enum { N = 100000 };
    Interner interner = {0};
    for (uint32_t round = 0; round < 2; round++)
        for (uint32_t n = 0; n < N; n++) {
            bool is_new;
            char text[16];
            size_t length = (size_t)snprintf(text, sizeof text, "%u", (unsigned)n);
            assert_int_equal(intern(&interner, text, length, &is_new), n);
            assert_true(is_new == (round == 0));
        }
    assert_int_equal(interner.count, N);
    assert_false(interner.failed);
    intern_free(&interner);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_bytes_have_the_same_number),
        cmocka_unit_test(zeros_are_bytes_like_others),
        cmocka_unit_test(what_was_never_given_is_not_found),
        cmocka_unit_test(many_strings_keep_their_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
