/* test_inspect.c: tests of src/lab/inspect*.c: that figures show what the schemes do, which their
 * definitions say (literal_pos.h), and that every scheme can be looked at. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "lab/inspect/inspect.h"
#include "support/literal_pos.h"
#include "support/made_up_pos.h"

enum { T = 11 };

static ModelShape shape_of(bool causal)
{
    ModelShape shape = small_model;
    shape.gpt.block_size = T;
    shape.gpt.causal = causal;
    return shape;
}

static Gallery *gallery_of(Fixture *f, const Subject *subject)
{
    Error error = {0};
    Gallery *gallery = arena_alloc(&f->arena, 1, sizeof *gallery);
    assert_non_null(gallery);
    gallery->arena = &f->arena;
    if (!inspect(gallery, subject, &error))
        fail_msg("%s: %s", subject->pos[0]->scheme->name, error.text);
    return gallery;
}

static Subject subject_of(Fixture *f, const Pos *pos, size_t length)
{
    return (Subject){.pos = {pos},
                     .when = {"now"},
                     .count = 1,
                     .positions = positions_from(&f->arena, 0, 1, length)};
}

static const Figure *figure_of(const Gallery *gallery, const char *name)
{
    const Figure *figure = gallery_find(gallery, name);
    if (!figure)
        fail_msg("no figure %s", name);
    return figure;
}

static double value(const Figure *figure, size_t panel, size_t row, size_t column)
{
    assert_true(panel < figure->n_panels && row < figure->rows.count);
    assert_true(column < figure->columns.count);
    return figure->panels[panel].values[row * figure->columns.count + column];
}

/* --- every scheme --- */

static void assert_well_made(const Figure *figure)
{
    assert_true(figure->title && figure->note && figure->columns.count > 0);
    for (size_t p = 0; p < figure->n_panels; p++)
        assert_true(figure->panels[p].title && !strchr(figure->panels[p].title, ','));
    for (size_t r = 0; figure->rows.labels && r < figure->rows.count; r++)
        assert_non_null(figure->rows.labels[r]);
    for (size_t i = 0; i < figure->n_panels * figure->rows.count * figure->columns.count; i++)
        if (strcmp(figure->name, "words") != 0 && strcmp(figure->name, "planes") != 0)
            assert_true(isfinite(figure->panels[0].values[i]) || figure->kind == FIGURE_MAP);
}

/* Each door that is used has figures, and one that is shut has none. */
static void every_scheme_can_be_looked_at(void **state)
{
    Fixture *f = *state;
    const size_t lengths[] = {1, 2, T};
    size_t count;
    const Variety *varieties = all_varieties(&f->arena, &count);
    for (size_t v = 0; v < 2 * count; v++) {
        const Variety *variety = &varieties[v / 2];
        const PosScheme *scheme = variety->scheme;
        bool causal = v % 2 == 0;
        if (scheme->causal_only && !causal)
            continue;
        ModelCase *c = model_case(f, scheme, variety->options, shape_of(causal));
        for (size_t l = 0; l < COUNT_OF(lengths); l++) {
            Subject subject = subject_of(f, &c->gpt.pos, lengths[l]);
            const Gallery *gallery = gallery_of(f, &subject);
            assert_true((gallery_find(gallery, "vectors") != NULL) ==
                        (scheme->at_embedding != NULL));
            assert_true((gallery_find(gallery, "decay") != NULL) == (scheme->at_query_key != NULL));
            assert_true((gallery_find(gallery, "bias") != NULL) == (scheme->at_scores != NULL));
            assert_true((gallery->count > 0) == (strcmp(pos_doors(scheme), "no door") != 0));
            for (size_t n = 0; n < gallery->count; n++)
                assert_well_made(&gallery->figures[n]);
        }
        model_case_free(c);
    }
}

