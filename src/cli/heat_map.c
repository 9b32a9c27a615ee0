/* heat_map.c: from numbers to cells, and from cells to characters. */
#include "cli/heat_map.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

enum {
    MOST_WIDTH = 80,
    MOST_LINES = 32,
    MOST_NAMED_LINES = 64, /* where rows have labels */
    MOST_LABEL = 16,       /* characters */
    SCALE_CELLS = 20,
};

/* --- colours and shades --- */

typedef struct Ramp {
    size_t count;
    const unsigned char *colours; /* in the table of 256 that terminals have */
} Ramp;

/* As near as that table comes to viridis, and to blue-white-red. */
static const unsigned char rising[] = {53, 60, 24, 30, 36, 72, 77, 113, 148, 220};
static const unsigned char diverging[] = {25, 67, 110, 153, 255, 224, 216, 167, 124};

static const char *const shades[] = {" ", "\u2591", "\u2592", "\u2593", "\u2588"};
static const char ascii[] = " .:-=+*#%@";

/* What a map is drawn with. */
typedef struct Style {
    bool colour, unicode;
    Range range; /* symmetrical about 0 where colours diverge */
    Ramp ramp;
} Style;

static Style style_of(const Terminal *terminal, Range range)
{
    Style style = {terminal->colour, terminal->unicode, range, {sizeof rising, rising}};
    if (range.least < 0 && range.greatest > 0) {
        double most = fmax(-range.least, range.greatest);
        style.range = (Range){-most, most};
        style.ramp = (Ramp){sizeof diverging, diverging};
    }
    return style;
}

/* 0 ... count - 1 for the range cut into so many equal parts. */
static size_t level_of(const Style *style, double value, size_t count)
{
    double width = style->range.greatest - style->range.least;
    double share = width > 0 ? (value - style->range.least) / width : 0;
    double level = floor(share * (double)count);
    return level < 0 ? 0 : level < (double)count ? (size_t)level : count - 1;
}

static unsigned colour_of(const Style *style, double value)
{
    return style->ramp.colours[level_of(style, value, style->ramp.count)];
}

/* One number as `width` characters. */
static void append_cell(TextBuffer *out, const Style *style, double value, size_t width)
{
    bool coloured = style->colour && !isnan(value);
    if (coloured)
        text_append_format(out, "\033[48;5;%um", colour_of(style, value));
    for (size_t w = 0; w < width; w++)
        if (coloured || isnan(value))
            text_append(out, " ", 1);
        else if (style->unicode)
            text_append_format(out, "%s", shades[level_of(style, value, 5)]);
        else
            text_append(out, ascii + level_of(style, value, strlen(ascii)), 1);
    if (coloured)
        text_append_format(out, "\033[0m");
}

/* Two numbers, one above the other, as one coloured character. */
static void append_halves(TextBuffer *out, const Style *style, double upper, double lower)
{
    const char *block = isnan(upper) ? "\u2584" : "\u2580"; /* the lower half, the upper half */
    if (isnan(upper) && isnan(lower)) {
        text_append(out, " ", 1);
        return;
    }
    text_append_format(out, "\033[38;5;%um", colour_of(style, isnan(upper) ? lower : upper));
    if (!isnan(upper) && !isnan(lower))
        text_append_format(out, "\033[48;5;%um", colour_of(style, lower));
    text_append_format(out, "%s\033[0m", block);
}

/* --- how large --- */

typedef struct Layout {
    size_t label;              /* columns of the terminal for the names of rows */
    size_t lines, rows_a_line; /* 2: as halves of a block */
    size_t columns, width;     /* cells in a line, and characters in a cell */
    size_t rows;               /* of cells, in all lines together */
    bool all_rows;             /* a row of cells is one row of the panel, not several */
} Layout;

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t label_width(const Axis *rows)
{
    char number[TEXT_NUMBER_SIZE];
    size_t widest = 0;
    for (size_t r = 0; rows->labels && r < rows->count; r++) {
        size_t length = utf8_count(rows->labels[r], strlen(rows->labels[r]));
        widest = length > widest ? length : widest;
    }
    if (rows->labels)
        return smaller(widest, MOST_LABEL);
    snprintf(number, sizeof number, "%ld", rows->first + (long)rows->count - 1);
    return strlen(number);
}

static Layout layout_of(const Terminal *terminal, const Figure *figure)
{
    Layout layout = {.label = label_width(&figure->rows)};
    size_t rows = figure->rows.count, columns = figure->columns.count;
    size_t margin = layout.label + 4, all = smaller(terminal->columns, MOST_WIDTH);
    size_t room = all > margin + 8 ? all - margin : 8;
    layout.all_rows = rows <= (figure->rows.labels ? MOST_NAMED_LINES : MOST_LINES);
    layout.lines = layout.all_rows ? rows : smaller((rows + 1) / 2, MOST_LINES);
    layout.rows_a_line = !layout.all_rows && terminal->colour && terminal->unicode ? 2 : 1;
    layout.rows = smaller(rows, layout.lines * layout.rows_a_line);
    layout.width = layout.all_rows && 2 * columns <= room ? 2 : 1;
    layout.columns = smaller(columns, room / layout.width);
    return layout;
}

/* The mean of the numbers of a panel that fall into a cell; NaN if there are none. Of R rows of a
 * panel, row r of n rows of cells has those from r R / n up to, not including, (r + 1) R / n. */
