/* figure.c: a table is a text, and a text is a file. */
#include "lab/claims/figure.h"

#include <math.h>
#include <stdio.h>

#include "base/csv.h"
#include "base/file.h"
#include "lab/palette.h"

/* --- inks --- */

/* The greys of scripts/style.gp, and its dashes and marks: what is no scheme has one of these. */
static Ink grey_ink(size_t number)
{
    enum { DASHES = 5, POINTS = 6 };
    Ink ink = {.dash = 1 + (int)(number % DASHES), .point = 5 + 2 * (int)(number % POINTS)};
    snprintf(ink.hex, sizeof ink.hex, "%s", number % 2 == 0 ? "#666666" : "#222222");
    return ink;
}

/* Series of one scheme are shades of its colour. */
static Ink ink_of(const AnswerFigure *figure, size_t series)
{
    const PosScheme *scheme = figure->series[series].scheme;
    size_t variant = 0, n_variants = 0;
    for (size_t s = 0; s < figure->n_series; s++) {
        bool same = figure->series[s].scheme == scheme;
        variant += same && s < series;
        n_variants += same;
    }
    return scheme ? palette_ink(pos_index(scheme), variant, n_variants) : grey_ink(variant);
}

/* --- tables --- */

static double number_at(const double *numbers, size_t p)
{
    return numbers ? numbers[p] : NAN;
}

static void append_points(TextBuffer *out, const AnswerFigure *figure)
{
    text_append_format(out, "series,x,y,low,high\n");
    for (size_t s = 0; s < figure->n_series; s++) {
        const AnswerSeries *series = &figure->series[s];
        for (size_t p = 0; p < series->count; p++) {
            text_append_format(out, "%zu", s);
            csv_append_next_real(out, series->x[p]);
            csv_append_next_real(out, series->y[p]);
            csv_append_next_real(out, number_at(series->low, p));
            csv_append_next_real(out, number_at(series->high, p));
            text_append_format(out, "\n");
        }
    }
}

static void append_series(TextBuffer *out, const AnswerFigure *figure)
{
    text_append_format(out, "series,name,colour,dash,point,last,low,high\n");
    for (size_t s = 0; s < figure->n_series; s++) {
        const AnswerSeries *series = &figure->series[s];
        Ink ink = ink_of(figure, s);
        size_t last = series->count;
        while (last > 0 && isnan(series->y[last - 1]))
            last--;
        text_append_format(out, "%zu,", s);
        csv_append(out, series->name);
        text_append_format(out, ",%s,%d,%d", ink.hex, ink.dash, ink.point);
        csv_append_next_real(out, last > 0 ? series->y[last - 1] : NAN);
        csv_append_next_real(out, last > 0 ? number_at(series->low, last - 1) : NAN);
        csv_append_next_real(out, last > 0 ? number_at(series->high, last - 1) : NAN);
        text_append_format(out, "\n");
    }
}

static void append_words(TextBuffer *out, const AnswerFigure *figure)
{
    text_append_format(out, "x,word\n");
    for (size_t x = 0; x < figure->n_x_words; x++) {
        text_append_format(out, "%zu,", x);
        csv_append(out, figure->x_words[x]);
        text_append_format(out, "\n");
    }
}

/* --- files --- */

/* A picture of earlier numbers must not stand beside these. */
static void remove_pictures(Arena *arena, const char *folder, const char *name)
{
    static const char *const endings[] = {".svg", ".png"};
    for (size_t e = 0; e < sizeof endings / sizeof *endings; e++) {
        const char *file = text_format(arena, "%s%s", name, endings[e]);
        const char *path = file ? path_join(arena, folder, file) : NULL;
        if (path)
            remove(path); /* most often there is none */
    }
}

bool answer_figure_write(const AnswerFigure *figure, const char *folder, const char *name,
                         Error *error)
{
    static const struct {
        const char *ending;
        void (*append)(TextBuffer *, const AnswerFigure *);
    } tables[] = {
        {".csv", append_points}, {"-series.csv", append_series}, {"-words.csv", append_words}};
    Arena arena = {0};
    bool ok = true;
    remove_pictures(&arena, folder, name);
    for (size_t t = 0; ok && t < sizeof tables / sizeof *tables; t++) {
        TextBuffer text = {0};
        const char *file = text_format(&arena, "%s%s", name, tables[t].ending);
        const char *path = file ? path_join(&arena, folder, file) : NULL;
        tables[t].append(&text, figure);
        ok = path && !text.failed ? file_write(path, text.bytes, text.length, error)
                                  : fail(error, "out of memory: the figure of %s", name);
        text_buffer_free(&text);
    }
    arena_free(&arena);
    return ok;
}
