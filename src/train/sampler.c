/* sampler.c: the loop that asks the model for one more character. */
#include "train/sampler.h"

#include <string.h>

/* The k-th largest of n numbers (1 <= k <= n): the smallest of those that fewer than k are
 * larger than. Quick enough for a vocabulary. */
static double kth_largest(const double *x, size_t n, size_t k)
{
    double found = INFINITY;
    for (size_t i = 0; i < n; i++) {
        size_t larger = 0;
        for (size_t j = 0; j < n; j++)
            larger += x[j] > x[i];
        if (larger < k && x[i] < found)
            found = x[i];
    }
    return found;
}

int sample_token(const real *logits, size_t n, const SampleOptions *options, size_t i,
                 double *scratch)
{
    size_t best = 0;
    for (size_t v = 0; v < n; v++) {
        scratch[v] = (double)logits[v];
        best = scratch[v] > scratch[best] ? v : best;
    }
    if (options->temperature == 0)
        return (int)best;
    double most = scratch[best], sum = 0;
    double least = options->top_k > 0 && options->top_k < n
                       ? kth_largest(scratch, n, options->top_k)
                       : -INFINITY;
    for (size_t v = 0; v < n; v++) {
        scratch[v] = scratch[v] < least ? 0 : exp((scratch[v] - most) / options->temperature);
        sum += scratch[v];
    }
    double point = random_uniform(options->key, i) * sum;
    for (size_t v = 0; v < n; v++) {
        if (point < scratch[v])
            return (int)v;
        point -= scratch[v];
    }
    return (int)best; /* rounding let the point pass the end */
}

/* Everything that drawing takes, for one call of sample(). */
typedef struct Sampler {
    Arena arena;
    Tape tape;
    int *window;         /* [T]: the last tokens */
    Positions positions; /* 0 ... T-1 */
    double *scratch;
} Sampler;

static bool sampler_init(Sampler *sampler, const Gpt *gpt, Error *error)
{
    size_t T = gpt->config.block_size, bytes;
    sampler->window = arena_alloc(&sampler->arena, T, sizeof *sampler->window);
    sampler->scratch = arena_alloc(&sampler->arena, gpt->config.vocab_size, sizeof(double));
    if (!sampler->window || !sampler->scratch)
        return fail(error, "out of memory: sampling");
    return positions_from_0(&sampler->arena, T, &sampler->positions, error) &&
           gpt_measure(gpt, 1, T, false, &bytes, error) &&
           tape_init(&sampler->tape, false, error) && tape_reserve(&sampler->tape, bytes, error);
}

/* The logits [V] of what follows the `length` tokens in the window. */
static const real *next_logits(Sampler *sampler, const Gpt *gpt, size_t length)
{
    GptInput input = {.tokens = sampler->window,
                      .batch_size = 1,
                      .length = length,
                      .positions = {sampler->positions.at, length}};
    tape_reset(&sampler->tape);
    Tensor *logits = gpt_forward(gpt, &sampler->tape, &input);
    return logits->data + (length - 1) * gpt->config.vocab_size;
}

bool sample(const Gpt *gpt, const int *prompt, size_t prompt_length, size_t count,
            const SampleOptions *options, SampleSink sink, void *context, Error *error)
{
    if (!gpt->config.causal)
        return fail_request(error, "causal = no: this model guesses hidden characters; it cannot "
                                   "continue a text");
    if (prompt_length == 0)
        return fail_request(error, "the prompt is empty: expected at least one character");
    Sampler sampler = {0};
    bool ready = sampler_init(&sampler, gpt, error);
    size_t T = gpt->config.block_size;
    size_t length = prompt_length < T ? prompt_length : T;
    if (ready)
        memcpy(sampler.window, prompt + (prompt_length - length), length * sizeof *prompt);
    for (size_t i = 0; ready && i < count; i++) {
        int token = sample_token(next_logits(&sampler, gpt, length), gpt->config.vocab_size,
                                 options, i, sampler.scratch);
        if (!sink(context, token))
            break;
        if (length == T) { /* the oldest one leaves */
            length = T - 1;
            memmove(sampler.window, sampler.window + 1, length * sizeof *sampler.window);
        }
        sampler.window[length++] = token;
    }
    tape_free(&sampler.tape);
    arena_free(&sampler.arena);
    return ready;
}
