/* entropy.c: counts what follows each context.
 *
 * H(X' | context) is the mean, over all places of the text, of the entropy among the tokens that
 * follow the same context. To bring those together, the places are sorted by what stands before
 * them: a stable counting sort by the token just before, then one by the token before that. A table
 * of all pairs or triples of a small alphabet would do as well; this serves any. A long text takes
 * enough memory without that, so it is done for one group of tokens just before after the other:
 * each reads the text once, and has a sixth of it, or else a single token. */
#include "data/entropy.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* n times the entropy of n tokens, of which one occurs c times:
 *
 *     n H = -n sum of (c/n) ln(c/n) = sum of c ln(n/c)
 *
 * where no term is negative, rounded or not. */
static double term(size_t c, size_t n)
{
    return c > 0 ? (double)c * log((double)n / (double)c) : 0;
}

/* The same of the followers at n places. counts [V] is zero before and after. */
static double information(Tokens tokens, const uint32_t *places, size_t n, size_t *counts)
{
    for (size_t i = 0; i < n; i++)
        counts[tokens.at[places[i]]]++;
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        size_t *count = &counts[tokens.at[places[i]]];
        sum += term(*count, n);
        *count = 0;
    }
    return sum;
}

/* Brings the places behind the tokens first ... last-1 together, sorted by that token. The first
 * `context` places of the text are none. behind[a] is how many stand behind a, and at last where
 * they end. */
static void gather(Tokens tokens, size_t context, size_t first, size_t last, size_t *behind,
                   uint32_t *places)
{
    for (size_t a = first, start = 0, count; a < last; a++, start += count) {
        count = behind[a];
        behind[a] = start; /* the next free one of a's */
    }
    for (size_t i = context; i < tokens.count; i++) {
        size_t a = (size_t)tokens.at[i - 1];
        if (a >= first && a < last)
            places[behind[a]++] = (uint32_t)i;
    }
}

/* Sorts places by the token that stands `back` before them; equal ones keep their order.
 * counts [V] is zero before and after. */
static void sort_places(Tokens tokens, const uint32_t *places, size_t n, size_t back,
                        size_t vocab_size, size_t *counts, uint32_t *sorted)
{
    for (size_t i = 0; i < n; i++)
        counts[tokens.at[places[i] - back]]++;
    for (size_t a = 0, start = 0; a < vocab_size; a++) {
        size_t count = counts[a];
        counts[a] = start; /* the next free place of a's */
        start += count;
    }
    for (size_t i = 0; i < n; i++)
        sorted[counts[tokens.at[places[i] - back]]++] = places[i];
    memset(counts, 0, vocab_size * sizeof *counts);
}

/* Do the same `context` tokens stand before two places? */
static bool same_context(Tokens tokens, size_t a, size_t b, size_t context)
{
    return memcmp(tokens.at + a - context, tokens.at + b - context, context * sizeof *tokens.at) ==
           0;
}

/* Of n places that are sorted by their contexts: n times the mean entropy behind one. */
static double information_of_contexts(Tokens tokens, const uint32_t *places, size_t n,
                                      size_t context, size_t *counts)
{
    double sum = 0;
    for (size_t start = 0, end; start < n; start = end) {
        for (end = start + 1; end < n; end++)
            if (!same_context(tokens, places[start], places[end], context))
                break;
        sum += information(tokens, places + start, end - start, counts);
    }
    return sum;
}

/* What it takes to sort a group. */
typedef struct Room {
    size_t size;               /* a sixth of all places, or those behind the commonest token */
    uint32_t *places, *sorted; /* [size]; `sorted` is touched only where two tokens are known */
    size_t *behind, *counts;   /* [V] */
} Room;

static bool make_room(Arena *arena, Tokens tokens, size_t vocab_size, size_t context, Room *room)
{
    room->size = (tokens.count - context) / 6;
    room->behind = arena_alloc(arena, vocab_size, sizeof *room->behind);
    room->counts = arena_alloc(arena, vocab_size, sizeof *room->counts);
    if (room->behind == NULL || room->counts == NULL)
        return false;
    for (size_t i = context; i < tokens.count; i++)
        room->behind[tokens.at[i - 1]]++;
    for (size_t a = 0; a < vocab_size; a++)
        room->size = room->behind[a] > room->size ? room->behind[a] : room->size;
    room->places = arena_alloc_raw(arena, room->size, sizeof *room->places);
    room->sorted = arena_alloc_raw(arena, room->size, sizeof *room->sorted);
    return room->places != NULL && room->sorted != NULL;
}

/* The entropy of a token where the one or two before it are known. */
static bool entropy(Tokens tokens, size_t vocab_size, size_t context, double *nats, Error *error)
{
    *nats = 0;
    if (tokens.count <= context)
        return true;
    if (tokens.count > UINT32_MAX)
        return fail(error, "entropy of %zu tokens: expected at most %" PRIu32, tokens.count,
                    UINT32_MAX);
    Arena scratch = {0};
    Room room;
    bool ok = make_room(&scratch, tokens, vocab_size, context, &room);
    for (size_t first = 0, last, n; ok && first < vocab_size; first = last) {
        for (last = first, n = 0; last < vocab_size && n + room.behind[last] <= room.size; last++)
            n += room.behind[last];
        gather(tokens, context, first, last, room.behind, room.places);
        if (context == 2)
            sort_places(tokens, room.places, n, 2, vocab_size, room.counts, room.sorted);
        *nats += information_of_contexts(tokens, context == 2 ? room.sorted : room.places, n,
                                         context, room.counts);
    }
    *nats /= (double)(tokens.count - context);
    arena_free(&scratch);
    return ok || fail(error, "out of memory: entropy of %zu tokens", tokens.count);
}

bool entropy_unigram(Tokens tokens, size_t vocab_size, double *nats, Error *error)
{
    *nats = 0;
    Arena scratch = {0};
    size_t *counts = arena_alloc(&scratch, vocab_size, sizeof *counts);
    if (counts == NULL)
        return fail(error, "out of memory: entropy of %zu tokens", tokens.count);
    for (size_t i = 0; i < tokens.count; i++)
        counts[tokens.at[i]]++;
    for (size_t a = 0; a < vocab_size; a++)
        *nats += term(counts[a], tokens.count);
    if (tokens.count > 0)
        *nats /= (double)tokens.count;
    arena_free(&scratch);
    return true;
}

bool entropy_bigram(Tokens tokens, size_t vocab_size, double *nats, Error *error)
{
    return entropy(tokens, vocab_size, 1, nats, error);
}

bool entropy_trigram(Tokens tokens, size_t vocab_size, double *nats, Error *error)
{
    return entropy(tokens, vocab_size, 2, nats, error);
}
