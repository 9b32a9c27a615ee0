/* cache.c: rows of keys and values, in memory twice as long as the window.
 *
 *     before     |  left  |  kept: first ... first + count - 1  |  free  |
 *
 * New tokens take the next free rows, and the oldest leave at the other end. When no row is free
 * the kept ones move to the front. That happens once in W tokens and moves less than W rows, so a
 * token pays for less than one. A window is always one piece of memory, which is what attention
 * reads.
 */
#include "model/cache.h"

#include <assert.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>

static size_t rows_of(const GptCache *cache)
{
    return 2 * cache->window;
}

static bool make_storage(GptCache *cache, Tensor **tensors)
{
    const GptConfig *config = &cache->gpt->config;
    size_t D = config->n_embd / config->n_head;
    *tensors = arena_alloc(&cache->arena, config->n_layer, sizeof **tensors);
    for (size_t layer = 0; *tensors && layer < config->n_layer; layer++) {
        Tensor *x = &(*tensors)[layer];
        *x = (Tensor){.rank = 4, .shape = {1, config->n_head, rows_of(cache), D}};
        x->data = arena_alloc(&cache->arena, rows_of(cache), config->n_embd * sizeof *x->data);
        if (!x->data)
            return false;
    }
    return *tensors != NULL;
}

bool gpt_cache_init(GptCache *cache, const Gpt *gpt, size_t window, Error *error)
{
    *cache = (GptCache){.gpt = gpt, .window = window};
    assert(window > 0);
    if (!gpt->config.causal)
        return fail_request(error, "causal = no: each character looks at those behind it too, so "
                                   "none can be computed before all are there");
    bool ok = window <= INT_MAX / 2;
    if (ok)
        cache->positions = arena_alloc(&cache->arena, rows_of(cache), sizeof *cache->positions);
    ok = ok && cache->positions && make_storage(cache, &cache->k) && make_storage(cache, &cache->v);
    if (!ok)
        gpt_cache_free(cache);
    return ok || fail(error, "out of memory: keys and values of %zu tokens", window);
}

void gpt_cache_free(GptCache *cache)
{
    arena_free(&cache->arena);
    *cache = (GptCache){0};
}

void gpt_cache_clear(GptCache *cache, int position)
{
    cache->first = cache->count = 0;
    cache->start = cache->next = position;
}

/* --- appending --- */

/* Moves the kept rows of every head to the front of its storage. */
static void move_to_front(GptCache *cache, Tensor *x)
{
    size_t n_head = x->shape[1], D = x->shape[3];
    for (size_t h = 0; h < n_head; h++) {
        real *rows = x->data + h * rows_of(cache) * D;
        memmove(rows, rows + cache->first * D, cache->count * D * sizeof *rows);
    }
}

/* Keeps no more than what the next token may look at, and has `count` rows free behind it. */
static void make_room(GptCache *cache, size_t count)
{
    size_t most = cache->window - 1;
    if (cache->count > most) {
        cache->first += cache->count - most;
        cache->count = most;
    }
    if (cache->first + cache->count + count <= rows_of(cache))
        return;
    for (size_t layer = 0; layer < cache->gpt->config.n_layer; layer++) {
        move_to_front(cache, &cache->k[layer]);
        move_to_front(cache, &cache->v[layer]);
    }
    memmove(cache->positions, cache->positions + cache->first,
            cache->count * sizeof *cache->positions);
    cache->first = 0;
}

Positions gpt_cache_keys(const GptCache *cache, size_t count)
{
    return (Positions){cache->positions + cache->first, cache->count + count};
}

/* `length` rows of a layer's storage from row `first` on, of every head. */
static HeadView rows_view(Tensor *x, size_t first, size_t length)
{
    size_t n_head = x->shape[1], rows = x->shape[2], D = x->shape[3];
    return (HeadView){
        .x = x,
        .batch = 1,
        .n_head = n_head,
        .length = length,
        .head_size = D,
        .start = first * D,
        .batch_stride = n_head * rows * D,
        .head_stride = rows * D,
        .token_stride = D,
    };
}

typedef struct Append {
    Node node;
    HeadView from_k, from_v, to_k, to_v;
} Append;

static void copy_heads(const HeadView *from, const HeadView *to)
{
    for (size_t h = 0; h < from->n_head; h++)
        for (size_t t = 0; t < from->length; t++)
            memcpy(to->x->data + head_place(to, 0, h, t), head_data(from, 0, h, t),
                   from->head_size * sizeof(real));
}

