/* test_claim_experiments.c: tests of src/lab/claims/experiments.c: the runs can be laid out, and
 * those that two experiments share are one. */
#include "support/check.h"

#include <string.h>

#include "lab/claims/experiments.h"
#include "support/fixtures.h"

typedef struct Laid {
    Arena arena;
    Request request;
    Experiment experiment;
} Laid;

static void lay_out(Laid *laid, ExperimentId id)
{
    const ExperimentScale scale = {101, 2, "data/fables.txt", "", CLAIMS_CONFIG, "runs"};
    Error error = {0};
    *laid = (Laid){0};
    if (!experiment_request(id, &laid->arena, &scale, &laid->request, &error) ||
        !experiment_init(&laid->experiment, &laid->arena, &laid->request, &error))
        fail_msg("experiment %d: %s", (int)id, error.text);
}

static void free_laid(Laid *laid)
{
    experiment_free(&laid->experiment);
    arena_free(&laid->arena);
}

static void experiments_make_runs(void **state)
{
    (void)state;
    const struct {
        ExperimentId id;
        size_t n_arms;
    } cases[] = {{ON_TEXT, 7},           {ON_TEXT_BY_DEPTH, 3}, {ON_WHO, 6},
                 {ON_WHO_BOTH_SIDES, 4}, {SINUSOID_GAINS, 3},   {TABLE_STARTS, 3},
                 {TABLE_OFFSETS, 2},     {ON_KBACK, 7},         {ON_NTH, 7}};
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        Laid laid;
        lay_out(&laid, cases[c].id);
        assert_int_equal(laid.experiment.n_arms, cases[c].n_arms);
        free_laid(&laid);
    }
}

static const char *run_of(const Laid *laid, const char *arm)
{
    for (size_t a = 0; a < laid->experiment.n_arms; a++)
        if (strcmp(laid->experiment.arms[a].name, arm) == 0)
            return experiment_trial(&laid->experiment, a, 0)->run.name;
    fail_msg("%s: no such arm", arm);
    return NULL;
}

static void plain_runs_are_made_once(void **state)
{
    (void)state;
    const struct {
        ExperimentId id;
        const char *arm, *on_text;
        bool shared;
    } cases[] = {
        {ON_TEXT_BY_DEPTH, "n_layer = 2", "none", true},
        {SINUSOID_GAINS, "sinusoidal_gain = learned", "sinusoidal", true},
        {TABLE_STARTS, "learned_start = random", "learned", true},
        {TABLE_STARTS, "learned_start = frozen", "learned", false},
        {TABLE_OFFSETS, "position_offset = 0", "learned", false}, /* a longer table */
    };
    Laid text;
    lay_out(&text, ON_TEXT);
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        Laid laid;
        lay_out(&laid, cases[c].id);
        assert_int_equal(strcmp(run_of(&laid, cases[c].arm), run_of(&text, cases[c].on_text)) == 0,
                         cases[c].shared);
        free_laid(&laid);
    }
    free_laid(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(experiments_make_runs),
        cmocka_unit_test(plain_runs_are_made_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
