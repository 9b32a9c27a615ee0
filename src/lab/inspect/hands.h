/* hands.h: the picture that is drawn to explain a turn: two words in one plane, as the hands of a
 * clock.
 *
 *     "the fox saw the crow"                        fox at position 1, crow at position 4
 *     the same with five words put in front         fox at position 6, crow at position 9
 *
 * Each hand turns with its word's position; whether the angle between the two stays is what the
 * figure shows. The crow is a query, the fox a key. The plane is the one that turns fastest among
 * those that make no more than half a turn on the way to position 9, so that it can be followed by
 * eye; if there is none, the one that turns slowest.
 */
#ifndef LAB_INSPECT_HANDS_H
#define LAB_INSPECT_HANDS_H

#include "lab/inspect/inspect.h"
#include "lab/inspect/planes.h"

/* Adds the figure "words", or nothing where no plane turns, or the scheme has no such positions. */
bool inspect_hands(Gallery *gallery, const Pos *pos, const Planes *planes, Error *error);

#endif
