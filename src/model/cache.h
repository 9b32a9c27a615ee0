/* cache.h: what a model remembers of a text, so that one more character costs the work of one only.
 *
 * A token's keys and values depend on the tokens up to it alone (the mask is causal), so they stay
 * what they are while the text goes on. They are kept, and a new token computes its own and asks
 * those that are there:
 *
 *     q, k, v of the new tokens  ->  query-key door  ->  k, v are appended to the cache
 *     attention(q, all k that are kept, all v that are kept)
 *
 * Keys are kept as the query-key door leaves them: turned by their own absolute position, which
 * does not change. At the score door the positions of all kept keys are known. A scheme that does
 * something else to the first tokens of a long text than to those of a short one has no use for
 * what is kept (PosScheme.lasting_length): gpt_continue refuses to append to it.
 *
 * The logits have the same bits as those of gpt_forward over the whole text, however it is cut into
 * pieces. Each number of a matrix product is one chain of multiply-adds in a fixed order; a softmax
 * runs over the keys that its query sees, the same ones at the same places; and a key behind the
 * mask adds an exact zero to a chain. Everything else works on one token at a time.
 *
 * A cache holds the last W tokens. Further on a query sees the W keys up to its own: a sliding
 * window. That is gpt_forward with GptInput.window = W over the whole text. It is not the model
 * that is shown the last W characters alone: a key of the second layer was computed when its token
 * could still see W tokens of its own, so through n_layer layers a text of n_layer (W - 1) + 1
 * characters is felt. A text that is cropped and encoded anew for each character forgets more,
 * costs W times as much, and begins at position 0 each time.
 */
#ifndef MODEL_CACHE_H
#define MODEL_CACHE_H

#include <stdbool.h>
#include <stddef.h>

#include "model/gpt.h"

struct GptCache {
    const Gpt *gpt;
    size_t window;       /* W */
    size_t first, count; /* rows first ... first + count - 1 of 2 W hold tokens, oldest first */
    int start, next;     /* positions of the text's first token and of the next one */
    int *positions;      /* [2 W]: of the token in each row */
    Tensor *k, *v;       /* [n_layer] tensors [1, H, 2 W, D] */
    Arena arena;
};

/* Memory for the last `window` tokens (at least 1). Refuses a model that sees both sides. */
bool gpt_cache_init(GptCache *cache, const Gpt *gpt, size_t window, Error *error);
void gpt_cache_free(GptCache *cache);

/* Forgets the text; the next token stands at that position, or further on (gpt_continue_at). */
void gpt_cache_clear(GptCache *cache, int position);

/* How many bytes of numbers a tape needs for gpt_continue with up to `count` tokens. Empties the
 * cache. */
bool gpt_cache_measure(GptCache *cache, size_t count, size_t *bytes, Error *error);

/* The logits [1, count, V] of the next 1 ... W tokens of the text, which are kept. The tape has no
 * gradients. NULL, and nothing has changed, where the positional scheme refuses their positions, or
 * has no use for what is kept. */
Tensor *gpt_continue(GptCache *cache, Tape *tape, const int *tokens, size_t count, Error *error);

/* The same with tokens that stand at these positions, further on than all that are kept; whoever
 * goes on without positions then follows behind the last of them. */
Tensor *gpt_continue_at(GptCache *cache, Tape *tape, const int *tokens, Positions positions,
                        Error *error);

/* --- for gpt_forward --- */

/* The positions of all that `count` new tokens may look at: what is kept, and themselves. */
Positions gpt_cache_keys(const GptCache *cache, size_t count);

/* Appends the keys and values of new tokens in a layer, and puts all that are kept in their
 * place. */
void gpt_cache_append(GptCache *cache, Tape *tape, size_t layer, Heads *heads);

#endif
