/* test_html.c: tests of src/lab/report/html.c. */
#include "support/check.h"

#include <string.h>

#include "lab/report/html.h"

static void assert_html(const char *text, size_t length, const char *expected)
{
    TextBuffer out = {0};
    text_append_format(&out, "[");
    html_append(&out, text, length);
    text_append_format(&out, "]");
    assert_string_equal(out.bytes, expected);
    text_buffer_free(&out);
}

static void what_html_gives_a_meaning_to_is_escaped(void **state)
{
    (void)state;
    assert_html("<a b=\"c\" d='e'>&amp;", 20, "[&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;amp;]");
}

static void letters_of_any_script_stay_as_they_are(void **state)
{
    (void)state;
    static const char text[] = "Fabel: der Löwe, 狐狸\tund 🦊\n";
    assert_html(text, strlen(text), "[Fabel: der Löwe, 狐狸\tund 🦊\n]");
}

static void what_cannot_be_shown_is_replaced_byte_by_byte(void **state)
{
    (void)state;
    assert_html("a\xff\xfez", 4, "[a\xef\xbf\xbd\xef\xbf\xbdz]");
    assert_html("a\xe2\x82", 3, "[a\xef\xbf\xbd\xef\xbf\xbd]"); /* a character cut short */
    assert_html("\0\x1b\x7f\r", 4, "[\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd]");
    assert_html("\xc2\x9b\xc2\xa0", 4, "[\xef\xbf\xbd\xc2\xa0]"); /* U+009B, U+00A0 */
}

static void a_format_is_escaped_with_what_is_put_into_it(void **state)
{
    (void)state;
    TextBuffer out = {0};
    html_append_format(&out, "%s < %d & %c", "<b>", 7, '"');
    assert_string_equal(out.bytes, "&lt;b&gt; &lt; 7 &amp; &quot;");
    text_buffer_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_html_gives_a_meaning_to_is_escaped),
        cmocka_unit_test(letters_of_any_script_stay_as_they_are),
        cmocka_unit_test(what_cannot_be_shown_is_replaced_byte_by_byte),
        cmocka_unit_test(a_format_is_escaped_with_what_is_put_into_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
