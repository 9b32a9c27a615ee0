/* ten_steps.h: training runs of ten steps that leave their files in a folder, and the rows of their
 * metrics.csv. */
#ifndef TESTS_SUPPORT_TEN_STEPS_H
#define TESTS_SUPPORT_TEN_STEPS_H

#include "support/training.h"

#include "train/train.h"

enum { STEPS = 10 };

/* A row every 3 steps and a look every 4, with dropout and two batches a step. */
extern const char ten_steps[];

extern const TrainObserver nobody;

void run_to_its_end(Small *small, const Run *run, const TrainObserver *observer);

/* A trainer of ten_steps that goes on from the run's checkpoint. */
Small *resumed(Training *training, const Run *run);

enum { MOST_METRICS_ROWS = 16, N_CELLS = 7 };
enum { STEP, TRAIN_LOSS, VAL_LOSS, LEARNING_RATE, GRAD_NORM, CHARS_PER_SECOND, ELAPSED_S };

/* A metrics.csv as texts, taken apart without the program's own reader. */
typedef struct MetricsTable {
    char cells[MOST_METRICS_ROWS][N_CELLS][32];
    size_t n_rows;
} MetricsTable;

MetricsTable read_metrics(const char *path);

/* All columns but the two that are about time. */
void assert_same_rows(const MetricsTable *a, const MetricsTable *b);

#endif