static void positions_that_a_scheme_does_not_have_are_refused(void **state)
{
    Fixture *f = *state;
    ModelCase *c = model_case(f, pos_find("learned"), NULL, shape_of(true));
    Subject subject = subject_of(f, &c->gpt.pos, T + 1);
    Gallery gallery = {.arena = &f->arena};
    Error error = {0};
    assert_false(inspect(&gallery, &subject, &error));
    assert_string_equal(error.text,
                        "position 11: pos = learned was made for 11 positions, 0 to 10");
    assert_int_equal(error.kind, ERROR_REQUEST);
    model_case_free(c);
}

/* --- the embedding door --- */

static void vectors_are_those_of_the_definition(void **state)
{
    Fixture *f = *state;
    size_t count;
    const Variety *varieties = all_varieties(&f->arena, &count);
    for (size_t v = 0; v < count; v++) {
        const PosScheme *scheme = varieties[v].scheme;
        if (!literal_knows(scheme) || !scheme->at_embedding)
            continue;
        ModelCase *c = model_case(f, scheme, varieties[v].options, shape_of(true));
        Subject subject = subject_of(f, &c->gpt.pos, T);
        const Figure *figure = figure_of(gallery_of(f, &subject), "vectors");
        assert_contains(figure->note, "added to the vector of the token");
        size_t C = c->gpt.config.n_embd;
        for (size_t t = 0; t < T; t++) {
            double *expected = new_doubles(&f->arena, C);
            literal_at_embedding(c, expected, (int)t);
            for (size_t i = 0; i < C; i++)
                assert_close(value(figure, 0, t, i), expected[i], REAL_TOLERANCE);
        }
        model_case_free(c);
    }
}

/* S[p].S[p+k] = sum over i of cos(k w[i]): by distance alone, and of length sqrt(C/2) each. */
static void cosines_of_sinusoids_are_those_of_the_addition_theorem(void **state)
{
    Fixture *f = *state;
    ModelCase *c = model_case(f, pos_find("sinusoidal"), NULL, shape_of(true));
    Subject subject = subject_of(f, &c->gpt.pos, T);
    const Gallery *gallery = gallery_of(f, &subject);
    const Figure *cosines = figure_of(gallery, "cosines"), *near = figure_of(gallery, "nearness");
    size_t C = c->gpt.config.n_embd;
    for (size_t k = 0; k < T; k++) {
        double sum = 0;
        for (size_t i = 0; i < C / 2; i++)
            sum += cos((double)k * pow(10000, -2 * (double)i / (double)C));
        for (size_t p = 0; p + k < T; p++) {
            assert_close(value(cosines, 0, p, p + k), sum / ((double)C / 2), REAL_TOLERANCE);
            assert_close(value(cosines, 0, p + k, p), sum / ((double)C / 2), REAL_TOLERANCE);
        }
        assert_close(value(near, 0, 0, k), sum / ((double)C / 2), REAL_TOLERANCE);
    }
    model_case_free(c);
}

/* Where the cosines at one distance differ, nearness is their mean. */
static void nearness_is_a_mean_over_pairs(void **state)
{
    Fixture *f = *state;
    ModelCase *c = model_case(f, pos_find("learned"), NULL, shape_of(true));
    Subject subject = subject_of(f, &c->gpt.pos, 3);
    const Gallery *gallery = gallery_of(f, &subject);
    const Figure *cosines = figure_of(gallery, "cosines"), *near = figure_of(gallery, "nearness");
    size_t C = c->gpt.config.n_embd;
    const real *table = literal_values(c, "transformer.wpe.weight");
    double lengths[3], cos_01, cos_12;
    for (size_t p = 0; p < 3; p++)
        lengths[p] = sqrt(dot_product(table + p * C, table + p * C, C));
    cos_01 = dot_product(table, table + C, C) / (lengths[0] * lengths[1]);
    cos_12 = dot_product(table + C, table + 2 * C, C) / (lengths[1] * lengths[2]);
    assert_true(fabs(cos_01 - cos_12) > 0.01);
    assert_close(value(cosines, 0, 0, 1), cos_01, REAL_TOLERANCE);
    assert_close(value(cosines, 0, 1, 2), cos_12, REAL_TOLERANCE);
    assert_close(value(near, 0, 0, 1), (cos_01 + cos_12) / 2, REAL_TOLERANCE);
    model_case_free(c);
}

