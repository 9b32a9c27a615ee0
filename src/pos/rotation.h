/* rotation.h: vectors turned by an angle that grows with their position, for the schemes at the
 * query-key door that need it.
 *
 * The D channels of a vector are taken as D/2 pairs, each pair as a point in a plane. At position
 * m, plane i is turned by the angle m theta[i]:
 *
 *     a' = a cos(m theta[i]) - b sin(m theta[i])
 *     b' = a sin(m theta[i]) + b cos(m theta[i])
 *
 * (For an arrow of length r at the angle phi, a = r cos phi and b = r sin phi. By the addition
 * theorems the two lines are r cos(phi + m theta[i]) and r sin(phi + m theta[i]).)
 *
 * All planes together are y = R(m) x, where R(m) is the D x D matrix that has these D/2 turns along
 * its diagonal and zero everywhere else: 4 multiplications a pair, 2 D in all, in place of D^2. How
 * fast each plane turns is what a scheme decides; theta[i] = 0 leaves plane i as it is. There may
 * be fewer than D/2 planes: they take the first channels, and the rest pass through.
 *
 * With a growth, lengths change as well: at position m plane i is multiplied by exp(m growth[i]).
 * (growth = NULL: they do not.)
 *
 * Two ways to pair the channels are in use, and a model trained with one talks nonsense with the
 * other:
 *
 *     interleaved   (0, 1) (2, 3) ...              the RoPE paper, GPT-J, Llama's own code
 *     half          (0, D/2) (1, D/2 + 1) ...      GPT-NeoX, Hugging Face's Llama
 *
 * (With n planes for n < D/2 the second of them pairs the halves of the first 2n channels.)
 */
#ifndef POS_ROTATION_H
#define POS_ROTATION_H

#include "pos/pos.h"

typedef enum Pairing { INTERLEAVED, HALF } Pairing;
extern const char *const pairing_names[]; /* "interleaved", "half", NULL: choices of a key */

typedef struct Rotation {
    const double *theta; /* [planes]: radians from one position to the next */
    size_t planes;       /* D/2 or fewer */
    Pairing pairing;
    double factor;        /* by which all D channels are multiplied; 0 stands for 1 */
    const double *growth; /* [planes]: what a step to the next position adds to ln(length) */
} Rotation;

/* The cosine and sine of each position and plane, [T, planes]: the same for all layers, so a scheme
 * makes them when it prepares a pass. The rotation must live until the tape is reset. */
typedef struct Angles Angles;
Angles *angles_at(Tape *tape, const Rotation *rotation, Positions positions);

/* x = factor R(m) x, with its growth if there is one: for every vector of the queries by the angles
 * q, whose T positions are those of the T tokens; for the keys by k, for the values by v. Where the
 * angles are NULL, the vectors stay as they are. They are turned where they stand (see tape_over in
 * tape.h): no memory is needed, and what a linear layer has just written is still in the cache. So
 * the old numbers of x are gone; the views that are returned show the new ones. */
Heads rotate(Tape *tape, Heads x, const Angles *q, const Angles *k, const Angles *v);

#endif
