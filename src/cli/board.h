/* board.h: the runs of a comparison as one sees them go by: a row for each arm, a cell for each
 * seed.
 *
 *               seed    1        2        3     mean
 *     a            1.8204   1.8190     43 %   1.8197
 *     b            1.5512     12 %        .   1.5512
 *     c                 .        .        .
 *     3 of 9 runs are done, 2 at work, 1 min 20 s left
 *
 * Of several experiments there would be too many rows; so there the runs at work have one each:
 *
 *     learned on fables, seed 103                          43 %
 *     none (n_layer = 4) on who, seed 101                  12 %
 *     3 of 90 runs are done, 2 at work, 1 min 20 s left
 *
 * On a terminal the board lives; elsewhere each run that ends is a line.
 */
#ifndef CLI_BOARD_H
#define CLI_BOARD_H

#include "base/terminal.h"
#include "lab/pool.h"

typedef struct Board {
    Terminal *terminal;
    double drawn; /* the clock at the last redrawing */
} Board;

/* The board as an observer of pool_run(). */
PoolObserver board_observer(Board *board);

#endif