static void the_start_stands_before_what_was_learned(void **state)
{
    Fixture *f = *state;
    Error error = {0};
    ModelCase *c = model_case(f, pos_find("learned"), NULL, shape_of(true));
    ModelCase *same = model_case(f, pos_find("learned"), NULL, shape_of(true));
    gpt_initialise(&same->gpt, random_seed(7));
    Pos start;
    ParamList params;
    if (!gpt_scheme_alone(&start, &params, &c->gpt.config, pos_find("learned"),
                          pos_options_of(&c->options, pos_find("learned")), random_seed(7), &error))
        fail_msg("%s", error.text);
    Subject subject = {.pos = {&start, &c->gpt.pos},
                       .when = {"at the start", "later"},
                       .count = 2,
                       .positions = positions_from(&f->arena, 0, 1, T)};
    const Figure *vectors = figure_of(gallery_of(f, &subject), "vectors");
    assert_int_equal(vectors->n_panels, 2);
    assert_string_equal(vectors->panels[0].title, "at the start");
    assert_string_equal(vectors->panels[1].title, "later");
    const real *first = literal_values(same, "transformer.wpe.weight"),
               *then = literal_values(c, "transformer.wpe.weight");
    for (size_t i = 0; i < T * c->gpt.config.n_embd; i++) {
        assert_close(vectors->panels[0].values[i], first[i], 0);
        assert_close(vectors->panels[1].values[i], then[i], 0);
    }
    pos_free(&start);
    param_list_free(&params);
    model_case_free(same);
    model_case_free(c);
}

/* --- the score door --- */

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
                assert_close(value(bias, p, h, column),
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
                    assert_true(isnan(value(bias, p, i, j)));
                else
                    assert_close(value(bias, p, i, j),
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
        ModelCase *c = model_case(f, variety->scheme, variety->options, shape_of(causal));
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
        ModelCase *c = model_case(f, pos_schemes[s], NULL, shape_of(true));
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
    ModelShape shape = shape_of(true);
    shape.gpt.n_head = 4;
    ModelCase *c = model_case(f, pos_find("alibi"), NULL, shape);
    Subject subject = subject_of(f, &c->gpt.pos, T);
    const Figure *bias = figure_of(gallery_of(f, &subject), "bias");
    const double slopes[] = {1.0 / 4, 1.0 / 16, 1.0 / 64, 1.0 / 256};
    for (size_t h = 0; h < 4; h++)
        for (size_t back = 0; back < T; back++)
            assert_close(value(bias, 0, h, T - 1 - back), -slopes[h] * (double)back, 1e-6);
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
                    assert_true(isnan(value(bias, p, i, j)));
                else
                    assert_close(value(bias, p, i, j),
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
    assert_true(value(bias, 0, 0, 4) == value(bias, 0, 0, 0)); /* of one query */
    assert_true(value(bias, 0, 1, 4) != value(bias, 0, 0, 4));
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
    ModelCase *start = model_case(f, pos_find("relative"), NULL, shape_of(true));
    ModelCase *now = model_case(f, pos_find("relative"), NULL, shape_of(true));
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
        fixture_test(every_scheme_can_be_looked_at),
        fixture_test(positions_that_a_scheme_does_not_have_are_refused),
        fixture_test(vectors_are_those_of_the_definition),
        fixture_test(cosines_of_sinusoids_are_those_of_the_addition_theorem),
        fixture_test(nearness_is_a_mean_over_pairs),
        fixture_test(the_start_stands_before_what_was_learned),
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
