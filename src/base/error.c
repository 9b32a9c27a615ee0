/* error.c: writes the one line of an Error.
 *
 * A message quotes what came from outside: a file's name, a value, a line of a file. So the line is
 * made safe to print here, once: control characters (a newline, a terminal's escape) become '?',
 * and what is too long is cut between two characters, never inside one of UTF-8. */
#include "base/error.h"

#include <assert.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

static const char cut_mark[] = "...";

static void mark_cut(char line[ERROR_TEXT_SIZE])
{
    size_t end = ERROR_TEXT_SIZE - sizeof cut_mark;
    while (end > 0 && utf8_continues(line[end]))
        end--;
    memcpy(line + end, cut_mark, sizeof cut_mark);
}

static void replace_controls(char *line)
{
    for (char *at = line; *at != '\0'; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            *at = '?';
}

/* The arguments may point into error->text, so the line is complete before it goes there. */
static void write_line(Error *error, const char *format, va_list arguments)
{
    char line[ERROR_TEXT_SIZE];
    int length = vsnprintf(line, sizeof line, format, arguments);
    if (length < 0)
        strcpy(line, "an error whose message could not be written");
    else if ((size_t)length >= sizeof line)
        mark_cut(line);
    replace_controls(line);
    memcpy(error->text, line, sizeof line);
}

bool fail(Error *error, const char *format, ...)
{
    if (error == NULL)
        return false;
    va_list arguments;
    va_start(arguments, format);
    write_line(error, format, arguments);
    va_end(arguments);
    error->kind = ERROR_WORK;
    return false;
}

bool fail_request(Error *error, const char *format, ...)
{
    if (error == NULL)
        return false;
    va_list arguments;
    va_start(arguments, format);
    write_line(error, format, arguments);
    va_end(arguments);
    error->kind = ERROR_REQUEST;
    return false;
}

bool fail_within(Error *error, const char *format, ...)
{
    if (error == NULL)
        return false;
    assert(error->kind != ERROR_NONE);
    ErrorKind kind = error->kind;
    Error prefix;
    va_list arguments;
    va_start(arguments, format);
    write_line(&prefix, format, arguments);
    va_end(arguments);
    fail(error, "%s: %s", prefix.text, error->text);
    error->kind = kind;
    return false;
}
