/* diagnosis_parts.h: what the files of the diagnosis share. */
#ifndef TESTS_SUPPORT_DIAGNOSIS_PARTS_H
#define TESTS_SUPPORT_DIAGNOSIS_PARTS_H

#include "base/error.h" /* PRINTF_LIKE */
#include "support/diagnosis.h"

size_t numbers_count(const Numbers *n);
double numbers_largest(const Numbers *n);

/* Is a as good as b, among numbers of this size? Never with a NaN. */
bool numbers_near(const Numbers *n, double a, double b, double size);
bool number_is_right(const Numbers *n, size_t i);

/* Appends to the words. True, always. */
bool diagnosis_say(char words[DIAGNOSIS_SIZE], const char *format, ...) PRINTF_LIKE(2, 3);
void diagnosis_example(const Numbers *n, char words[DIAGNOSIS_SIZE]); /* the first that is wrong */
const char *numbers_row_word(const Numbers *n);
const char *numbers_column_word(const Numbers *n);

/* --- diagnosis_factors.c. True: so it is, and the words say what --- */

/* Is got = c expected, everywhere or wherever it is wrong? */
bool numbers_have_factor(const Numbers *n, bool where_wrong, double *c);

/* By one factor; by a factor for each of the terms. */
bool numbers_are_scaled(const Numbers *n, char words[DIAGNOSIS_SIZE]);
bool numbers_are_off_in_terms(const Numbers *n, char words[DIAGNOSIS_SIZE]);

/* --- diagnosis_moved.c --- */

bool numbers_are_moved(const Numbers *n, char words[DIAGNOSIS_SIZE]);

#endif
