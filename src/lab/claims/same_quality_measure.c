/* same_quality_measure.c: the vectors of a model, and differences of losses. */
#include "lab/claims/same_quality.h"

#include <math.h>

#include "lab/claims/measure.h"

/* x [T, C]: the rms of all numbers, or of what is left without each channel's mean. */
static double rms(const real *x, size_t T, size_t C, bool without_means)
{
    double sum = 0;
    for (size_t c = 0; c < C; c++) {
        double mean = 0;
        for (size_t t = 0; t < T && without_means; t++)
            mean += (double)x[t * C + c] / (double)T;
        for (size_t t = 0; t < T; t++)
            sum += ((double)x[t * C + c] - mean) * ((double)x[t * C + c] - mean);
    }
    return sqrt(sum / (double)(T * C));
}

/* What a scheme adds to vectors of zeros is what it adds to any. */
static bool measure_positions(const Gpt *gpt, Tape *tape, Positions positions, Amplitude *amplitude,
                              Error *error)
{
    const PosScheme *scheme = gpt->pos.scheme;
    size_t T = positions.count, C = gpt->config.n_embd;
    if (!scheme->at_embedding || !pos_check(&gpt->pos, positions, error))
        return !scheme->at_embedding;
    Tensor *x = tape_constant(tape, 3, (size_t[]){1, T, C});
    memset(x->data, 0, T * C * sizeof *x->data);
    const real *vectors = scheme->at_embedding(&gpt->pos, tape, x, positions)->data;
    amplitude->positions = rms(vectors, T, C, false);
    amplitude->varying = rms(vectors, T, C, true);
    return true;
}

bool amplitude_of(const Gpt *gpt, size_t length, Amplitude *amplitude, Error *error)
{
    Tape tape;
    Arena arena = {0};
    Positions positions;
    const Tensor *wte = gpt->wte;
    *amplitude = (Amplitude){.tokens = rms(wte->data, tensor_rows(wte), tensor_width(wte), false)};
    bool ok = positions_from_0(&arena, length, &positions, error) && tape_init(&tape, false, error);
    if (ok) {
        ok = measure_positions(gpt, &tape, positions, amplitude, error);
        tape_free(&tape);
    }
    arena_free(&arena);
    return ok;
}

Sample quality_difference(const Findings *of_a, size_t a, const Findings *of_b, size_t b)
{
    double difference[MAX_SEEDS];
    size_t n = 0;
    for (size_t seed = 0; seed < of_a->experiment->n_seeds; seed++) {
        const RunResult *run = findings_run(of_a, a, seed), *other = findings_run(of_b, b, seed);
        if (run->finished && other->finished)
            difference[n++] = run->outcome.val_loss - other->outcome.val_loss;
    }
    return sample_of(difference, n);
}
