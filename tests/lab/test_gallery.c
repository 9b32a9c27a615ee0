/* test_gallery.c: tests of src/lab/inspect/gallery.c. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "lab/inspect/gallery.h"
#include "support/fixtures.h"

static void a_gallery_finds_its_figures_by_name(void **state)
{
    Fixture *f = *state;
    Gallery gallery = {.arena = &f->arena};
    Figure figure = {.rows = {.count = 2}, .columns = {.count = 3}, .n_panels = 2};
    figure.name = "one";
    Figure *one = gallery_add(&gallery, figure);
    figure.name = "two";
    Figure *two = gallery_add(&gallery, figure);
    assert_true(one && two && one->panels[1].values == one->panels[0].values + 6);
    assert_ptr_equal(gallery_find(&gallery, "one"), one);
    assert_ptr_equal(gallery_find(&gallery, "two"), two);
    assert_null(gallery_find(&gallery, "on"));
}

static void ranges_span_the_numbers_that_are_there(void **state)
{
    (void)state;
    double first[] = {3, NAN, -1, 2}, second[] = {NAN, INFINITY, 7, 7},
           none[] = {NAN, NAN, NAN, NAN};
    Panel panels[] = {{"", first}, {"", second}, {"", none}};
    Figure figure = {
        .rows = {.count = 2}, .columns = {.count = 2}, .panels = panels, .n_panels = 3};
    Range range;
    assert_true(panel_range(&figure, &panels[0], &range));
    assert_true(range.least == -1 && range.greatest == 3);
    assert_true(panel_range(&figure, &panels[1], &range));
    assert_true(range.least == 7 && range.greatest == 7);
    assert_false(panel_range(&figure, &panels[2], &range));
    assert_true(figure_range(&figure, &range));
    assert_true(range.least == -1 && range.greatest == 7);
}

/* RFC 4180: a cell with a comma or a quote stands in quotes, a quote in it twice. */
static void a_line_of_csv_for_each_number(void **state)
{
    (void)state;
    static const char *const rows[] = {"a", ","}, *const columns[] = {"\"", "d e"};
    double first[] = {0.5, NAN, -1e-9, 4}, second[] = {1, 2, 3, 123456789};
    Panel panels[] = {{"left", first}, {"right", second}};
    Figure figure = {.name = "both",
                     .rows = {.count = 2, .labels = rows},
                     .columns = {.count = 2, .first = -1, .labels = columns},
                     .panels = panels,
                     .n_panels = 2};
    TextBuffer csv = {0};
    figure_append_csv(&figure, &csv);
    assert_string_equal(csv.bytes, "both,left,0,-1,0.5,a,\"\"\"\"\n"
                                   "both,left,0,0,nan,a,d e\n"
                                   "both,left,1,-1,-1e-09,\",\",\"\"\"\"\n"
                                   "both,left,1,0,4,\",\",d e\n"
                                   "both,right,0,-1,1,a,\"\"\"\"\n"
                                   "both,right,0,0,2,a,d e\n"
                                   "both,right,1,-1,3,\",\",\"\"\"\"\n"
                                   "both,right,1,0,123456789,\",\",d e\n");
    text_buffer_free(&csv);
    figure.rows.labels = figure.columns.labels = NULL;
    figure.n_panels = 1;
    figure_append_csv(&figure, &csv);
    assert_string_equal(csv.bytes, "both,left,0,-1,0.5,,\nboth,left,0,0,nan,,\n"
                                   "both,left,1,-1,-1e-09,,\nboth,left,1,0,4,,\n");
    text_buffer_free(&csv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(a_gallery_finds_its_figures_by_name),
        fixture_test(ranges_span_the_numbers_that_are_there),
        fixture_test(a_line_of_csv_for_each_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