static void append_forward(Node *node)
{
    Append *op = (Append *)node;
    copy_heads(&op->from_k, &op->to_k);
    copy_heads(&op->from_v, &op->to_v);
}

void gpt_cache_append(GptCache *cache, Tape *tape, size_t layer, Heads *heads)
{
    Append *op = tape_node(tape, sizeof *op, append_forward, NULL);
    Tensor *k = &cache->k[layer], *v = &cache->v[layer];
    size_t free_row = cache->first + cache->count, length = heads->k.length;
    assert(!tape->gradients && heads->k.batch == 1);
    op->from_k = heads->k;
    op->from_v = heads->v;
    op->to_k = rows_view(k, free_row, length);
    op->to_v = rows_view(v, free_row, length);
    tape_run(tape, &op->node);
    heads->k = rows_view(k, cache->first, cache->count + length);
    heads->v = rows_view(v, cache->first, cache->count + length);
}

/* --- the model with its cache --- */

/* Needs room for the tokens; they are not counted yet. */
static Tensor *logits_of(GptCache *cache, Tape *tape, const int *tokens, Positions positions)
{
    GptInput input = {
        .tokens = tokens,
        .batch_size = 1,
        .length = positions.count,
        .positions = positions,
        .window = cache->window,
        .cache = cache,
    };
    return gpt_forward(cache->gpt, tape, &input);
}

/* Is what was computed of the text still right when it goes on to position `last`? */
static bool check_lasting(const GptCache *cache, int last, Error *error)
{
    size_t before = (size_t)(cache->next - cache->start), after = (size_t)(last - cache->start) + 1;
    return before == 0 || pos_lasts(&cache->gpt->pos, after) ||
           fail_request(error,
                        "with %zu tokens, pos = %s changes what was computed of the first %zu: "
                        "expected all of them anew",
                        after, cache->gpt->pos.scheme->name, before);
}

/* Free rows for that many tokens: where their positions are to be written. */
static int *free_positions(GptCache *cache, size_t count)
{
    assert(count > 0 && count <= cache->window);
    make_room(cache, count);
    return cache->positions + cache->first + cache->count;
}

/* Reads tokens whose positions stand in their rows already (free_positions). They are counted when
 * nothing can fail any more. */
static Tensor *go_on(GptCache *cache, Tape *tape, const int *tokens, Positions positions,
                     Error *error)
{
    int last = positions.at[positions.count - 1];
    if (last == INT_MAX) {
        fail_request(error, "position %d: there are no positions beyond", INT_MAX);
        return NULL;
    }
    if (!pos_check(&cache->gpt->pos, positions, error) || !check_lasting(cache, last, error))
        return NULL;
    Tensor *logits = logits_of(cache, tape, tokens, positions);
    if (cache->next == cache->start) /* it is the text's first */
        cache->start = positions.at[0];
    cache->count += positions.count;
    cache->next = last + 1;
    return logits;
}

Tensor *gpt_continue(GptCache *cache, Tape *tape, const int *tokens, size_t count, Error *error)
{
    int *at = free_positions(cache, count);
    /* behind the last number there is, INT_MAX once more: go_on refuses that */
    for (size_t t = 0; t < count; t++)
        at[t] = t < (size_t)(INT_MAX - cache->next) ? cache->next + (int)t : INT_MAX;
    return go_on(cache, tape, tokens, (Positions){at, count}, error);
}

Tensor *gpt_continue_at(GptCache *cache, Tape *tape, const int *tokens, Positions positions,
                        Error *error)
{
    assert(positions.at[0] >= cache->next);
    int *at = free_positions(cache, positions.count);
    memcpy(at, positions.at, positions.count * sizeof *at);
    return go_on(cache, tape, tokens, (Positions){at, positions.count}, error);
}

bool gpt_cache_measure(GptCache *cache, size_t count, size_t *bytes, Error *error)
{
    Tape tape;
    assert(count > 0 && count <= cache->window);
    if (!tape_init(&tape, false, error))
        return false;
    gpt_cache_clear(cache, 0);
    cache->count = cache->window - 1; /* as many as the new ones ever meet */
    size_t rows = cache->count + count;
    for (size_t row = 0; row < rows; row++)
        cache->positions[row] = (int)row;
    cache->positions[rows - 1] = pos_furthest(&cache->gpt->pos.shape, rows);
    tape_measure_begin(&tape);
    logits_of(cache, &tape, NULL, (Positions){cache->positions + cache->count, count});
    *bytes = tape_measure_end(&tape);
    tape_free(&tape);
    gpt_cache_clear(cache, 0);
    return true;
}
