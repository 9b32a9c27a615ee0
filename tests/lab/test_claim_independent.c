/* test_claim_independent.c: tests of src/lab/claims/independent.c, and of what it measures. */
#include "support/check.h"

#include <math.h>

#include "base/file.h"
#include "lab/claims/independent.h"
#include "support/claim_case.h"
#include "support/findings_numbers.h"
#include "support/fixtures.h"
#include "train/checkpoint.h"

extern const Claim claim_independent;

enum { T = 32, C = 64 };

/* --- one table --- */

/* Rows that turn into each other step by step, with a direction that all of them share. */
static void fill_walk(real *rows, double shared)
{
    for (size_t p = 0; p < T; p++)
        for (size_t c = 0; c < C; c++)
            rows[p * C + c] = (real)(c == 0 ? shared : cos(0.1 * (double)p + (double)c));
}

static void cosines_are_by_distance(void **state)
{
    (void)state;
    /* e1, e2, e1 + e2, e1, e1: neighbours have the cosines 0, sqrt 1/2, sqrt 1/2 and 1 */
    const real rows[] = {1, 0, 0, 1, 1, 1, 1, 0, 1, 0};
    Nearness found = nearness_of(rows, 5, 2, random_seed(1));
    double half = sqrt(0.5), far = (1 + 0 + 1) / 3.0; /* far: distances 3 and 4 */
    assert_int_equal(found.rows, 5);
    assert_close(found.by_distance[1], (0 + half + half + 1) / 4, 1e-6);
    assert_close(found.by_distance[2], (half + 0 + half) / 3, 1e-6);
    assert_close(found.by_distance[3], (1 + 0) / 2.0, 1e-6);
    assert_close(found.by_distance[4], 1, 1e-6);
    assert_close(found.gap, (2 * half + 1) / 4 - far, 1e-6);
}

static void rows_that_walk_are_nearer_and_random_ones_are_not(void **state)
{
    Fixture *f = *state;
    real *walk = random_numbers(&f->arena, T * C, 1);
    fill_walk(walk, 0);
    Nearness found = nearness_of(walk, T, C, random_seed(1));
    assert_true(found.gap > 0.5 && found.as_wide == 0);
    assert_close(found.shuffled, 0, 0.05);
    size_t extreme = 0;
    for (size_t seed = 2; seed < 22; seed++) {
        const real *random = random_numbers(&f->arena, T * C, seed);
        found = nearness_of(random, T, C, random_seed(1));
        assert_close(found.gap, 0, 0.12);
        extreme += found.as_wide < 0.05;
    }
    assert_in_range(extreme, 0, 4);
}

/* Every second row the other way round. */
static void rows_that_alternate_are_further_apart(void **state)
{
    Fixture *f = *state;
    real *rows = random_numbers(&f->arena, T * C, 1);
    for (size_t i = 0; i < T * C; i++)
        rows[i] = (real)(i / C % 2 == 0 ? 1 : -1) * (rows[i % C] + (real)0.2 * rows[i]);
    Nearness found = nearness_of(rows, T, C, random_seed(1));
    assert_true(found.gap < -0.5 && found.as_wide == 0);
}

/* A direction that all rows share makes all cosines large, and no neighbours. */
static void what_all_rows_share_is_no_nearness(void **state)
{
    Fixture *f = *state;
    real *rows = random_numbers(&f->arena, T * C, 1);
    Nearness before = nearness_of(rows, T, C, random_seed(1));
    for (size_t p = 0; p < T; p++)
        rows[p * C] += 30;
    Nearness after = nearness_of(rows, T, C, random_seed(1));
    assert_true(after.by_distance[1] > before.by_distance[1] + 0.5);
    assert_close(after.gap, 0, 0.05);
}

static Estimate estimate(double mean, double half_width)
{
    return (Estimate){{5, mean, half_width}, {mean - half_width, mean + half_width}};
}

static void tables_are_judged_by_intervals(void **state)
{
    (void)state;
    assert_int_equal(nearness_judge(estimate(0.3, 0.1)), NEARER);
    assert_int_equal(nearness_judge(estimate(-0.2, 0.05)), FURTHER);
    assert_int_equal(nearness_judge(estimate(0.01, 0.05)), NEITHER);
    assert_int_equal(nearness_judge(estimate(-0.01, 0.05)), NEITHER);
    assert_int_equal(nearness_judge(estimate(0.08, 0.09)), NOT_KNOWN);
    assert_int_equal(nearness_judge(estimate(-0.08, 0.09)), NOT_KNOWN);
    assert_int_equal(nearness_judge(estimate(NAN, NAN)), NOT_KNOWN);
}

