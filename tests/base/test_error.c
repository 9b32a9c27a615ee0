/* test_error.c: tests of src/base/error.c. */
#include "support/check.h"

#include <string.h>

#include "base/error.h"
#include "base/utf8.h"

static void fail_says_that_the_work_failed(void **state)
{
    (void)state;
    Error error = {0};
    assert_false(fail(&error, "%s:%d: n_head = %d", "x.ini", 7, 5));
    assert_int_equal(error.kind, ERROR_WORK);
    assert_string_equal(error.text, "x.ini:7: n_head = 5");
}

static void fail_request_says_that_the_request_was_wrong(void **state)
{
    (void)state;
    Error error = {0};
    assert_false(fail_request(&error, "--bogus: unknown key"));
    assert_int_equal(error.kind, ERROR_REQUEST);
    assert_string_equal(error.text, "--bogus: unknown key");
}

static void kinds_are_the_exit_codes(void **state)
{
    (void)state;
    assert_int_equal(ERROR_WORK, 1);
    assert_int_equal(ERROR_REQUEST, 2);
}

static void nobody_has_to_ask_why(void **state)
{
    (void)state;
    assert_false(fail(NULL, "%d", 1));
    assert_false(fail_request(NULL, "%d", 1));
    assert_false(fail_within(NULL, "%d", 1));
}

static void what_was_no_request_keeps_its_message(void **state)
{
    Error error = {0};
    (void)state;
    fail_request(&error, "x: no such file");
    assert_false(fail_as_work(&error));
    assert_int_equal(error.kind, ERROR_WORK);
    assert_string_equal(error.text, "x: no such file");
    assert_false(fail_as_work(NULL));
}

static void a_prefix_goes_in_front_and_the_kind_stays(void **state)
{
    (void)state;
    Error error = {0};
    fail_request(&error, "byte 3: expected ','");
    assert_false(fail_within(&error, "%s/%s", "runs", "a"));
    assert_int_equal(error.kind, ERROR_REQUEST);
    assert_string_equal(error.text, "runs/a: byte 3: expected ','");
    fail(&error, "x");
    fail_within(&error, "y");
    assert_int_equal(error.kind, ERROR_WORK);
}

static void a_message_may_quote_the_one_before_it(void **state)
{
    (void)state;
    Error error = {0};
    fail(&error, "first");
    fail(&error, "%s, then %s", error.text, error.text);
    assert_string_equal(error.text, "first, then first");
}

static void a_line_that_just_fits_is_whole(void **state)
{
    (void)state;
    char text[ERROR_TEXT_SIZE];
    memset(text, 'x', sizeof text);
    text[ERROR_TEXT_SIZE - 1] = '\0';
    Error error = {0};
    fail(&error, "%s", text);
    assert_string_equal(error.text, text);
}

static void assert_ends_with(const char *text, const char *end)
{
    size_t length = strlen(text);
    assert_true(length >= strlen(end));
    assert_string_equal(text + length - strlen(end), end);
}

/* Whatever is quoted, where it was found stands in front of it and what was expected behind it. */
static void a_line_that_is_too_long_loses_its_middle(void **state)
{
    (void)state;
    char quoted[2 * ERROR_TEXT_SIZE];
    memset(quoted, 'x', sizeof quoted);
    for (size_t length = ERROR_TEXT_SIZE - 10; length < sizeof quoted; length += 100) {
        quoted[length] = '\0';
        Error error = {0};
        fail(&error, "x.ini:7: %s: expected y", quoted);
        assert_int_equal(strlen(error.text), ERROR_TEXT_SIZE - 1);
        assert_memory_equal(error.text, "x.ini:7: xxx", 12);
        assert_memory_equal(error.text + ERROR_TEXT_SIZE / 2 - 3, "x...x", 5);
        assert_ends_with(error.text, "xxx: expected y");
        fail_within(&error, "prefix");
        assert_int_equal(strlen(error.text), ERROR_TEXT_SIZE - 1);
        assert_memory_equal(error.text, "prefix: x.ini:7: xxx", 20);
        assert_ends_with(error.text, "xxx: expected y");
        quoted[length] = 'x';
    }
}

