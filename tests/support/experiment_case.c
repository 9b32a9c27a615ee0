/* experiment_case.c: an experiment, and files as runs leave them. */
#include "support/experiment_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

const char *case_text(ExperimentCase *made, const char *format, ...)
{
    char text[4096];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    assert_true(length >= 0 && (size_t)length < sizeof text);
    const char *kept = arena_text(&made->arena, text, (size_t)length);
    assert_non_null(kept);
    return kept;
}

void add_common(ExperimentCase *made, const char *key, const char *value)
{
    assert_true(made->request.n_common < MOST_COMMON);
    made->common[made->request.n_common++] = (Setting){key, value};
}

int experiment_setup(void **state)
{
    ExperimentCase *made = calloc(1, sizeof *made);
    assert_non_null(made);
    made->folder = make_test_folder();
    made->request = (Request){.config = "",
                              .common = made->common,
                              .pos = "none,rope",
                              .first_seed = 1,
                              .n_seeds = 2,
                              .name = "comparison"};
    TextBuffer text = {0};
    for (size_t line = 0; line < 100; line++)
        text_append_format(&text, "the quick brown fox %zu\n", line);
    const char *path = case_text(made, "%s/fox.txt", made->folder);
    write_test_file(path, text.bytes, text.length);
    text_buffer_free(&text);
    add_common(made, "data", path);
    add_common(made, "out_dir", made->folder);
    add_common(made, "n_layer", "1");
    add_common(made, "n_head", "1");
    add_common(made, "n_embd", "8");
    add_common(made, "block_size", "4");
    add_common(made, "batch_size", "2");
    add_common(made, "max_iters", "20");
    *state = made;
    return 0;
}

int experiment_teardown(void **state)
{
    ExperimentCase *made = *state;
    experiment_free(&made->experiment);
    arena_free(&made->arena);
    remove_test_folder(made->folder);
    free(made);
    return 0;
}

Experiment *lay_out(ExperimentCase *made)
{
    if (!experiment_init(&made->experiment, &made->arena, &made->request, &made->error))
        fail_msg("%s", made->error.text);
    assert_true(folder_make(made->experiment.folder, NULL));
    return &made->experiment;
}

/* --- the files of a run --- */

static void write_or_remove(const char *path, const char *text)
{
    if (text != NULL)
        write_test_file(path, text, strlen(text));
    else
        remove(path);
}

void write_files(const Trial *trial, RunFiles files)
{
    assert_true(folder_make(trial->run.folder, NULL));
    write_or_remove(trial->run.config, files.config);
    write_or_remove(trial->run.metrics, files.metrics);
    write_or_remove(trial->run.result, files.result);
    write_or_remove(trial->run.contexts, files.contexts);
    write_or_remove(trial->run.context_positions, files.positions);
    write_or_remove(trial->run.exam, files.exam);
}

static const char *metrics_of(ExperimentCase *made, const MadeRun *run)
{
    TextBuffer text = {0};
    text_append_format(&text, METRICS_HEAD);
    for (size_t look = 0; look < MADE_LOOKS; look++) {
        char pace[32] = "nan";
        if (look > 0 && run->ms > 0)
            snprintf(pace, sizeof pace, "%.17g", 1000 * MADE_TOKENS / run->ms);
        text_append_format(&text, "%zu,nan,%.17g,nan,nan,%s,%zu\n",
                           look * MADE_STEPS / (MADE_LOOKS - 1), run->loss[look], pace, look);
    }
    const char *metrics = case_text(made, "%s", text.bytes);
    text_buffer_free(&text);
    return metrics;
}

RunFiles files_of(ExperimentCase *made, const Trial *trial, MadeRun run)
{
    double last = run.loss[MADE_LOOKS - 1];
    const char *build = run.build != NULL ? run.build : "1";
    size_t positional = 10 * (size_t)(trial->arm - made->experiment.arms);
    return (RunFiles){
        .config = case_text(made, "threads = %zu\n[made with]\nversion = %s\n", run.threads, build),
        .metrics = metrics_of(made, &run),
        .result = case_text(made, RESULT_HEAD "%d,%.17g,%.17g,nan,900,%zu\n", MADE_STEPS, last,
                            last - 0.5, positional),
        .contexts = case_text(made,
                              CONTEXTS_HEAD "2,4,20,40,%.17g,nan,40,%.17g,nan,\n"
                                            "4,4,10,40,%.17g,nan,40,%.17g,nan,\n",
                              last + 0.25, last + 0.75, last + 0.125, last + 0.625),
        .positions = case_text(made,
                               POSITIONS_HEAD "2,0,20,%g\n2,1,20,1\n"
                                              "4,0,10,%g\n4,1,10,3\n4,2,10,2\n4,3,10,1\n",
                               last, last),
        .exam = task_of(&trial->config.task) ? EXAM_HEAD "20,20,yes,512,0.5,0.75\n" : NULL,
    };
}

void write_run(ExperimentCase *made, size_t arm, size_t seed, MadeRun run)
{
    const Trial *trial = experiment_trial(&made->experiment, arm, seed);
    write_files(trial, files_of(made, trial, run));
}

void write_all_runs(ExperimentCase *made)
{
    for (size_t arm = 0; arm < made->experiment.n_arms; arm++)
        for (size_t seed = 0; seed < made->experiment.n_seeds; seed++) {
            double last = 1.5 - 0.25 * (double)arm + 0.0625 * (double)seed;
            write_run(made, arm, seed, (MadeRun){.loss = {4, 2, last}, .ms = 1, .threads = 1});
        }
}
