/* fake_runs.c: a script, what it says, and a pool that starts it. */
#include "support/fake_runs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

enum { LONGEST_TEST = 60 }; /* seconds */

int fake_setup(void **state)
{
    alarm(LONGEST_TEST);
    return experiment_setup(state);
}

/* --- the script --- */

void write_in_folder(ExperimentCase *made, const char *name, const char *text)
{
    write_test_file(case_text(made, "%s/%s", made->folder, name), text, strlen(text));
}

static const char *text_in_folder(ExperimentCase *made, const char *name)
{
    FileBytes file;
    const char *path = case_text(made, "%s/%s", made->folder, name);
    if (!file_exists(path))
        return "";
    assert_true(file_read(&made->arena, path, 1 << 20, &file, NULL));
    return file.bytes;
}

/* Where the script finds the folder of a run. */
static void write_folders(ExperimentCase *made)
{
    TextBuffer text = {0};
    text_append_format(&text, "case $pos-$seed in\n");
    for (size_t t = 0; t < made->experiment.n_arms * made->experiment.n_seeds; t++) {
        const Trial *trial = made->experiment.trials[t];
        text_append_format(&text, "%s-%zu) run='%s' ;;\n", trial->arm->scheme->name, trial->seed,
                           trial->run.folder);
    }
    text_append_format(&text, "esac\n");
    write_in_folder(made, "folders", text.bytes);
    text_buffer_free(&text);
}

/* With the test's folder, and the body. */
static const char script[] = "#!/bin/sh\n"
                             "here='%s'\n"
                             "[ \"$1\" = train ] || exit 9\n"
                             "for word; do\n"
                             "    case $before in\n"
                             "    --pos) pos=$word ;;\n"
                             "    --seed) seed=$word ;;\n"
                             "    --threads) threads=$word ;;\n"
                             "    esac\n"
                             "    before=$word\n"
                             "done\n"
                             ". \"$here/folders\"\n"
                             "say() { echo \"$1 $pos-$seed $threads\" >>\"$here/events\"; }\n"
                             "finish() {\n"
                             "    mkdir -p \"$run\"\n"
                             "    for file in metrics contexts contexts-by-position result; do\n"
                             "        cp \"$here/$file.csv\" \"$run/$file.csv\"\n"
                             "    done\n"
                             "}\n%s";

static const char *write_script(ExperimentCase *made, const char *body)
{
    const MadeRun end = {.loss = {4, 3, 2}, .ms = 1, .threads = 1};
    RunFiles files = files_of(made, made->experiment.trials[0], end);
    write_folders(made);
    write_in_folder(made, "metrics.csv", files.metrics);
    write_in_folder(made, "contexts.csv", files.contexts);
    write_in_folder(made, "contexts-by-position.csv", files.positions);
    write_in_folder(made, "result.csv", files.result);
    write_in_folder(made, "begun.csv", METRICS_HEAD "0,nan,4,nan,nan,nan,0\n1,4,nan,0,1,9,1\n");
    write_in_folder(made, "posgpt", case_text(made, script, made->folder, body));
    const char *path = case_text(made, "%s/posgpt", made->folder);
    assert_int_equal(chmod(path, 0700), 0);
    return path;
}

/* --- a pool --- */

Pool *fake_pool(ExperimentCase *made, const char *body, size_t cores)
{
    Pool *pool = arena_alloc(&made->arena, 1, sizeof *pool);
    assert_non_null(pool);
    if (made->experiment.trials == NULL)
        lay_out(made);
    const Experiment *experiment = &made->experiment;
    if (!pool_init(pool, &made->arena, &experiment, 1, experiment->folder, write_script(made, body),
                   cores, &made->error))
        fail_msg("%s", made->error.text);
    pool->tick_seconds = 0.01;
    return pool;
}

void run_observed(ExperimentCase *made, Pool *pool, PoolObserver observer)
{
    if (!pool_run(pool, observer, &made->error))
        fail_msg("%s", made->error.text);
    pool_free(pool);
}

Pool *run_fake_pool(ExperimentCase *made, const char *body, size_t cores)
{
    Pool *pool = fake_pool(made, body, cores);
    run_observed(made, pool, (PoolObserver){0});
    return pool;
}

/* --- what was said --- */

const char *events(ExperimentCase *made)
{
    return text_in_folder(made, "events");
}

size_t count_events(ExperimentCase *made, const char *start)
{
    size_t count = 0;
    for (const char *line = events(made); *line != '\0'; line = strchr(line, '\n') + 1)
        count += strncmp(line, start, strlen(start)) == 0;
    return count;
}

/* What does not begin has ended, or was stopped. */
size_t most_threads(ExperimentCase *made)
{
    size_t now = 0, most = 0, threads;
    for (const char *line = events(made); *line != '\0'; line = strchr(line, '\n') + 1) {
        char what[16];
        assert_int_equal(sscanf(line, "%15s %*s %zu", what, &threads), 2);
        now = strcmp(what, "begin") == 0 ? now + threads : now - threads;
        most = now > most ? now : most;
    }
    return most;
}
