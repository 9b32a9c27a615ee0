/* canvas.h: a page of characters that is filled in any order and then printed. */
#ifndef BASE_CANVAS_H
#define BASE_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

typedef struct CanvasCell {
    uint32_t code_point; /* 0: blank */
    const char *colour;  /* the control sequence before it; NULL: none */
} CanvasCell;

typedef struct Canvas {
    CanvasCell *cells; /* [rows, columns], the top row first */
    size_t rows, columns;
} Canvas;

/* A blank page; false when there is no more memory. */
bool canvas_init(Canvas *canvas, Arena *arena, size_t rows, size_t columns);

/* Writes one character; a colour of "" is none. Outside of the page nothing happens. */
void canvas_put(Canvas *canvas, size_t row, size_t column, uint32_t code_point, const char *colour);

/* Writes a text of UTF-8, at most `most` characters of it, and returns how many there were. Each
 * takes one column. What is not UTF-8, or controls the terminal, is shown as '?'. */
size_t canvas_text(Canvas *canvas, size_t row, size_t column, const char *text, size_t most,
                   const char *colour);

/* The page as lines, without the blanks at their ends. */
void canvas_append(TextBuffer *out, const Canvas *canvas);

#endif
