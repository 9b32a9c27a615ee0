/* rope_case.h: models with rope, and heads to be turned. */
#ifndef TESTS_SUPPORT_ROPE_CASE_H
#define TESTS_SUPPORT_ROPE_CASE_H

#include "support/model_case.h"

/* small_model with these heads; options as for model_case. */
ModelCase *rope_case(Fixture *f, const char *options, size_t n_head, size_t head_size);

/* Queries, keys and values, the same at each call. */
Heads random_heads(Fixture *f, size_t batch, size_t n_head, size_t T, size_t D);

#endif
