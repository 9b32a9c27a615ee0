/* gpt.h: the model: GPT-2's transformer, with the positional scheme as a part that swaps.
 *
 *     x = token_table[tokens]                             [B, T, C]
 *     x = scheme at the embedding door (x)                door 1
 *     for each block:
 *         q, k, v = linear(layer_norm(x))                 [B, T, 3 C]: H heads of D channels each
 *         q, k    = scheme at the query-key door          door 2
 *         x = x + linear(attention(q, k, v))              door 3: a bias on its scores
 *         x = x + linear(gelu(linear(layer_norm(x))))
 *     logits = layer_norm(x) token_table^T            [B, T, V]: the output head is the token table
 *
 * Names, layout and initial values are nanoGPT's (pre-layer-norm, weights N(0, 0.02), those that
 * write into the residual stream N(0, 0.02 / sqrt(2 n_layer)), biases 0). */
#ifndef MODEL_GPT_H
#define MODEL_GPT_H

#include <stdbool.h>
#include <stddef.h>

#include "autograd/ops.h"
#include "autograd/param.h"
#include "base/random.h"
#include "pos/pos.h"

typedef struct GptConfig {
    size_t n_layer, n_head, n_embd, block_size;
    size_t span;       /* these three as in PosShape of pos.h; 0: block_size */
    size_t shown;      /* 0: span */
    size_t longest;    /* less than shown: shown */
    size_t vocab_size; /* V: symbols of the input and of the output */
    double dropout;
    bool bias;   /* do linear layers and layer norms have one? */
    bool causal; /* does a token see only those before it? */
} GptConfig;

/* The parameters of one block. Biases are NULL where there are none. */
typedef struct GptBlock {
    Tensor *ln_1_weight, *ln_1_bias;           /* [C] */
    Tensor *c_attn_weight, *c_attn_bias;       /* [3 C, C] [3 C]: q, k and v of all heads */
    Tensor *attn_proj_weight, *attn_proj_bias; /* [C, C] [C] */
    Tensor *ln_2_weight, *ln_2_bias;           /* [C] */
    Tensor *c_fc_weight, *c_fc_bias;           /* [4 C, C] [4 C] */
    Tensor *mlp_proj_weight, *mlp_proj_bias;   /* [C, 4 C] [C] */
} GptBlock;

typedef struct Gpt {
    GptConfig config;
    ParamList params;
    Tensor *wte; /* [V, C]: the token table */
    GptBlock *blocks;
    Tensor *ln_f_weight, *ln_f_bias; /* [C] */
    Pos pos;
    size_t pos_numbers; /* how many numbers the scheme learns: part of params.n_numbers */
} Gpt;

/* Declares all parameters: their names and shapes, without memory for their numbers. Refuses a
 * config that makes no model: n_embd that n_head does not divide, or what the scheme cannot work
 * with. `options` outlives the model. */
bool gpt_init(Gpt *gpt, const GptConfig *config, const PosScheme *scheme, const void *options,
              Error *error);
void gpt_free(Gpt *gpt);

/* Memory for the parameters and their gradients; all are zero. */
bool gpt_allocate(Gpt *gpt, Error *error);

/* The symbol that hides a character from a model that sees both sides: the last one. */
static inline int gpt_mask_token(const GptConfig *config)
{
    return (int)config->vocab_size - 1;
}

/* Initial values, which depend on the key and the parameters' names. */
void gpt_initialise(Gpt *gpt, RandomKey key);

/* The scheme alone, with the values that its own parameters have in such a model after
 * gpt_initialise with the same key. pos_free and param_list_free take it back, a failed one too. */
bool gpt_scheme_alone(Pos *pos, ParamList *params, const GptConfig *config, const PosScheme *scheme,
                      const void *options, RandomKey key, Error *error);

typedef struct GptCache GptCache;

typedef struct GptInput {
    const int *tokens; /* [B, T] */
    size_t batch_size, length;
    Positions positions;   /* T numbers */
    RandomKey dropout_key; /* decides which numbers are dropped, on a tape with gradients */
    size_t window;         /* a token of a causal model sees the last so many; 0: all before it */
    GptCache *cache;       /* what came before; NULL: nothing did. For gpt_continue of cache.h */
    Tensor **attention;    /* [n_layer]: takes the weights of each layer, [B, H, Tq, Tk], to look at
                              on a tape without gradients; NULL: nobody looks, which is faster */
} GptInput;

/* The logits [B, T, V]. The positions must have passed pos_check. */
Tensor *gpt_forward(const Gpt *gpt, Tape *tape, const GptInput *input);

/* How many bytes of numbers one pass over B sequences of T takes, with the loss at its end: at the
 * positions 0 ... T-1, or, in a model trained with gaps, at most. The model need not be allocated
 * yet. */
bool gpt_measure(const Gpt *gpt, size_t batch_size, size_t length, bool gradients, size_t *bytes,
                 Error *error);

#endif
