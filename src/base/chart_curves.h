/* chart_curves.h: the curves of a chart as characters. */
#ifndef BASE_CHART_CURVES_H
#define BASE_CHART_CURVES_H

#include "base/canvas.h"
#include "base/chart_scale.h"

/* Where on the page the curves go. */
typedef struct ChartPlot {
    ChartColumns columns;
    ChartRows rows;
    size_t top, left; /* the first row and column of the page */
} ChartPlot;

/* Draws the curves with one letter each: marks [n_series]. False when there is no more memory. */
bool chart_draw_curves(const Chart *chart, const ChartPlot *plot, const char *marks, Arena *arena,
                       Canvas *canvas);

#endif
