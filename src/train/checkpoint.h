/* checkpoint.h: a model as a file, and back.
 *
 * The file is in the safetensors format. It is complete: its metadata hold the config, the
 * vocabulary and where training stood, so a model can be asked for text with no other file. Tensors
 * have nanoGPT's names and shapes (the output head is the token table, so it is not there twice):
 *
 *     transformer.wte.weight, transformer.h.0.ln_1.weight, ...
 *     optimizer.mean.NAME, optimizer.square.NAME     AdamW's m and v, only where training goes on
 *
 * A checksum in the metadata, 64 bits in hex, tells a damaged number from a good one. Another
 * program that writes such a file leaves it out; then the numbers are taken as they are. A second
 * one, progress_checksum, does the same for what the metadata say of training: a run that went on
 * from another step would be another run.
 */
#ifndef TRAIN_CHECKPOINT_H
#define TRAIN_CHECKPOINT_H

#include "data/vocab.h"
#include "model/gpt.h"
#include "train/adamw.h"
#include "train/config.h"
#include "train/safetensors.h"

/* Where training stands. Losses are in nats per token, NaN where none was measured yet. */
typedef struct Progress {
    size_t step;       /* updates done */
    double val_loss;   /* of the whole validation split, when it was last measured */
    double best_loss;  /* the lowest of these so far, */
    size_t best_step;  /* and the step at which it was measured */
    double train_loss; /* of a fixed part of the training split, without dropout, at the end */
    double loss_sum;   /* of the batches since the last row of metrics.csv, */
    size_t loss_count; /* and how many batches that are */
    double elapsed_s;  /* seconds of training so far */
} Progress;

typedef struct Checkpoint {
    const Config *config;
    const Vocab *vocab;
    const char *corpus_sha256;
    const Gpt *gpt;
    const AdamW *adamw; /* NULL: only what is needed to use the model, not to train on */
    Progress progress;
} Checkpoint;

/* All or nothing (see file.h). Refuses a model with a NaN or an infinity, which could not be read
 * again. */
bool checkpoint_write(const char *path, const Checkpoint *checkpoint, Error *error);

/* A model that was read from a file. It must stay where it is: parts of it point to others. */
typedef struct SavedModel {
    Arena arena;
    Config config;
    Vocab vocab;
    const char *corpus_sha256;
    Progress progress;
    Gpt gpt;
    SafeFile file;
    const char *lacks;   /* "no checksum"; NULL: it has one (see weights_verify) */
    const char *changed; /* since training, as "key = value"; NULL: nothing was */
} SavedModel;

/* Refuses files that are damaged, of another program, or whose tensors are not those of their
 * config; messages name the file and the tensor or the key. */
bool saved_model_open(SavedModel *saved, const char *path, Error *error);

/* The same with other values for settings that may change after training: see config_change. */
bool saved_model_open_changed(SavedModel *saved, const char *path, const Settings *changes,
                              Error *error);

/* The same of a file that is in memory and stays there; `name` stands for it in messages. */
bool saved_model_parse(SavedModel *saved, const char *name, FileBytes file, Error *error);
void saved_model_free(SavedModel *saved);

/* Where training stood, from the beginning of the file: whatever its size, this takes a moment. The
 * tensors are not looked at. */
bool checkpoint_progress(const char *path, Progress *progress, Error *error);

/* Copies AdamW's moments out of the file; `adamw` was made for a model of the same shapes. */
bool saved_model_moments(const SavedModel *saved, const char *path, AdamW *adamw, Error *error);

#endif
