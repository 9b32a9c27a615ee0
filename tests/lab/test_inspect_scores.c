/* test_inspect_scores.c: tests of src/lab/inspect/scores.c: figures of biases show what the
 * definitions of the schemes say (literal_pos.h), and those of a made-up scheme what was made
 * up. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "lab/inspect/inspect.h"
#include "support/inspect_case.h"
#include "support/literal_pos.h"
#include "support/made_up_pos.h"

/* One curve for each head, in a panel for each layer that differs. */
static void check_curves(ModelCase *c, const Figure *bias, bool causal)
{
    assert_int_equal(bias->kind, FIGURE_CURVES);
    assert_int_equal(bias->columns.first, 1 - T);
    assert_int_equal(bias->columns.count, causal ? T : 2 * T - 1);
    for (size_t p = 0; p < bias->n_panels; p++)
        for (size_t h = 0; h < bias->rows.count; h++)
            for (size_t column = 0; column < bias->columns.count; column++) {
                int d = (int)column + 1 - T, query = d < 0 ? T - 1 : 0;
                assert_close(panel_value(bias, p, h, column),
                             literal_at_scores(c, p, h, query, query + d), REAL_TOLERANCE);
            }
    bool layers_differ = strcmp(c->gpt.pos.scheme->name, "relative") == 0;
    assert_int_equal(bias->n_panels, layers_differ ? c->gpt.config.n_layer : 1);
    assert_string_equal(bias->panels[0].title, layers_differ ? "layer 0" : "");
}

/* A map for each head of each layer. */
static void check_maps(ModelCase *c, const Figure *bias, bool causal)
{
    size_t n_head = c->gpt.config.n_head;
    assert_int_equal(bias->n_panels, c->gpt.config.n_layer * n_head);
    for (size_t p = 0; p < bias->n_panels; p++)
        for (size_t i = 0; i < T; i++)
            for (size_t j = 0; j < T; j++)
                if (causal && j > i)
                    assert_true(isnan(panel_value(bias, p, i, j)));
                else
                    assert_close(panel_value(bias, p, i, j),
                                 literal_at_scores(c, p / n_head, p % n_head, (int)i, (int)j),
                                 REAL_TOLERANCE);
}

static void biases_are_those_of_the_definition(void **state)
{
    Fixture *f = *state;
    size_t count;
    const Variety *varieties = all_varieties(&f->arena, &count);
    for (size_t v = 0; v < 2 * count; v++) {
        const Variety *variety = &varieties[v / 2];
        bool causal = v % 2 == 0;
        if (!literal_knows(variety->scheme) || !variety->scheme->at_scores ||
            literal_looks_at_vectors(variety->scheme))
            continue;
        ModelCase *c = model_case(f, variety->scheme, variety->options, inspect_shape(causal));
        Subject subject = subject_of(f, &c->gpt.pos, T);
        const Figure *bias = figure_of(gallery_of(f, &subject), "bias");
        if (strstr(variety->scheme->cost, "T^2")) /* a number for each pair */
            check_maps(c, bias, causal);
        else
            check_curves(c, bias, causal);
        model_case_free(c);
    }
}

/* All that a figure can show then is one draw of queries and keys. */
static void a_scheme_that_looks_at_queries_and_keys_is_shown_by_pair(void **state)
{
    Fixture *f = *state;
    size_t shown = 0;
    for (size_t s = 0; s < pos_scheme_count; s++) {
        if (!literal_looks_at_vectors(pos_schemes[s]))
            continue;
        ModelCase *c = model_case(f, pos_schemes[s], NULL, inspect_shape(true));
        Subject subject = subject_of(f, &c->gpt.pos, T);
        const Figure *bias = figure_of(gallery_of(f, &subject), "bias");
        assert_int_equal(bias->kind, FIGURE_MAP);
        assert_int_equal(bias->n_panels, c->gpt.config.n_layer * c->gpt.config.n_head);
        assert_contains(bias->note, "depends on what queries and keys are");
        shown++;
        model_case_free(c);
    }
    assert_true(shown > 0);
}

static void alibi_falls_by_its_slope_with_each_position(void **state)
{
    Fixture *f = *state;
    ModelShape shape = inspect_shape(true);
    shape.gpt.n_head = 4;
    ModelCase *c = model_case(f, pos_find("alibi"), NULL, shape);
    Subject subject = subject_of(f, &c->gpt.pos, T);
    const Figure *bias = figure_of(gallery_of(f, &subject), "bias");
    const double slopes[] = {1.0 / 4, 1.0 / 16, 1.0 / 64, 1.0 / 256};
    for (size_t h = 0; h < 4; h++)
        for (size_t back = 0; back < T; back++)
            assert_close(panel_value(bias, 0, h, T - 1 - back), -slopes[h] * (double)back, 1e-6);
    assert_string_equal(bias->rows.labels[3], "head 3");
    model_case_free(c);
}

