/* checkpoint.c: which tensor and which text of a file holds what. */
#include "train/checkpoint.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "train/weights.h"

static const char FORMAT[] = "posgpt 1";

#ifdef REAL_IS_DOUBLE
static const char REAL_DTYPE[] = "F64";
#else
static const char REAL_DTYPE[] = "F32";
#endif

/* The numbers of Progress, each once: writing and reading go by this list. */
static const struct {
    const char *name;
    size_t offset;
    bool whole; /* a size_t; otherwise a double */
} progress_fields[] = {
    {"step", offsetof(Progress, step), true},
    {"val_loss", offsetof(Progress, val_loss), false},
    {"best_loss", offsetof(Progress, best_loss), false},
    {"best_step", offsetof(Progress, best_step), true},
    {"train_loss", offsetof(Progress, train_loss), false},
    {"loss_sum", offsetof(Progress, loss_sum), false},
    {"loss_count", offsetof(Progress, loss_count), true},
    {"elapsed_s", offsetof(Progress, elapsed_s), false},
};
enum { N_PROGRESS = sizeof progress_fields / sizeof *progress_fields };
enum { N_TEXTS = 7 + N_PROGRESS }; /* those of list_texts */

/* How the names of AdamW's moments begin; a parameter's name follows. */
static const char *const moment_prefix[] = {WEIGHTS_OF_OPTIMIZER "mean.",
                                            WEIGHTS_OF_OPTIMIZER "square."};

/* --- writing --- */

/* A tensor of the file: numbers in the shape of a parameter. */
static SafeTensor tensor_row(const char *name, const Tensor *shape, const real *data)
{
    SafeTensor row = {.name = name,
                      .dtype = REAL_DTYPE,
                      .rank = shape->rank,
                      .data = data,
                      .bytes = tensor_size(shape) * sizeof(real)};
    memcpy(row.shape, shape->shape, shape->rank * sizeof *row.shape);
    return row;
}

/* Every parameter, and both moments of each where training goes on. */
static bool list_tensors(Arena *arena, const Checkpoint *c, SafeFile *file, Error *error)
{
    const ParamList *params = &c->gpt->params;
    const real *moments[] = {c->adamw ? c->adamw->mean : NULL, c->adamw ? c->adamw->square : NULL};
    file->tensors = arena_alloc(arena, 3 * params->count, sizeof *file->tensors);
    if (!file->tensors)
        return fail(error, "out of memory: checkpoint");
    for (const Param *p = params->first; p; p = p->next)
        file->tensors[file->n_tensors++] = tensor_row(p->name, &p->tensor, p->tensor.data);
    for (size_t m = 0; m < 2 && c->adamw; m++)
        for (const Param *p = params->first; p; p = p->next) {
            char *name = text_format(arena, "%s%s", moment_prefix[m], p->name);
            if (!name)
                return fail(error, "out of memory: checkpoint");
            file->tensors[file->n_tensors++] =
                tensor_row(name, &p->tensor, moments[m] + param_start(params, p));
        }
    return true;
}

/* A file that could not be read again must not take the place of one that can. */
static bool check_tensors(const SafeFile *file, Error *error)
{
    for (size_t t = 0; t < file->n_tensors; t++)
        if (!weights_check_numbers(&file->tensors[t], error))
            return fail_within(error, "tensor \"%s\"", file->tensors[t].name);
    return true;
}

static void add_text(SafeFile *file, const char *key, const char *value)
{
    file->metadata[file->n_metadata++] = (SafeText){key, value, value ? strlen(value) : 0};
}

static char *progress_text(Arena *arena, const Progress *progress, size_t field)
{
    const void *at = (const char *)progress + progress_fields[field].offset;
    return progress_fields[field].whole ? text_format(arena, "%zu", *(const size_t *)at)
                                        : text_format(arena, "%.17g", *(const double *)at);
}

/* With a line break behind it: "1", "23" are not "12", "3". */
static uint64_t hash_text(uint64_t sum, const SafeFile *file, const char *key)
{
    const SafeText *text = safetensors_text(file, key);
    return hash_bytes(text ? hash_bytes(sum, text->value, text->value_length) : sum, "\n", 1);
}

/* Of the texts that say on what a model was trained, and where training stood; but not of the time
 * it took, so that two runs that are otherwise the same have the same one. */
static uint64_t progress_checksum(const SafeFile *file)
{
    uint64_t sum = hash_text(HASH_START, file, "corpus_sha256");
    for (size_t f = 0; f < N_PROGRESS; f++)
        if (progress_fields[f].offset != offsetof(Progress, elapsed_s))
            sum = hash_text(sum, file, progress_fields[f].name);
    return sum;
}

