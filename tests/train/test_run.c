/* test_run.c: tests of src/train/run.c, in an empty folder, so that runs/ is the test's own. */
#include "support/check.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/machine.h"
#include "support/config_keys.h"
#include "support/fixtures.h"
#include "train/run.h"

#define SHA "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

/* The folder in which a test works, and what makes a run. */
typedef struct Home {
    Arena arena;
    char *folder;
    char before[4096]; /* the folder to come back to */
    Config config;
    Corpus corpus;
    Run run;
    Error error;
} Home;

static int home_setup(void **state)
{
    Home *home = calloc(1, sizeof *home);
    assert_non_null(home);
    assert_non_null(getcwd(home->before, sizeof home->before));
    home->folder = make_test_folder();
    assert_int_equal(chdir(home->folder), 0);
    assert_true(config_init(&home->config, NULL));
    home->corpus = (Corpus){.path = "data/fables.txt", .name = "fables", .sha256 = SHA};
    *state = home;
    return 0;
}

static int home_teardown(void **state)
{
    Home *home = *state;
    assert_int_equal(chdir(home->before), 0);
    config_free(&home->config);
    arena_free(&home->arena);
    remove_test_folder(home->folder);
    free(home);
    return 0;
}

static const Run *run_of(Home *home)
{
    if (!run_of_config(&home->arena, &home->config, &home->corpus, &home->run, &home->error))
        fail_msg("%s", home->error.text);
    return &home->run;
}

static bool is_refused(Home *home, const char *name)
{
    home->error = (Error){0};
    set_key(&home->config, "name", name);
    return !run_of_config(&home->arena, &home->config, &home->corpus, &home->run, &home->error);
}

/* Makes runs/NAME with an empty file in it, or without one. */
static void make_run(const char *name, const char *file)
{
    char path[512];
    snprintf(path, sizeof path, "runs/%s", name);
    assert_true(folder_make(path, NULL));
    if (!file)
        return;
    snprintf(path, sizeof path, "runs/%s/%s", name, file);
    write_test_file(path, "", 0);
}

/* --- names --- */

static void the_default_name_says_scheme_corpus_and_seed(void **state)
{
    Home *home = *state;
    unsigned hash;
    int end = 0;
    const char *name = run_of(home)->name;
    assert_int_equal(sscanf(name, "rope-fables-seed1-%8x%n", &hash, &end), 1);
    assert_int_equal(strlen(name), strlen("rope-fables-seed1-") + 8);
    assert_int_equal(end, strlen(name));

    set_key(&home->config, "pos", "alibi");
    set_key(&home->config, "seed", "23");
    home->corpus.name = "my text";
    assert_int_equal(strncmp(run_of(home)->name, "alibi-my text-seed23-", 21), 0);
}

static void another_setting_gives_another_name(void **state)
{
    Home *home = *state;
    const char *first = run_of(home)->name;
    const char *const changes[][2] = {
        {"n_layer", "5"}, {"learning_rate", "0.002"}, {"bias", "yes"},     {"rope_base", "500"},
        {"causal", "no"}, {"max_iters", "2001"},      {"dropout", "0.25"}, {"seed", "2"},
        {"pos", "none"}};
    for (size_t c = 0; c < COUNT_OF(changes); c++) {
        reset_keys(&home->config);
        set_key(&home->config, changes[c][0], changes[c][1]);
        assert_string_not_equal(run_of(home)->name, first);
    }
    reset_keys(&home->config);
    home->corpus.sha256[0] = 'c';
    assert_string_not_equal(run_of(home)->name, first);
}

static void what_does_not_change_the_numbers_does_not_change_the_name(void **state)
{
    Home *home = *state;
    const char *first = run_of(home)->name;
    const char *const changes[][2] = {{"eval_interval", "7"}, {"log_interval", "7"},
                                      {"threads", "3"},       {"temperature", "0.5"},
                                      {"sample_chars", "1"},  {"data", "elsewhere/fables.txt"},
                                      {"t5_buckets", "12"}};
    for (size_t c = 0; c < COUNT_OF(changes); c++)
        set_key(&home->config, changes[c][0], changes[c][1]);
    assert_string_equal(run_of(home)->name, first);
}

static void a_name_that_is_given_is_taken(void **state)
{
    Home *home = *state;
    char longest[201];
    memset(longest, 'x', 200);
    longest[200] = '\0';
    const char *const names[] = {"a", "my run", "lesson-2", "a.b", "été", "~", longest};
    for (size_t n = 0; n < COUNT_OF(names); n++) {
        if (is_refused(home, names[n]))
            fail_msg("%s", home->error.text);
        assert_string_equal(home->run.name, names[n]);
    }
}

