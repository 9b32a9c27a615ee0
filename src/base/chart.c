/* chart.c: where the parts of a chart stand, and its axes.
 *
 * From the top: the name of y; the plot, with its axis at the left and the names at the right; the
 * axis of x, its numbers, the marked range, and its name; the names, where they do not fit at the
 * right. */
#include "base/chart.h"

#include <math.h>
#include <string.h>

#include "base/canvas.h"
#include "base/chart_curves.h"
#include "base/chart_legend.h"
#include "base/chart_scale.h"
#include "base/utf8.h"

enum { HEAD_ROWS = 1, AXIS_ROWS = 3, GAP = 2, MIN_PLOT_ROWS = 6 };

typedef struct Page {
    const Chart *chart;
    Arena *arena;
    Canvas canvas;
    ChartPlot plot;
    ChartLegend legend;
    ChartRange y;
    double top;  /* the highest y there is */
    bool beside; /* the names stand beside the plot, not under it */
} Page;

/* The characters of axes, and of the bracket that marks a range. */
typedef struct Lines {
    uint32_t vertical, y_tick, corner, horizontal, x_tick, begin, end;
} Lines;

static Lines lines_of(const Chart *chart)
{
    if (chart->unicode)
        return (Lines){0x2502, 0x2524, 0x2514, 0x2500, 0x252c, 0x2570, 0x256f}; /* │ ┤ └ ─ ┬ ╰ ╯ */
    return (Lines){'|', '+', '+', '-', '+', '|', '|'};
}

/* --- the layout --- */

static size_t y_label_width(const ChartRows *scale)
{
    size_t width = 0;
    for (size_t row = 0; row < scale->rows; row++) {
        char label[TEXT_NUMBER_SIZE];
        double value;
        if (!chart_row_tick(scale, row, &value))
            continue;
        size_t length = strlen(chart_number(label, value, scale->step));
        width = length > width ? length : width;
    }
    return width;
}

/* Gives the plot so many rows, and the columns that its labels and `right` leave. */
static void place_plot(Page *page, size_t rows, size_t right)
{
    page->plot.rows = chart_rows(page->y, rows);
    page->plot.top = HEAD_ROWS;
    page->plot.left = y_label_width(&page->plot.rows) + 2;
    size_t used = page->plot.left + right, columns = page->chart->columns;
    page->plot.columns.columns = used < columns ? columns - used : 0;
}

/* The names stand beside the plot where each has a row there, none is cut, and the plot has half
 * the width. */
static bool make_layout(Page *page)
{
    const Chart *chart = page->chart;
    size_t axes = HEAD_ROWS + AXIS_ROWS + (chart->range_name != NULL);
    size_t rows = chart->rows - axes, under = 0;
    place_plot(page, rows, GAP + page->legend.columns);
    page->beside = chart->n_series <= rows && 2 * page->plot.columns.columns >= chart->columns &&
                   page->legend.longest_name <= page->legend.name_columns;
    if (!page->beside) {
        chart_legend_widen(&page->legend, chart->columns);
        under = chart_legend_lines(&page->legend, chart->columns);
        rows = rows > under + MIN_PLOT_ROWS ? rows - under : MIN_PLOT_ROWS;
        place_plot(page, rows, GAP);
    }
    return canvas_init(&page->canvas, page->arena, axes + rows + under, chart->columns);
}

/* --- the axes --- */

static void draw_y_axis(Page *page)
{
    Lines lines = lines_of(page->chart);
    const ChartRows *scale = &page->plot.rows;
    size_t column = page->plot.left - 1;
    for (size_t r = 0; r < scale->rows; r++) {
        double value;
        size_t row = page->plot.top + scale->rows - 1 - r;
        bool is_tick = chart_row_tick(scale, r, &value);
        canvas_put(&page->canvas, row, column, is_tick ? lines.y_tick : lines.vertical, NULL);
        if (!is_tick)
            continue;
        char label[TEXT_NUMBER_SIZE];
        size_t length = strlen(chart_number(label, value, scale->step));
        canvas_text(&page->canvas, row, column - 1 - length, label, length, NULL);
    }
}

/* Above the plot: the name, and how far the curves go beyond the top. */
static void draw_head(Page *page)
{
    const Chart *chart = page->chart;
    char number[TEXT_NUMBER_SIZE];
    const char *up = chart->unicode ? "↑ up to " : "^ up to ";
    size_t room = chart->columns;
    bool goes_beyond = chart_row(&page->plot.rows, page->top) >= (double)page->plot.rows.rows;
    if (goes_beyond)
        room -= GAP + strlen("^ up to ") +
                strlen(chart_number(number, page->top, page->plot.rows.step / 10));
    size_t column = canvas_text(&page->canvas, 0, 0, chart->y_name, room, NULL) + GAP;
    if (!goes_beyond)
        return;
    column += canvas_text(&page->canvas, 0, column, up, SIZE_MAX, NULL);
    canvas_text(&page->canvas, 0, column, number, SIZE_MAX, NULL);
}

