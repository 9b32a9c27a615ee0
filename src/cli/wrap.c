/* wrap.c: word by word. */
#include "cli/wrap.h"

#include <string.h>

void print_wrapped(FILE *stream, const char *text, size_t indent, size_t width)
{
    size_t column = 0;
    while (*text != '\0') {
        size_t word = strcspn(text, " \n");
        if (column > 0 && column + 1 + word > width) {
            fprintf(stream, "\n%*s", (int)indent, "");
            column = 0;
        } else if (column > 0) {
            fputc(' ', stream);
            column++;
        }
        fprintf(stream, "%.*s", (int)word, text);
        column += word;
        text += word;
        text += strspn(text, " ");
        if (*text == '\n' && *++text != '\0') {
            fprintf(stream, "\n%*s", (int)indent, "");
            column = 0;
        }
    }
    fputc('\n', stream);
}
