/* trainer.h: a model, its text or task and its optimiser, and what they do together: a step.
 *
 *     draw a batch -> forward -> loss -> backward -> clip -> AdamW
 *
 * Everything random in a step depends on the seed and the step's number alone: which windows are
 * drawn, where they stand, which numbers are dropped. So two models with different positional
 * schemes see the same batches, and a run that goes on tomorrow is the run that did not stop.
 */
#ifndef TRAIN_TRAINER_H
#define TRAIN_TRAINER_H

#include "data/batch.h"
#include "data/corpus.h"
#include "train/checkpoint.h"
#include "train/evaluate.h"
#include "train/exam.h"

/* What a step and a run take, in bytes. */
typedef struct MemoryNeed {
    size_t parameters; /* values, gradients and both moments */
    size_t step;       /* activations of a step and their gradients */
    size_t evaluation; /* activations of an evaluation, or of an exam */
} MemoryNeed;

typedef struct Trainer {
    const Config *config;
    const Corpus *corpus;
    Gpt gpt;
    AdamW adamw;
    Tape tape;
    Batch batch;
    Positions positions; /* 0 ... T + position_offset - 1: a batch stands at T in a row, */
    int *drawn;          /* [T]: or, with random_positions, at these */
    Evaluator evaluator; /* of a text, */
    Exam exam;           /* or of a task */
    MemoryNeed memory;
    Progress progress;
    size_t max_iters_before; /* when a run that goes on was saved; 0: it starts here */
    Arena arena;
    double learning_rate, grad_norm; /* of the last step; the norm before clipping */
    double exact;  /* of the last look at a task: share of sequences with all answers right */
    size_t tokens; /* how many the steps since trainer_init have read */
} Trainer;

/* A model at its start. Refuses what makes no model, and what does not fit into this machine's
 * memory. The config and the corpus outlive the trainer, which must stay where it is. */
bool trainer_init(Trainer *trainer, const Config *config, const Corpus *corpus, Error *error);
void trainer_free(Trainer *trainer);

/* Takes the weights of the file that the config says to start from, if it names one: the start of a
 * run, not of one that goes on. *lacks: see weights_load; NULL without a file. */
bool trainer_init_from(Trainer *trainer, const char **lacks, Error *error);

/* Puts everything back to where the run in that checkpoint stood. Refuses one of another config or
 * another corpus, and names the difference. max_iters may be another one, if there are steps left
 * to do. */
bool trainer_resume(Trainer *trainer, const char *checkpoint, Error *error);

/* One update. progress.loss_sum and .loss_count grow by the losses of its batches, progress.step by
 * one. Fails if a loss or the gradient is not a number: then no parameter has changed. */
bool trainer_step(Trainer *trainer, Error *error);

/* The loss of the whole validation split, or of a task's exam over the lengths of training, into
 * progress.val_loss (and .best_loss and .best_step). Fails if it is not a number: then progress has
 * not changed. */
bool trainer_evaluate(Trainer *trainer, Error *error);

/* The task's exam over the lengths of training, and nothing else: its loss, and trainer->exact,
 * which a checkpoint does not hold. */
bool trainer_examine(Trainer *trainer, double *loss, Error *error);

/* The loss of an equally large part of the training split, without dropout, into
 * progress.train_loss. A task has no training split: nothing is done. */
bool trainer_evaluate_training(Trainer *trainer, Error *error);

/* Writes a checkpoint, with AdamW's moments or without. */
bool trainer_save(const Trainer *trainer, const char *path, bool with_moments, Error *error);

#endif
