/* literal_gpt.h: the model once more, on double, one number at a time and straight from GPT-2's
 * formulas. Nothing of src/ computes here but the functions of the C library. */
#ifndef TESTS_SUPPORT_LITERAL_GPT_H
#define TESTS_SUPPORT_LITERAL_GPT_H

#include "support/model_case.h"

/* The logits [B, T, V] of the case's input, without dropout. Its scheme must be one that
 * literal_pos.h knows. */
double *literal_logits(Arena *arena, ModelCase *c);

#endif
