/* learned.c: one learned vector for each position, added to the token's.
 *
 *     h[t] = token_table[x[t]] + position_table[position of t]       position_table [L, C]
 *
 * where x[t] is the t-th token. A vector that is learned can say whatever helps about its position.
 * The scheme of GPT-1, GPT-2 and BERT (idea: Gehring et al. 2017, section 3.1). Row 5 and row 6 of
 * the table are as foreign to each other at the start as row 5 and row 50: nearness has to be
 * learned. And the table ends: position L has no row, so this model can read no text longer than L.
 *
 * What is it that helps: that the rows are learned, what they start from, or that they are there at
 * all? To find out, learned_start lets them start as the vectors of sinusoidal.c, or stay as random
 * as they started.
 */
#include "pos/pos.h"
#include "pos/sinusoid.h"

typedef enum Start { START_RANDOM, START_SINUSOID, START_FROZEN } Start;
static const char *const starts[] = {"random", "sinusoid", "frozen", NULL};

typedef struct LearnedOptions {
    size_t length;
    int start; /* Start */
} LearnedOptions;

static const ConfigKey learned_keys[] = {
    {.name = "learned_length",
     .type = KEY_SIZE,
     .offset = offsetof(LearnedOptions, length),
     .value = "0",
     .max = 1 << 20,
     .help =
         "rows of the table; 0: one for every position a run has. Those never trained stay random"},
    {.name = "learned_start",
     .type = KEY_CHOICE,
     .offset = offsetof(LearnedOptions, start),
     .value = "random",
     .choices = starts,
     .unnamed_default = true,
     .help =
         "random: rows start as noise; sinusoid: as sines and cosines; frozen: they stay noise"},
};

static const double RMS = 0.02; /* of the rows at the start */

typedef struct LearnedState {
    Tensor *table; /* [L, C] */
} LearnedState;

static bool learned_init(Pos *pos, ParamList *params, Error *error)
{
    const LearnedOptions *options = pos->options;
    size_t length = options->length > 0 ? options->length : pos->shape.longest;
    if (length < pos->shape.shown)
        return fail_request(error,
                            "learned_length = %zu: expected at least %zu, the positions that "
                            "training shows",
                            length, pos->shape.shown);
    LearnedState *state = pos->state = arena_alloc(&pos->arena, 1, sizeof *state);
    if (state)
        state->table = param_add(params, "transformer.wpe.weight", 2,
                                 (size_t[]){length, pos->shape.n_embd}, (Init){INIT_NORMAL, RMS},
                                 options->start == START_FROZEN ? FROZEN : WEIGHT_DECAY);
    return state && state->table ? true : fail(error, "out of memory: table of positions");
}

static void learned_initialise(const Pos *pos)
{
    const LearnedOptions *options = pos->options;
    const LearnedState *state = pos->state;
    size_t C = pos->shape.n_embd;
    if (options->start != START_SINUSOID)
        return; /* noise, as it was declared */
    for (size_t i = 0; i < tensor_size(state->table); i++)
        state->table->data[i] = (real)(RMS / SINUSOID_RMS * sinusoid_at(i / C, i % C, C));
}

static Tensor *learned_at_embedding(const Pos *pos, Tape *tape, Tensor *x, Positions positions)
{
    const LearnedState *state = pos->state;
    return add(tape, x, embedding(tape, state->table, positions.at, positions.count));
}

static size_t learned_max_length(const Pos *pos)
{
    const LearnedState *state = pos->state;
    return state->table->shape[0];
}

static void learned_describe(const Pos *pos, TextBuffer *out)
{
    const LearnedOptions *options = pos->options;
    size_t length = learned_max_length(pos), trained = pos->shape.shown;
    text_append_format(out, "%zu positions, no more", length);
    if (options->start == START_FROZEN)
        text_append_format(out, "; none is trained");
    else if (length > trained)
        text_append_format(out, "; the last %zu are never trained", length - trained);
    if (options->start == START_SINUSOID)
        text_append_format(out, "; they start as sines and cosines");
}

extern const PosScheme pos_learned;
const PosScheme pos_learned = {
    .name = "learned",
    .title = "learned absolute embedding",
    .source = "Gehring et al. 2017, arXiv 1705.03122, section 3.1; GPT-2",
    .cost = "L C parameters",
    .keys = learned_keys,
    .n_keys = sizeof learned_keys / sizeof *learned_keys,
    .options_size = sizeof(LearnedOptions),
    .init = learned_init,
    .initialise = learned_initialise,
    .at_embedding = learned_at_embedding,
    .max_length = learned_max_length,
    .describe = learned_describe,
};
