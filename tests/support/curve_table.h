/* curve_table.h: a comparison of which there is no more than its runs, made up in memory, and the
 * curves that are drawn of it.
 *
 *     CurveTable table = curve_table(1, 2);
 *     add_context(&table, &table.runs[0], context_loss(&table, 8, 1, 2));
 *     const Findings *findings = draw_curves(&table);
 *     ...
 *     arena_free(&table.arena);
 */
#ifndef TESTS_SUPPORT_CURVE_TABLE_H
#define TESTS_SUPPORT_CURVE_TABLE_H

#include "support/check.h"

#include "lab/curves.h"

enum { MOST_CURVE_RUNS = 6 };

typedef struct CurveTable {
    Arena arena;
    Experiment experiment;
    Trial trials[MOST_CURVE_RUNS]; /* of causal models, but for what a test changes */
    Trial *of[MOST_CURVE_RUNS];    /* their addresses */
    RunResult runs[MOST_CURVE_RUNS];
    double x[MOST_CURVE_RUNS];
    Findings findings;
} CurveTable;

/* All runs are finished. */
CurveTable curve_table(size_t n_arms, size_t n_seeds);

/* The findings have these curves alone. */
const Findings *draw_curves(CurveTable *table);

/* A loss at a context length, on the 40 same targets and in 4 windows side by side, where it is the
 * same at each position. */
ContextLoss *context_loss(CurveTable *table, size_t length, double same, double plain);

/* A length that is refused. */
ContextLoss *refused_context(CurveTable *table, size_t length, const char *reason);

/* One more length of a run. */
void add_context(CurveTable *table, RunResult *run, const ContextLoss *loss);

#endif