static double cell_value(const Figure *figure, const Panel *panel, const Layout *layout, size_t row,
                         size_t column)
{
    size_t rows = figure->rows.count, columns = figure->columns.count, count = 0;
    double sum = 0;
    for (size_t r = row * rows / layout->rows; r < (row + 1) * rows / layout->rows; r++)
        for (size_t c = column * columns / layout->columns;
             c < (column + 1) * columns / layout->columns; c++)
            if (isfinite(panel->values[r * columns + c])) {
                sum += panel->values[r * columns + c];
                count++;
            }
    return count > 0 ? sum / (double)count : NAN;
}

/* --- names and numbers at the sides --- */

/* Signs for a space and a line break that every terminal has, and '?' for other characters that are
 * not ASCII. */
static char plain_sign(uint32_t code_point)
{
    return code_point == 0xb7 ? '_' : code_point == 0x23ce ? '/' : '?';
}

size_t label_append(TextBuffer *out, const Terminal *terminal, const char *label, size_t most)
{
    size_t length = strlen(label), shown = 0;
    for (size_t at = 0; at < length && shown < most; shown++) {
        uint32_t code_point;
        size_t bytes = utf8_decode(label + at, length - at, &code_point);
        if (bytes == 0) /* what is no UTF-8 ends it */
            break;
        char plain = plain_sign(code_point);
        if (terminal->unicode || code_point < 0x80)
            text_append(out, label + at, bytes);
        else
            text_append(out, &plain, 1);
        at += bytes;
    }
    return shown;
}

static void append_spaces(TextBuffer *out, size_t count)
{
    text_append_format(out, "%*s", (int)count, "");
}

/* The name of a line's first row, or its number at every fourth line. */
static void append_row_name(TextBuffer *out, const Terminal *terminal, const Figure *figure,
                            const Layout *layout, size_t line)
{
    const Axis *rows = &figure->rows;
    size_t row = line * layout->rows_a_line * rows->count / layout->rows, used = 0;
    TextBuffer name = {0};
    if (rows->labels && layout->all_rows) {
        used = label_append(&name, terminal, rows->labels[row], layout->label);
    } else if (line % 4 == 0) {
        text_append_format(&name, "%ld", rows->first + (long)row);
        used = name.length;
    }
    append_spaces(out, 2 + (layout->label > used ? layout->label - used : 0));
    if (!name.failed && name.length > 0)
        text_append(out, name.bytes, name.length);
    text_append(out, " ", 1);
    out->failed = out->failed || name.failed;
    text_buffer_free(&name);
}

/* The labels of columns over a map with a label at each, written downwards. */
static void append_column_labels(TextBuffer *out, const Terminal *terminal, const Figure *figure,
                                 const Layout *layout)
{
    const Axis *columns = &figure->columns;
    size_t tallest = 0;
    for (size_t c = 0; c < columns->count; c++) {
        size_t length = utf8_count(columns->labels[c], strlen(columns->labels[c]));
        tallest = length > tallest ? length : tallest;
    }
    tallest = smaller(tallest, MOST_LABEL);
    for (size_t line = 0; line < tallest; line++) {
        append_spaces(out, layout->label + 3);
        for (size_t c = 0; c < columns->count; c++) {
            const char *at = columns->labels[c];
            for (size_t skipped = 0; skipped < line && *at != '\0'; skipped++)
                for (at++; utf8_continues(*at); at++)
                    ;
            size_t used = label_append(out, terminal, at, 1);
            append_spaces(out, layout->width - used);
        }
        text_append(out, "\n", 1);
    }
}

/* The numbers of columns under a map, as many as there is room for. */
static void append_column_numbers(TextBuffer *out, const Figure *figure, const Layout *layout)
{
    char number[TEXT_NUMBER_SIZE];
    size_t end = layout->columns * layout->width, used = 0;
    append_spaces(out, layout->label + 3);
    for (size_t at = 0; at < end; at += 8) {
        size_t column = at / layout->width * figure->columns.count / layout->columns;
        snprintf(number, sizeof number, "%ld", figure->columns.first + (long)column);
        if (at > 0 && (at < used + 1 || at + strlen(number) > end))
            continue;
        append_spaces(out, at - used);
        text_append_format(out, "%s", number);
        used = at + strlen(number);
    }
    text_append(out, "\n", 1);
}

static void append_scale(TextBuffer *out, const Style *style, const Layout *layout)
{
    double least = style->range.least, width = style->range.greatest - least;
    append_spaces(out, layout->label + 3);
    text_append_format(out, "%.3g ", least);
    for (size_t s = 0; s < SCALE_CELLS; s++)
        append_cell(out, style, least + width * ((double)s + 0.5) / SCALE_CELLS, 1);
    text_append_format(out, " %.3g\n", style->range.greatest);
}

/* --- the map --- */

void heat_map_append(TextBuffer *out, const Terminal *terminal, const Figure *figure,
                     const Panel *panel, Range range)
{
    Layout layout = layout_of(terminal, figure);
    Style style = style_of(terminal, range);
    bool labelled = figure->columns.labels && layout.columns == figure->columns.count;
    if (labelled)
        append_column_labels(out, terminal, figure, &layout);
    for (size_t line = 0; line < layout.lines; line++) {
        append_row_name(out, terminal, figure, &layout, line);
        for (size_t c = 0; c < layout.columns; c++) {
            size_t row = line * layout.rows_a_line;
            double value = cell_value(figure, panel, &layout, row, c), below = NAN;
            if (layout.rows_a_line == 2 && row + 1 < layout.rows)
                below = cell_value(figure, panel, &layout, row + 1, c);
            if (layout.rows_a_line == 2)
                append_halves(out, &style, value, below);
            else
                append_cell(out, &style, value, layout.width);
        }
        text_append(out, "\n", 1);
    }
    if (!labelled)
        append_column_numbers(out, figure, &layout);
    append_scale(out, &style, &layout);
}
