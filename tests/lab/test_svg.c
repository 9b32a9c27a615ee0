/* test_svg.c: tests of src/lab/report/svg.c, with pictures that are written as gnuplot writes
 * them. */
#include "support/check.h"

#include <string.h>

#include "lab/report/svg.h"

#define HEAD                                                                                       \
    "<?xml version=\"1.0\" encoding=\"utf-8\"  standalone=\"no\"?>\n"                              \
    "<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://www.w3.org/svg11.dtd\">\n"          \
    "<svg \n width=\"1280\" height=\"800\"\n viewBox=\"0 0 1280 800\"\n"                           \
    " xmlns=\"http://www.w3.org/2000/svg\"\n xmlns:xlink=\"http://www.w3.org/1999/xlink\"\n>\n"

#define ROOT "<svg role=\"img\" aria-label=\"A picture\" viewBox=\"0 0 1280 800\">\n"

/* What becomes of the inside of a picture. */
static void assert_inside(const char *inside, const char *expected)
{
    TextBuffer svg = {0}, out = {0}, whole = {0};
    text_append_format(&svg, HEAD "%s</svg>\n", inside);
    text_append_format(&whole, ROOT "%s</svg>", expected);
    assert_true(svg_inline(&out, svg.bytes, svg.length, "p", "A picture"));
    assert_string_equal(out.bytes, whole.bytes);
    text_buffer_free(&svg);
    text_buffer_free(&out);
    text_buffer_free(&whole);
}

static void prolog_size_title_and_comments_go(void **state)
{
    (void)state;
    assert_inside("<title>Gnuplot</title>\n<desc>Produced by > GNUPLOT</desc><!-- a > b <g> -->"
                  "<g><title>a curve</title><path d='M0,0 L1,1'/></g>",
                  "\n<g><path d=\"M0,0 L1,1\"/></g>");
}

static void ids_and_what_refers_to_them_get_the_prefix(void **state)
{
    (void)state;
    assert_inside("<defs><circle id='gpDot' r='0.5'/><use xlink:href='#gpDot' id=\"gpPt6\"/></defs>"
                  "<g clip-path=\"url(#box)\" filter='url(#text) url(#grey)'/><use href='#gpPt6'/>",
                  "<defs><circle id=\"p-gpDot\" r=\"0.5\"/><use href=\"#p-gpDot\" "
                  "id=\"p-gpPt6\"/></defs><g clip-path=\"url(#p-box)\" "
                  "filter=\"url(#p-text) url(#p-grey)\"/><use href=\"#p-gpPt6\"/>");
}

static void the_scripts_greys_become_variables_in_any_spelling(void **state)
{
    (void)state;
    assert_inside("<g fill='#ffffff' stroke=\"black\" color='rgb( 34,  34,  34)'/>"
                  "<g fill='rgb(102,102,102)' stroke='rgb(226, 226, 226)' color='#F2F2F2'/>"
                  "<g fill='#f0f4f8' stroke='#222222' color='white'/>",
                  "<g fill=\"var(--paper)\" stroke=\"var(--ink)\" color=\"var(--ink)\"/>"
                  "<g fill=\"var(--quiet)\" stroke=\"var(--grid)\" color=\"var(--shade)\"/>"
                  "<g fill=\"var(--shade)\" stroke=\"var(--ink)\" color=\"var(--paper)\"/>");
}

static void the_colours_of_data_stay(void **state)
{
    (void)state;
    const char *const same = "<g fill=\"rgb(0, 114, 178)\" stroke=\"#d55e00\" color=\"none\"/>"
                             "<g fill=\"rgb(34,34,35)\" stroke=\"#223\" color=\"currentColor\"/>";
    assert_inside(same, same);
}

static void words_stay_as_they_are_written(void **state)
{
    (void)state;
    const char *const same = "<text x=\"1\">&lt;rope&gt; &amp; #222222 url(#x) 狐狸 'id'</text>";
    assert_inside(same, same);
    assert_inside("<text font-family='\"a\" b'>x</text>",
                  "<text font-family=\"&quot;a&quot; b\">x</text>");
}

static void what_runs_or_asks_for_a_file_goes(void **state)
{
    (void)state;
    assert_inside("<script type='text/javascript' href='a.js'/><script>if (a < b) run('</g>')"
                  "</script><style>@import url(http://a);</style>"
                  "<g onclick='run()' fill='url(http://a)' stroke='url( #a)'>"
                  "<use href='http://a#b'/><image href='a.png'/>"
                  "<foreignObject><p>x</p></foreignObject></g>",
                  "<g><use/></g>");
}

static void a_picture_that_is_cut_off_is_refused_wherever_it_ends(void **state)
{
    (void)state;
    static const char svg[] = HEAD "<title>x</title><!-- c --><g id='a'>"
                                   "<path fill='#222222' d='M0,0'/><text>t</text></g></svg>";
    for (size_t length = 0; length < strlen(svg); length++) {
        char *copy = test_malloc(length + 1); /* so that a read behind its end is seen */
        memcpy(copy, svg, length);
        TextBuffer out = {0};
        text_append_format(&out, "before");
        assert_false(svg_inline(&out, copy, length, "p", "A picture"));
        assert_string_equal(out.bytes, "before");
        text_buffer_free(&out);
        test_free(copy);
    }
}

static void what_is_no_picture_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "no picture",
        "<svg></svg>", /* without coordinates */
        "<svg viewBox='0 0 1 1'/>",
        "<svg viewBox=0></svg>",
        "<svg viewBox='0 0 1 1'><g fill=red></g></svg>",
        "<svg viewBox='0 0 1 1'></p></svg>",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        TextBuffer out = {0};
        assert_false(svg_inline(&out, texts[i], strlen(texts[i]), "p", "A picture"));
        assert_int_equal(out.length, 0);
        text_buffer_free(&out);
    }
}

static void the_label_is_escaped(void **state)
{
    (void)state;
    static const char svg[] = "<svg viewBox='0 0 1 1'></svg>";
    TextBuffer out = {0};
    assert_true(svg_inline(&out, svg, strlen(svg), "p", "a \"b\" <c>"));
    assert_string_equal(out.bytes, "<svg role=\"img\" aria-label=\"a &quot;b&quot; &lt;c&gt;\" "
                                   "viewBox=\"0 0 1 1\"></svg>");
    text_buffer_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prolog_size_title_and_comments_go),
        cmocka_unit_test(ids_and_what_refers_to_them_get_the_prefix),
        cmocka_unit_test(the_scripts_greys_become_variables_in_any_spelling),
        cmocka_unit_test(the_colours_of_data_stay),
        cmocka_unit_test(words_stay_as_they_are_written),
        cmocka_unit_test(what_runs_or_asks_for_a_file_goes),
        cmocka_unit_test(a_picture_that_is_cut_off_is_refused_wherever_it_ends),
        cmocka_unit_test(what_is_no_picture_is_refused),
        cmocka_unit_test(the_label_is_escaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
