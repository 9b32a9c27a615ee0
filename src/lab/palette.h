/* palette.h: the colour of a scheme, the same in every picture, on every terminal, in every report.
 *
 * The colours of the schemes that are compared by default keep apart for the common kinds of colour
 * blindness as well; there are not enough of that sort for all. So a curve has a line style and a
 * mark of its own besides, and nothing is told by colour alone. Arms of one scheme are shades of
 * its colour.
 */
#ifndef LAB_PALETTE_H
#define LAB_PALETTE_H

#include <stddef.h>

typedef struct Ink {
    char hex[8];  /* "#1c9ae1": on white and on dark paper */
    int terminal; /* of the 256 colours of a terminal */
    int dash;     /* gnuplot's dashtype, 1 to 5; 1: a full line */
    int point; /* gnuplot's pointtype, a full mark: 5, 7, ... 15; the number before, its outline */
} Ink;

/* scheme: its number in the registry; variant: of the n_variants arms that it has. */
Ink palette_ink(size_t scheme, size_t variant, size_t n_variants);

#endif
