/* gallery.h: what there is to see, as numbers.
 *
 * A figure is one table of numbers, or several of the same size side by side, its panels: "at the
 * start" and "after training", or one for each head. Every way to show it reads the same numbers:
 * characters on a terminal, a picture, CSV.
 */
#ifndef LAB_INSPECT_GALLERY_H
#define LAB_INSPECT_GALLERY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

typedef enum FigureKind {
    FIGURE_MAP,    /* one colour for each number */
    FIGURE_CURVES, /* a curve for each row */
    FIGURE_TABLE,  /* numbers to be read */
    FIGURE_HANDS,  /* the same, of vectors in a plane: see inspect.h */
} FigureKind;

/* A row or a column is called by its label; where there are none, by its number. */
typedef struct Axis {
    const char *name; /* what it runs over: "position" */
    size_t count;
    long first;                /* the number of the first one */
    const char *const *labels; /* [count], or NULL */
} Axis;

typedef struct Panel {
    const char *title; /* "" where a figure has only one; without a comma, for gnuplot's sake */
    double *values;    /* [rows, columns]; NaN is a place that has no number */
} Panel;

typedef struct Figure {
    const char *name;  /* of its files: "cosines" */
    const char *title; /* "cosine similarity of the position vectors" */
    const char *note;  /* a sentence on what to look for or what was found, or "" */
    FigureKind kind;
    bool own_scales; /* each panel has its own range of colours, not one for all */
    Axis rows, columns;
    Panel *panels;
    size_t n_panels;
    const Panel *summary; /* what stands for all panels where there is little room; or NULL */
} Figure;

/* Figures in the order in which they are to be seen. Starts as {.arena = ...}. */
enum { MAX_FIGURES = 16 };
typedef struct Gallery {
    Arena *arena; /* holds everything in it */
    Figure figures[MAX_FIGURES];
    size_t count;
} Gallery;

/* Adds a copy of a figure, with room for the numbers of all its panels, which have no titles yet.
 * NULL when there is no more memory. */
Figure *gallery_add(Gallery *gallery, Figure figure);

/* The figure of that name, or NULL. */
const Figure *gallery_find(const Gallery *gallery, const char *name);

/* The least and the greatest number of a panel or a figure. False where there is none. */
typedef struct Range {
    double least, greatest;
} Range;
bool panel_range(const Figure *figure, const Panel *panel, Range *range);
bool figure_range(const Figure *figure, Range *range);

/* figure,panel,row,column,value,row_label,column_label: a line for each number, panel by panel, row
 * by row. Without the header. */
#define FIGURE_CSV_HEADER "figure,panel,row,column,value,row_label,column_label\n"
void figure_append_csv(const Figure *figure, TextBuffer *out);

#endif
