/* test_inspect_query_key.c: tests of src/lab/query_key.c and src/lab/inspect/hands.c. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "lab/inspect/inspect.h"
#include "support/made_up_pos.h"
#include "support/model_case.h"

enum { T = 24, D = 16 };

static const double DEGREES = 57.29577951308232;

/* As in test_inspect_planes.c. */
#ifdef REAL_IS_DOUBLE
static const double ROUNDING = 1e-12;
#else
static const double ROUNDING = 2e-6;
#endif

static const Figure *figure_of(Fixture *f, const Pos *pos, const char *name)
{
    Error error = {0};
    Gallery *gallery = arena_alloc(&f->arena, 1, sizeof *gallery);
    assert_non_null(gallery);
    gallery->arena = &f->arena;
    Subject subject = {
        .pos = {pos}, .when = {"now"}, .count = 1, .positions = positions_from(&f->arena, 0, 1, T)};
    if (!inspect(gallery, &subject, &error))
        fail_msg("%s", error.text);
    return gallery_find(gallery, name);
}

static ModelCase *rope_case(Fixture *f, const char *options)
{
    ModelShape shape = small_model;
    shape.gpt.n_embd = 2 * D;
    return model_case(f, pos_find("rope"), options, shape);
}

static double theta_of(size_t plane)
{
    return pow(10000, -2 * (double)plane / D);
}

static double value(const Figure *figure, size_t panel, size_t row, size_t column)
{
    assert_true(panel < figure->n_panels && row < figure->rows.count);
    assert_true(column < figure->columns.count);
    return figure->panels[panel].values[row * figure->columns.count + column];
}

static void a_table_lists_the_planes(void **state)
{
    Fixture *f = *state;
    ModelCase *c = rope_case(f, "rope_pairing=half");
    const Figure *planes = figure_of(f, &c->gpt.pos, "planes");
    assert_int_equal(planes->rows.count, D / 2);
    assert_contains(planes->note, "the angle is the position times theta");
    for (size_t p = 0; p < D / 2; p++) {
        assert_string_equal(planes->rows.labels[p],
                            text_format(&f->arena, "%zu, %zu", p, p + D / 2));
        assert_close(value(planes, 0, p, 0), theta_of(p), ROUNDING);
        assert_close(value(planes, 0, p, 1) * theta_of(p) / (2 * acos(-1)), 1,
                     ROUNDING / theta_of(p));
        assert_close(value(planes, 0, p, 2), 1, ROUNDING);
        assert_close(value(planes, 0, p, 3), 1, ROUNDING);
    }
    const Figure *angles = figure_of(f, &c->gpt.pos, "angles");
    for (size_t p = 0; p < D / 2; p++)
        for (size_t t = 0; t < T; t++)
            assert_close(value(angles, 0, p, t), cos((double)t * theta_of(p)), ROUNDING);
    assert_string_equal(angles->rows.labels[0], "6.28");
    assert_string_equal(angles->rows.labels[4], "628");
    model_case_free(c);
}

/* With q = k = (1, ..., 1) / sqrt(D) the score is 2/D times the sum of cos(distance theta). */
static void the_score_by_distance_is_a_sum_of_cosines(void **state)
{
    Fixture *f = *state;
    const char *const options[] = {"rope_pairing=half", "rope_pairing=interleaved"};
    for (size_t n = 0; n < 2; n++) {
        ModelCase *c = rope_case(f, options[n]);
        const Figure *decay = figure_of(f, &c->gpt.pos, "decay");
        assert_contains(decay->note, "the same for all pairs so far apart");
        for (size_t d = 0; d < T; d++) {
            double sum = 0;
            for (size_t p = 0; p < D / 2; p++)
                sum += cos((double)d * theta_of(p));
            assert_close(value(decay, 0, 0, d), 2 * sum / D, ROUNDING);
            /* 256 pairs at random: 1/sqrt(D), to within a few standard deviations of it */
            assert_close(value(decay, 0, 1, d), 1 / sqrt(D), 5 / sqrt(D) / sqrt(2 * 256));
        }
        model_case_free(c);
    }
}

