/* wrap.h: running text on a terminal. */
#ifndef CLI_WRAP_H
#define CLI_WRAP_H

#include <stddef.h>
#include <stdio.h>

/* Prints a text in lines of at most `width` bytes, broken at spaces, and ends the last one. The
 * first line begins where the cursor is, the others after `indent` spaces. A line break in the text
 * is kept. */
void print_wrapped(FILE *stream, const char *text, size_t indent, size_t width);

#endif
