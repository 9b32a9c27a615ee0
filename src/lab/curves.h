/* curves.h: the loss as a curve, for each arm of a comparison: one part of findings.h. */
#ifndef LAB_CURVES_H
#define LAB_CURVES_H

#include "lab/over_seeds.h"

/* Fills in by_step and by_position. Fails for lack of memory only. */
bool curves_draw(Desk *desk, Error *error);

/* Fills in contexts, by_context and same_targets. */
bool curves_by_context(Desk *desk, Error *error);

#endif
