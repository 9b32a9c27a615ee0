/* test_plot_answer.c: tests of the picture of an answer to a claim: of plot_answer(), and of what
 * scripts/claim.gp makes of the tables of src/lab/claims/figure.c. Where there is no gnuplot, there
 * is none to test. */
#include "support/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/plot.h"
#include "lab/claims/figure.h"
#include "support/claims_case.h"
#include "support/comparison_case.h"
#include "support/fixtures.h"
#include "support/markup.h"
#include "support/pictures.h"

static const char *answer_drawn(Place *place, const AnswerFigure *figure)
{
    FILE *stream = fopen(place_path(place, "said"), "w");
    assert_non_null(stream);
    Terminal terminal = {.stream = stream, .columns = 80};
    assert_true(answer_figure_write(figure, place->folder, "claim-3", &place->error));
    bool done = plot_answer(&terminal, figure, place->folder, "claim-3", "claim 3: <seeds>");
    fclose(stream);
    assert_true(done);
    assert_string_equal(place_read(place, "said"), "");
    if (!picture_is_there(place, "claim-3", "svg"))
        return "";
    check_greys(svg_of(place, "claim-3"));
    check_png(place, "claim-3");
    assert_null(strstr(svg_of(place, "claim-3"), "nan"));
    return svg_of(place, "claim-3");
}

static void the_curves_of_an_answer_are_named_with_their_ends(void **state)
{
    Place *place = *state;
    skip_without_gnuplot();
    const AnswerFigure figure = answer_with_curves().figure;
    static const char *const words[] = {">Loss by context<",
                                        ">claim 3: &lt;seeds><",
                                        ">loss (nats)<",
                                        ">context<",
                                        ">sinusoidal, \"plain\"<",
                                        ">chance &amp; co<",
                                        "in training: up to 32<",
                                        ">16<",
                                        ">64<",
                                        ">1.5<",
                                        ">3<"};
    const char *text = answer_drawn(place, &figure);
    for (size_t w = 0; w < COUNT_OF(words); w++)
        assert_contains(text, words[w]);
}

/* Bars stand on zero; a word of several is broken where there is no room. */
static void the_bars_of_an_answer_have_words_and_numbers(void **state)
{
    Place *place = *state;
    skip_without_gnuplot();
    const AnswerFigure figure = answer_with_bars().figure;
    const char *text = answer_drawn(place, &figure);
    static const char *const words[] = {">one layer, causal<", ">two<", ">none<", ">learned<"};
    for (size_t w = 0; w < COUNT_OF(words); w++)
        assert_contains(text, words[w]);
    assert_int_equal(count_pieces(text, ">0.5<") + count_pieces(text, "> 0.5<"), 2);
    assert_int_equal(count_pieces(text, ">-0.25<"), 2);
    assert_int_equal(count_pieces(text, "<polygon"), 4);
    assert_null(strstr(text, "in training"));
}

/* The words say what they are: no name of a series is needed. */
static void bars_with_a_word_each_need_no_names(void **state)
{
    Place *place = *state;
    skip_without_gnuplot();
    static const double x[] = {0, 1, 2}, y[] = {1.5, 2, 2.5};
    static const char *const words[] = {"a", "b", "c"}, *const names[] = {"first one", "second one",
                                                                          "third one"};
    AnswerSeries series[3];
    for (size_t s = 0; s < 3; s++)
        series[s] = (AnswerSeries){names[s], pos_schemes[s], &x[s], &y[s], NULL, NULL, 1};
    const AnswerFigure figure = {.title = "t",
                                 .x_name = "x",
                                 .y_name = "y",
                                 .x_words = words,
                                 .n_x_words = 3,
                                 .series = series,
                                 .n_series = 3};
    const char *text = answer_drawn(place, &figure);
    assert_int_equal(count_pieces(text, "<polygon"), 3);
    for (size_t s = 0; s < 3; s++) {
        assert_contains(text, text_format(&place->arena, ">%s<", words[s]));
        assert_null(strstr(text, names[s]));
    }
}

static void numbers_of_any_size_are_drawn(void **state)
{
    Place *place = *state;
    skip_without_gnuplot();
    static const double small[] = {1e-6, 2e-6, 5e-6}, large[] = {1e5, 1e6, 1e7}, x[] = {1, 2, 3},
                        none[] = {NAN, NAN, NAN}, zero[] = {0, 0, 0}, below[] = {-3, -2, -1};
    const double *const numbers[] = {small, large, none, zero, below};
    for (size_t n = 0; n < COUNT_OF(numbers); n++)
        for (size_t way = 0; way < 8; way++) {
            AnswerSeries series = {"x", pos_schemes[1], x, numbers[n], NULL, NULL, 3};
            AnswerFigure figure = {.title = "t",
                                   .x_name = "x",
                                   .y_name = "y",
                                   .x_is_log = way & 1,
                                   .y_is_log = way & 2,
                                   .x_words = (const char *const[]){"a", "b", "c", "d"},
                                   .n_x_words = way & 4 ? 4 : 0,
                                   .series = &series,
                                   .n_series = 1};
            bool has_numbers = numbers[n] != none && (!(way & 2) || numbers[n][0] > 0);
            const char *text = answer_drawn(place, &figure);
            assert_int_equal(strlen(text) > 0, has_numbers);
            if (way & 4 && has_numbers && numbers[n] != zero)
                assert_int_equal(count_pieces(text, "<polygon"), 3);
        }
}

#define plot_test(function) place_test(function, "claim-3.csv")

int main(void)
{
    const struct CMUnitTest tests[] = {
        plot_test(the_curves_of_an_answer_are_named_with_their_ends),
        plot_test(the_bars_of_an_answer_have_words_and_numbers),
        plot_test(bars_with_a_word_each_need_no_names),
        plot_test(numbers_of_any_size_are_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
