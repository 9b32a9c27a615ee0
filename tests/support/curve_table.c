/* curve_table.c: runs that are made up in memory. */
#include "support/curve_table.h"

#include <math.h>
#include <string.h>

CurveTable curve_table(size_t n_arms, size_t n_seeds)
{
    CurveTable table = {.experiment = {.n_arms = n_arms, .n_seeds = n_seeds}};
    assert_true(n_arms * n_seeds <= MOST_CURVE_RUNS);
    for (size_t t = 0; t < n_arms * n_seeds; t++) {
        table.runs[t].finished = true;
        table.trials[t].config.causal = true;
    }
    return table;
}

const Findings *draw_curves(CurveTable *table)
{
    Desk desk = {.experiment = &table->experiment,
                 .runs = table->runs,
                 .arena = &table->arena,
                 .x = table->x,
                 .findings = &table->findings};
    for (size_t t = 0; t < MOST_CURVE_RUNS; t++)
        table->of[t] = &table->trials[t];
    table->experiment.trials = table->of;
    table->findings = (Findings){0};
    assert_true(curves_draw(&desk, NULL));
    assert_true(curves_by_context(&desk, NULL));
    return &table->findings;
}

ContextLoss *context_loss(CurveTable *table, size_t length, double same, double plain)
{
    ContextLoss *loss = arena_alloc(&table->arena, 1, sizeof *loss);
    assert_non_null(loss);
    loss->context = length;
    loss->whole = (Evaluation){.loss = plain, .questions = 4 * length};
    loss->same = (Evaluation){.loss = same, .questions = 40};
    loss->sum_by_position = arena_alloc(&table->arena, length, sizeof(double));
    loss->count_by_position = arena_alloc(&table->arena, length, sizeof(size_t));
    assert_true(loss->sum_by_position && loss->count_by_position);
    for (size_t t = 0; t < length; t++) {
        loss->sum_by_position[t] = 4 * plain;
        loss->count_by_position[t] = 4;
    }
    return loss;
}

ContextLoss *refused_context(CurveTable *table, size_t length, const char *reason)
{
    ContextLoss *loss = context_loss(table, length, NAN, NAN);
    loss->refused = reason;
    loss->same.questions = 0;
    loss->sum_by_position = NULL;
    return loss;
}

void add_context(CurveTable *table, RunResult *run, const ContextLoss *loss)
{
    ContextLoss *contexts = arena_alloc(&table->arena, run->n_contexts + 1, sizeof *contexts);
    assert_non_null(contexts);
    if (run->n_contexts > 0)
        memcpy(contexts, run->contexts, run->n_contexts * sizeof *contexts);
    contexts[run->n_contexts++] = *loss;
    run->contexts = contexts;
}