static void a_name_that_is_no_folder_is_refused(void **state)
{
    Home *home = *state;
    char too_long[202];
    memset(too_long, 'x', 201);
    too_long[201] = '\0';
    const struct {
        const char *name, *reason;
    } cases[] = {
        {"a/b", "expected a name without '/' and control characters"},
        {"/", "expected a name without '/' and control characters"},
        {"a\nb", "expected a name without '/' and control characters"},
        {"a\033[1m", "expected a name without '/' and control characters"},
        {"\177", "expected a name without '/' and control characters"},
        {".", "expected a name that starts with neither '.' nor '-'"},
        {"..", "expected a name that starts with neither '.' nor '-'"},
        {"../up", "expected a name"},
        {".hidden", "expected a name that starts with neither '.' nor '-'"},
        {"-rf", "expected a name that starts with neither '.' nor '-'"},
        {too_long, "expected at most 200 bytes"},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        if (!is_refused(home, cases[c].name))
            fail_msg("accepted: %s", cases[c].name);
        assert_contains(home->error.text, "name = ");
        assert_contains(home->error.text, cases[c].reason);
        assert_int_equal(home->error.kind, ERROR_REQUEST);
    }
}

/* --- paths --- */

static void the_files_of_a_run_are_in_its_folder(void **state)
{
    Home *home = *state;
    set_key(&home->config, "name", "lesson");
    const Run *run = run_of(home);
    assert_string_equal(run->folder, "runs/lesson");
    assert_string_equal(run->config, "runs/lesson/config.ini");
    assert_string_equal(run->metrics, "runs/lesson/metrics.csv");
    assert_string_equal(run->checkpoint, "runs/lesson/checkpoint.safetensors");
    assert_string_equal(run->best, "runs/lesson/best.safetensors");
    assert_string_equal(run->samples, "runs/lesson/samples.txt");
    assert_string_equal(run->exam, "runs/lesson/exam.csv");
    assert_string_equal(run->contexts, "runs/lesson/contexts.csv");
    assert_string_equal(run->context_positions, "runs/lesson/contexts-by-position.csv");
    assert_string_equal(run->result, "runs/lesson/result.csv");
    assert_string_equal(run->picture, "runs/lesson/loss.png");
    assert_string_equal(run->picture_svg, "runs/lesson/loss.svg");
    assert_string_equal(run->evaluation, "runs/lesson/eval.csv");
    assert_string_equal(run->by_position, "runs/lesson/eval-by-position.csv");
    assert_string_equal(run->by_position_picture, "runs/lesson/eval-by-position.png");
    set_key(&home->config, "out_dir", "/tmp/else where");
    assert_string_equal(run_of(home)->best, "/tmp/else where/lesson/best.safetensors");
}

static void a_run_in_a_folder_has_the_folders_name(void **state)
{
    Home *home = *state;
    const char *const cases[][3] = {{"runs/a", "a", "runs/a/config.ini"},
                                    {"a", "a", "a/config.ini"},
                                    {"runs/a/", "a", "runs/a/config.ini"},
                                    {"runs/a//", "a", "runs/a/config.ini"},
                                    {"/x/y/a b", "a b", "/x/y/a b/config.ini"}};
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        char folder[64];
        snprintf(folder, sizeof folder, "%s", cases[c][0]);
        assert_true(run_in_folder(&home->arena, folder, &home->run, NULL));
        memset(folder, '?', sizeof folder); /* nothing of it is kept */
        assert_string_equal(home->run.name, cases[c][1]);
        assert_string_equal(home->run.config, cases[c][2]);
    }
}

static void a_word_for_a_run_is_a_folder_or_a_name_in_runs(void **state)
{
    Home *home = *state;
    const char *folder = NULL;
    make_run("a", NULL);
    assert_true(run_folder_path(&home->arena, "a", &folder, NULL));
    assert_string_equal(folder, "runs/a");
    assert_true(run_folder_path(&home->arena, "runs/a", &folder, NULL));
    assert_string_equal(folder, "runs/a");
    assert_true(folder_make("a", NULL)); /* the folder itself comes first */
    assert_true(run_folder_path(&home->arena, "a", &folder, NULL));
    assert_string_equal(folder, "a");

    assert_false(run_folder_path(&home->arena, "b", &folder, &home->error));
    assert_string_equal(home->error.text,
                        "b: no such run: expected a folder, or its name in runs/");
    assert_int_equal(home->error.kind, ERROR_REQUEST);
}

static void a_word_for_a_model_is_a_file_or_a_run(void **state)
{
    Home *home = *state;
    const char *path = NULL;
    make_run("a", "best.safetensors");
    write_test_file("model", "", 0);
    const char *const cases[][2] = {
        {"a", "runs/a/best.safetensors"},
        {"runs/a", "runs/a/best.safetensors"},
        {"runs/a/", "runs/a/best.safetensors"},
        {"model", "model"},
        {"runs/a/best.safetensors", "runs/a/best.safetensors"},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        if (!run_model_path(&home->arena, cases[c][0], &path, &home->error))
            fail_msg("%s", home->error.text);
        assert_string_equal(path, cases[c][1]);
    }
}

