/* cache_case.h: texts that are continued in pieces, held bit by bit against one pass over all. */
#ifndef TESTS_SUPPORT_CACHE_CASE_H
#define TESTS_SUPPORT_CACHE_CASE_H

#include "model/cache.h"
#include "support/model_case.h"

/* One sequence of this length. */
ModelShape long_shape(size_t length);

/* The logits of the case's text, computed at once. */
const Tensor *whole_text(Tape *tape, const ModelCase *c, size_t window);

#endif
