/* inspected.h: what schemes and runs look like, by command line. Where a picture is not the point,
 * there is no gnuplot. */
#ifndef TESTS_SUPPORT_INSPECTED_H
#define TESTS_SUPPORT_INSPECTED_H

#include "support/runs.h"

/* posgpt inspect with these words. */
Outcome run_inspect(Bench *bench, const char *words);

/* A scheme in a model of 2 layers, 2 heads, 8 channels and 8 positions; pictures go to the bench's
 * folder. `more` is "" or starts with a '|'. */
Outcome inspect_scheme(Bench *bench, const char *pos, const char *more);

/* The run x in the bench's folder. */
Outcome inspect_x(Bench *bench, const char *more);

/* The first line of figures as CSV. */
#define FIGURES_HEAD "figure,panel,row,column,value,row_label,column_label\n"

/* Such a CSV: each line has seven cells, the third to the fifth of which are numbers. */
void check_figures(const char *text);

#endif