static void a_word_without_a_model_is_refused(void **state)
{
    Home *home = *state;
    const char *path = NULL;
    make_run("empty", "checkpoint.safetensors");
    assert_false(run_model_path(&home->arena, "empty", &path, &home->error));
    assert_string_equal(home->error.text, "runs/empty: has no best.safetensors: expected a run "
                                          "that was trained");
    assert_false(run_model_path(&home->arena, "nothing", &path, &home->error));
    assert_contains(home->error.text, "nothing: no such run: ");
    assert_int_equal(home->error.kind, ERROR_REQUEST);
}

/* --- config.ini --- */

static const char *written_config(Home *home)
{
    FileBytes file;
    const Run *run = run_of(home);
    assert_true(folder_make(run->folder, NULL));
    if (!run_write_config(run, &home->config, &home->corpus, &home->error) ||
        !file_read(&home->arena, run->config, 100000, &file, &home->error))
        fail_msg("%s", home->error.text);
    return file.bytes;
}

static void config_ini_reads_back_to_the_same_config(void **state)
{
    Home *home = *state;
    for (size_t s = 0; s < pos_scheme_count; s++) {
        reset_keys(&home->config);
        for (size_t row = 0; row < n_rows(&home->config); row++) {
            char value[64];
            another_value(key_at(&home->config, row), value);
            set_key(&home->config, key_at(&home->config, row)->name, value);
        }
        set_key(&home->config, "pos", pos_names[s]);
        set_key(&home->config, "data", "my files/a # b.txt");
        written_config(home);

        Config back;
        const char *key;
        assert_true(config_init(&back, NULL));
        if (!settings_read(&back.settings, home->run.config, &home->error))
            fail_msg("%s", home->error.text);
        assert_true(config_difference(&home->config, &back, &key, NULL));
        assert_null(key);
        assert_same_settings(&back, &home->config);
        assert_string_equal(back.data, "my files/a # b.txt");
        config_free(&back);
    }
}

static void config_ini_says_what_the_run_was_made_with(void **state)
{
    Home *home = *state;
    char line[512], cpu[CPU_NAME_SIZE];
    const char *made_with = strstr(written_config(home), "\n[made with]\n");
    assert_non_null(made_with);
    assert_contains(made_with, "\ncorpus_sha256 = " SHA "\n");
    snprintf(line, sizeof line, "\nversion = %s\n", program_version);
    assert_contains(made_with, line);
    snprintf(line, sizeof line, "\ncpu = %s\n", machine_cpu(cpu));
    assert_contains(made_with, line);
    assert_contains(made_with, "\ncompiler = ");
    assert_null(strstr(made_with, "n_layer")); /* nothing of the config is behind it */
}

static void config_ini_begins_with_the_command_that_repeats_the_run(void **state)
{
    Home *home = *state;
    set_key(&home->config, "name", "lesson");
    const char line[] = "# Repeats this run:  posgpt train --config runs/lesson/config.ini "
                        "--name another\n";
    assert_int_equal(strncmp(written_config(home), line, strlen(line)), 0);
}

static void a_config_ini_that_cannot_be_written_is_said(void **state)
{
    Home *home = *state;
    set_key(&home->config, "name", "lesson");
    assert_false(run_write_config(run_of(home), &home->config, &home->corpus, &home->error));
    assert_contains(home->error.text, "runs/lesson/config.ini: cannot be written");
}

#define AT_HOME(test) cmocka_unit_test_setup_teardown(test, home_setup, home_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_HOME(the_default_name_says_scheme_corpus_and_seed),
        AT_HOME(another_setting_gives_another_name),
        AT_HOME(what_does_not_change_the_numbers_does_not_change_the_name),
        AT_HOME(a_name_that_is_given_is_taken),
        AT_HOME(a_name_that_is_no_folder_is_refused),
        AT_HOME(the_files_of_a_run_are_in_its_folder),
        AT_HOME(a_run_in_a_folder_has_the_folders_name),
        AT_HOME(a_word_for_a_run_is_a_folder_or_a_name_in_runs),
        AT_HOME(a_word_for_a_model_is_a_file_or_a_run),
        AT_HOME(a_word_without_a_model_is_refused),
        AT_HOME(config_ini_reads_back_to_the_same_config),
        AT_HOME(config_ini_says_what_the_run_was_made_with),
        AT_HOME(config_ini_begins_with_the_command_that_repeats_the_run),
        AT_HOME(a_config_ini_that_cannot_be_written_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
