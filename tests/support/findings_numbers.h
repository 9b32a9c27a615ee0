/* findings_numbers.h: those numbers of findings_case.h that runs would have measured. */
#ifndef TESTS_SUPPORT_FINDINGS_NUMBERS_H
#define TESTS_SUPPORT_FINDINGS_NUMBERS_H

#include "support/findings_case.h"

enum { MADE_UP_STEPS = 2000, MADE_UP_LOOKS = 9 };

/* Zeroed memory that lives as long as the case; the test fails if there is none. */
void *findings_room(FindingsCase *made, size_t count, size_t size);

/* A standard normal number, always the same for what and index. */
double made_up_noise(const char *what, size_t index);

/* How a loss falls from that of an even guess to `last`: at look 0 ... MADE_UP_LOOKS - 1. */
double made_up_curve(double last, size_t look);

/* Fill in what was found of each arm, with the arms' order; and at each context length.
 * loss [n_arms, n_seeds] */
void find_arms(FindingsCase *made, const FindingsPlan *plan, const double *loss);
void find_contexts(FindingsCase *made, const FindingsPlan *plan);

#endif