static void kinds_make_a_verdict(void **state)
{
    (void)state;
    const struct {
        NearnessVerdict kinds[3];
        Verdict verdict;
    } cases[] = {
        {{NEITHER, NEITHER, NEITHER}, HOLDS},
        {{NEARER, FURTHER, NEARER}, DOES_NOT_HOLD},
        {{NEITHER, NEARER, NEARER}, HOLDS_UNDER_A_CONDITION},
        {{NEITHER, NEITHER, FURTHER}, HOLDS_UNDER_A_CONDITION},
        {{NEITHER, NOT_KNOWN, NEARER}, HOLDS_UNDER_A_CONDITION},
        {{NOT_KNOWN, NEARER, NEARER}, NOT_SHOWN},
        {{NEITHER, NEITHER, NOT_KNOWN}, NOT_SHOWN},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(independent_verdict(cases[i].kinds, 3), cases[i].verdict);
}

/* --- the claim, on checkpoints --- */

static void set(Config *config, const char *key, const char *value)
{
    assert_true(settings_set(&config->settings, key, value, "test", NULL));
}

/* A checkpoint of a run's config at its start, with rows that walk or as they were. */
static void write_model(const Trial *trial, const Corpus *corpus, bool walks)
{
    Gpt gpt;
    GptConfig shape = config_gpt(&trial->config, corpus->vocab.size);
    assert_true(gpt_init(&gpt, &shape, config_scheme(&trial->config),
                         config_scheme_options(&trial->config), NULL));
    assert_true(gpt_allocate(&gpt, NULL));
    gpt_initialise(&gpt, random_seed(trial->config.seed));
    if (walks)
        fill_walk(param_find(&gpt.params, "transformer.wpe.weight")->tensor.data, 0);
    Checkpoint checkpoint = {.config = &trial->config,
                             .vocab = &corpus->vocab,
                             .corpus_sha256 = corpus->sha256,
                             .gpt = &gpt};
    assert_true(folder_make(trial->run.folder, NULL));
    assert_true(checkpoint_write(trial->run.checkpoint, &checkpoint, NULL));
    gpt_free(&gpt);
}

/* Runs of small models with 32 positions (kback: 20) and eight seeds. */
static FindingsCase *runs_of(const char *folder, const char *task, bool walks)
{
    FindingsCase *made =
        make_findings(folder, (FindingsPlan){.n_arms = 2, .n_seeds = 8, .task = task});
    size_t learned = pos_index(pos_find("learned"));
    for (size_t seed = 0; seed < 8; seed++) {
        Trial *trial = experiment_trial(&made->experiment, learned, seed);
        set(&trial->config, "n_layer", "1");
        set(&trial->config, "n_embd", "64");
        if (!task)
            set(&trial->config, "block_size", "32");
        write_model(trial, &made->experiment.corpus, walks);
    }
    return made;
}

static Answer answer_with(Fixture *f, bool text_walks, bool task_walks)
{
    char *folders[] = {make_test_folder(), make_test_folder()};
    FindingsCase *text = runs_of(folders[0], NULL, text_walks);
    FindingsCase *task = runs_of(folders[1], "kback", task_walks);
    Answer answer = {.condition = ""};
    Error error = {0};
    ClaimDesk desk = {.arena = &f->arena, .first_seed = 101};
    desk.findings[ON_TEXT] = &text->findings;
    desk.findings[ON_KBACK] = &task->findings;
    if (!claim_independent.examine(&desk, &answer, &error))
        fail_msg("%s", error.text);
    check_answer(&answer);
    free_findings(text);
    free_findings(task);
    for (size_t i = 0; i < 2; i++)
        remove_test_folder(folders[i]);
    return answer;
}

static void the_verdict_follows_the_trained_tables(void **state)
{
    Fixture *f = *state;
    Answer trained = answer_with(f, true, true);
    assert_int_equal(trained.verdict, HOLDS_UNDER_A_CONDITION);
    assert_string_equal(trained.condition, "of these vectors only: learned, before training");
    assert_int_equal(trained.figure.series[0].count, 31);
    assert_int_equal(trained.figure.series[2].count, 19);
    Answer untrained = answer_with(f, false, false);
    assert_int_equal(untrained.verdict, HOLDS_UNDER_A_CONDITION);
    assert_contains(untrained.condition, "after training on text");
    assert_contains(untrained.condition, "after training on kback");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cosines_are_by_distance),
        fixture_test(rows_that_walk_are_nearer_and_random_ones_are_not),
        fixture_test(rows_that_alternate_are_further_apart),
        fixture_test(what_all_rows_share_is_no_nearness),
        cmocka_unit_test(tables_are_judged_by_intervals),
        cmocka_unit_test(kinds_make_a_verdict),
        fixture_test(the_verdict_follows_the_trained_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
