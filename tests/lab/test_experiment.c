/* test_experiment.c: tests of src/lab/experiment.c, in an empty folder with a text. */
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "lab/comparison.h"
#include "lab/experiment.h"
#include "support/fixtures.h"

/* The folder in which a test works; what it lays out. */
typedef struct Home {
    Arena arena;
    char *folder;
    char before[4096]; /* the folder to come back to */
    Request request;
    Experiment experiment;
    Error error;
} Home;

static const Setting small[] = {{"data", "text.txt"},
                                {"block-size", "8"},
                                {"n_embd", "8"},
                                {"n_head", "1"},
                                {"max_iters", "20"}};

static int home_setup(void **state)
{
    Home *home = calloc(1, sizeof *home);
    assert_non_null(home);
    assert_non_null(getcwd(home->before, sizeof home->before));
    home->folder = make_test_folder();
    assert_int_equal(chdir(home->folder), 0);
    FILE *text = fopen("text.txt", "w");
    assert_non_null(text);
    for (size_t line = 0; line < 100; line++)
        fprintf(text, "the quick brown fox %zu\n", line);
    assert_int_equal(fclose(text), 0);
    home->request = (Request){.config = "",
                              .common = small,
                              .n_common = COUNT_OF(small),
                              .pos = "none,learned,rope",
                              .first_seed = 3,
                              .n_seeds = 2,
                              .name = ""};
    *state = home;
    return 0;
}

static int home_teardown(void **state)
{
    Home *home = *state;
    experiment_free(&home->experiment);
    assert_int_equal(chdir(home->before), 0);
    arena_free(&home->arena);
    remove_test_folder(home->folder);
    free(home);
    return 0;
}

static Experiment *lay_out(Home *home)
{
    if (!experiment_init(&home->experiment, &home->arena, &home->request, &home->error))
        fail_msg("%s", home->error.text);
    return &home->experiment;
}

static const char *refusal(Home *home)
{
    assert_false(experiment_init(&home->experiment, &home->arena, &home->request, &home->error));
    assert_int_equal(home->error.kind, ERROR_REQUEST);
    return home->error.text;
}

/* The same folder as `posgpt train` would take with the same settings. */
static const char *folder_of(Home *home, const char *pos, const char *seed)
{
    Config config;
    Run run;
    assert_true(config_init(&config, NULL));
    for (size_t s = 0; s < COUNT_OF(small); s++)
        assert_true(settings_set(&config.settings, small[s].key, small[s].value, "--x", NULL));
    assert_true(settings_set(&config.settings, "pos", pos, "--x", NULL));
    assert_true(settings_set(&config.settings, "seed", seed, "--x", NULL));
    config_settle(&config);
    assert_true(run_of_config(&home->arena, &config, &home->experiment.corpus, &run, NULL));
    config_free(&config);
    return run.folder;
}

static void there_is_a_run_for_every_arm_and_seed(void **state)
{
    Home *home = *state;
    const Experiment *experiment = lay_out(home);
    const char *const pos[] = {"none", "learned", "rope"}, *const seed[] = {"3", "4"};
    assert_int_equal(experiment->n_arms, 3);
    assert_int_equal(experiment->n_seeds, 2);
    for (size_t a = 0; a < 3; a++)
        for (size_t s = 0; s < 2; s++) {
            const Trial *trial = experiment_trial(experiment, a, s);
            assert_string_equal(trial->arm->scheme->name, pos[a]);
            assert_int_equal(trial->seed, 3 + s);
            assert_string_equal(trial->run.folder, folder_of(home, pos[a], seed[s]));
        }
}

static void a_run_with_twice_the_steps_costs_twice_as_much(void **state)
{
    Home *home = *state;
    const char *const vary[] = {"max_iters=10,20"};
    home->request.pos = "rope";
    home->request.vary = vary;
    home->request.n_vary = 1;
    const Experiment *experiment = lay_out(home);
    double short_run = experiment_trial(experiment, 0, 0)->cost;
    assert_true(short_run > 0);
    assert_close(experiment_trial(experiment, 1, 0)->cost, 2 * short_run, 1e-6 * short_run);
}

