/* entropy.c: counts what follows each context: the one or two tokens before a place.
 *
 * H(X' | context) is the mean, over all places of the text, of the entropy among the tokens that
 * follow the same context. With a context of one token, in the text
 *
 *     place     0  1  2  3  4  5
 *     token     a  b  a  c  a  b
 *
 *     behind a  places 1 3 5: b c b       2/3 ln(3/2) + 1/3 ln 3 = 0.637, for 3 of 5 places
 *     behind b  place 2: a                0
 *     behind c  place 4: a                0          H(X' | X) = 3/5 * 0.637 = 0.382
 *
 * To bring the places of one context together, they are sorted by what stands before them: by the
 * token just before, and then, where the context has two, by the token before that, in a sort that
 * leaves equal ones in their order. (Both are counting sorts: count how many places each token has
 * behind it, give each token so much room, and put every place into the room of its token.) A table
 * of all pairs or triples would do for a small alphabet; this serves any.
 *
 * A list of all places of a long text would take much memory. So the tokens of the vocabulary are
 * taken in groups, and the text is read once for each: it lists the places behind the tokens of one
 * group, which are at most a sixth of all, unless a single token has more. */
#include "data/entropy.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* What one token adds to n times the entropy H of n tokens, if it is c of them:
 *
 *     n H = -n sum of (c/n) ln(c/n) = sum of c ln(n/c)
 *
 * The second form has no negative term, rounded or not. */
static double term(size_t c, size_t n)
{
    return c > 0 ? (double)c * log((double)n / (double)c) : 0;
}

/* n H of the tokens at n places. counts [V] is zero before and after. */
static double information(Tokens tokens, const uint32_t *places, size_t n, size_t *counts)
{
    for (size_t i = 0; i < n; i++)
        counts[tokens.at[places[i]]]++;
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        size_t *count = &counts[tokens.at[places[i]]];
        sum += term(*count, n);
        *count = 0; /* each token once, where it comes first */
    }
    return sum;
}

/* Lists the places behind the tokens first ... end-1, sorted by that token. The first `context`
 * places of the text have no whole context, and are left out. behind[a] comes in as the number of
 * places behind a; it is used up. */
static void gather(Tokens tokens, size_t context, size_t first, size_t end, size_t *behind,
                   uint32_t *places)
{
    for (size_t a = first, start = 0; a < end; a++) {
        size_t count = behind[a];
        behind[a] = start; /* the next free one of a's */
        start += count;
    }
    for (size_t i = context; i < tokens.count; i++) {
        size_t a = (size_t)tokens.at[i - 1];
        if (a >= first && a < end)
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
    size_t *behind;            /* [V]: how many places stand behind each token */
    size_t *counts;            /* [V]: zero */
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

/* The group of tokens first ... *end - 1: as many as there is room for. Returns how many places
 * stand behind them. */
static size_t choose_group(const Room *room, size_t vocab_size, size_t first, size_t *end)
{
    size_t n = 0;
    for (*end = first; *end < vocab_size && n + room->behind[*end] <= room->size; ++*end)
        n += room->behind[*end];
    return n;
}

/* The entropy of a token where the `context` tokens before it are known: 1 or 2. */
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
    for (size_t first = 0, end; ok && first < vocab_size; first = end) {
        size_t n = choose_group(&room, vocab_size, first, &end);
        gather(tokens, context, first, end, room.behind, room.places);
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
