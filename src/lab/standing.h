/* standing.h: where each scheme of a comparison stands: what is shown of it beside the best one,
 * the one with the lowest mean. */
#ifndef LAB_STANDING_H
#define LAB_STANDING_H

#include "lab/comparison.h"

typedef enum Standing {
    LEADS,    /* the best, or not shown to be worse, and below all that are */
    TRAILS,   /* not shown to be worse either, for it strays; but above one that is */
    IS_WORSE, /* shown to be worse than the best */
    UNKNOWN,  /* fewer than two seeds in common with the best */
} Standing;

typedef struct Standings {
    const Comparison *comparison;
    size_t next; /* the lowest of those that are shown to be worse than the best; or NO_SCHEME */
} Standings;

/* Of a comparison that has a best scheme. */
Standings standings_of(const Comparison *comparison);

Standing standing_of(const Standings *standings, size_t scheme);

#endif
