/* wrap.c: word by word. */
#include "cli/wrap.h"

#include <string.h>

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

/* The first byte of a character in UTF-8, not one of those behind it. */
static bool begins_character(char byte)
{
    return ((unsigned char)byte & 0xc0) != 0x80;
}

bool wrap_next(const char **text, size_t width, WrappedLine *line)
{
    const char *at = *text, *last = at, *next = at; /* where a line may end, and the next begin */
    size_t columns = 0, before = 0;                 /* `before`: columns up to `last` */
    bool any = *at != '\0';
    for (; *at != '\0' && *at != '\n'; at++) {
        if (begins_character(*at) && columns == width && *at != ' ')
            break;
        if (*at == ' ') {
            last = at;
            before = columns;
            next = at + 1;
            if (columns == width)
                break;
        }
        columns += begins_character(*at);
    }
    if (*at == '\0' || *at == '\n' || last == *text) { /* all of it, or a word without end */
        last = at;
        before = columns;
        next = at + (*at == '\n');
    }
    *line = (WrappedLine){*text, (size_t)(last - *text), before};
    *text = next + strspn(next, " ");
    return any;
}
