/* first_layer.h: a text in the first layer of a model, door by door.
 *
 * In the first layer a token's query and key depend on that token and its position alone. So
 * whatever else stands in a text, what two tokens make of each other there is the scheme's doing.
 * Further up they are made of what the layers below have mixed.
 */
#ifndef LAB_CLAIMS_FIRST_LAYER_H
#define LAB_CLAIMS_FIRST_LAYER_H

#include "model/gpt.h"

typedef struct FirstLayer {
    const Tensor *vectors; /* [1, T, C]: behind the embedding door */
    Heads straight;        /* q, k and v as the linear maps give them, */
    Heads turned;          /* and behind the query-key door */
    ScoreBias bias;        /* of the score door */
    Positions positions;
} FirstLayer;

/* On a tape without gradients; all of it stays until the tape is reset. */
FirstLayer first_layer(const Gpt *gpt, Tape *tape, const int *tokens, Positions positions);

/* What head h's softmax is given for the query of token i and the key of token j: q.k / sqrt(D) and
 * the bias. */
double first_layer_score(const FirstLayer *layer, size_t h, size_t i, size_t j);

/* How long these two are, |q| |k| / sqrt(D): q.k / sqrt(D) is at most that. */
double first_layer_most(const FirstLayer *layer, size_t h, size_t i, size_t j);

#endif
