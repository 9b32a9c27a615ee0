/* terminal.h: what a person sees while something runs.
 *
 * On a terminal the lines of progress are redrawn in place; elsewhere (a file, a pipe, TERM=dumb)
 * each line that is due is printed once. Colour is used only where it is seen and NO_COLOR is not
 * set.
 */
#ifndef BASE_TERMINAL_H
#define BASE_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/error.h"

typedef struct Terminal {
    FILE *stream;
    bool live;         /* lines can be redrawn */
    bool colour;       /* and coloured */
    bool unicode;      /* the locale's encoding is UTF-8: block characters can be shown */
    size_t columns;    /* 80 where nobody says */
    size_t live_lines; /* that stand and wait to be overwritten */
} Terminal;

Terminal terminal_open(FILE *stream);

/* Redraws the live line, in the place of whatever is live (cut to the width; colours take none of
 * it); does nothing where lines cannot be redrawn. */
void terminal_live(Terminal *terminal, const char *line);

/* The same for several lines, the board; their number may change each time, and none clears it. Of
 * more lines than the window has rows, the first ones that fit are shown, and the very last. */
void terminal_board(Terminal *terminal, const char *const *lines, size_t count);

/* Prints a line that stays; live ones are cleared first. The second takes a format, as printf. */
void terminal_line(Terminal *terminal, const char *line);
void terminal_printf(Terminal *terminal, const char *format, ...) PRINTF_LIKE(2, 3);

/* Ends the live lines, if there are any: they stay, and other output starts on a fresh line. */
void terminal_close_line(Terminal *terminal);

/* The values as a row of at most `columns` bars, the lowest as the shortest: █▆▃▂▁, or digits
 * 0 ... 9 without Unicode. Where there are more values than columns, a bar is the mean of its share
 * of them. What is not finite does not count, and a bar of nothing else is left blank. The result
 * is cut to `size` bytes and always ends in 0. */
void sparkline(char *out, size_t size, const double *values, size_t count, size_t columns,
               bool unicode);

/* Seconds on a clock that goes on when somebody sets the time of day. (One of a virtual machine may
 * jump all the same.) */
double clock_seconds(void);

#endif