static void a_long_prefix_leaves_the_cause_whole(void **state)
{
    (void)state;
    static const char cause[] = ": line 7: expected a whole number";
    char text[2 * ERROR_TEXT_SIZE];
    memset(text, 'x', sizeof text);
    for (size_t length = ERROR_TEXT_SIZE - 40; length < sizeof text; length++) {
        text[length] = '\0';
        Error error = {0};
        fail_request(&error, "expected a whole number");
        fail_within(&error, "%s: line 7", text);
        bool cut = length + strlen(cause) > ERROR_TEXT_SIZE - 1;
        assert_int_equal(strlen(error.text), cut ? ERROR_TEXT_SIZE - 1 : length + strlen(cause));
        assert_memory_equal(error.text, "xxx", 3);
        assert_ends_with(error.text, cause);
        assert_true((strstr(error.text, "x...x") != NULL) == cut);
        assert_int_equal(error.kind, ERROR_REQUEST);
        text[length] = 'x';
    }
}

/* With so many bytes before and behind characters of four. */
static void assert_cut_between_characters(size_t before, size_t behind)
{
    char text[ERROR_TEXT_SIZE + 64] = "";
    memset(text, 'x', before);
    while (strlen(text) + 4 + behind < sizeof text)
        strcat(text, "\xf0\x9f\x98\x80");     /* U+1F600 */
    memset(text + strlen(text), 'x', behind); /* zeros follow */
    Error error = {0};
    fail(&error, "%s", text);
    size_t length = strlen(error.text), at = 0;
    assert_in_range(length, ERROR_TEXT_SIZE - 7, ERROR_TEXT_SIZE - 1);
    while (at < length) {
        uint32_t code_point;
        size_t bytes = utf8_decode(error.text + at, length - at, &code_point);
        assert_true(bytes > 0);
        assert_int_not_equal(code_point, '?');
        at += bytes;
    }
    assert_non_null(strstr(error.text, "\x80...\xf0"));
}

static void a_cut_never_splits_a_character(void **state)
{
    (void)state;
    for (size_t before = 0; before < 4; before++)
        for (size_t behind = 0; behind < 4; behind++)
            assert_cut_between_characters(before, behind);
}

static void control_characters_never_reach_the_terminal(void **state)
{
    (void)state;
    Error error = {0};
    fail(&error, "a\nb\tc\033[31md\x7f%s", "\r\n");
    assert_string_equal(error.text, "a?b?c?[31md???");
    fail(&error, "a\xc2\x9b%s", "31m"); /* U+009B stands for ESC [ */
    assert_string_equal(error.text, "a??31m");
    fail(&error, "\xc2\x80\xc2\x9f\xc2\xa0\xc3\x9b"); /* the first and last, and what is none */
    assert_string_equal(error.text, "????\xc2\xa0\xc3\x9b");
}

static void what_is_no_utf_8_never_reaches_the_terminal(void **state)
{
    (void)state;
    Error error = {0};
    fail(&error, "caf\xe9 caf\xc3\xa9 \x9b \xf0\x9f\x98\x80 \xe2\x82");
    assert_string_equal(error.text, "caf? caf\xc3\xa9 ? \xf0\x9f\x98\x80 ??");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fail_says_that_the_work_failed),
        cmocka_unit_test(fail_request_says_that_the_request_was_wrong),
        cmocka_unit_test(kinds_are_the_exit_codes),
        cmocka_unit_test(nobody_has_to_ask_why),
        cmocka_unit_test(what_was_no_request_keeps_its_message),
        cmocka_unit_test(a_prefix_goes_in_front_and_the_kind_stays),
        cmocka_unit_test(a_message_may_quote_the_one_before_it),
        cmocka_unit_test(a_line_that_just_fits_is_whole),
        cmocka_unit_test(a_line_that_is_too_long_loses_its_middle),
        cmocka_unit_test(a_long_prefix_leaves_the_cause_whole),
        cmocka_unit_test(a_cut_never_splits_a_character),
        cmocka_unit_test(control_characters_never_reach_the_terminal),
        cmocka_unit_test(what_is_no_utf_8_never_reaches_the_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