/* The column of the page in which x lies; one that lies outside is moved to the nearest end. */
static size_t column_of(const Page *page, double x)
{
    double last = (double)page->plot.columns.columns - 1;
    double column = fmin(last, fmax(0, floor(chart_column(&page->plot.columns, x))));
    return page->plot.left + (size_t)column;
}

/* A tick with its label under it, if there is room from column `from` on. Returns where the next
 * may begin. */
static size_t draw_tick(Page *page, size_t row, double x, double step, size_t from)
{
    size_t column = column_of(page, x);
    canvas_put(&page->canvas, row, column, lines_of(page->chart).x_tick, NULL);
    char label[TEXT_NUMBER_SIZE];
    size_t length = strlen(chart_number(label, x, step)), rightmost = page->chart->columns - length;
    size_t begin = column > (length - 1) / 2 ? column - (length - 1) / 2 : 0;
    begin = begin < rightmost ? begin : rightmost;
    if (begin < from)
        return from;
    canvas_text(&page->canvas, row + 1, begin, label, length, NULL);
    return begin + length + 1;
}

static bool draw_x_axis(Page *page, size_t row)
{
    const Chart *chart = page->chart;
    const ChartColumns *scale = &page->plot.columns;
    Lines lines = lines_of(chart);
    canvas_put(&page->canvas, row, page->plot.left - 1, lines.corner, NULL);
    for (size_t c = 0; c < scale->columns; c++)
        canvas_put(&page->canvas, row, page->plot.left + c, lines.horizontal, NULL);
    size_t count = chart->n_x_ticks;
    const double *ticks = chart->x_ticks;
    double step = 0;
    if (count == 0)
        ticks = chart_x_ticks(scale, page->arena, &count, &step);
    if (ticks == NULL)
        return false;
    for (size_t t = 0, from = 0; t < count; t++)
        if (ticks[t] >= scale->x.low && ticks[t] <= scale->x.high)
            from = draw_tick(page, row, ticks[t], step, from);
    return true;
}

/* A bracket with its name in the middle, or, where that is too narrow, beside it. */
static void draw_range(Page *page, size_t row)
{
    const Chart *chart = page->chart;
    Lines lines = lines_of(chart);
    size_t begin = column_of(page, chart->range_low), end = column_of(page, chart->range_high);
    if (begin > end)
        return;
    for (size_t column = begin; column <= end; column++)
        canvas_put(&page->canvas, row, column, lines.horizontal, NULL);
    canvas_put(&page->canvas, row, end, lines.end, NULL);
    canvas_put(&page->canvas, row, begin, lines.begin, NULL);
    size_t length = utf8_count(chart->range_name, strlen(chart->range_name));
    size_t column = end + 2, width = end - begin + 1;
    if (width >= length + 6) {
        column = begin + (width - length) / 2;
        canvas_put(&page->canvas, row, column - 1, ' ', NULL);
        canvas_put(&page->canvas, row, column + length, ' ', NULL);
    }
    canvas_text(&page->canvas, row, column, chart->range_name, length, NULL);
}

static void draw_x_name(Page *page, size_t row)
{
    const char *name = page->chart->x_name;
    size_t length = utf8_count(name, strlen(name)), columns = page->plot.columns.columns;
    size_t indent = length < columns ? (columns - length) / 2 : 0;
    canvas_text(&page->canvas, row, page->plot.left + indent, name, length, NULL);
}

/* --- the whole --- */

static bool draw(Page *page)
{
    const Chart *chart = page->chart;
    page->plot.columns.x = chart_x_range(chart);
    page->plot.columns.is_log = chart->x_is_log;
    ChartRange x = page->plot.columns.x;
    if (!chart_y_range(chart, x, page->arena, &page->y, &page->top) ||
        !chart_legend_init(&page->legend, chart, x, page->y, page->arena) || !make_layout(page))
        return false;
    size_t row = page->plot.top + page->plot.rows.rows;
    draw_head(page);
    draw_y_axis(page);
    if (!draw_x_axis(page, row))
        return false;
    row += 2;
    if (chart->range_name != NULL)
        draw_range(page, row++);
    draw_x_name(page, row++);
    if (page->beside)
        chart_legend_beside(&page->legend, chart, &page->plot.rows, page->plot.top,
                            page->plot.left + page->plot.columns.columns + GAP, &page->canvas);
    else
        chart_legend_under(&page->legend, chart, row, &page->canvas);
    return chart_draw_curves(chart, &page->plot, page->legend.marks, page->arena, &page->canvas);
}

static size_t within(size_t value, size_t low, size_t high)
{
    return value < low ? low : value > high ? high : value;
}

void chart_append(TextBuffer *out, const Chart *chart)
{
    Chart fitted = *chart;
    fitted.columns = within(chart->columns, CHART_MIN_COLUMNS, CHART_MAX);
    fitted.rows = within(chart->rows, CHART_MIN_ROWS, CHART_MAX);
    Arena arena = {0};
    Page page = {.chart = &fitted, .arena = &arena};
    if (draw(&page))
        canvas_append(out, &page.canvas);
    else
        out->failed = true;
    arena_free(&arena);
}
