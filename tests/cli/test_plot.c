/* test_plot.c: tests of the pictures of a comparison: of src/cli/plot.c, and of what the scripts
 * make of the tables of src/lab/figures.c. Where there is no gnuplot, there are none to test. */
#include "support/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/plot.h"
#include "lab/figures.h"
#include "support/comparison_case.h"
#include "support/fixtures.h"
#include "support/markup.h"
#include "support/pictures.h"

static const char *const two_names[] = {"plain", "rope, base = 7"};

static const char *const pictures[] = {"loss", "pairs", "loss-by-context", "loss-by-position"};

/* What a run wrote that ended with the mean of its arm, or a little beside it. */
static void write_results(Place *place, const ComparisonCase *c, size_t first_seed)
{
    TextBuffer text = {0};
    text_append_format(&text, "arm,name,pos,seed,finished,val_loss\n");
    for (size_t a = 0; a < c->experiment.n_arms; a++)
        for (size_t s = 0; s < CASE_SEEDS; s++)
            text_append_format(&text, "%zu,\"x, y\",x,%zu,1,%.9g\n", a, first_seed + s,
                               c->found[a].val_loss.over_seeds.mean + 0.01 * (double)s);
    assert_false(text.failed);
    write_test_file(place_path(place, "results.csv"), text.bytes, text.length);
    text_buffer_free(&text);
}

/* Writes the tables and draws them; what is said goes to `said`, a file of the place. */
static bool drawn_from(Place *place, const ComparisonCase *c, size_t first_seed)
{
    FILE *stream = fopen(place_path(place, "said"), "w");
    assert_non_null(stream);
    Terminal terminal = {.stream = stream, .columns = 80};
    write_results(place, c, first_seed);
    assert_true(figures_write(&c->findings, &place->error));
    bool done = plot_comparison(&terminal, &c->findings);
    fclose(stream);
    return done;
}

static bool drawn(Place *place, const ComparisonCase *c)
{
    return drawn_from(place, c, 1);
}

static void every_picture_names_every_arm(void **state)
{
    Place *place = *state;
    skip_without_gnuplot();
    static const char *const names[] = {"none", "a, rope_base = 1", "x \"<y>\" & {b}_c^2", "größe"};
    static const char *const written[] = {">none<", ">a, rope_base = 1<",
                                          ">x \"&lt;y>\" &amp; {b}_c^2<", ">größe<"};
    ComparisonCase *c = comparison_case(place, 4, names);
    c->by_context[5].refused = "too long";
    c->by_context[5].same = c->by_context[5].plain = no_estimate;
    assert_true(drawn(place, c));
    assert_string_equal(place_read(place, "said"), "");
    for (size_t p = 0; p < COUNT_OF(pictures); p++) {
        const char *text = svg_of(place, pictures[p]);
        for (size_t n = 0; n < COUNT_OF(names); n++)
            if (strchr(names[n], ',') == NULL || strcmp(pictures[p], "pairs") != 0)
                assert_contains(text, written[n]); /* the other is on several lines */
        assert_contains(text, "viewBox=\"0 0 1280 800\"");
        assert_contains(text, "mean of 3 seeds");
        assert_contains(text, "fables, 1,000 to 1,300 parameters");
        assert_null(strstr(text, "nan"));
        assert_contains(text, "</svg>");
        assert_contains(text, "prefers-color-scheme: dark");
        check_greys(text);
        check_png(place, pictures[p]);
    }
    assert_int_equal(count_pieces(svg_of(place, "loss-by-context"), ">refused<"),
                     2); /* there, and its row */
    assert_contains(svg_of(place, "loss-by-context"), "the same 4,096 characters predicted");
    assert_contains(svg_of(place, "loss-by-position"), "in training: up to 64<");
    assert_contains(svg_of(place, "pairs"), ">seed 3<");
}

/* The others lie between 1.5 and 2; a picture that showed this one as well would be a flat line. */
static void the_loss_of_an_arm_that_is_far_away_is_written_at_the_top(void **state)
{
    Place *place = *state;
    skip_without_gnuplot();
    static const char *const names[] = {"a", "b", "c", "far"};
    ComparisonCase *c = comparison_case(place, 4, names);
    c->found[3].val_loss = case_estimate(30.125, 0.25);
    c->findings.n_contexts = 0;
    assert_true(drawn(place, c));
    assert_contains(svg_of(place, "pairs"), ">↑ 30.125<");
    assert_null(strstr(svg_of(place, "pairs"), ">↑ 1."));
    assert_null(strstr(svg_of(place, "pairs"), "> 20<")); /* no tick of the axis is up there */
}

