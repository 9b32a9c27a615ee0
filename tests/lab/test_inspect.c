/* test_inspect.c: tests of src/lab/inspect/inspect.c and embedding.c: that every scheme can be
 * looked at, and that figures of position vectors show what the definitions say (literal_pos.h).
 * Biases are in test_inspect_scores.c. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "lab/inspect/inspect.h"
#include "support/inspect_case.h"
#include "support/literal_pos.h"

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
        ModelCase *c = model_case(f, scheme, variety->options, inspect_shape(causal));
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
    ModelCase *c = model_case(f, pos_find("learned"), NULL, inspect_shape(true));
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
        ModelCase *c = model_case(f, scheme, varieties[v].options, inspect_shape(true));
        Subject subject = subject_of(f, &c->gpt.pos, T);
        const Figure *figure = figure_of(gallery_of(f, &subject), "vectors");
        assert_contains(figure->note, "added to the vector of the token");
        size_t C = c->gpt.config.n_embd;
        for (size_t t = 0; t < T; t++) {
            double *expected = new_doubles(&f->arena, C);
            literal_at_embedding(c, expected, (int)t);
            for (size_t i = 0; i < C; i++)
                assert_close(panel_value(figure, 0, t, i), expected[i], REAL_TOLERANCE);
        }
        model_case_free(c);
    }
}

/* S[p].S[p+k] = sum over i of cos(k w[i]): by distance alone, and of length sqrt(C/2) each. */
static void cosines_of_sinusoids_are_those_of_the_addition_theorem(void **state)
{
    Fixture *f = *state;
    ModelCase *c = model_case(f, pos_find("sinusoidal"), NULL, inspect_shape(true));
    Subject subject = subject_of(f, &c->gpt.pos, T);
    const Gallery *gallery = gallery_of(f, &subject);
    const Figure *cosines = figure_of(gallery, "cosines"), *near = figure_of(gallery, "nearness");
    size_t C = c->gpt.config.n_embd;
    for (size_t k = 0; k < T; k++) {
        double sum = 0;
        for (size_t i = 0; i < C / 2; i++)
            sum += cos((double)k * pow(10000, -2 * (double)i / (double)C));
        for (size_t p = 0; p + k < T; p++) {
            assert_close(panel_value(cosines, 0, p, p + k), sum / ((double)C / 2), REAL_TOLERANCE);
            assert_close(panel_value(cosines, 0, p + k, p), sum / ((double)C / 2), REAL_TOLERANCE);
        }
        assert_close(panel_value(near, 0, 0, k), sum / ((double)C / 2), REAL_TOLERANCE);
    }
    model_case_free(c);
}

/* Where the cosines at one distance differ, nearness is their mean. */
static void nearness_is_a_mean_over_pairs(void **state)
{
    Fixture *f = *state;
    ModelCase *c = model_case(f, pos_find("learned"), NULL, inspect_shape(true));
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
    assert_close(panel_value(cosines, 0, 0, 1), cos_01, REAL_TOLERANCE);
    assert_close(panel_value(cosines, 0, 1, 2), cos_12, REAL_TOLERANCE);
    assert_close(panel_value(near, 0, 0, 1), (cos_01 + cos_12) / 2, REAL_TOLERANCE);
    model_case_free(c);
}

static void the_start_stands_before_what_was_learned(void **state)
{
    Fixture *f = *state;
    Error error = {0};
    ModelCase *c = model_case(f, pos_find("learned"), NULL, inspect_shape(true));
    ModelCase *same = model_case(f, pos_find("learned"), NULL, inspect_shape(true));
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(every_scheme_can_be_looked_at),
        fixture_test(positions_that_a_scheme_does_not_have_are_refused),
        fixture_test(vectors_are_those_of_the_definition),
        fixture_test(cosines_of_sinusoids_are_those_of_the_addition_theorem),
        fixture_test(nearness_is_a_mean_over_pairs),
        fixture_test(the_start_stands_before_what_was_learned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
