/* inspect_case.h: the figures of a scheme in a small model, and what stands in them. */
#ifndef TESTS_SUPPORT_INSPECT_CASE_H
#define TESTS_SUPPORT_INSPECT_CASE_H

#include "lab/inspect/inspect.h"
#include "support/model_case.h"

enum { T = 11 }; /* the positions of the model */

/* small_model with T positions. */
ModelShape inspect_shape(bool causal);

/* A scheme as it is now, at positions 0 ... length - 1. */
Subject subject_of(Fixture *f, const Pos *pos, size_t length);

/* Its figures, and one of them; the test fails if there is none. */
Gallery *gallery_of(Fixture *f, const Subject *subject);
const Figure *figure_of(const Gallery *gallery, const char *name);

double panel_value(const Figure *figure, size_t panel, size_t row, size_t column);

#endif
