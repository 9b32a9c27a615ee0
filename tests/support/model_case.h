/* model_case.h: what the tests of the schemes and of the model share: small models of any scheme
 * with an input for them, and the places where a scheme comes in, one at a time.
 *
 *     ModelCase *c = model_case(f, pos_find("rope"), "rope_pairing=half", small_model);
 *     Tensor *logits = model_case_logits(&f->tape, c);
 *     ...
 *     model_case_free(c);
 */
#ifndef TESTS_SUPPORT_MODEL_CASE_H
#define TESTS_SUPPORT_MODEL_CASE_H

#include "support/fixtures.h"
#include "support/gradcheck.h"
#include "support/random_gpt.h"

typedef struct ModelShape {
    GptConfig gpt;
    size_t batch_size, length; /* of the input */
} ModelShape;

typedef struct ModelCase {
    Arena arena; /* everything below but the model */
    Settings settings;
    PosOptions options;
    Gpt gpt;
    ModelShape shape;
    GptInput input;
    int *tokens, *targets; /* [B, T]: what the input points to; random */
    int *positions;        /* [T]: the input's; 0 ... T-1 at first */
    GradInput *parameters; /* all that the model learns */
    size_t n_parameters;
} ModelCase;

/* A random_gpt of that scheme and its input. `options` are settings "key=value key=value"; NULL:
 * all defaults. From here to the end of the test one thread computes: so few numbers are not worth
 * sharing. */
ModelCase *model_case(Fixture *f, const PosScheme *scheme, const char *options, ModelShape shape);
void model_case_free(ModelCase *c);

/* Only says whether there is such a model; if not, *error says why. */
bool model_is_possible(const PosScheme *scheme, const char *options, GptConfig config,
                       Error *error);

/* The value of a setting as text: "half", "10000". */
const char *model_case_setting(ModelCase *c, const char *name);
double model_case_number(ModelCase *c, const char *name);

/* Two layers of 12 channels in 2 heads, 7 symbols, biases, a mask; 2 sequences of 5 tokens. */
extern const ModelShape small_model;

/* A model of that shape, with a mask or without. */
ModelCase *small_model_of(Fixture *f, const char *scheme, bool causal);

/* Graphs (see gradcheck.h) of a ModelCase: the logits [B, T, V], and the loss [1]. */
Tensor *model_case_logits(Tape *tape, void *context);
Tensor *model_case_loss(Tape *tape, void *context);

/* --- every scheme with every choice of its options --- */

/* A scheme with its defaults (options NULL), with each other value of an option that is a choice,
 * and with other values of its numbers. Schemes come from the registry: a new one is among them. */
typedef struct Variety {
    const PosScheme *scheme;
    const char *options;
} Variety;
Variety *all_varieties(Arena *arena, size_t *count);

/* What a failure calls it: "rope", "rope rope_base=20". */
const char *variety_name(Arena *arena, Variety variety);

/* --- the three doors --- */

/* first, first + step, first + 2 step, ... */
Positions positions_from(Arena *arena, int first, int step, size_t count);

/* [1] x at those positions; a scheme that does not use the door leaves it alone. */
Tensor *embed_at(Tape *tape, const Gpt *gpt, Tensor *x, Positions positions);

/* [2] Each of the three in a tensor of its own, [B, T, H D]; those that went in stay. */
Heads heads_at(Tape *tape, const Gpt *gpt, Heads heads, Positions positions);

/* [3] The bias by distance of a layer. */
ScoreBias bias_at(Tape *tape, const Gpt *gpt, size_t layer, Positions queries, Positions keys);
double bias_of(const ScoreBias *bias, size_t h, ptrdiff_t distance);

/* The same of a scheme that looks at queries and keys. */
ScoreBias bias_of_heads(Tape *tape, const Gpt *gpt, size_t layer, Heads heads, Positions queries,
                        Positions keys);

/* All three in the first layer: the weights of attention [B, H, T, T] between tokens whose vectors
 * are x [B, T, C] before any door. */
Tensor *weights_at(Tape *tape, const Gpt *gpt, Tensor *x, Positions positions);

#endif
