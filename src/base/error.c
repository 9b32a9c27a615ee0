/* error.c: writes the one line of an Error.
 *
 * A message quotes what came from outside: a file's name, a value, a line of a file. So the line is
 * made safe to print here, once: control characters (a newline, a terminal's escape) and what is no
 * UTF-8 become '?', and what is too long is cut between two characters, never inside one. */
#include "base/error.h"

#include <assert.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

static const char cut_mark[] = "...";

/* Ends a line that is too long with "...": it then takes at most `size` bytes, the 0 included. */
static void mark_cut(char *line, size_t size)
{
    size_t end = size - sizeof cut_mark;
    while (end > 0 && utf8_continues(line[end]))
        end--;
    memcpy(line + end, cut_mark, sizeof cut_mark);
}

static void replace_controls(char *line)
{
    for (size_t length = strlen(line); length > 0;) {
        uint32_t code_point;
        size_t bytes = utf8_decode(line, length, &code_point);
        bool printable = bytes > 0 && !utf8_is_control(code_point);
        if (bytes == 0)
            bytes = 1;
        if (!printable)
            memset(line, '?', bytes);
        line += bytes;
        length -= bytes;
    }
}

/* The arguments may point into error->text, so the line is complete before it goes there. */
static void write_line(Error *error, const char *format, va_list arguments)
{
    char line[ERROR_TEXT_SIZE];
    int length = vsnprintf(line, sizeof line, format, arguments);
    if (length < 0)
        strcpy(line, "an error whose message could not be written");
    else if ((size_t)length >= sizeof line)
        mark_cut(line, sizeof line);
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

/* The room for a prefix, its 0 included: what the cause and the ": " before it leave, but at least
 * half of the line. */
static size_t prefix_room(size_t cause_length)
{
    size_t half = ERROR_TEXT_SIZE / 2, rest = ERROR_TEXT_SIZE - strlen(": ");
    return cause_length < rest - half ? rest - cause_length : half;
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
    size_t room = prefix_room(strlen(error->text));
    if (strlen(prefix.text) >= room)
        mark_cut(prefix.text, room); /* a long path or value must not push the cause out */
    fail(error, "%s: %s", prefix.text, error->text);
    error->kind = kind;
    return false;
}
