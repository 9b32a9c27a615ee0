/* gallery.c: rows, columns and panels. */
#include "lab/inspect/gallery.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/csv.h"

static size_t panel_size(const Figure *figure)
{
    return figure->rows.count * figure->columns.count;
}

Figure *gallery_add(Gallery *gallery, Figure figure)
{
    assert(gallery->count < MAX_FIGURES && figure.n_panels > 0);
    size_t size = panel_size(&figure);
    figure.panels = arena_alloc(gallery->arena, figure.n_panels, sizeof *figure.panels);
    double *values =
        arena_alloc_raw(gallery->arena, figure.n_panels, arena_size_of(size, sizeof *values));
    if (!figure.panels || !values)
        return NULL;
    for (size_t p = 0; p < figure.n_panels; p++)
        figure.panels[p] = (Panel){"", values + p * size};
    gallery->figures[gallery->count] = figure;
    return &gallery->figures[gallery->count++];
}

const Figure *gallery_find(const Gallery *gallery, const char *name)
{
    for (size_t f = 0; f < gallery->count; f++)
        if (strcmp(gallery->figures[f].name, name) == 0)
            return &gallery->figures[f];
    return NULL;
}

bool panel_range(const Figure *figure, const Panel *panel, Range *range)
{
    *range = (Range){INFINITY, -INFINITY};
    for (size_t i = 0; i < panel_size(figure); i++)
        if (isfinite(panel->values[i])) {
            range->least = fmin(range->least, panel->values[i]);
            range->greatest = fmax(range->greatest, panel->values[i]);
        }
    return range->least <= range->greatest;
}

bool figure_range(const Figure *figure, Range *range)
{
    *range = (Range){INFINITY, -INFINITY};
    for (size_t p = 0; p < figure->n_panels; p++) {
        Range of_panel;
        if (!panel_range(figure, &figure->panels[p], &of_panel))
            continue;
        range->least = fmin(range->least, of_panel.least);
        range->greatest = fmax(range->greatest, of_panel.greatest);
    }
    return range->least <= range->greatest;
}

/* --- CSV --- */

static void append_label(TextBuffer *out, const Axis *axis, size_t index)
{
    text_append(out, ",", 1);
    if (axis->labels)
        csv_append(out, axis->labels[index]);
}

static void append_row(const Figure *figure, const Panel *panel, size_t row, TextBuffer *out)
{
    size_t columns = figure->columns.count;
    for (size_t c = 0; c < columns; c++) {
        double value = panel->values[row * columns + c];
        text_append_format(out, "%s,", figure->name);
        csv_append(out, panel->title);
        text_append_format(out, ",%ld,%ld,", figure->rows.first + (long)row,
                           figure->columns.first + (long)c);
        csv_append_real(out, value);
        append_label(out, &figure->rows, row);
        append_label(out, &figure->columns, c);
        text_append(out, "\n", 1);
    }
}

void figure_append_csv(const Figure *figure, TextBuffer *out)
{
    for (size_t p = 0; p < figure->n_panels; p++)
        for (size_t r = 0; r < figure->rows.count; r++)
            append_row(figure, &figure->panels[p], r, out);
}
