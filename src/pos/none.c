/* none.c: no positional scheme at all: the control of every experiment.
 *
 * All three doors stay shut. Without a mask the model then treats a text as a bag of characters: to
 * swap two of them swaps their outputs and changes nothing else. With a causal mask some order
 * leaks in all the same: the first token sees one token, the second sees two, and so on. The first
 * layer mixes what each token sees, so from the second layer on the vectors differ by how many
 * tokens went into them (Haviv et al. 2022; Kazemnejad et al. 2023). It costs nothing, and there is
 * no last position; but a text longer than those of training makes mixes that the model never met.
 */
#include "pos/pos.h"

extern const PosScheme pos_none;
const PosScheme pos_none = {
    .name = "none",
    .title = "no positional embedding",
    .source = "Haviv et al. 2022, arXiv 2203.16634",
    .cost = "nothing",
};
