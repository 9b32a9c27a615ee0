/* compare_cells.h: what the tables of posgpt compare are made of: cells of a fixed width. */
#ifndef CLI_COMPARE_CELLS_H
#define CLI_COMPARE_CELLS_H

#include "base/text.h"
#include "lab/statistics.h"

enum { TABLE_WIDTH = 79, NAME_WIDTH = 14 };

/* An arm's name at the beginning of a row. A long one has a line of its own. */
void print_name(const char *name);

/* A number that there may not be, in so many columns. */
void print_number(const char *format, int width, double number);

/* One with its sign, in the same way. */
void print_change(int width, double number);

/* "1.602 .. 1.623", with ends as text_decimal or text_change write them; or a dash. */
void print_interval(int width, Interval interval, NumberText write(double, int), int decimals);

void print_p(int width, double p);

#endif