/* The metadata. A value that is NULL is one that there was no memory for. */
static bool list_texts(Arena *arena, const Checkpoint *c, SafeFile *file, Error *error)
{
    TextBuffer config = {0}, vocabulary = {0};
    config_to_text(c->config, &config);
    vocab_to_text(c->vocab, &vocabulary);
    bool failed = config.failed || vocabulary.failed;
    file->metadata = arena_alloc(arena, N_TEXTS, sizeof *file->metadata);
    if (file->metadata && !failed) {
        add_text(file, "format", FORMAT);
        add_text(file, "config", arena_text(arena, config.bytes, config.length));
        add_text(file, "vocabulary", arena_text(arena, vocabulary.bytes, vocabulary.length));
        add_text(file, "tokens", vocab_kind_names[c->vocab->kind]);
        add_text(file, "corpus_sha256", c->corpus_sha256);
        /* Of the tensors, and of some of the texts above: so these stand in the file by now. */
        add_text(file, "checksum", text_format(arena, "%016" PRIx64, weights_checksum(file)));
        for (size_t f = 0; f < N_PROGRESS; f++)
            add_text(file, progress_fields[f].name, progress_text(arena, &c->progress, f));
        add_text(file, "progress_checksum",
                 text_format(arena, "%016" PRIx64, progress_checksum(file)));
    }
    text_buffer_free(&config);
    text_buffer_free(&vocabulary);
    for (size_t t = 0; t < file->n_metadata; t++)
        failed = failed || !file->metadata[t].value;
    return file->metadata && !failed ? true : fail(error, "out of memory: checkpoint");
}

bool checkpoint_write(const char *path, const Checkpoint *checkpoint, Error *error)
{
    Arena arena = {0};
    SafeFile file = {0};
    bool ok = list_tensors(&arena, checkpoint, &file, error) &&
              (check_tensors(&file, error) || fail_within(error, "%s: not written", path)) &&
              list_texts(&arena, checkpoint, &file, error) && safetensors_write(path, &file, error);
    arena_free(&arena);
    return ok;
}

/* --- reading --- */

static bool fail_key(const char *path, const char *key, Error *error)
{
    return fail(error, "%s: metadata \"%s\": missing or damaged: expected a file of %s", path, key,
                FORMAT);
}

/* One number of Progress from its text; false where there is none, or it is no number. */
static bool read_field(const SafeText *text, Progress *progress, size_t field)
{
    void *at = (char *)progress + progress_fields[field].offset;
    char *end = NULL;
    if (!text || text->value_length == 0)
        return false;
    if (progress_fields[field].whole)
        return text_to_size(text->value, (size_t *)at);
    *(double *)at = strtod(text->value, &end);
    return *end == '\0';
}

static bool read_progress(const SafeFile *file, const char *path, Progress *progress, Error *error)
{
    for (size_t f = 0; f < N_PROGRESS; f++) {
        const char *name = progress_fields[f].name;
        if (!read_field(safetensors_text(file, name), progress, f))
            return fail_key(path, name, error);
    }
    const SafeText *checksum = safetensors_text(file, "progress_checksum");
    return !checksum || strtoull(checksum->value, NULL, 16) == progress_checksum(file) ||
           fail(error,
                "%s: damaged: its corpus_sha256, step and losses do not have the progress_checksum "
                "%s",
                path, checksum->value);
}

bool checkpoint_progress(const char *path, Progress *progress, Error *error)
{
    Arena arena = {0};
    SafeFile file;
    bool ok = safetensors_read_metadata(&arena, path, &file, error) &&
              read_progress(&file, path, progress, error);
    arena_free(&arena);
    return ok;
}

/* A task makes its tokens itself: the vocabulary must have all of them. */
static bool check_task_tokens(const SavedModel *saved, Error *error)
{
    const TaskOptions *options = &saved->config.task;
    const Task *task = task_of(options);
    if (!task || saved->vocab.size == task_vocab_size(options))
        return true;
    return fail(error, "vocabulary: %zu %ss: expected %zu, those of task = %s", saved->vocab.size,
                vocab_unit(&saved->vocab), task_vocab_size(options), task->name);
}

/* The metadata: the config, the vocabulary and where training stood. */
static bool read_texts(SavedModel *saved, const char *path, Error *error)
{
    const SafeFile *file = &saved->file;
    const SafeText *format = safetensors_text(file, "format"),
                   *config = safetensors_text(file, "config"),
                   *vocabulary = safetensors_text(file, "vocabulary"),
                   *sha256 = safetensors_text(file, "corpus_sha256");
    if (!format || strcmp(format->value, FORMAT) != 0)
        return fail(
            error,
            "%s: metadata \"format\": missing or damaged: expected a file of %s, whose "
            "metadata hold a config and a vocabulary; train --init-from takes weights alone",
            path, FORMAT);
    if (!config || !vocabulary || !sha256)
        return fail_key(path,
                        !config       ? "config"
                        : !vocabulary ? "vocabulary"
                                      : "corpus_sha256",
                        error);
    if (!weights_verify(file, &saved->lacks, error) ||
        !weights_vocabulary(&saved->arena, file, &saved->vocab, error))
        return fail_within(error, "%s", path);
    saved->corpus_sha256 = sha256->value;
    if (!settings_parse(&saved->config.settings, "config", config->value, config->value_length,
                        error) ||
        !config_check(&saved->config, error) || !check_task_tokens(saved, error))
        return fail_within(error, "%s", path);
    return read_progress(file, path, &saved->progress, error);
}

