/* figure_text.c: which figure is shown in which way. */
#include "cli/figure_text.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "cli/heat_map.h"

enum { MOST_COLUMNS = 7, MOST_NAME = 18 };

/* --- tables --- */

/* The columns of a table, by index. */
typedef struct Choice {
    size_t at[MOST_COLUMNS], count;
} Choice;

/* Is it 0, or a power of `base`, or minus one? */
static bool is_round(long number, long base)
{
    long size = number < 0 ? -number : number, power = 1;
    while (power < size)
        power *= base;
    return size == 0 || size == power;
}

/* Columns whose numbers are powers of 2 or, where these are too many, of 4, 8, 16 ... */
static Choice choose_columns(const Axis *columns)
{
    Choice choice;
    for (long base = 2;; base *= 2) {
        size_t found = 0;
        for (size_t c = 0; c < columns->count; c++)
            if (is_round(columns->first + (long)c, base) && found++ < MOST_COLUMNS)
                choice.at[found - 1] = c;
        choice.count = found;
        if (found <= MOST_COLUMNS)
            return choice;
    }
}

static Choice all_columns(const Axis *columns)
{
    Choice choice = {.count = columns->count < MOST_COLUMNS ? columns->count : MOST_COLUMNS};
    for (size_t c = 0; c < choice.count; c++)
        choice.at[c] = c;
    return choice;
}

static void append_name(TextBuffer *out, const Terminal *terminal, const char *name, size_t width)
{
    text_append_format(out, "  ");
    size_t used = label_append(out, terminal, name, width);
    text_append_format(out, "%*s", (int)(width - used), "");
}

static size_t name_width(const Axis *rows)
{
    size_t widest = rows->name ? strlen(rows->name) : 0;
    for (size_t r = 0; rows->labels && r < rows->count; r++) {
        size_t length = utf8_count(rows->labels[r], strlen(rows->labels[r]));
        widest = length > widest ? length : widest;
    }
    return widest < MOST_NAME ? widest : MOST_NAME;
}

/* A row for each row of the panel. Numbers stand in columns of the width of their heading. */
static void append_table(TextBuffer *out, const Terminal *terminal, const Figure *figure,
                         const Panel *panel, const Choice *choice)
{
    const Axis *rows = &figure->rows, *columns = &figure->columns;
    size_t name = name_width(rows);
    append_name(out, terminal, rows->name ? rows->name : "", name);
    for (size_t c = 0; c < choice->count; c++)
        if (columns->labels)
            text_append_format(out, "  %s", columns->labels[choice->at[c]]);
        else
            text_append_format(out, " %8ld", columns->first + (long)choice->at[c]);
    text_append(out, "\n", 1);
    for (size_t r = 0; r < rows->count; r++) {
        append_name(out, terminal, rows->labels ? rows->labels[r] : "", name);
        for (size_t c = 0; c < choice->count; c++) {
            size_t width = columns->labels ? 2 + strlen(columns->labels[choice->at[c]]) : 9;
            double value = panel->values[r * columns->count + choice->at[c]];
            if (isnan(value))
                text_append_format(out, "%*s", (int)width, "");
            else
                text_append_format(out, " %*.*g", (int)width - 1, columns->labels ? 4 : 3, value);
        }
        text_append(out, "\n", 1);
    }
}

/* --- panels --- */

static void append_map(TextBuffer *out, const Terminal *terminal, const Figure *figure,
                       const Panel *panel)
{
    Range range;
    bool any = figure->own_scales || panel == figure->summary ? panel_range(figure, panel, &range)
                                                              : figure_range(figure, &range);
    if (!any)
        text_append_format(out, "  there are no numbers\n");
    else if (range.least == range.greatest)
        text_append_format(out, "  all are %.4g\n", range.least);
    else
        heat_map_append(out, terminal, figure, panel, range);
}

static void append_axes(TextBuffer *out, const Figure *figure)
{
    const char *rows = figure->rows.name, *columns = figure->columns.name;
    text_append_format(out, "  down: %s, across: %s\n", rows ? rows : "one line each", columns);
}

static void append_panel(TextBuffer *out, const Terminal *terminal, const Figure *figure,
                         const Panel *panel)
{
    Choice some = choose_columns(&figure->columns), all = all_columns(&figure->columns);
    text_append(out, "\n", 1);
    if (panel->title[0] != '\0')
        text_append_format(out, "  %s\n", panel->title);
    if (figure->kind == FIGURE_MAP || figure->kind == FIGURE_CURVES)
        append_map(out, terminal, figure, panel);
    if (figure->kind == FIGURE_CURVES)
        text_append(out, "\n", 1);
    if (figure->kind != FIGURE_MAP)
        append_table(out, terminal, figure, panel, figure->kind == FIGURE_CURVES ? &some : &all);
}

void figure_append_text(TextBuffer *out, const Terminal *terminal, const Figure *figure)
{
    const char *on = terminal->colour ? "\033[1m" : "", *off = terminal->colour ? "\033[0m" : "";
    text_append_format(out, "\n%s%s%s\n", on, figure->title, off);
    if (figure->note && figure->note[0] != '\0')
        text_append_format(out, "  %s\n", figure->note);
    if (figure->kind == FIGURE_MAP || figure->kind == FIGURE_CURVES)
        append_axes(out, figure);
    if (figure->summary) {
        append_panel(out, terminal, figure, figure->summary);
        return;
    }
    for (size_t p = 0; p < figure->n_panels; p++)
        append_panel(out, terminal, figure, &figure->panels[p]);
}
