/* contexts.c: what can be had at which length, and an evaluator for each. */
#include "train/contexts.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/machine.h"
#include "base/text.h"

/* The lengths of a report are block_size * times / over. */
static const struct {
    size_t times, over;
} multiples[CONTEXT_LENGTHS] = {{1, 4}, {1, 2}, {1, 1}, {2, 1}, {4, 1}, {8, 1}};

size_t context_lengths(size_t block_size, size_t lengths[CONTEXT_LENGTHS])
{
    size_t count = 0;
    for (size_t m = 0; m < CONTEXT_LENGTHS; m++) {
        size_t length = block_size * multiples[m].times / multiples[m].over;
        if (length > 0 && (count == 0 || length > lengths[count - 1]))
            lengths[count++] = length;
    }
    return count;
}

/* Is there a position for each token of such a window, and in the text such a window? If not, *why
 * says it. */
static bool check_length(const Gpt *gpt, Placement placement, Tokens tokens, const char *unit,
                         size_t length, Error *why)
{
    Arena arena = {0};
    Positions positions;
    bool ok = placement_list(placement, &arena, length, &positions, why) &&
              pos_check(&gpt->pos, positions, why);
    arena_free(&arena);
    if (ok && window_count(tokens, length) == 0)
        return fail_request(why, "%zu %ss are too short for a window of %zu", tokens.count, unit,
                            length);
    return ok;
}

/* Has this machine the memory for one such window, whose activations take `pass` bytes, beside the
 * model? (Summed in double: the sum may be too large for a size_t.) */
static bool check_memory(const Gpt *gpt, const char *unit, size_t length, size_t pass, Error *why)
{
    double total = (double)pass + (double)gpt->params.n_numbers * sizeof(real);
    if (total <= (double)machine_memory())
        return true;
    char asked[TEXT_NUMBER_SIZE], there[TEXT_NUMBER_SIZE];
    return fail_request(
        why, "a window of %zu %ss takes %s, and this machine has %s: expected a shorter context",
        length, unit, text_bytes(asked, total < 1e18 ? (uint64_t)total : UINT64_MAX),
        text_bytes(there, machine_memory()));
}

/* Plans one length. n windows at once take at most n times the memory of one. */
static bool plan(Arena *arena, const Gpt *gpt, Tokens tokens, const char *unit, size_t most,
                 ContextLoss *loss, Error *error)
{
    size_t bytes;
    Error why = {0};
    if (!check_length(gpt, loss->placement, tokens, unit, loss->context, &why) ||
        !gpt_measure(gpt, 1, loss->context, false, &bytes, &why) ||
        !check_memory(gpt, unit, loss->context, bytes, &why)) {
        loss->refused = arena_text(arena, why.text, strlen(why.text));
        if (why.kind != ERROR_REQUEST || !loss->refused)
            return fail(error, "out of memory: a window of %zu", loss->context);
        return true;
    }
    size_t fitting = bytes < PASS_BYTES ? PASS_BYTES / bytes : 1;
    loss->batch_size = fitting < most ? fitting : most;
    return true;
}

/* The longest of these lengths that the text can fill; 0 if there is none. */
static size_t longest_filled(Tokens tokens, const ContextLoss *losses, size_t count)
{
    size_t longest = 0;
    for (size_t c = 0; c < count; c++)
        if (losses[c].context > longest && window_count(tokens, losses[c].context) > 0)
            longest = losses[c].context;
    return longest;
}

bool contexts_plan(Arena *arena, const Gpt *gpt, Placement placement, Tokens tokens,
                   const char *unit, size_t most, ContextLoss *losses, size_t count, Error *error)
{
    TargetRun targets = {0};
    if (gpt->config.causal)
        targets = target_run(tokens, longest_filled(tokens, losses, count));
    for (size_t c = 0; c < count; c++) {
        losses[c] = (ContextLoss){.context = losses[c].context,
                                  .placement = placement,
                                  .targets = targets,
                                  .whole.loss = NAN,
                                  .same.loss = NAN};
        if (!plan(arena, gpt, tokens, unit, most, &losses[c], error))
            return false;
    }
    return true;
}

/* Copies the evaluator's sums, which are freed with it. */
static bool keep_sums(Arena *arena, const Evaluator *evaluator, ContextLoss *loss, Error *error)
{
    size_t T = loss->context;
    loss->sum_by_position = arena_alloc_raw(arena, T, sizeof *loss->sum_by_position);
    loss->count_by_position = arena_alloc_raw(arena, T, sizeof *loss->count_by_position);
    if (!loss->sum_by_position || !loss->count_by_position)
        return fail(error, "out of memory: the loss at %zu positions", T);
    memcpy(loss->sum_by_position, evaluator->sum_by_position, T * sizeof *loss->sum_by_position);
    memcpy(loss->count_by_position, evaluator->count_by_position,
           T * sizeof *loss->count_by_position);
    return true;
}

bool context_evaluate(Arena *arena, const Gpt *gpt, Tokens tokens, ContextLoss *loss, Error *error)
{
    Evaluator evaluator;
    if (!evaluator_init(&evaluator, gpt, loss->placement, loss->batch_size, loss->context, error))
        return false;
    bool ok = evaluate(&evaluator, tokens, 0, &loss->whole, error) &&
              keep_sums(arena, &evaluator, loss, error);
    if (ok && loss->targets.count > 0)
        loss->same = evaluate_targets(&evaluator, tokens, loss->targets);
    evaluator_free(&evaluator);
    return ok;
}

double context_mean(const ContextLoss *loss, size_t first, size_t end)
{
    double sum = 0;
    size_t count = 0;
    for (size_t t = first; t < end; t++) {
        sum += loss->sum_by_position[t];
        count += loss->count_by_position[t];
    }
    return count > 0 ? sum / (double)count : NAN;
}