static double product(size_t layer, size_t h, int query, int key, const real *q)
{
    (void)q;
    return 100 * (double)layer + 10 * (double)h + query * key;
}

static double first_channel(size_t layer, size_t h, int query, int key, const real *q)
{
    (void)layer, (void)h, (void)query, (void)key;
    return (double)q[0];
}

static void a_bias_that_is_not_by_distance_is_shown_by_pair(void **state)
{
    Fixture *f = *state;
    MakeScore make = product;
    Pos pos = made_up_scores(&make, true);
    Subject subject = subject_of(f, &pos, 5);
    const Figure *bias = figure_of(gallery_of(f, &subject), "bias");
    assert_int_equal(bias->kind, FIGURE_MAP);
    assert_int_equal(bias->n_panels, 6);
    assert_string_equal(bias->panels[4].title, "layer 1 head 1");
    for (size_t p = 0; p < 6; p++)
        for (size_t i = 0; i < 5; i++)
            for (size_t j = 0; j < 5; j++)
                if (j > i)
                    assert_true(isnan(panel_value(bias, p, i, j)));
                else
                    assert_close(panel_value(bias, p, i, j),
                                 100 * (double)(p / 3) + 10 * (double)(p % 3) + (double)(i * j), 0);
    assert_string_equal(bias->note, "");
}

static void a_bias_that_depends_on_queries_says_so(void **state)
{
    Fixture *f = *state;
    MakeScore make = first_channel;
    Pos pos = made_up_scores(&make, false);
    Subject subject = subject_of(f, &pos, 5);
    const Figure *bias = figure_of(gallery_of(f, &subject), "bias");
    assert_int_equal(bias->n_panels, 3); /* the heads of all layers */
    assert_contains(bias->note, "depends on what queries and keys are");
    assert_true(panel_value(bias, 0, 0, 4) == panel_value(bias, 0, 0, 0)); /* of one query */
    assert_true(panel_value(bias, 0, 1, 4) != panel_value(bias, 0, 0, 4));
}

/* The square root of a negative distance. */
static double no_number(size_t layer, size_t h, int query, int key, const real *q)
{
    (void)layer, (void)h, (void)q;
    return sqrt((double)(key - query));
}

static void a_bias_that_is_no_number_is_not_taken_for_0(void **state)
{
    Fixture *f = *state;
    MakeScore make = no_number;
    for (int causal = 0; causal < 2; causal++) {
        Pos pos = made_up_scores(&make, causal);
        Subject subject = subject_of(f, &pos, 5);
        assert_contains(figure_of(gallery_of(f, &subject), "bias")->note, "no numbers (NaN)");
    }
}

/* Learned biases start at 0: before training that is all there is, afterwards a sentence. */
static void a_start_of_zeros_is_said_not_shown(void **state)
{
    Fixture *f = *state;
    ModelCase *start = model_case(f, pos_find("relative"), NULL, inspect_shape(true));
    ModelCase *now = model_case(f, pos_find("relative"), NULL, inspect_shape(true));
    gpt_initialise(&start->gpt, random_seed(1));
    Subject subject = subject_of(f, &start->gpt.pos, T);
    const Figure *bias = figure_of(gallery_of(f, &subject), "bias");
    assert_string_equal(bias->note, "all are 0: nothing is learned yet");
    assert_int_equal(bias->n_panels, 1);
    subject.pos[1] = &now->gpt.pos;
    subject.when[1] = "later";
    subject.count = 2;
    bias = figure_of(gallery_of(f, &subject), "bias");
    assert_string_equal(bias->note, "all were 0 at the start");
    assert_int_equal(bias->n_panels, 2);
    assert_string_equal(bias->panels[1].title, "layer 1 later");
    model_case_free(now);
    model_case_free(start);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(biases_are_those_of_the_definition),
        fixture_test(a_scheme_that_looks_at_queries_and_keys_is_shown_by_pair),
        fixture_test(alibi_falls_by_its_slope_with_each_position),
        fixture_test(a_bias_that_is_not_by_distance_is_shown_by_pair),
        fixture_test(a_bias_that_depends_on_queries_says_so),
        fixture_test(a_bias_that_is_no_number_is_not_taken_for_0),
        fixture_test(a_start_of_zeros_is_said_not_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