/* An arrow stands where the curve leaves, and one in the row with the loss at its end. */
static void a_curve_that_rises_too_far_leaves_at_the_top(void **state)
{
    Place *place = *state;
    skip_without_gnuplot();
    ComparisonCase *c = comparison_case(place, 2, two_names);
    c->by_context[2].same = case_estimate(30.125, 0.25);
    assert_true(drawn(place, c));
    assert_int_equal(count_pieces(svg_of(place, "loss-by-context"), ">↑<"), 2);
    assert_contains(svg_of(place, "loss-by-context"), ">30.125<");
}

static void one_run_is_drawn_too(void **state)
{
    Place *place = *state;
    skip_without_gnuplot();
    ComparisonCase *c = comparison_case(place, 1, two_names);
    CurvePoint point = {0, 4, NAN, NAN, 1};
    c->experiment.n_seeds = 1;
    c->found[0].val_loss = (Estimate){{1, 1.5, NAN}, {NAN, NAN}};
    c->by_step[0] = (Curve){&point, 1};
    assert_true(drawn(place, c));
    for (size_t p = 0; p < COUNT_OF(pictures); p++)
        assert_contains(svg_of(place, pictures[p]), ", one seed<");
}

/* More than a whole number of gnuplot's may be. */
static void a_seed_may_be_as_large_as_any(void **state)
{
    Place *place = *state;
    skip_without_gnuplot();
    ComparisonCase *c = comparison_case(place, 2, two_names);
    assert_true(drawn_from(place, c, 9007199254740000));
    assert_contains(svg_of(place, "pairs"), ">seed 9007199254740000<");
    assert_contains(svg_of(place, "pairs"), ">seed 9007199254740002<");
}

static void before_a_run_is_done_there_is_nothing_to_draw(void **state)
{
    Place *place = *state;
    skip_without_gnuplot();
    ComparisonCase *c = comparison_case(place, 2, two_names);
    for (size_t a = 0; a < 2; a++) {
        c->found[a] = (ArmFindings){.val_loss = no_estimate};
        c->by_step[a] = (Curve){NULL, 0};
    }
    c->findings.n_contexts = 0;
    assert_true(drawn(place, c));
    assert_string_equal(place_read(place, "said"), "");
    for (size_t p = 0; p < COUNT_OF(pictures); p++)
        assert_false(picture_is_there(place, pictures[p], "svg") ||
                     picture_is_there(place, pictures[p], "png"));
}

static void without_contexts_there_are_two_pictures(void **state)
{
    Place *place = *state;
    skip_without_gnuplot();
    ComparisonCase *c = comparison_case(place, 2, two_names);
    c->findings.n_contexts = 0;
    assert_true(drawn(place, c));
    assert_true(picture_is_there(place, "loss", "svg") && picture_is_there(place, "pairs", "svg"));
    assert_false(picture_is_there(place, "loss-by-context", "svg"));
    assert_false(picture_is_there(place, "loss-by-position", "svg"));
}

/* --- of a task --- */

/* Two arms: one with half right at 20 symbols and a quarter at 40, and one with all right at 20,
 * which goes no further. */
static const char lengths_head[] =
    "arm,pos,seed,length,trained,questions,right,accuracy,loss,name,run\n";
static const char first_seed[] = "0,x,1,10,yes,512,512,1,0,\"x, y\",r\n"
                                 "0,x,1,20,yes,512,256,0.5,0,\"x, y\",r\n"
                                 "0,x,1,40,no,512,64,0.125,0,\"x, y\",r\n";
static const char second_seed[] = "0,x,2,20,yes,512,256,0.5,0,\"x, y\",r\n"
                                  "0,x,2,40,no,512,192,0.375,0,\"x, y\",r\n"
                                  "1,x,1,40,no,0,0,nan,nan,z,r\n";

static void write_lengths(Place *place, const char *rows, const char *more)
{
    const char *text = text_format(&place->arena, "%s%s%s", lengths_head, rows, more);
    write_test_file(place_path(place, "lengths.csv"), text, strlen(text));
}

