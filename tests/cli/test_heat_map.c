/* test_heat_map.c: tests of src/cli/heat_map.c and src/cli/figure_text.c. */
#include "support/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "cli/figure_text.h"
#include "cli/heat_map.h"
#include "support/fixtures.h"

static const Terminal plain = {.columns = 80}, shaded = {.columns = 80, .unicode = true},
                      coloured = {.columns = 80, .unicode = true, .colour = true};

/* A figure of one panel. */
static Figure map_of(Fixture *f, double *values, size_t rows, size_t columns)
{
    Panel *panel = arena_alloc(&f->arena, 1, sizeof *panel);
    assert_non_null(panel);
    *panel = (Panel){"", values};
    return (Figure){.name = "map",
                    .title = "a map",
                    .note = "",
                    .rows = {.name = "row", .count = rows},
                    .columns = {.name = "column", .count = columns},
                    .panels = panel,
                    .n_panels = 1};
}

static const char *drawn(Fixture *f, const Figure *figure, Terminal terminal)
{
    TextBuffer text = {0};
    Range range;
    assert_true(figure_range(figure, &range));
    heat_map_append(&text, &terminal, figure, figure->panels, range);
    assert_false(text.failed);
    const char *copy = arena_text(&f->arena, text.bytes, text.length);
    text_buffer_free(&text);
    return copy;
}

/* 0 to 9 in ten levels, and a hole. */
static void without_colours_numbers_are_shades(void **state)
{
    Fixture *f = *state;
    double values[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, NAN, 0};
    Figure figure = map_of(f, values, 2, 6);
    assert_string_equal(drawn(f, &figure, plain), "  0   ..::--==++\n"
                                                  "    **##%%@@    \n"
                                                  "    0       4\n"
                                                  "    0   ..::--==++**##%%@@ 9\n");
    assert_string_equal(
        drawn(f, &figure, shaded),
        "  0     \u2591\u2591\u2591\u2591\u2592\u2592\u2592\u2592\n"
        "    \u2593\u2593\u2593\u2593\u2588\u2588\u2588\u2588    \n"
        "    0       4\n"
        "    0     \u2591\u2591\u2591\u2591\u2592\u2592\u2592\u2592\u2593\u2593\u2593\u2593"
        "\u2588\u2588\u2588\u2588 9\n");
}

/* On both sides of 0 the scale has 0 in its middle. */
static void a_scale_with_both_signs_is_symmetrical(void **state)
{
    Fixture *f = *state;
    double values[] = {-1, 0, 4};
    Figure figure = map_of(f, values, 1, 3);
    const char *text = drawn(f, &figure, plain);
    assert_int_equal(strncmp(text, "  0 --++@@\n", strlen("  0 --++@@\n")), 0);
    assert_contains(text, "    -4   ..::");
    assert_contains(text, " 4\n");
    values[0] = -4;
    values[2] = 1;
    text = drawn(f, &figure, plain);
    assert_int_equal(strncmp(text, "  0   ++**\n", strlen("  0   ++**\n")), 0);
}

static void with_colours_a_number_is_one(void **state)
{
    Fixture *f = *state;
    double values[] = {0, 9, -9};
    Figure figure = map_of(f, values, 1, 2);
    const char *text = drawn(f, &figure, coloured);
    assert_contains(text, "  0 \033[48;5;53m  \033[0m\033[48;5;220m  \033[0m\n");
    figure.columns.count = 3;
    text = drawn(f, &figure, coloured);
    assert_contains(text, "  0 \033[48;5;255m  \033[0m\033[48;5;124m  \033[0m\033[48;5;25m  ");
}

static size_t lines_of(const char *text)
{
    size_t lines = 0;
    for (; *text != '\0'; text++)
        lines += *text == '\n';
    return lines;
}

/* Columns of a terminal that the widest line takes; colours take none. */
static size_t width_of(const char *text)
{
    size_t widest = 0, width = 0;
    for (; *text != '\0'; text++) {
        if (*text == '\033')
            text = strchr(text, 'm');
        else if (*text == '\n')
            width = 0;
        else if (!utf8_continues(*text))
            width++;
        widest = width > widest ? width : widest;
    }
    return widest;
}

/* 64 rows in 32 lines, 96 columns in at most 80. */
static void a_large_map_is_made_smaller_by_means(void **state)
{
    Fixture *f = *state;
    enum { ROWS = 64, COLUMNS = 96 };
    double *values = new_doubles(&f->arena, ROWS * COLUMNS);
    for (size_t i = 0; i < ROWS * COLUMNS; i++)
        values[i] = i / COLUMNS % 2 == 0 ? 1 : 3;
    values[0] = 0;
    values[COLUMNS] = 4;
    Figure figure = map_of(f, values, ROWS, COLUMNS);
    const Terminal terminals[] = {plain, shaded, coloured};
    for (size_t t = 0; t < 3; t++) {
        const char *text = drawn(f, &figure, terminals[t]);
        assert_int_equal(lines_of(text), 32 + 2);
        assert_in_range(width_of(text), 70, 80);
    }
    /* two rows of 1 and 3 are 2 in one line, half way from 0 to 4; with colours each has its own */
    assert_contains(drawn(f, &figure, plain), "\n     +++++++++++");
    assert_contains(drawn(f, &figure, coloured), "\n     \033[38;5;24m\033[48;5;113m\u2580\033[0m"
                                                 "\033[38;5;24m\033[48;5;113m\u2580\033[0m");
}

