/* config.h: every setting of a run.
 *
 * Names are nanoGPT's. config.c holds the table in which each key is declared once; the options of
 * the positional schemes join it from their own files. A value comes from the built-in default,
 * then a config file, then a flag; the later one wins.
 */
#ifndef TRAIN_CONFIG_H
#define TRAIN_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/keys.h"
#include "data/task.h"
#include "model/gpt.h"
#include "pos/pos.h"

#define RUNS_FOLDER "runs" /* where runs are kept, unless out_dir says otherwise */

/* 2^53. The range of a key is two doubles, and up to here these have every whole number. */
#define LARGEST_SEED 9007199254740992.0

typedef struct Config {
    /* the model */
    int pos; /* index in pos_schemes */
    size_t n_layer, n_head, n_embd, block_size;
    double dropout;
    bool bias, causal;

    /* the data */
    const char *data; /* path of a text file */
    int tokens;       /* VocabKind: its characters or its words */
    size_t seed;
    TaskOptions task; /* in place of a text; task.task = 0: none */

    /* training */
    const char *init_from; /* a file of weights to start from; "": none */
    size_t batch_size, gradient_accumulation_steps, max_iters;
    size_t position_offset;  /* each batch begins at a random position, 0 to this one; */
    size_t random_positions; /* or its tokens stand at random ones of so many; 0: they do not */
    double learning_rate, min_lr;
    size_t warmup_iters, lr_decay_iters; /* lr_decay_iters = 0: max_iters */
    double weight_decay, beta1, beta2, grad_clip;

    /* what is reported, and where */
    size_t eval_interval, log_interval;
    bool by_context;
    size_t sample_chars;
    double temperature;
    size_t top_k;
    const char *name, *out_dir;
    size_t threads; /* 0: one for each core */

    PosOptions pos_options;
    Settings settings; /* owns the texts; knows where each value came from */
} Config;

/* All defaults. A Config must stay where it is: its settings point into it. */
bool config_init(Config *config, Error *error);
void config_free(Config *config);

/* To be called when all settings are read: gives defaults that depend on other settings their
 * value. The warm-up of a run too short for it is a tenth of the run; the block size of a task is
 * what its longest training sequence takes. */
void config_settle(Config *config);

/* Takes over what was set in `changes` and may change after training (ConfigKey.after_training),
 * such as how a scheme is stretched to longer texts. Settings that get another value by it are
 * appended to `changed`, as "key = value, key = value". Refuses the option of another scheme. */
bool config_change(Config *config, const Settings *changes, TextBuffer *changed, Error *error);

/* The step at which the learning rate has come down to min_lr. */
size_t config_decay_end(const Config *config);

/* Refuses combinations that make no model or no training, as "file:line: key = value: why". */
bool config_check(const Config *config, Error *error);

const PosScheme *config_scheme(const Config *config);
const void *config_scheme_options(const Config *config);

/* The model's part, for a vocabulary of that many tokens. A model that sees both sides (causal
 * = no) has one symbol more, the mask. */
GptConfig config_gpt(const Config *config, size_t vocab_size);

/* The complete config as an INI text that reads back to the same values: every key but those of the
 * schemes that are not in use. */
void config_to_text(const Config *config, TextBuffer *out);

/* Can a run that was trained with `before` go on with `now`? *key is the first key that forbids it,
 * because a step would compute something else; NULL if it can. Three keys may differ: the path of
 * the corpus (what it holds may not, and that is told by its SHA-256); max_iters, so that a run can
 * be prolonged; and a warmup_iters that follows max_iters because nobody set it, then or now.
 * False, with an error, where memory runs out. */
bool config_difference(const Config *now, const Config *before, const char **key, Error *error);

/* 32 bits for the default name of a run. Whatever can change its numbers changes them (but for
 * chance), except for what the name says anyway: the scheme, the corpus' name and the seed. A key
 * with an unnamed default counts only where it has another value. */
bool config_hash(const Config *config, const char *corpus_sha256, unsigned *hash, Error *error);

/* The setting because of which this key has no effect: "pos" for an option of another scheme,
 * "task" for one of tasks where there is a text, or of texts where there is a task; else NULL. */
const char *config_idle_because(const Config *config, const char *name);

#endif
