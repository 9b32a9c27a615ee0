/* entropy.c: counts what follows each context.
 *
 * H(X' | context) is the mean, over all places of the text, of the entropy among the characters
 * that follow the same context. To bring those together, the places are sorted by what stands
 * before them: a stable counting sort by the character just before, then one by the character
 * before that. A table of all pairs or triples of a small alphabet would do as well; this takes 16
 * bytes per character for any. */
#include "data/entropy.h"

#include <math.h>
#include <string.h>

/* n times the entropy of n characters, the followers at the places,
 *
 *     n H = -n sum of (c/n) ln(c/n) = sum of c ln(n/c)      c: how often each one occurs
 *
 * of which no term is negative, rounded or not. counts [V] is zero before and after. */
static double information(Tokens tokens, const size_t *places, size_t n, size_t *counts)
{
    for (size_t i = 0; i < n; i++)
        counts[tokens.at[places[i]]]++;
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        size_t *count = &counts[tokens.at[places[i]]];
        if (*count > 0)
            sum += (double)*count * log((double)n / (double)*count);
        *count = 0;
    }
    return sum;
}

/* Sorts places by the character that stands `back` before them; equal ones keep their order.
 * counts [V] is zero before and after. */
static void sort_places(Tokens tokens, const size_t *places, size_t n, size_t back,
                        size_t vocab_size, size_t *counts, size_t *sorted)
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

/* Do the same `context` characters stand before two places? */
static bool same_context(Tokens tokens, size_t a, size_t b, size_t context)
{
    return memcmp(tokens.at + a - context, tokens.at + b - context, context * sizeof *tokens.at) ==
           0;
}

/* The entropy of a character where the `context` ones before it are known. */
static bool entropy(Tokens tokens, size_t vocab_size, size_t context, double *nats, Error *error)
{
    *nats = 0;
    if (tokens.count <= context)
        return true;
    size_t n = tokens.count - context;
    Arena scratch = {0};
    size_t *places = arena_alloc_raw(&scratch, n, sizeof *places);
    size_t *sorted = arena_alloc_raw(&scratch, n, sizeof *sorted);
    size_t *counts = arena_alloc(&scratch, vocab_size, sizeof *counts);
    bool ok = places != NULL && sorted != NULL && counts != NULL;
    if (ok) {
        for (size_t i = 0; i < n; i++)
            places[i] = context + i;
        for (size_t back = 1; back <= context; back++) {
            sort_places(tokens, places, n, back, vocab_size, counts, sorted);
            size_t *swap = places;
            places = sorted;
            sorted = swap;
        }
        for (size_t start = 0, end; start < n; start = end) {
            for (end = start + 1; end < n; end++)
                if (!same_context(tokens, places[start], places[end], context))
                    break;
            *nats += information(tokens, places + start, end - start, counts);
        }
        *nats /= (double)n;
    }
    arena_free(&scratch);
    return ok || fail(error, "out of memory: entropy of %zu characters", tokens.count);
}

bool entropy_unigram(Tokens tokens, size_t vocab_size, double *nats, Error *error)
{
    return entropy(tokens, vocab_size, 0, nats, error);
}

bool entropy_bigram(Tokens tokens, size_t vocab_size, double *nats, Error *error)
{
    return entropy(tokens, vocab_size, 1, nats, error);
}

bool entropy_trigram(Tokens tokens, size_t vocab_size, double *nats, Error *error)
{
    return entropy(tokens, vocab_size, 2, nats, error);
}