static void every_width_and_size_fits(void **state)
{
    Fixture *f = *state;
    const size_t sizes[] = {1, 2, 31, 33, 39, 64, 65, 200};
    double *values = new_doubles(&f->arena, 200 * 200);
    for (size_t i = 0; i < 200 * 200; i++)
        values[i] = (double)(i % 7) - 2;
    for (size_t columns = 20; columns <= 120; columns += 25)
        for (size_t r = 0; r < COUNT_OF(sizes); r++)
            for (size_t c = 0; c < COUNT_OF(sizes); c++) {
                Figure figure = map_of(f, values, sizes[r], sizes[c]);
                Terminal terminal = coloured;
                terminal.columns = columns;
                const char *text = drawn(f, &figure, terminal);
                assert_in_range(width_of(text), 1, columns < 45 ? 45 : columns < 80 ? columns : 80);
                assert_in_range(lines_of(text), 3, 34);
            }
}

/* Each column has its name over it, written downwards; what a terminal cannot show is a sign. */
static void labels_stand_at_rows_and_over_columns(void **state)
{
    Fixture *f = *state;
    static const char *const labels[] = {"fox", "\u00b7", "\u23ce", "\u00fc!"};
    double values[] = {1, NAN, NAN, NAN, 0, 1, NAN, NAN, 0, 0, 1, NAN, 0, 0, 0, 1};
    Figure figure = map_of(f, values, 4, 4);
    figure.rows.labels = figure.columns.labels = labels;
    assert_string_equal(drawn(f, &figure, plain), "      f _ / ? \n"
                                                  "      o     ! \n"
                                                  "      x       \n"
                                                  "  fox @@      \n"
                                                  "    _   @@    \n"
                                                  "    /     @@  \n"
                                                  "   ?!       @@\n"
                                                  "      0   ..::--==++**##%%@@ 1\n");
    assert_contains(drawn(f, &figure, shaded), "      f \u00b7 \u23ce \u00fc \n");
}

static void a_label_ends_where_it_is_no_utf8(void **state)
{
    TextBuffer text = {0};
    (void)state;
    assert_int_equal(label_append(&text, &plain,
                                  "ab\xff"
                                  "c",
                                  10),
                     2);
    assert_int_equal(label_append(&text, &shaded, "\u00fc\xff", 10), 1);
    assert_false(text.failed);
    assert_string_equal(text.bytes, "ab\u00fc");
    text_buffer_free(&text);
}

/* --- figures as text --- */

static const char *text_of(Fixture *f, const Figure *figure)
{
    TextBuffer text = {0};
    figure_append_text(&text, &plain, figure);
    assert_false(text.failed);
    const char *copy = arena_text(&f->arena, text.bytes, text.length);
    text_buffer_free(&text);
    return copy;
}

static void curves_have_their_numbers_under_them(void **state)
{
    Fixture *f = *state;
    static const char *const heads[] = {"head 0", "head 1"};
    double values[2 * 40];
    for (size_t i = 0; i < 2 * 40; i++)
        values[i] = (i < 40 ? 1 : 10) * ((double)(i % 40) - 39);
    Figure figure = map_of(f, values, 2, 40);
    figure.kind = FIGURE_CURVES;
    figure.rows.labels = heads;
    figure.columns.first = -39;
    const char *text = text_of(f, &figure);
    assert_contains(text, "\na map\n  down: row, across: column\n\n  head 0 ");
    assert_contains(text,
                    "      -32      -16       -8       -4       -2       -1        0\n"
                    "  head 0      -32      -16       -8       -4       -2       -1        0\n"
                    "  head 1     -320     -160      -80      -40      -20      -10        0\n");
}

/* There is no room for all powers of 2 on both sides: powers of 4 are left. */
static void only_as_many_numbers_as_there_is_room_for(void **state)
{
    Fixture *f = *state;
    double *values = new_doubles(&f->arena, 127);
    values[0] = 1;
    Figure figure = map_of(f, values, 1, 127);
    figure.kind = FIGURE_CURVES;
    figure.columns.first = -63;
    assert_contains(text_of(f, &figure),
                    "\n  row      -16       -4       -1        0        1        4       16\n");
}

static void a_map_of_one_number_says_it(void **state)
{
    Fixture *f = *state;
    double zeros[4] = {0}, holes[4] = {NAN, NAN, NAN, NAN};
    Figure figure = map_of(f, zeros, 2, 2);
    assert_contains(text_of(f, &figure), "  all are 0\n");
    figure = map_of(f, holes, 2, 2);
    assert_contains(text_of(f, &figure), "  there are no numbers\n");
}

static void a_summary_stands_for_all_panels(void **state)
{
    Fixture *f = *state;
    double values[3][2] = {{0, 1}, {0, 2}, {0, 3}};
    Panel panels[] = {{"first", values[0]}, {"second", values[1]}}, mean = {"mean", values[2]};
    Figure figure = map_of(f, NULL, 1, 2);
    figure.panels = panels;
    figure.n_panels = 2;
    const char *both = text_of(f, &figure);
    assert_contains(both, "  first\n  0   ++\n"); /* of one scale up to 2: 1 is half way */
    figure.own_scales = true;
    assert_contains(text_of(f, &figure), "  first\n  0   @@\n");
    figure.summary = &mean;
    const char *text = text_of(f, &figure);
    assert_contains(text, "  mean\n  0   @@\n");
    assert_null(strstr(text, "first"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(without_colours_numbers_are_shades),
        fixture_test(a_scale_with_both_signs_is_symmetrical),
        fixture_test(with_colours_a_number_is_one),
        fixture_test(a_large_map_is_made_smaller_by_means),
        fixture_test(every_width_and_size_fits),
        fixture_test(labels_stand_at_rows_and_over_columns),
        fixture_test(a_label_ends_where_it_is_no_utf8),
        fixture_test(curves_have_their_numbers_under_them),
        fixture_test(only_as_many_numbers_as_there_is_room_for),
        fixture_test(a_map_of_one_number_says_it),
        fixture_test(a_summary_stands_for_all_panels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
