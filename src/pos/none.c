/* none.c: no positional scheme at all: the control of every experiment.
 *
 * All three doors stay shut. Without a mask the model then treats a text as a bag of characters: to
 * swap two of them swaps their outputs and changes nothing else. With a causal mask some order
 * leaks in all the same: the first token sees one token, the second sees two, and from the second
 * layer on a token can tell by how its neighbours' vectors came about (Haviv et al. 2022;
 * Kazemnejad et al. 2023).
 */
#include "pos/pos.h"

extern const PosScheme pos_none;
const PosScheme pos_none = {
    .name = "none",
    .title = "no positional embedding",
    .source = "Haviv et al. 2022, arXiv 2203.16634",
    .cost = "nothing",
};
