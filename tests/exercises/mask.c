/* mask.c: judges exercise 4, the causal mask.
 *
 * What a query sees is found out by asking: all queries are zero, so all keys that are seen have
 * the same weight, and value j is 1 in channel j and 0 elsewhere. So what comes out for query i is
 * the row of weights itself: 1 / count for each key that is seen.
 */
#include <stdio.h>
#include <string.h>

#include "autograd/ops.h"
#include "exercises/judge.h"

enum { MAX_KEYS = 80 };

typedef struct Case {
    const char *name;
    size_t queries, keys, window;
} Case;

static HeadView view_of(Judge *judge, size_t length, size_t width, bool one_hot)
{
    Tensor *x = judge_tensor(judge, 1, length * width, 1);
    *x = (Tensor){.data = x->data, .rank = 3, .shape = {1, length, width}};
    for (size_t i = 0; i < length * width; i++)
        x->data[i] = one_hot && i / width == i % width ? 1 : 0;
    return head_view(x, 1, 0, 1);
}

/* The words for a first wrong pair of query i and key j. */
static void say_pair(Judge *judge, const Case *c, size_t i, size_t j, bool seen)
{
    size_t place = c->keys - c->queries + i; /* of the query among the keys */
    char why[160];
    if (seen && j > place)
        snprintf(why, sizeof why, "which stands behind it: the future");
    else if (seen)
        snprintf(why, sizeof why, "which is %zu places back: further than a window of %zu",
                 place - j, c->window);
    else if (j == place)
        snprintf(why, sizeof why, "which is itself");
    else
        snprintf(why, sizeof why, "which stands %zu before it%s", place - j,
                 c->window ? ": inside of the window, which counts the query, too" : "");
    judge_say_wrong(judge, c->name, "query %zu (token %zu) %s key %zu, %s", i, place,
                    seen ? "sees" : "does not see", j, why);
}

static void judge_case(Judge *judge, const Case *c)
{
    tape_reset(&judge->tape);
    Heads heads = {view_of(judge, c->queries, c->keys, false),
                   view_of(judge, c->keys, c->keys, false), view_of(judge, c->keys, c->keys, true)};
    AttentionOptions options = {.causal = true, .window = c->window};
    judge_try(c->name, "stops: some query sees no key, or keys outside of 0 ... %zu%s", c->keys - 1,
              c->window ? " (is the window longer than what came before?)"
                        : " (a window of 0 is none: all that came before are seen)");
    const Tensor *y = attention(&judge->tape, heads, options);
    for (size_t i = 0; i < c->queries; i++) {
        size_t place = c->keys - c->queries + i;
        for (size_t j = 0; j < c->keys; j++) {
            real weight = y->data[i * c->keys + j];
            bool may = j <= place && (c->window == 0 || place - j < c->window);
            if (weight != weight) {
                judge_say_wrong(judge, c->name, "query %zu sees no key at all", i);
                return;
            }
            if ((weight != 0) != may) {
                say_pair(judge, c, i, j, !may);
                return;
            }
        }
    }
    printf("  %-8s right: %zu %s of %zu tokens%s\n", c->name, c->queries,
           c->queries == 1 ? "query" : "queries", c->keys, c->window ? ", with a window" : "");
}

void judge_mask(Judge *judge)
{
    const Case cases[] = {
        {"square", 5, 5, 0},             /* as in training */
        {"long", MAX_KEYS, MAX_KEYS, 0}, /* more queries than attention takes at once */
        {"last 2", 2, 6, 0},             /* as in sampling */
        {"window", 6, 6, 3},
        {"last 1", 1, 6, 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        judge_case(judge, &cases[i]);
}
