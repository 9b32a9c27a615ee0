/* wrap.h: running text on a terminal. */
#ifndef CLI_WRAP_H
#define CLI_WRAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Prints a text in lines of at most `width` bytes, broken at spaces, and ends the last one. The
 * first line begins where the cursor is, the others after `indent` spaces. A line break in the text
 * is kept. */
void print_wrapped(FILE *stream, const char *text, size_t indent, size_t width);

/* A line of a text on its way through it. */
typedef struct WrappedLine {
    const char *text;       /* not ended by 0 */
    size_t length, columns; /* bytes, and the characters that they are */
} WrappedLine;

/* Takes the next line of at most `width` columns off *text, broken at spaces; a longer word is
 * broken where it has to be. False, and an empty line, at its end. */
bool wrap_next(const char **text, size_t width, WrappedLine *line);

#endif
