/* test_run.c: tests of src/train/run.c: where the files of a run are, and its config.ini. Names are
 * in test_run_name.c, what is done with the folder in test_run_folder.c. */
#include "support/check.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/machine.h"
#include "support/config_keys.h"
#include "support/fixtures.h"
#include "support/run_home.h"
#include "train/run.h"

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

/* --- paths --- */

static void the_files_of_a_run_are_in_its_folder(void **state)
{
    RunHome *home = *state;
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
    RunHome *home = *state;
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
    RunHome *home = *state;
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
    RunHome *home = *state;
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
    RunHome *home = *state;
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

static const char *written_config(RunHome *home)
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
    RunHome *home = *state;
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
    RunHome *home = *state;
    char line[512], cpu[CPU_NAME_SIZE];
    const char *made_with = strstr(written_config(home), "\n[made with]\n");
    assert_non_null(made_with);
    assert_contains(made_with, "\ncorpus_sha256 = " RUN_HOME_SHA "\n");
    snprintf(line, sizeof line, "\nversion = %s\n", program_version);
    assert_contains(made_with, line);
    snprintf(line, sizeof line, "\ncpu = %s\n", machine_cpu(cpu));
    assert_contains(made_with, line);
    assert_contains(made_with, "\ncompiler = ");
    assert_null(strstr(made_with, "n_layer")); /* nothing of the config is behind it */
}

static void config_ini_begins_with_the_command_that_repeats_the_run(void **state)
{
    RunHome *home = *state;
    set_key(&home->config, "name", "lesson");
    const char line[] = "# Repeats this run:  posgpt train --config runs/lesson/config.ini "
                        "--name another\n";
    assert_int_equal(strncmp(written_config(home), line, strlen(line)), 0);
}

static void a_config_ini_that_cannot_be_written_is_said(void **state)
{
    RunHome *home = *state;
    set_key(&home->config, "name", "lesson");
    assert_false(run_write_config(run_of(home), &home->config, &home->corpus, &home->error));
    assert_contains(home->error.text, "runs/lesson/config.ini: cannot be written");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
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
