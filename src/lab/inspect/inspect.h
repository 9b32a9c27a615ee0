/* inspect.h: what a positional scheme looks like, as figures.
 *
 * Each door that the scheme uses is asked (doors.h), and what it answers is arranged to be seen:
 *
 *     embedding    vectors     the position vectors, position x channel
 *                  cosines     how alike any two of them are: cos(p[i], p[j])
 *                  nearness    the mean of that by distance
 *     query-key    planes      which channels turn together, how fast     (see planes.h)
 *                  angles      the cosine of each plane's angle at each position
 *                  matrices    R(m), where there are no such planes, and where there are
 *                  decay       what is left of a score at each distance
 *                  words       two words in one plane, alone and with words put in front
 *     score        bias        what is added to a score, by head and distance or by pair
 *
 * Where the scheme has learned, its start is shown beside what it became.
 */
#ifndef LAB_INSPECT_INSPECT_H
#define LAB_INSPECT_INSPECT_H

#include "lab/inspect/gallery.h"
#include "pos/pos.h"

/* A scheme as it was at the start and as it is now, or only once. */
typedef struct Subject {
    const Pos *pos[2];
    const char *when[2]; /* "at the start", "after 1,000 steps" */
    size_t count;
    Positions positions; /* 0, 1, 2, ... to look at */
} Subject;

/* Adds all figures; none of a scheme that uses no door. Refuses positions that it does not have. */
bool inspect(Gallery *gallery, const Subject *subject, Error *error);

/* Those of one door that the scheme uses. */
bool inspect_embedding(Gallery *gallery, const Subject *subject, Error *error);
bool inspect_query_key(Gallery *gallery, const Subject *subject, Error *error);
bool inspect_scores(Gallery *gallery, const Subject *subject, Error *error);

/* The figure "words" is of kind FIGURE_HANDS: a panel without and one with words in front, in which
 * the rows are two words and what lies between them, and these are the columns, in degrees. */
enum { HAND_POSITION, HAND_BEFORE, HAND_AFTER, HAND_LENGTH, N_HAND_COLUMNS };

#endif