/* Key and query stand at 1 and 4, then at 6 and 9; both turn, and what is between them stays. */
static void two_words_turn_and_the_angle_between_them_stays(void **state)
{
    Fixture *f = *state;
    ModelCase *c = rope_case(f, NULL);
    const Figure *words = figure_of(f, &c->gpt.pos, "words");
    const double positions[2][2] = {{1, 4}, {6, 9}};
    double theta = theta_of(1) * DEGREES; /* 1 and 0.316 radians: the second is followed by eye */
    assert_contains(words->note, "channels 2 and 3");
    assert_int_equal(words->n_panels, 2);
    for (size_t p = 0; p < 2; p++)
        for (size_t w = 0; w < 2; w++) {
            double before = value(words, p, w, HAND_BEFORE);
            double angle = before + positions[p][w] * theta;
            assert_close(value(words, p, w, HAND_POSITION), positions[p][w], 0);
            assert_close(value(words, p, w, HAND_AFTER), angle, 100 * ROUNDING);
            assert_close(value(words, p, w, HAND_LENGTH), w == 0 ? 0.8 : 1, ROUNDING);
        }
    assert_true(fabs(value(words, 1, 0, HAND_AFTER) - value(words, 0, 0, HAND_AFTER)) > 45);
    assert_close(value(words, 1, 2, HAND_AFTER), value(words, 0, 2, HAND_AFTER), 100 * ROUNDING);
    assert_close(value(words, 0, 2, HAND_AFTER), 35 + 3 * theta, 100 * ROUNDING);
    model_case_free(c);
}

/* theta up to pi/9 makes no more than half a turn on the way to position 9. */
static void the_plane_is_one_that_can_be_followed(void **state)
{
    Fixture *f = *state;
    const struct {
        const char *options, *says;
    } cases[] = {
        {"rope_base=100", "channels 4 and 5, which turn by 18.1 degrees"}, /* 1, 0.56, 0.316 */
        {"rope_base=1", "channels 0 and 1, which turn by 57.3 degrees"},   /* all are 1 */
        {"rope_base=2", "channels 14 and 15, which turn by 31.2 degrees"}, /* 1 to 0.545 */
    };
    for (size_t n = 0; n < COUNT_OF(cases); n++) {
        ModelCase *c = rope_case(f, cases[n].options);
        assert_contains(figure_of(f, &c->gpt.pos, "words")->note, cases[n].says);
        model_case_free(c);
    }
}

/* --- schemes that are no turn --- */

static void shear(size_t h, double m, bool is_key, const double *x, double *y, size_t n)
{
    (void)h, (void)is_key;
    for (size_t d = 0; d < n; d++)
        y[d] = x[d] + 0.1 * m * x[d ^ 1];
}

static void square(size_t h, double m, bool is_key, const double *x, double *y, size_t n)
{
    (void)h, (void)m, (void)is_key;
    for (size_t d = 0; d < n; d++)
        y[d] = x[d] * x[d];
}

static void stay(size_t h, double m, bool is_key, const double *x, double *y, size_t n)
{
    (void)h, (void)m, (void)is_key;
    for (size_t d = 0; d < n; d++)
        y[d] = x[d];
}

static void without_planes_there_are_matrices_and_scores(void **state)
{
    Fixture *f = *state;
    MakeVector makes[] = {shear, square};
    for (size_t n = 0; n < 2; n++) {
        Pos pos = made_up_query_key(&makes[n], 4);
        assert_null(figure_of(f, &pos, "planes"));
        assert_null(figure_of(f, &pos, "angles"));
        assert_null(figure_of(f, &pos, "words"));
        const Figure *matrices = figure_of(f, &pos, "matrices");
        assert_contains(matrices->note, makes[n] == shear ? "no turn in planes" : "not linear");
        assert_string_equal(matrices->panels[1].title, "at position 16");
        assert_close(value(matrices, 1, 2, 3), makes[n] == shear ? 1.6 : 0, ROUNDING);
        assert_null(matrices->summary);
        const Figure *decay = figure_of(f, &pos, "decay");
        /* ones stay ones, times 1 + m/10 or 1/2 */
        assert_true((strstr(decay->note, "other pairs have other scores") != NULL) ==
                    (makes[n] == shear));
        double expected = makes[n] == shear ? (1 + 0.1 * (T - 1)) * (1 + 0.1 * (T - 3)) : 0.25;
        assert_close(value(decay, 0, 0, 2), expected, 10 * ROUNDING);
    }
}

static void where_nothing_turns_there_are_no_words(void **state)
{
    Fixture *f = *state;
    MakeVector make = stay;
    Pos pos = made_up_query_key(&make, 4);
    const Figure *planes = figure_of(f, &pos, "planes");
    assert_int_equal(planes->rows.count, 4);
    assert_true(isinf(value(planes, 0, 3, 1)));
    assert_string_equal(figure_of(f, &pos, "angles")->rows.labels[0], "stays");
    assert_null(figure_of(f, &pos, "words"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(a_table_lists_the_planes),
        fixture_test(the_score_by_distance_is_a_sum_of_cosines),
        fixture_test(two_words_turn_and_the_angle_between_them_stays),
        fixture_test(the_plane_is_one_that_can_be_followed),
        fixture_test(without_planes_there_are_matrices_and_scores),
        fixture_test(where_nothing_turns_there_are_no_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
