/* screen.c: a grid of letters and a cursor. */
#include "support/screen.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

Screen screen_open(size_t rows, size_t columns)
{
    assert_true(rows <= SCREEN_MOST_ROWS && columns <= SCREEN_MOST_COLUMNS);
    Screen screen = {.rows = rows, .columns = columns};
    memset(screen.cells, ' ', sizeof screen.cells);
    return screen;
}

/* The text moves up where the cursor cannot move down. */
static void new_line(Screen *screen)
{
    screen->column = 0;
    if (screen->row + 1 < screen->rows) {
        screen->row++;
        return;
    }
    memmove(screen->cells[0], screen->cells[1], screen->row * sizeof screen->cells[0]);
    memset(screen->cells[screen->row], ' ', SCREEN_MOST_COLUMNS);
}

static void put_letter(Screen *screen, char letter)
{
    if (screen->column == screen->columns)
        new_line(screen);
    screen->cells[screen->row][screen->column++] =
        (char)(screen->coloured ? toupper((unsigned char)letter) : letter);
}

static void clear_line(Screen *screen)
{
    memset(&screen->cells[screen->row][screen->column], ' ', screen->columns - screen->column);
}

static void clear_all_below(Screen *screen)
{
    clear_line(screen);
    for (size_t row = screen->row + 1; row < screen->rows; row++)
        memset(screen->cells[row], ' ', SCREEN_MOST_COLUMNS);
}

/* Up stands for one row where it says 0, or nothing; nobody gets above the first one. */
static void move_up(Screen *screen, size_t rows)
{
    rows = rows > 0 ? rows : 1;
    screen->row -= rows < screen->row ? rows : screen->row;
}

/* "ESC [ number letter", without what stands in front of the number. Returns what follows. */
static const char *control(Screen *screen, const char *at)
{
    char *letter;
    size_t number = strtoul(at, &letter, 10);
    if (*letter == 'A')
        move_up(screen, number);
    else if (*letter == 'K' && number == 0)
        clear_line(screen);
    else if (*letter == 'J' && number == 0)
        clear_all_below(screen);
    else if (*letter == 'm')
        screen->coloured = number != 0;
    else
        fail_msg("the screen does not know ESC [ %s", at);
    return letter + 1;
}

void screen_show(Screen *screen, const char *bytes)
{
    while (*bytes != '\0') {
        char byte = *bytes++;
        if (byte == '\r')
            screen->column = 0;
        else if (byte == '\n')
            new_line(screen);
        else if (byte == '\033' && *bytes == '[')
            bytes = control(screen, bytes + 1);
        else if (isprint((unsigned char)byte))
            put_letter(screen, byte);
        else
            fail_msg("the screen does not know the byte %d", byte);
    }
}

const char *screen_text(Screen *screen)
{
    size_t length = 0, end = 0;
    for (size_t row = 0; row < screen->rows; row++) {
        size_t columns = screen->columns;
        while (columns > 0 && screen->cells[row][columns - 1] == ' ')
            columns--;
        memcpy(screen->text + length, screen->cells[row], columns);
        length += columns;
        screen->text[length++] = '|';
        end = columns > 0 ? length : end;
    }
    screen->text[end] = '\0';
    return screen->text;
}
