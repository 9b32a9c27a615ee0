/* order_measure.c: one pass over both sentences, and their logits side by side. */
#include "lab/claims/order.h"

#include <math.h>
#include <string.h>

static size_t place_of(int word, const int *sentence)
{
    size_t place = 0;
    while (sentence[place] != word)
        place++;
    return place;
}

/* a and b: logits [T, V] of the sentences. */
static OrderDifference compare(const real *a, const real *b, size_t V, Sentences sentences)
{
    size_t T = sentences.length;
    double largest = 0, by_word = 0, pooled = 0, last = 0;
    for (size_t v = 0; v < V; v++) {
        double sum = 0;
        for (size_t t = 0; t < T; t++) {
            size_t there = place_of(sentences.first[t], sentences.second);
            double x = (double)a[t * V + v], y = (double)b[there * V + v];
            largest = fmax(largest, fabs(x));
            by_word = fmax(by_word, fabs(x - y));
            sum += x - y;
        }
        pooled = fmax(pooled, fabs(sum / (double)T));
        last = fmax(last, fabs((double)a[(T - 1) * V + v] - (double)b[(T - 1) * V + v]));
    }
    return (OrderDifference){by_word / largest, pooled / largest, last / largest};
}

bool order_difference(const Gpt *gpt, Sentences sentences, OrderDifference *difference,
                      Error *error)
{
    size_t T = sentences.length, V = gpt->config.vocab_size;
    Tape tape;
    Arena arena = {0};
    GptInput input = {.batch_size = 2, .length = T};
    int *tokens = arena_alloc(&arena, 2 * T, sizeof *tokens);
    bool ok = tokens ? positions_from_0(&arena, T, &input.positions, error) &&
                           tape_init(&tape, false, error)
                     : fail(error, "out of memory: two sentences");
    if (ok) {
        memcpy(tokens, sentences.first, T * sizeof *tokens);
        memcpy(tokens + T, sentences.second, T * sizeof *tokens);
        input.tokens = tokens;
        const real *logits = gpt_forward(gpt, &tape, &input)->data;
        *difference = compare(logits, logits + T * V, V, sentences);
        tape_free(&tape);
    }
    arena_free(&arena);
    return ok;
}
