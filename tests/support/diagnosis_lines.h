/* diagnosis_lines.h: which rows or columns of a table are wrong, in words. */
#ifndef TESTS_SUPPORT_DIAGNOSIS_LINES_H
#define TESTS_SUPPORT_DIAGNOSIS_LINES_H

#include <stdbool.h>
#include <stddef.h>

typedef struct WrongPlaces {
    size_t rows, width;
    const char *row, *column; /* what these are called */
    bool (*is_wrong)(const void *context, size_t row, size_t column);
    const void *context;
} WrongPlaces;

/* "right in row 0, wrong from row 1 on", "right in the even columns, wrong in the odd ones", where
 * it is as simple as that, into words[size]. False: it is not. */
bool lines_in_words(const WrongPlaces *places, char *words, size_t size);

#endif
