/* rope_scaling.h: planes that turn more slowly, for texts longer than those of training.
 *
 * In training on L tokens no two of them are further than L - 1 apart. A plane that goes round many
 * times in L tokens has been seen at every angle; one that makes only a part of its first turn
 * comes to new angles in a longer text, and what the model does with those is left to chance. So,
 * after training, planes are slowed down by a scale s: how many times longer the text may be.
 *
 *     linear    theta[i] / s                   all alike: the angles of training are never left,
 *                                              but neighbours come s times nearer to each other
 *     ntk       theta[i] s^(-i/(n-1))          plane 0 as it was, the slowest of n planes s times
 *                                              slower, those between in geometric steps
 *     yarn      theta[i] (g + (1 - g)/s)       g = 1 for a plane with many turns in L tokens, 0 for
 *                                              one that does not make its first; and all scores
 *                                              are multiplied by (1 + 0.1 ln s)^2
 *     dynamic   ntk with s = max(1, l/L)       for a text of l tokens: a short one is read as in
 *                                              training, a long one with the scale that it needs
 *
 * With linear the model meets all neighbours at a fraction of the distance that it knows: it is
 * meant to be followed by some training at the new length. With ntk the planes between the first
 * and the last are slowed down by less than s, so at the end of a text s times as long they do come
 * to new angles: choose s larger than the text is longer.
 *
 * linear:  position interpolation, Chen et al. 2023, arXiv 2306.15595.
 * ntk:     "NTK-aware" in Peng et al. 2023, arXiv 2309.00071: where d = 2n channels turn, the base
 *          becomes base s^(d/(d-2)), which multiplies theta[i] = base^(-2i/d) by s^(-2i/(d-2)).
 *          (Planes that rope_frequencies holds still count among the n.)
 * yarn:    the method of that paper, "NTK-by-parts" with a temperature: see rope_scaling.c.
 * dynamic: its "dynamic NTK": nothing has to be known about the longest text.
 *
 * The scale s = 1 changes no bit. L is PosShape.span: block_size, or random_positions where tokens
 * have gaps between them in training. A run that goes on from another's weights (init_from) at a
 * larger block_size has the larger L: linear and ntk do not depend on it, yarn and dynamic do.
 */
#ifndef POS_ROPE_SCALING_H
#define POS_ROPE_SCALING_H

#include "pos/rotation.h"

typedef enum RopeScalingKind {
    SCALING_NONE,
    SCALING_LINEAR,
    SCALING_NTK,
    SCALING_YARN,
    SCALING_DYNAMIC
} RopeScalingKind;

typedef struct RopeScaling {
    RopeScalingKind kind;
    double s; /* of linear, ntk and yarn; 1 for the others */
} RopeScaling;

/* For the row of an option: its values "none", "linear:4", "ntk:4", "yarn:4", "dynamic", ... */
#define ROPE_SCALING_FORM "none, linear:S, ntk:S, yarn:S with a number S from 1 to 1000, or dynamic"
bool rope_scaling_is_legal(const char *text);

/* False for a text that is not legal. */
bool rope_scaling_read(const char *text, RopeScaling *scaling);

/* The speeds [planes] in a text of `length` tokens, from theta [planes], those of training on
 * `trained` (L), in radians from one position to the next. Only dynamic looks at the length. */
void rope_scaling_speeds(RopeScaling scaling, size_t trained, size_t length, const double *theta,
                         size_t planes, double *scaled);

/* By what yarn multiplies every query and every key; 1 for the others. */
double rope_scaling_factor(RopeScaling scaling);

/* The rotation in a text whose tokens, all that are attended to, stand at those positions (at least
 * one). It lives as long as the tape's tensors. */
const Rotation *rope_scaled(Tape *tape, const Rotation *rotation, RopeScaling scaling,
                            size_t trained, Positions positions);

/* For PosScheme.lasting_length; 0: any. When the speeds change with each token, every key is turned
 * anew, and whatever a layer made of the turned keys is something else. */
size_t rope_scaling_lasting_length(RopeScaling scaling, size_t trained);

#endif
