/* sliding.c: which windows predict a run of targets, and the sum of their losses. */
#include "train/sliding.h"

#include <assert.h>

/* S: how far a window slides, and how many targets it is asked for. */
static size_t stride(size_t length)
{
    return length < 4 ? 1 : length / 4;
}

/* A window at the start of the text reads the tokens 0 ... T-1 and predicts 1 ... T. It is asked
 * for the last S of these, from T - S + 1 on; no other window is asked for an earlier one. */
static size_t earliest_target(size_t length)
{
    return length - stride(length) + 1;
}

TargetRun target_run(Tokens tokens, size_t longest)
{
    if (longest == 0 || longest >= tokens.count)
        return (TargetRun){0};
    size_t S = stride(longest), wanted = (TARGETS + S - 1) / S * S;
    size_t fitting = tokens.count - earliest_target(longest);
    size_t count = wanted < fitting ? wanted : fitting;
    return (TargetRun){tokens.count - count, count};
}

/* Fills a row of the batch with window number n, which is asked for the targets n S ... n S + S - 1
 * of the run, as far as there are so many; past the last one, for nothing. */
static void load_window(Evaluator *evaluator, size_t row, Tokens tokens, TargetRun run, size_t n)
{
    size_t T = evaluator->batch.block_size, S = stride(T), before = n * S;
    size_t left = before < run.count ? run.count - before : 0, asked = left < S ? left : S;

    /* Behind its last target; asked for nothing, it is the window at the start of the text. */
    size_t end = asked > 0 ? run.first + before + asked : T + 1;
    batch_window_end(&evaluator->batch, row, tokens, end - 1 - T, asked);
}

Evaluation evaluate_targets(Evaluator *evaluator, Tokens tokens, TargetRun run)
{
    const Batch *batch = &evaluator->batch;
    size_t T = batch->block_size, S = stride(T);
    Evaluation result = {.questions = run.count, .windows = (run.count + S - 1) / S};
    assert(evaluator->gpt->config.causal && run.count > 0 && run.first >= earliest_target(T));
    for (size_t first = 0; first < result.windows; first += batch->batch_size) {
        for (size_t row = 0; row < batch->batch_size; row++)
            load_window(evaluator, row, tokens, run, first + row);
        const real *losses = evaluator_losses(evaluator);
        for (size_t i = 0; i < batch->batch_size * T; i++)
            result.loss += (double)losses[i]; /* 0 where nothing is asked */
    }
    result.loss /= (double)result.questions;
    return result;
}
