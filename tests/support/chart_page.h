/* chart_page.h: a chart read back from its characters, as a person would read it: the scales from
 * the axes and their numbers, the curves from the marks in between.
 *
 * Rows and columns count from the top left of the page. A place within it is a pair of real
 * numbers; the middle of a character is at whole ones.
 */
#ifndef TESTS_SUPPORT_CHART_PAGE_H
#define TESTS_SUPPORT_CHART_PAGE_H

#include "base/chart.h"

enum { PAGE_ROWS = 80, PAGE_COLUMNS = 220, PAGE_COLOUR = 16, PAGE_TEXT = 4 * PAGE_COLUMNS + 1 };

typedef struct ChartPage {
    size_t n_rows, columns[PAGE_ROWS];                  /* of each row, how long it is */
    uint32_t cells[PAGE_ROWS][PAGE_COLUMNS];            /* code points, spaces behind the end */
    char colours[PAGE_ROWS][PAGE_COLUMNS][PAGE_COLOUR]; /* the control sequence in force, or "" */
    char text[PAGE_ROWS][PAGE_TEXT]; /* the rows again, without control sequences */
    size_t top, bottom, left, right; /* the plot: its first row and column, and those behind it */
    double tick_row, tick_value, per_row; /* of y, from the numbers at the axis */
    size_t n_y_ticks;
} ChartPage;

/* A chart of 80 columns and 24 rows without Unicode. */
Chart chart_page_chart(const ChartSeries *series, size_t n_series);

/* A loss as it falls in training, over steps 0 ... 200: 4.2 at first, soon 2, slowly to 1.5. The
 * numbers are written to the arrays. */
enum { TRAINING_STEPS = 201 };
ChartSeries chart_page_training(double steps[TRAINING_STEPS], double losses[TRAINING_STEPS]);

/* Draws a chart and reads it. Fails the test if a line is longer than the chart is wide, or there
 * are no axes, or fewer than two numbers at that of y. Bad UTF-8 fails too. */
void chart_page_read(ChartPage *page, const Chart *chart);

/* The row in which y lies, and the column for an x that is at this share of the axis (0 ... 1). */
double chart_page_row(const ChartPage *page, double y);
double chart_page_column(const ChartPage *page, double share);

/* Is a curve's letter, or a Braille dot, at this place? */
bool chart_page_shows(const ChartPage *page, double row, double column, char mark);

/* How many characters of the plot show something; how many of them this letter. */
size_t chart_page_marks(const ChartPage *page);
size_t chart_page_letters(const ChartPage *page, char letter);

/* How many rows hold the text; the last one that does, which must exist; the column in it. */
size_t chart_page_count(const ChartPage *page, const char *text);
size_t chart_page_find(const ChartPage *page, const char *text);
size_t chart_page_column_of(const ChartPage *page, size_t row, const char *text);

#endif
