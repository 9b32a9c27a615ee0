/* test_svg_dark.c: tests of src/lab/report/svg_dark.c, with a picture that is written as gnuplot
 * writes one. */
#include "support/check.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "lab/report/svg.h"
#include "lab/report/svg_dark.h"
#include "support/comparison_case.h"
#include "support/fixtures.h"

#define ROOT "<?xml version=\"1.0\"?>\n<svg \n viewBox=\"0 0 1280 800\"\n>"
#define INSIDE                                                                                     \
    "\n<title>Gnuplot</title>\n<rect width=\"1280\" height=\"800\" fill=\"#ffffff\"/>"             \
    "<g color=\"black\" fill=\"rgb(34,34,34)\"><path stroke='rgb(102, 102, 102)' d='M0,0 L1,1'/>"  \
    "<path stroke='rgb( 28, 154, 225)' d='M0,0 L1,1'/></g>\n</svg>\n"

/* What becomes of a file with this text. */
static const char *with_dark(Place *place, const char *text)
{
    write_test_file(place->path, text, strlen(text));
    assert_true(svg_add_dark(place->path, &place->error));
    return place_read(place, "a.svg");
}

static void nothing_is_changed_but_that_a_style_is_put_in(void **state)
{
    const char *text = with_dark(*state, ROOT INSIDE);
    const char *style = text + strlen(ROOT);
    const char *end = strstr(text, "</style>");
    assert_int_equal(strncmp(text, ROOT, strlen(ROOT)), 0);
    assert_int_equal(strncmp(style, "\n<style>", 8), 0);
    assert_non_null(end);
    assert_string_equal(end + strlen("</style>"), INSIDE);
}

static void each_grey_has_another_colour_on_a_dark_page_alone(void **state)
{
    const char *text = with_dark(*state, ROOT INSIDE);
    const char *dark = strstr(text, "@media screen and (prefers-color-scheme: dark) {\n");
    assert_non_null(dark);
    assert_null(memchr(text, '[', (size_t)(dark - text)));
    assert_contains(dark, "[fill=\"#ffffff\"] { fill: #0d1117 }\n");
    assert_contains(dark, "[color=\"black\"] { color: #e9e7e2 }\n");
    assert_contains(dark, "\n[fill=\"rgb(34,34,34)\"], [fill=\"rgb( 34,  34,  34)\"], ");
    assert_contains(dark,
                    "[stroke=\"rgb(102, 102, 102)\"], [stroke=\"#666666\"] { stroke: #a2a8af }");
    assert_null(strstr(dark, "[stroke=\"rgb( 28, 154, 225)\"]")); /* of data */
}

/* A report has a style for all its pictures. */
static void a_report_takes_over_the_same_picture_as_before(void **state)
{
    const char *text = with_dark(*state, ROOT INSIDE);
    TextBuffer before = {0}, after = {0};
    assert_true(svg_inline(&before, ROOT INSIDE, strlen(ROOT INSIDE), "p", "A picture"));
    assert_true(svg_inline(&after, text, strlen(text), "p", "A picture"));
    char *gap = strstr(after.bytes, "\n\n"); /* where the style was */
    assert_non_null(gap);
    assert_int_equal(strncmp(after.bytes, before.bytes, (size_t)(gap - after.bytes)), 0);
    assert_string_equal(gap + 1, before.bytes + (gap - after.bytes));
    text_buffer_free(&before);
    text_buffer_free(&after);
}

static void what_is_no_picture_stays_as_it_is(void **state)
{
    assert_string_equal(with_dark(*state, "no picture"), "no picture");
    assert_string_equal(with_dark(*state, "<svg that ends too early"), "<svg that ends too early");
    assert_string_equal(with_dark(*state, ""), "");
}

static void where_no_picture_is_none_is_made(void **state)
{
    Place *place = *state;
    assert_true(svg_add_dark(place->path, &place->error));
    assert_false(file_exists(place->path));
}

/* Larger than any picture. */
static void a_file_that_cannot_be_read_is_named(void **state)
{
    Place *place = *state;
    FILE *stream = fopen(place->path, "wb");
    assert_non_null(stream);
    assert_int_equal(fseek(stream, 1 << 24, SEEK_SET), 0);
    assert_true(fputc('\n', stream) != EOF);
    assert_int_equal(fclose(stream), 0);
    assert_false(svg_add_dark(place->path, &place->error));
    assert_contains(place->error.text, "a.svg");
}

#define svg_test(function) place_test(function, "a.svg")

int main(void)
{
    const struct CMUnitTest tests[] = {
        svg_test(nothing_is_changed_but_that_a_style_is_put_in),
        svg_test(each_grey_has_another_colour_on_a_dark_page_alone),
        svg_test(a_report_takes_over_the_same_picture_as_before),
        svg_test(what_is_no_picture_stays_as_it_is),
        svg_test(where_no_picture_is_none_is_made),
        svg_test(a_file_that_cannot_be_read_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
