/* batch.c: copies windows of a text into rows. */
#include "data/batch.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

bool batch_alloc(Arena *arena, size_t batch_size, size_t block_size, Batch *batch, Error *error)
{
    assert(batch_size > 0 && block_size > 0);
    size_t count = batch_size <= SIZE_MAX / block_size ? batch_size * block_size : SIZE_MAX;
    *batch = (Batch){.batch_size = batch_size,
                     .block_size = block_size,
                     .inputs = arena_alloc(arena, count, sizeof *batch->inputs),
                     .targets = arena_alloc(arena, count, sizeof *batch->targets)};
    if (batch->inputs != NULL && batch->targets != NULL)
        return true;
    return fail(error, "out of memory: a batch of %zu windows of %zu", batch_size, block_size);
}

/* The window that starts at `start`, with its targets one place further on. */
static void fill_row(Batch *batch, size_t row, Tokens tokens, size_t start)
{
    size_t T = batch->block_size;
    assert(start < tokens.count && T < tokens.count - start);
    memcpy(batch->inputs + row * T, tokens.at + start, T * sizeof *tokens.at);
    memcpy(batch->targets + row * T, tokens.at + start + 1, T * sizeof *tokens.at);
}

/* At the first `count` places of a row. */
static void ask_nothing(Batch *batch, size_t row, size_t count)
{
    for (size_t t = 0; t < count; t++)
        batch->targets[row * batch->block_size + t] = NO_TARGET;
}

/* Legal starts are 0 ... count - T - 1: the last target of the last one ends the text. */
void batch_draw(Batch *batch, Tokens tokens, RandomKey key)
{
    assert(tokens.count > batch->block_size);
    batch->first_window = 0;
    for (size_t row = 0; row < batch->batch_size; row++)
        fill_row(batch, row, tokens,
                 (size_t)random_below(key, row, tokens.count - batch->block_size));
}

size_t window_count(Tokens tokens, size_t block_size)
{
    return tokens.count > 0 ? (tokens.count - 1) / block_size : 0;
}

size_t batch_windows(Batch *batch, Tokens tokens, size_t first)
{
    size_t T = batch->block_size, windows = window_count(tokens, T), n_real = 0;
    assert(windows > 0);
    batch->first_window = first;
    for (size_t row = 0; row < batch->batch_size; row++) {
        bool real_one = first < windows && row < windows - first;
        fill_row(batch, row, tokens, real_one ? (first + row) * T : 0);
        if (!real_one)
            ask_nothing(batch, row, T);
        n_real += real_one;
    }
    return n_real;
}

void batch_window_end(Batch *batch, size_t row, Tokens tokens, size_t start, size_t asked)
{
    assert(asked <= batch->block_size);
    fill_row(batch, row, tokens, start);
    ask_nothing(batch, row, batch->block_size - asked);
}

static bool asks_something(const int *targets, size_t T)
{
    for (size_t t = 0; t < T; t++)
        if (targets[t] != NO_TARGET)
            return true;
    return false;
}

static void hide(int *input, int *target, int mask_token)
{
    *target = *input;
    *input = mask_token;
}

void batch_hide(Batch *batch, int mask_token, RandomKey key)
{
    size_t T = batch->block_size;
    for (size_t row = 0; row < batch->batch_size; row++) {
        int *inputs = batch->inputs + row * T, *targets = batch->targets + row * T;
        if (!asks_something(targets, T))
            continue;
        ask_nothing(batch, row, T);
        size_t window = batch->first_window + row;
        for (size_t t = 0; t < T; t++)
            if (random_uniform(key, window * T + t) < MASK_RATE)
                hide(&inputs[t], &targets[t], mask_token);
        if (!asks_something(targets, T))
            hide(&inputs[window % T], &targets[window % T], mask_token);
    }
}
