/* exam_file.h: an exam (see exam.h) as CSV, in a file and back: a row for each length.
 *
 *     length,tokens,trained,sequences,loss,exact_match
 *     20,20,yes,512,0.0107318517,0.986328125
 *     40,40,no,0,nan,nan
 *
 * `trained` says whether sequences of that length were learned from. A length that the positional
 * scheme has no positions for, like 40 here, has no sequences.
 */
#ifndef TRAIN_EXAM_FILE_H
#define TRAIN_EXAM_FILE_H

#include "base/text.h"
#include "train/exam.h"

typedef struct ExamRow {
    ExamResult result; /* loss and exact are NaN where there are no sequences */
    bool trained;
} ExamRow;

typedef struct ExamTable {
    ExamRow *rows; /* [count], by length */
    size_t count;
} ExamTable;

void exam_table_append(const ExamTable *table, TextBuffer *out);

/* Reads such a file. How many answers there were is not in it. Refuses a file without rows, and a
 * share of sequences that is none. */
bool exam_table_read(Arena *arena, const char *path, ExamTable *table, Error *error);

#endif
