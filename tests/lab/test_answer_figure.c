/* test_answer_figure.c: tests of src/lab/claims/figure.c: whole tables. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "base/file.h"
#include "lab/claims/figure.h"
#include "lab/palette.h"
#include "support/claims_case.h"
#include "support/comparison_case.h"
#include "support/fixtures.h"

static void write_figure(Place *place, AnswerFigure figure)
{
    if (!answer_figure_write(&figure, place->folder, "claim-3", &place->error))
        fail_msg("%s", place->error.text);
}

static void points_have_their_series_and_interval(void **state)
{
    Place *place = *state;
    write_figure(place, answer_with_curves().figure);
    assert_string_equal(place_read(place, "claim-3.csv"), "series,x,y,low,high\n"
                                                          "0,16,1.5,1.4,1.6\n"
                                                          "0,32,1.25,1.2,1.3\n"
                                                          "0,64,3,2.5,3.5\n"
                                                          "1,16,1.75,nan,nan\n"
                                                          "1,32,1.5,nan,nan\n"
                                                          "1,64,nan,nan,nan\n");
    assert_string_equal(place_read(place, "claim-3-words.csv"), "x,word\n");
}

/* What has no scheme has a grey of the scripts; the last number is the last one there is. */
static void series_have_the_colour_of_their_scheme(void **state)
{
    Place *place = *state;
    Ink ink = palette_ink(2, 0, 1);
    write_figure(place, answer_with_curves().figure);
    assert_string_equal(place_read(place, "claim-3-series.csv"),
                        text_format(&place->arena,
                                    "series,name,colour,dash,point,last,low,high\n"
                                    "0,\"sinusoidal, \"\"plain\"\"\",%s,%d,%d,3,2.5,3.5\n"
                                    "1,chance & co,#666666,1,5,1.5,nan,nan\n",
                                    ink.hex, ink.dash, ink.point));
}

static void series_of_one_scheme_are_shades_of_its_colour(void **state)
{
    Place *place = *state;
    const double x = 1;
    AnswerSeries series[5];
    for (size_t s = 0; s < 5; s++)
        series[s] = (AnswerSeries){"x", s < 3 ? pos_schemes[1] : NULL, &x, &x, NULL, NULL, 1};
    write_figure(place, (AnswerFigure){.series = series, .n_series = 5});
    const char *table = place_read(place, "claim-3-series.csv");
    for (size_t variant = 0; variant < 3; variant++) {
        Ink ink = palette_ink(1, variant, 3);
        assert_contains(table, text_format(&place->arena, "%zu,x,%s,%d,%d,", variant, ink.hex,
                                           ink.dash, ink.point));
    }
    assert_contains(table, "3,x,#666666,1,5,");
    assert_contains(table, "4,x,#222222,2,7,");
}

static void words_stand_at_their_place(void **state)
{
    Place *place = *state;
    write_figure(place, answer_with_bars().figure);
    assert_string_equal(place_read(place, "claim-3-words.csv"),
                        "x,word\n0,\"one layer, causal\"\n1,two\n");
}

static void a_picture_of_earlier_numbers_goes(void **state)
{
    Place *place = *state;
    static const char *const mine[] = {"claim-3.svg", "claim-3.png"};
    for (size_t i = 0; i < COUNT_OF(mine); i++)
        write_test_file(place_path(place, mine[i]), "x", 1);
    write_test_file(place_path(place, "claim-33.svg"), "x", 1);
    write_figure(place, answer_with_bars().figure);
    for (size_t i = 0; i < COUNT_OF(mine); i++)
        assert_false(file_exists(place_path(place, mine[i])));
    assert_true(file_exists(place_path(place, "claim-33.svg")));
}

static void a_folder_that_is_not_there_is_an_error(void **state)
{
    Place *place = *state;
    AnswerFigure figure = answer_with_bars().figure;
    assert_false(
        answer_figure_write(&figure, place_path(place, "nowhere"), "claim-3", &place->error));
    assert_contains(place->error.text, "nowhere/claim-3.csv");
}

#define figure_test(function) place_test(function, "x")

int main(void)
{
    const struct CMUnitTest tests[] = {
        figure_test(points_have_their_series_and_interval),
        figure_test(series_have_the_colour_of_their_scheme),
        figure_test(series_of_one_scheme_are_shades_of_its_colour),
        figure_test(words_stand_at_their_place),
        figure_test(a_picture_of_earlier_numbers_goes),
        figure_test(a_folder_that_is_not_there_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
