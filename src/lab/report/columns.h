/* columns.h: the columns of the table of arms. */
#ifndef LAB_REPORT_COLUMNS_H
#define LAB_REPORT_COLUMNS_H

#include "lab/report/parts.h"

/* A column is a row of a table here. `explanation` is a sentence in HTML. */
typedef struct Column {
    const char *title, *unit;
    void (*detail)(TextBuffer *out, const Findings *findings); /* in place of the unit */
    const char *explanation;
    void (*cell)(TextBuffer *out, const Findings *findings, size_t arm);
    bool (*has)(const Findings *findings); /* NULL: always */
} Column;

extern const Column report_columns[];
extern const size_t report_column_count;

#endif
