/* placement.h: where the tokens of a sequence stand.
 *
 * Usually at 0, 1, 2, ...: a text of 100 tokens asks a model for positions that one trained on 64
 * has never met. With random_positions = L training shows all of 0 ... L-1, whatever the length:
 * the tokens of a batch stand at numbers chosen at random among these, each at most once, in rising
 * order (Ruoss et al. 2023, arXiv 2305.16843, "randomized positional encodings").
 *
 *     5 tokens, L = 16        .  1  .  .  4  .  6  .  .  .  .  . 12  .  . 15
 *
 * A model so trained can go by which of two numbers is the larger, and about how far apart they
 * are; it cannot rely on the token before standing exactly 1 before. So it is used in the same way:
 * after training, too, a sequence of n tokens stands at n of the L numbers. These depend on the
 * run's seed and on n alone, so a loss that is measured again has the same digits. There is no
 * place for more than L tokens.
 *
 * Two tokens of a training sequence are then up to L - 1 apart, not block_size - 1. A scheme with a
 * number for each distance (relative.c), say, has L of them: PosShape.span. A model that looks at
 * no position, such as `none`, computes the same with any placement.
 */
#ifndef TRAIN_PLACEMENT_H
#define TRAIN_PLACEMENT_H

#include "base/random.h"
#include "pos/pos.h"
#include "train/config.h"

/* All zero: at 0, 1, 2, ... */
typedef struct Placement {
    size_t random; /* L; 0: not at random */
    RandomKey key;
} Placement;

/* How sequences stand when the model of such a run is evaluated or examined, or writes a text. */
Placement placement_of(const Config *config);

/* Refuses a sequence for which there are too few positions. (What the scheme refuses is pos_check's
 * to say.) */
bool placement_check(Placement placement, size_t count, Error *error);

/* The positions at [count] of a sequence of so many tokens, which has passed placement_check. */
void placement_fill(Placement placement, int *at, size_t count);

/* Both, with a list in the arena. */
bool placement_list(Placement placement, Arena *arena, size_t count, Positions *positions,
                    Error *error);

/* Into at [count]: `count` of the numbers 0 ... among - 1, in rising order; count <= among. Each
 * choice is equally likely. */
void positions_draw(RandomKey key, size_t among, int *at, size_t count);

#endif