/* Is this the name of a moment of one of the parameters? */
static bool is_moment(const ParamList *params, const char *name)
{
    for (size_t m = 0; m < 2; m++) {
        size_t length = strlen(moment_prefix[m]);
        if (strncmp(name, moment_prefix[m], length) == 0)
            return param_find(params, name + length) != NULL;
    }
    return false;
}

/* weights_check takes any tensor for the optimiser's whose name begins so; here it must be a moment
 * of a parameter. */
static bool check_moments(const SafeFile *file, const ParamList *params, Error *error)
{
    for (size_t t = 0; t < file->n_tensors; t++) {
        const char *name = file->tensors[t].name;
        if (strncmp(name, WEIGHTS_OF_OPTIMIZER, strlen(WEIGHTS_OF_OPTIMIZER)) == 0 &&
            !is_moment(params, name))
            return fail(error, "tensor \"%s\": not part of the model in the config", name);
    }
    return true;
}

/* The tensors, as a model of the config's shape. */
static bool read_model(SavedModel *saved, const char *path, Error *error)
{
    GptConfig shape = config_gpt(&saved->config, saved->vocab.size);
    if (!gpt_init(&saved->gpt, &shape, config_scheme(&saved->config),
                  config_scheme_options(&saved->config), error))
        return fail_within(error, "%s", path);
    ParamList *params = &saved->gpt.params;
    /* A config may claim any size: memory is asked for when every tensor has been seen. */
    if (!weights_check(&saved->file, params, error) ||
        !check_moments(&saved->file, params, error) || !gpt_allocate(&saved->gpt, error))
        return fail_within(error, "%s", path);
    weights_copy(&saved->file, params);
    return true;
}

/* Puts settings in place of the file's; `changes` may be NULL: there are none. */
static bool change_config(SavedModel *saved, const Settings *changes, Error *error)
{
    TextBuffer changed = {0};
    bool ok = !changes || config_change(&saved->config, changes, &changed, error);
    if (ok && changed.length > 0) {
        saved->changed = arena_text(&saved->arena, changed.bytes, changed.length);
        ok = saved->changed || fail(error, "out of memory: settings");
    }
    text_buffer_free(&changed);
    return ok;
}

/* Everything behind the parsing of saved->file. What is wrong with `changes` is a wrong request. */
static bool read_contents(SavedModel *saved, const char *path, const Settings *changes,
                          Error *error)
{
    if (!config_init(&saved->config, error) || !read_texts(saved, path, error))
        return fail_as_work(error);
    if (!change_config(saved, changes, error))
        return false;
    return read_model(saved, path, error) || fail_as_work(error);
}

bool saved_model_parse(SavedModel *saved, const char *name, FileBytes file, Error *error)
{
    memset(saved, 0, sizeof *saved);
    bool parsed = safetensors_parse(&saved->arena, file, &saved->file, error) ||
                  fail_within(error, "%s", name);
    bool ok = parsed ? read_contents(saved, name, NULL, error) : fail_as_work(error);
    if (!ok)
        saved_model_free(saved);
    return ok;
}

bool saved_model_open(SavedModel *saved, const char *path, Error *error)
{
    return saved_model_open_changed(saved, path, NULL, error);
}

bool saved_model_open_changed(SavedModel *saved, const char *path, const Settings *changes,
                              Error *error)
{
    memset(saved, 0, sizeof *saved);
    bool parsed = safetensors_read(&saved->arena, path, &saved->file, error);
    bool ok = parsed ? read_contents(saved, path, changes, error) : fail_as_work(error);
    if (!ok)
        saved_model_free(saved);
    return ok;
}

void saved_model_free(SavedModel *saved)
{
    gpt_free(&saved->gpt);
    config_free(&saved->config);
    arena_free(&saved->arena);
}

bool saved_model_moments(const SavedModel *saved, const char *path, AdamW *adamw, Error *error)
{
    const ParamList *params = &saved->gpt.params;
    real *moments[] = {adamw->mean, adamw->square};
    bool ok = true;
    for (size_t m = 0; m < 2; m++)
        for (const Param *p = params->first; p && ok; p = p->next) {
            char name[2 * PARAM_NAME_SIZE];
            snprintf(name, sizeof name, "%s%s", moment_prefix[m], p->name);
            ok = weights_read(&saved->file, name, &p->tensor, moments[m] + param_start(params, p),
                              error);
        }
    if (!ok) {
        fail_within(error, "%s", path);
        return fail_as_work(error);
    }
    adamw->steps = saved->progress.step;
    return true;
}
