/* screen.h: what a person sees of the bytes that go to a terminal.
 *
 * A small screen that does what ECMA-48 says, and fails the test where it does not know a byte or a
 * control sequence. '\n' also returns to the start of the line, as a terminal is told to do.
 */
#ifndef TESTS_SUPPORT_SCREEN_H
#define TESTS_SUPPORT_SCREEN_H

#include "support/check.h"

enum { SCREEN_MOST_ROWS = 24, SCREEN_MOST_COLUMNS = 80 };

typedef struct Screen {
    size_t rows, columns;
    size_t row, column; /* the cursor, from 0 */
    bool coloured;      /* what is written now */
    char cells[SCREEN_MOST_ROWS][SCREEN_MOST_COLUMNS];
    char text[SCREEN_MOST_ROWS * (SCREEN_MOST_COLUMNS + 1) + 1];
} Screen;

/* An empty screen with the cursor at its top. */
Screen screen_open(size_t rows, size_t columns);

/* Writes some bytes on it: ASCII, '\r', '\n', "ESC [ n A", "ESC [ K", "ESC [ J", "ESC [ n m". */
void screen_show(Screen *screen, const char *bytes);

/* Its rows with a '|' behind each, without the blanks at their ends and the empty rows below.
 * Coloured letters are capitals. */
const char *screen_text(Screen *screen);

#endif