/* What posgpt makes of the command is the trial's config. */
static void the_command_of_a_run_has_every_setting(void **state)
{
    Home *home = *state;
    const char *const vary[] = {"rope_base=100,200"};
    home->request.pos = "rope";
    home->request.vary = vary;
    home->request.n_vary = 1;
    const Experiment *experiment = lay_out(home);
    const Trial *trial = experiment_trial(experiment, 1, 1);
    char **words = experiment_command(experiment, trial, "build/posgpt", 2);
    assert_non_null(words);
    assert_string_equal(words[0], "build/posgpt");
    assert_string_equal(words[1], "train");
    Config config;
    const char *key;
    assert_true(config_init(&config, NULL));
    for (size_t w = 2; words[w]; w += 2) {
        assert_non_null(words[w + 1]);
        assert_memory_equal(words[w], "--", 2);
        assert_true(settings_set(&config.settings, words[w] + 2, words[w + 1], words[w], NULL));
    }
    config_settle(&config);
    assert_true(config_difference(&config, &trial->config, &key, NULL));
    assert_null(key);
    assert_int_equal(config.seed, 4);
    assert_int_equal(config.threads, 2);
    assert_true(config.by_context);
    config_free(&config);
}

static void the_margin_comes_from_the_control_and_the_plainest_scheme(void **state)
{
    Home *home = *state;
    const Experiment *experiment = lay_out(home);
    assert_int_equal(experiment->without, 0);
    assert_int_equal(experiment->plainest, 1);
}

static void without_one_of_these_there_is_no_margin(void **state)
{
    Home *home = *state;
    home->request.pos = "none,rope";
    assert_true(lay_out(home)->plainest == NO_SCHEME);
}

static void the_length_of_training_is_told_where_all_share_it(void **state)
{
    Home *home = *state;
    const char *const vary[] = {"block_size=8,16"};
    assert_int_equal(experiment_block_size(lay_out(home)), 8);
    experiment_free(&home->experiment);
    home->request.vary = vary;
    home->request.n_vary = 1;
    assert_int_equal(experiment_block_size(lay_out(home)), 0);
}

static void a_loss_is_of_what_is_predicted(void **state)
{
    Home *home = *state;
    assert_string_equal(experiment_unit(lay_out(home)), "character");
    experiment_free(&home->experiment);
    home->request.common = (const Setting[]){{"task", "kback"}};
    home->request.n_common = 1;
    assert_string_equal(experiment_unit(lay_out(home)), "answer");
}

static void the_folder_depends_on_what_is_compared(void **state)
{
    Home *home = *state;
    const char *first = lay_out(home)->folder;
    assert_contains(first, "runs/compare-text-3x2-");
    experiment_free(&home->experiment);
    assert_string_equal(lay_out(home)->folder, first);
    experiment_free(&home->experiment);
    home->request.n_common--; /* other steps */
    assert_string_not_equal(lay_out(home)->folder, first);
}

static void a_name_is_the_folder(void **state)
{
    Home *home = *state;
    home->request.name = "lesson 3";
    assert_string_equal(lay_out(home)->folder, "runs/lesson 3");
}

static void what_makes_no_run_is_refused_with_its_arm(void **state)
{
    Home *home = *state;
    const char *const odd[] = {"n_embd=8,9"}, *const same[] = {"temperature=1,2"},
                      *const longer[] = {"block_size=8,5000"};
    home->request.name = "../x";
    assert_contains(refusal(home), "name = ../x");
    home->request.name = "";
    home->request.vary = same;
    home->request.n_vary = 1;
    assert_contains(refusal(home),
                    "none (temperature = 1) and none (temperature = 2) are the same");
    home->request.vary = longer;
    assert_contains(refusal(home), "none (block_size = 5000): ");
    home->request.vary = odd;
    home->request.common = (const Setting[]){{"data", "text.txt"}, {"n_head", "2"}};
    home->request.n_common = 2;
    assert_contains(refusal(home), "none (n_embd = 9): ");
}

static void nothing_is_written(void **state)
{
    Home *home = *state;
    lay_out(home);
    assert_false(folder_exists("runs"));
}

#define home_test(function) cmocka_unit_test_setup_teardown(function, home_setup, home_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        home_test(there_is_a_run_for_every_arm_and_seed),
        home_test(a_run_with_twice_the_steps_costs_twice_as_much),
        home_test(the_command_of_a_run_has_every_setting),
        home_test(the_margin_comes_from_the_control_and_the_plainest_scheme),
        home_test(without_one_of_these_there_is_no_margin),
        home_test(the_length_of_training_is_told_where_all_share_it),
        home_test(a_loss_is_of_what_is_predicted),
        home_test(the_folder_depends_on_what_is_compared),
        home_test(a_name_is_the_folder),
        home_test(what_makes_no_run_is_refused_with_its_arm),
        home_test(nothing_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
