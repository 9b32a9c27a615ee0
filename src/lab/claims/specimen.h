/* specimen.h: a scheme to be looked at: a small model of it, and its three doors one at a time.
 *
 *     Specimen s;
 *     if (!specimen_init(&s, scheme, NULL, key, error))
 *         return false;
 *     Positions positions = positions_on(&s.tape, 1000, 32);
 *     ScoreBias bias = through_scores(&s.tape, &s.gpt, 0, positions, positions);
 *     ...
 *     specimen_free(&s);
 *
 * Nothing is trained. Every parameter is random, also those that training starts at zero: a bias of
 * zero would pass any test.
 */
#ifndef LAB_CLAIMS_SPECIMEN_H
#define LAB_CLAIMS_SPECIMEN_H

#include "lab/arms.h"
#include "lab/inspect/doors.h" /* bias_of_pair */
#include "model/gpt.h"

typedef struct Specimen {
    Settings settings; /* the scheme's own options */
    Gpt gpt;
    Tape tape; /* without gradients, with room for SPECIMEN_BYTES of numbers */
} Specimen;

enum { SPECIMEN_BYTES = 8 << 20 };

/* Two causal layers of 64 channels in 4 heads of 16, as in CLAIMS_CONFIG, for 32 positions. */
extern const GptConfig specimen_config;

/* The scheme may be one that no registry knows. `options` are those of its settings that are not as
 * by default, ended by a key that is NULL; NULL: all are. The specimen stays where it is. */
bool specimen_init(Specimen *specimen, const PosScheme *scheme, const Setting *options,
                   RandomKey key, Error *error);
void specimen_free(Specimen *specimen);

/* The same with a model of another shape. */
bool specimen_init_as(Specimen *specimen, const GptConfig *config, const PosScheme *scheme,
                      const Setting *options, RandomKey key, Error *error);

/* --- what one looks with --- */

/* first, first + 1, ..., first + count - 1 */
Positions positions_on(Tape *tape, int first, size_t count);

/* x [1, T, C]: a vector of standard normal numbers for each token, or one for all of them. */
Tensor *random_vectors(Tape *tape, size_t T, size_t C, RandomKey key);
Tensor *repeated_vector(Tape *tape, size_t T, size_t C, RandomKey key);

/* --- the doors (see pos.h); one that the scheme does not use changes nothing, and positions must
 * have passed pos_check --- */

Tensor *through_embedding(Tape *tape, const Gpt *gpt, Tensor *x, Positions positions);
Heads through_query_key(Tape *tape, const Gpt *gpt, size_t layer, Heads heads, Positions positions);
/* `heads` are those whose scores the bias is added to; a bias by distance does not look at them. */
ScoreBias through_scores(Tape *tape, const Gpt *gpt, size_t layer, Heads heads, Positions queries,
                         Positions keys);

/* --- how to compare what they made of it --- */

/* a.b, summed up in double. */
double dot_of(const real *a, const real *b, size_t n);

/* The most that a number of the first sequence of a differs from that of b; NaN where one is. */
double heads_apart(const HeadView *a, const HeadView *b);

#endif
