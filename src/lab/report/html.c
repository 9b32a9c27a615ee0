/* html.c: escapes character by character. */
#include "lab/report/html.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* What stands for an ASCII character; NULL: itself. */
static const char *stand_in(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    case '\t':
    case '\n':
        return NULL;
    default:
        return (unsigned char)c < ' ' || c == '\177' ? REPLACEMENT : NULL;
    }
}

/* The control characters U+0080 ... U+009F, which no browser shows, count as such, too. */
void html_append(TextBuffer *out, const char *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        uint32_t code_point;
        size_t n = utf8_decode(text + at, length - at, &code_point);
        const char *instead = n == 1 ? stand_in(text[at]) : NULL;
        if (n == 0 || (code_point >= 0x80 && code_point < 0xa0))
            instead = REPLACEMENT;
        if (instead)
            text_append_format(out, "%s", instead);
        else
            text_append(out, text + at, n);
        at += n > 0 ? n : 1;
    }
}

void html_append_format(TextBuffer *out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = length < 0 ? NULL : malloc((size_t)length + 1);
    if (!text) {
        out->failed = true;
        return;
    }
    va_start(arguments, format);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    html_append(out, text, (size_t)length);
    free(text);
}
