/* figure_files.c: one script for each kind of figure draws what stands in its CSV. */
#include "cli/figure_files.h"

#include <stdio.h>

#include "base/file.h"
#include "cli/plot.h"

static const char *const scripts[] = {
    [FIGURE_MAP] = "scripts/inspect_map.gp",
    [FIGURE_CURVES] = "scripts/inspect_curves.gp",
    [FIGURE_TABLE] = NULL,
    [FIGURE_HANDS] = "scripts/inspect_hands.gp",
};

static bool has_picture(const Figure *figure)
{
    Range range;
    return scripts[figure->kind] && figure_range(figure, &range) && range.least < range.greatest;
}

static bool write_numbers(Arena *arena, const Figure *figure, const char *folder, Error *error)
{
    TextBuffer csv = {0};
    text_append_format(&csv, "%s", FIGURE_CSV_HEADER);
    figure_append_csv(figure, &csv);
    const char *path = text_format(arena, "%s/inspect-%s.csv", folder, figure->name);
    bool ok = csv.failed || !path ? fail(error, "%s: out of memory", folder)
                                  : file_write(path, csv.bytes, csv.length, error);
    text_buffer_free(&csv);
    return ok;
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

/* The labels of an axis in one text; "" where it has none. gnuplot cuts it up again at its spaces
 * (the labels of maps have none of their own), but takes a quote for the start of a word with
 * spaces. So a quote is written as the sign for minutes or seconds. NULL when memory runs out. */
static const char *label_words(Arena *arena, const Axis *axis)
{
    TextBuffer words = {0};
    text_append(&words, "", 0);
    for (size_t i = 0; axis->labels && i < axis->count; i++) {
        text_append(&words, " ", i > 0);
        for (const char *at = axis->labels[i]; *at != '\0'; at++)
            if (*at == '"')
                text_append_format(&words, "%s", "\u2033");
            else if (*at == '\'')
                text_append_format(&words, "%s", "\u2032");
            else
                text_append(&words, at, 1);
    }
    const char *copy = words.failed ? NULL : arena_text(arena, words.bytes, words.length);
    text_buffer_free(&words);
    return copy;
}

static bool draw(Arena *arena, const Figure *figure, const char *folder, const char *subtitle,
                 Terminal *terminal)
{
    const Axis *rows = &figure->rows, *columns = &figure->columns;
    const char *const words[] = {
        text_format(arena, "inspect-%s", figure->name),
        figure->title,
        subtitle,
        or_empty(figure->note),
        text_format(arena, "%zu %zu %zu %d %d", rows->count, columns->count, figure->n_panels,
                    figure->own_scales, columns->labels != NULL),
        or_empty(rows->name),
        or_empty(columns->name),
        label_words(arena, rows),
    };
    return plot(terminal, folder, figure->title, scripts[figure->kind], words,
                sizeof words / sizeof *words);
}

/* Where one fails the others would as well. */
static void draw_all(Arena *arena, const Gallery *gallery, const char *folder, const char *subtitle,
                     Terminal *terminal)
{
    TextBuffer drawn = {0};
    bool ok = true;
    for (size_t f = 0; ok && f < gallery->count; f++) {
        const Figure *figure = &gallery->figures[f];
        if (!has_picture(figure))
            continue;
        ok = draw(arena, figure, folder, subtitle, terminal);
        if (ok)
            text_append_format(&drawn, " inspect-%s.png", figure->name);
    }
    if (drawn.length > 0 && !drawn.failed)
        terminal_printf(terminal, "pictures in %s:%s", folder, drawn.bytes);
    text_buffer_free(&drawn);
}

bool figure_files_write(const Gallery *gallery, const char *folder, const char *subtitle,
                        Terminal *terminal, Error *error)
{
    if (gallery->count == 0)
        return true;
    if (!folder_make(folder, error))
        return false;
    for (size_t f = 0; f < gallery->count; f++)
        if (!write_numbers(gallery->arena, &gallery->figures[f], folder, error))
            return false;
    draw_all(gallery->arena, gallery, folder, subtitle, terminal);
    return true;
}

bool figure_print_csv(const Gallery *gallery, Error *error)
{
    TextBuffer csv = {0};
    text_append_format(&csv, "%s", FIGURE_CSV_HEADER);
    for (size_t f = 0; f < gallery->count; f++)
        figure_append_csv(&gallery->figures[f], &csv);
    bool ok = csv.failed ? fail(error, "out of memory: a table") : true;
    if (ok)
        fwrite(csv.bytes, 1, csv.length, stdout);
    text_buffer_free(&csv);
    return ok;
}
