/* canvas.c: characters by row and column. */
#include "base/canvas.h"

#include <string.h>

#include "base/utf8.h"

#define PLAIN_COLOUR "\033[0m"

bool canvas_init(Canvas *canvas, Arena *arena, size_t rows, size_t columns)
{
    CanvasCell *cells = NULL;
    if (columns == 0 || rows <= SIZE_MAX / columns)
        cells = arena_alloc(arena, rows * columns, sizeof *cells);
    *canvas = (Canvas){.cells = cells, .rows = rows, .columns = columns};
    return cells != NULL;
}

void canvas_put(Canvas *canvas, size_t row, size_t column, uint32_t code_point, const char *colour)
{
    bool is_coloured = colour != NULL && colour[0] != '\0';
    if (row < canvas->rows && column < canvas->columns)
        canvas->cells[row * canvas->columns + column] =
            (CanvasCell){code_point, is_coloured ? colour : NULL};
}

size_t canvas_text(Canvas *canvas, size_t row, size_t column, const char *text, size_t most,
                   const char *colour)
{
    size_t count = 0, length = strlen(text), at = 0;
    while (at < length && count < most) {
        uint32_t code_point = '?';
        size_t bytes = utf8_decode(text + at, length - at, &code_point);
        canvas_put(canvas, row, column + count, utf8_is_control(code_point) ? '?' : code_point,
                   colour);
        at += bytes > 0 ? bytes : 1;
        count++;
    }
    return count;
}

static bool is_blank(const CanvasCell *cell)
{
    return cell->code_point == 0 || cell->code_point == ' ';
}

/* A colour stands until another is needed: a blank shows none, so it goes with its neighbours. */
static void append_row(TextBuffer *out, const CanvasCell *cells, size_t columns)
{
    while (columns > 0 && is_blank(&cells[columns - 1]))
        columns--;
    const char *colour = NULL;
    for (size_t column = 0; column < columns; column++) {
        const CanvasCell *cell = &cells[column];
        if (!is_blank(cell) && cell->colour != colour) {
            const char *next = cell->colour != NULL ? cell->colour : PLAIN_COLOUR;
            text_append(out, next, strlen(next));
            colour = cell->colour;
        }
        char bytes[UTF8_MAX_BYTES];
        text_append(out, bytes, utf8_encode(is_blank(cell) ? ' ' : cell->code_point, bytes));
    }
    if (colour != NULL)
        text_append(out, PLAIN_COLOUR, strlen(PLAIN_COLOUR));
    text_append(out, "\n", 1);
}

void canvas_append(TextBuffer *out, const Canvas *canvas)
{
    for (size_t row = 0; row < canvas->rows; row++)
        append_row(out, canvas->cells + row * canvas->columns, canvas->columns);
}