static void set_lengths(Place *place, ComparisonCase *c)
{
    static const size_t lengths[] = {10, 20, 40};
    static LengthFinding found[6];
    const double means[] = {1, 0.5, 0.25, 1, 1, NAN};
    for (size_t i = 0; i < COUNT_OF(means); i++)
        found[i] = (LengthFinding){.exact = {{CASE_SEEDS, means[i], 0.125}, {NAN, NAN}},
                                   .lowest = means[i] - 0.125,
                                   .highest = means[i] + 0.125,
                                   .refused = isnan(means[i])};
    c->findings.lengths = lengths;
    c->findings.n_lengths = COUNT_OF(lengths);
    c->findings.by_length = found;
    c->findings.trained_length = 20;
    c->findings.length_questions = 512;
    write_lengths(place, first_seed, second_seed);
}

static void what_is_right_is_drawn_by_length(void **state)
{
    Place *place = *state;
    skip_without_gnuplot();
    ComparisonCase *c = comparison_case(place, 2, two_names);
    set_lengths(place, c);
    assert_true(drawn(place, c));
    assert_string_equal(place_read(place, "said"), "");
    const char *text = svg_of(place, "right-by-length");
    static const char *const said[] = {
        "All right by length, mean of 3 seeds and each of them",
        "512 sequences of each length",
        ">at 40<",
        ">25.0<",
        ">refused<",
        ">plain<",
        ">rope, base = 7<",
        ">in training: up to 20<",
    };
    for (size_t i = 0; i < COUNT_OF(said); i++)
        assert_contains(text, said[i]);
    assert_null(strstr(text, "nan"));
    assert_contains(text, "</svg>");
    check_greys(text);
    check_png(place, "right-by-length");
}

static void each_seed_is_a_line_of_its_own(void **state)
{
    Place *place = *state;
    skip_without_gnuplot();
    ComparisonCase *c = comparison_case(place, 2, two_names);
    set_lengths(place, c);
    assert_true(drawn(place, c));
    size_t lines = count_pieces(svg_of(place, "right-by-length"), "<path ");
    write_lengths(place, first_seed, "");
    assert_true(drawn(place, c));
    assert_int_equal(count_pieces(svg_of(place, "right-by-length"), "<path "), lines - 1);
}

static void a_text_has_no_picture_of_what_is_right(void **state)
{
    Place *place = *state;
    skip_without_gnuplot();
    ComparisonCase *c = comparison_case(place, 2, two_names);
    set_lengths(place, c);
    assert_true(drawn(place, c));
    c->findings.n_lengths = 0;
    assert_true(drawn(place, c));
    assert_string_equal(place_read(place, "said"), "");
    assert_false(picture_is_there(place, "right-by-length", "svg"));
    assert_false(picture_is_there(place, "right-by-length", "png"));
}

static void a_missing_gnuplot_is_said_once(void **state)
{
    Place *place = *state;
    ComparisonCase *c = comparison_case(place, 2, two_names);
    const char *path = getenv("PATH");
    char *kept = arena_text(&place->arena, path ? path : "", path ? strlen(path) : 0);
    assert_int_equal(setenv("PATH", place->folder, 1), 0);
    bool done = drawn(place, c);
    assert_int_equal(setenv("PATH", kept, 1), 0);
    assert_false(done);
    assert_string_equal(place_read(place, "said"),
                        "no picture of the losses: gnuplot is missing (Debian: apt install "
                        "gnuplot-nox)\n");
}

#define plot_test(function) place_test(function, "arms.csv")

int main(void)
{
    const struct CMUnitTest tests[] = {
        plot_test(every_picture_names_every_arm),
        plot_test(the_loss_of_an_arm_that_is_far_away_is_written_at_the_top),
        plot_test(a_curve_that_rises_too_far_leaves_at_the_top),
        plot_test(one_run_is_drawn_too),
        plot_test(a_seed_may_be_as_large_as_any),
        plot_test(before_a_run_is_done_there_is_nothing_to_draw),
        plot_test(without_contexts_there_are_two_pictures),
        plot_test(what_is_right_is_drawn_by_length),
        plot_test(each_seed_is_a_line_of_its_own),
        plot_test(a_text_has_no_picture_of_what_is_right),
        plot_test(a_missing_gnuplot_is_said_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
