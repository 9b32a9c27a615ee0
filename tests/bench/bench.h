/* bench.h: what the parts of `make bench` share.
 *
 * Wall times on a machine that others use too are worth little. So nothing is timed alone: what is
 * compared is measured in turns, again and again, and what is reported is the median of the ratios
 * of neighbours, with its spread. The yardstick of everything is the peak: how many multiply-adds
 * the cores can do at that moment, if nothing else is asked of them.
 *
 * Each section prints a table for people, or, with --csv, a row for each figure. */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/error.h"
#include "train/trainer.h"

typedef struct Plan {
    const char *program; /* the path of this program, which starts itself to measure memory */
    bool csv;
    bool quick; /* leave out what takes seconds and gigabytes */
    size_t repetitions;
    size_t cores;
} Plan;

/* --- report.c: series of measurements, and how they are printed --- */

enum { MAX_REPETITIONS = 99, MAX_SERIES = 999, SPREAD_SIZE = 48 };

typedef struct Series {
    double at[MAX_SERIES];
    size_t count;
} Series;

void series_add(Series *series, double value);

/* 0.5: the median; 0 and 1: the least and the greatest. NaN of nothing. */
double series_quantile(const Series *series, double share);
double series_median(const Series *series);

/* The upper end of the 95 % interval of the median, by order statistics: of n values, each is above
 * the true median or below it like a coin that falls; the one that is returned has as many above it
 * as heads fall in 2.5 % of cases at most. Infinite for fewer than 6 values. */
double series_upper(const Series *series);

/* "  93.1 ( 90.2,  95.0)": the median, the least and the greatest, with so many decimals, in `out`,
 * which is returned. */
const char *spread(char out[SPREAD_SIZE], const Series *series, int decimals);

/* "1 core", "2 cores" */
enum { CORES_SIZE = 32 };
const char *cores_text(char out[CORES_SIZE], size_t cores);

/* A line for people, or a row of the CSV. The row of one number is a series of one. */
void say(const Plan *plan, const char *format, ...) PRINTF_LIKE(2, 3);
void record_header(const Plan *plan);
void record(const Plan *plan, const char *section, const char *what, size_t threads,
            const char *unit, const Series *series);
void record_number(const Plan *plan, const char *section, const char *what, size_t threads,
                   const char *unit, double value);

/* --- settings.c: the three settings, and a model in training for each --- */

typedef struct Setting {
    const char *name, *title;
    size_t n_layer, n_head, n_embd, block_size, batch_size;
    double dropout;
    bool large; /* steps take seconds */
} Setting;

enum { N_SETTINGS = 3, VOCABULARY = 65 };
extern const Setting settings_of_bench[N_SETTINGS];

/* The settings that a plan measures come first; this is how many they are. */
size_t setting_count(const Plan *plan);

/* How often a setting is measured: a large one at most three times. */
size_t setting_repetitions(const Plan *plan, const Setting *setting);

/* The scheme that nanoGPT has. */
#define NANOGPT_SCHEME "learned"

/* A trainer on random characters. It must stay where it is. */
typedef struct Subject {
    Arena arena;
    Corpus corpus;
    Config config;
    Trainer trainer;
} Subject;

bool subject_init(Subject *subject, const Setting *setting, const char *scheme, Error *error);
void subject_free(Subject *subject);

/* Seconds of a step, the mean of so many. */
bool subject_steps(Subject *subject, size_t count, double *seconds, Error *error);

/* How many steps make at least a tenth of a second or so. */
size_t steps_worth_timing(const Setting *setting);

double setting_flops(const Setting *setting);

/* --- the rest --- */

/* peak.c: multiply-adds (each counts as two) per second, of that many threads at once. */
double peak_flops(size_t threads);

/* openblas.c: the same product as gemm(), if this program was built with OpenBLAS. */
bool openblas_available(void);
void openblas_gemm(size_t threads, size_t m, size_t n, size_t k, Matrix a, Matrix b, GemmMode mode,
                   real *c, size_t c_stride);

/* child.c: another program, with a pipe to tell it something and one to hear what it says. */
typedef struct Child {
    pid_t id;
    FILE *to, *from;
} Child;

/* arguments[0] is looked up in PATH. A program that is not there says nothing. */
bool child_start(Child *child, char *const arguments[]);
void child_stop(Child *child);

/* torch.c: PyTorch, if there is one: a child that waits until it is asked for steps. */
typedef struct TorchVariant {
    const char *name; /* as bench_torch.py calls it */
    const char *title;
    bool one_core;
} TorchVariant;

enum { N_TORCH_VARIANTS = 4 };
extern const TorchVariant torch_variants[N_TORCH_VARIANTS];

/* False where there is no PyTorch. Takes so many steps to warm up. */
bool torch_start(Child *torch, const Plan *plan, const Setting *setting,
                 const TorchVariant *variant, size_t warm_up);

/* Seconds of a step, the mean of so many. */
bool torch_steps(Child *torch, size_t count, double *seconds);

/* The sections, in the order in which they are measured. */
bool bench_peak(const Plan *plan, Error *error);       /* peak.c */
bool bench_products(const Plan *plan, Error *error);   /* products.c */
bool bench_operations(const Plan *plan, Error *error); /* operations.c */
bool bench_steps(const Plan *plan, Error *error);      /* steps.c */
bool bench_sampling(const Plan *plan, Error *error);   /* sampling.c */
bool bench_memory(const Plan *plan, Error *error);     /* memory.c */
bool bench_schemes(const Plan *plan, Error *error);    /* schemes.c */

/* memory.c, in the process that bench_memory starts: trains a little, and prints what it took. */
bool report_own_memory(const char *setting, Error *error);

#endif
