/* evaluate.c: forward passes over a whole text. */
#include "train/evaluate.h"

#include <stdint.h>
#include <string.h>

/* Which characters are hidden from a model that sees both sides: the same ones in every evaluation
 * of every run, so that losses can be compared. */
static RandomKey hiding_key(void)
{
    return random_for(random_seed(0), "evaluation");
}

bool evaluator_init(Evaluator *evaluator, const Gpt *gpt, Placement placement, size_t batch_size,
                    size_t length, Error *error)
{
    *evaluator = (Evaluator){.gpt = gpt};
    size_t bytes;
    Arena *arena = &evaluator->arena;
    evaluator->sum_by_position = arena_alloc(arena, length, sizeof(double));
    evaluator->count_by_position = arena_alloc(arena, length, sizeof(size_t));
    bool ready = evaluator->sum_by_position && evaluator->count_by_position
                     ? true
                     : fail(error, "out of memory: evaluation of %zu positions", length);
    if (ready && placement_list(placement, arena, length, &evaluator->positions, error) &&
        pos_check(&gpt->pos, evaluator->positions, error) &&
        batch_alloc(arena, batch_size, length, &evaluator->batch, error) &&
        gpt_measure(gpt, batch_size, length, false, &bytes, error) &&
        tape_init(&evaluator->tape, false, error) && tape_reserve(&evaluator->tape, bytes, error))
        return true;
    evaluator_free(evaluator);
    return false;
}

void evaluator_free(Evaluator *evaluator)
{
    tape_free(&evaluator->tape);
    arena_free(&evaluator->arena);
    *evaluator = (Evaluator){0};
}

/* Fills a row of the batch with a window of the text, or, past the last one, with no questions. */
static void load_window(Evaluator *evaluator, size_t row, Tokens tokens, size_t window)
{
    const GptConfig *config = &evaluator->gpt->config;
    const Batch *batch = &evaluator->batch;
    Batch one = {.batch_size = 1,
                 .block_size = batch->block_size,
                 .inputs = batch->inputs + row * batch->block_size,
                 .targets = batch->targets + row * batch->block_size};
    batch_windows(&one, tokens, window);
    if (!config->causal)
        batch_hide(&one, gpt_mask_token(config), hiding_key());
}

const real *evaluator_losses(Evaluator *evaluator)
{
    const Batch *batch = &evaluator->batch;
    GptInput input = {.tokens = batch->inputs,
                      .batch_size = batch->batch_size,
                      .length = batch->block_size,
                      .positions = evaluator->positions};
    real *losses;
    tape_reset(&evaluator->tape);
    cross_entropy(&evaluator->tape, gpt_forward(evaluator->gpt, &evaluator->tape, &input),
                  batch->targets, &losses);
    return losses;
}

/* Adds the losses of the batch that is loaded to the sums by position. */
static void add_losses(Evaluator *evaluator)
{
    const Batch *batch = &evaluator->batch;
    const real *losses = evaluator_losses(evaluator);
    for (size_t row = 0; row < batch->batch_size; row++)
        for (size_t t = 0; t < batch->block_size; t++)
            if (batch->targets[row * batch->block_size + t] >= 0) {
                evaluator->sum_by_position[t] += (double)losses[row * batch->block_size + t];
                evaluator->count_by_position[t]++;
            }
}

bool evaluate(Evaluator *evaluator, Tokens tokens, size_t max_windows, Evaluation *result,
              Error *error)
{
    Batch *batch = &evaluator->batch;
    size_t T = batch->block_size, windows = window_count(tokens, T);
    if (windows == 0)
        return fail_request(error, "%zu tokens: too short for a window of %zu", tokens.count, T);
    memset(evaluator->sum_by_position, 0, T * sizeof(double));
    memset(evaluator->count_by_position, 0, T * sizeof(size_t));

    size_t wanted = max_windows == 0 || max_windows > windows ? windows : max_windows;
    for (size_t first = 0; first < wanted; first += batch->batch_size) {
        for (size_t row = 0; row < batch->batch_size; row++) {
            /* The n-th of `wanted` windows, spread evenly; from n = wanted on it is past the last
             * one, in the rows that the last batch has left over. */
            uint64_t n = first + row;
            load_window(evaluator, row, tokens, (size_t)(n * windows / wanted));
        }
        add_losses(evaluator);
    }
    *result = (Evaluation){.windows = wanted};
    for (size_t t = 0; t < T; t++) {
        result->loss += evaluator->sum_by_position[t];
        result->questions += evaluator->count_by_position[t];
    }
    result->loss /= (double)result->questions;
    return true;
}
