/* wrap.c: word by word. */
#include "cli/wrap.h"

#include <string.h>

#include "base/utf8.h"

/* The length of the first word. A percent sign stays with its number: "95 %" is one. */
static size_t word_length(const char *text)
{
    size_t word = strcspn(text, " \n");
    return strncmp(text + word, " %", 2) == 0 ? word + 1 + strcspn(text + word + 1, " \n") : word;
}

void print_wrapped(FILE *stream, const char *text, size_t indent, size_t width)
{
    size_t column = 0;
    while (*text != '\0') {
        size_t word = word_length(text);
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

bool wrap_next(const char **text, size_t width, WrappedLine *line)
{
    /* So far the line could end at `end`, after `end_columns`, and the next one begin at `next`. */
    const char *at = *text, *end = at, *next = at;
    size_t columns = 0, end_columns = 0;
    bool any = *at != '\0';
    for (; *at != '\0' && *at != '\n'; at++) {
        if (!utf8_continues(*at) && columns == width && *at != ' ')
            break;
        if (*at == ' ') {
            end = at;
            end_columns = columns;
            next = at + 1;
            if (columns == width)
                break;
        }
        columns += !utf8_continues(*at); /* one for each character's first byte */
    }
    if (*at == '\0' || *at == '\n' || end == *text) { /* all is taken, or a word is too long */
        end = at;
        end_columns = columns;
        next = at + (*at == '\n');
    }
    *line = (WrappedLine){*text, (size_t)(end - *text), end_columns};
    *text = next + strspn(next, " ");
    return any;
}
