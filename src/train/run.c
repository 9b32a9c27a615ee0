/* run.c: names and paths of a run's files, and its config.ini. */
#include "train/run.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/ini.h"
#include "base/machine.h"

enum { MAX_NAME = 200 }; /* file systems take 255 bytes */

bool run_in_folder(Arena *arena, const char *folder, Run *run, Error *error)
{
    assert(folder != NULL);
    size_t length = strlen(folder);
    while (length > 1 && folder[length - 1] == '/') /* "runs/a/", as a shell completes it */
        length--;
    folder = arena_text(arena, folder, length);
    if (!folder)
        return fail(error, "out of memory: the paths of a run");
    const char *last = strrchr(folder, '/');
    *run = (Run){.name = last ? last + 1 : folder, .folder = folder};
    const struct {
        const char **path, *name;
    } files[] = {
        {&run->config, "config.ini"},
        {&run->metrics, "metrics.csv"},
        {&run->checkpoint, "checkpoint.safetensors"},
        {&run->best, "best.safetensors"},
        {&run->samples, "samples.txt"},
        {&run->exam, "exam.csv"},
        {&run->contexts, "contexts.csv"},
        {&run->context_positions, "contexts-by-position.csv"},
        {&run->result, "result.csv"},
        {&run->picture, "loss.png"},
        {&run->picture_svg, "loss.svg"},
        {&run->evaluation, "eval.csv"},
        {&run->by_position, "eval-by-position.csv"},
        {&run->by_position_picture, "eval-by-position.png"},
    };
    for (size_t f = 0; f < sizeof files / sizeof *files; f++) {
        *files[f].path = path_join(arena, folder, files[f].name);
        if (!*files[f].path)
            return fail(error, "%s: out of memory", folder);
    }
    return true;
}

bool run_corpus(Arena *arena, const Config *config, Corpus *corpus, Error *error)
{
    if (task_of(&config->task))
        return task_corpus(arena, &config->task, corpus, error);
    return corpus_load(arena, config->data, (VocabKind)config->tokens, corpus, error) &&
           corpus_check_block_size(corpus, config->block_size, error);
}

bool run_check_name(const char *name, Error *error)
{
    const char *reason = NULL;
    for (const char *at = name; *at != '\0'; at++)
        if (*at == '/' || (unsigned char)*at < ' ' || *at == '\177')
            reason = "expected a name without '/' and control characters";
    if (name[0] == '.' || name[0] == '-')
        reason = "expected a name that starts with neither '.' nor '-'";
    if (strlen(name) > MAX_NAME)
        reason = "expected at most 200 bytes";
    return !reason || fail_request(error, "%s", reason);
}

bool run_of_config(Arena *arena, const Config *config, const Corpus *corpus, Run *run, Error *error)
{
    const char *name = config->name;
    unsigned hash;
    if (config->out_dir[0] == '\0') {
        fail_request(error, "expected the path of a folder");
        return settings_fail_within(&config->settings, "out_dir", error);
    }
    if (name[0] == '\0') {
        if (!config_hash(config, corpus->sha256, &hash, error))
            return false;
        name = text_format(arena, "%s-%s-seed%zu-%08x", config_scheme(config)->name, corpus->name,
                           config->seed, hash);
    } else if (!run_check_name(name, error)) {
        return settings_fail_within(&config->settings, "name", error);
    }
    const char *folder = name ? path_join(arena, config->out_dir, name) : NULL;
    if (!folder)
        return fail(error, "out of memory: the run's name");
    return run_in_folder(arena, folder, run, error);
}

bool run_folder_path(Arena *arena, const char *word, const char **folder, Error *error)
{
    const char *in_runs = path_join(arena, RUNS_FOLDER, word);
    if (!in_runs)
        return fail(error, "%s: out of memory", word);
    *folder = folder_may_exist(word) ? word : in_runs;
    return folder_may_exist(*folder) ||
           fail_request(error, "%s: no such run: expected a folder, or its name in %s/", word,
                        RUNS_FOLDER);
}

bool run_model_path(Arena *arena, const char *word, const char **path, Error *error)
{
    *path = word;
    const char *folder = NULL;
    Run run;
    if (!folder_exists(word) && file_may_exist(word))
        return true;
    if (!run_folder_path(arena, word, &folder, error) || !run_in_folder(arena, folder, &run, error))
        return false;
    *path = run.best;
    return file_may_exist(run.best) ||
           fail_request(error, "%s: has no best.safetensors: expected a run that was trained",
                        folder);
}

bool run_claim(const Run *run, int *lock, Error *error)
{
    if (!folder_make(run->folder, error) || !folder_lock(run->folder, lock, error))
        return false;
    if (folder_remove_temporaries(run->folder, error))
        return true;
    folder_unlock(*lock);
    return false;
}

bool run_is_in_use(const Run *run)
{
    return folder_is_in_use(run->folder);
}

/* To the first of FOLDER-old-1, FOLDER-old-2, ... that is free, which becomes *kept. */
static bool rename_folder(Arena *arena, const Run *run, const char **kept, Error *error)
{
    size_t number = 1;
    do
        *kept = text_format(arena, "%s-old-%zu", run->folder, number++);
    while (*kept && path_is_taken(*kept));
    if (!*kept)
        return fail(error, "%s: out of memory", run->folder);
    return rename(run->folder, *kept) == 0 ||
           fail(error, "%s: cannot be renamed to %s: %s", run->folder, *kept, strerror(errno));
}

bool run_set_aside(Arena *arena, const Run *run, const char **kept, Error *error)
{
    int lock;
    *kept = NULL;
    if (!folder_may_exist(run->folder))
        return true;
    if (!folder_lock(run->folder, &lock, error))
        return false;
    bool ok = rename_folder(arena, run, kept, error);
    folder_unlock(lock);
    return ok;
}

bool run_remove_end(const Run *run, Error *error)
{
    const char *const files[] = {run->result,     run->samples,           run->exam,
                                 run->contexts,   run->context_positions, run->picture,
                                 run->picture_svg};
    for (size_t f = 0; f < sizeof files / sizeof *files; f++)
        if (remove(files[f]) != 0 && errno != ENOENT)
            return fail(error, "%s: cannot be removed: %s", files[f], strerror(errno));
    return true;
}

bool run_write_config(const Run *run, const Config *config, const Corpus *corpus, Error *error)
{
    char cpu[CPU_NAME_SIZE];
    TextBuffer text = {0};
    text_append_format(&text, "# Repeats this run:  posgpt train --config %s --name another\n\n",
                       run->config);
    config_to_text(config, &text);
    text_append_format(&text, "\n# What it was made with\n[made with]\n");
    ini_append(&text, "version", program_version);
    ini_append(&text, "compiler", program_compiler);
    ini_append(&text, "cpu", machine_cpu(cpu));
    ini_append(&text, "corpus_sha256", corpus->sha256);
    bool ok = text.failed ? fail(error, "%s: out of memory", run->config)
                          : file_write(run->config, text.bytes, text.length, error);
    text_buffer_free(&text);
    return ok;
}
