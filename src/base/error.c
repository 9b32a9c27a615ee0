/* error.c: writes the one line of an Error.
 *
 * A message quotes what came from outside: a file's name, a value, a line of a file. So the line is
 * made safe to print here, once: control characters (a newline, a terminal's escape) and what is no
 * UTF-8 become '?', and what is too long loses its middle. There stands what was quoted: the line
 * begins with what was read and where, and ends with what was expected. */
#include "base/error.h"

#include <assert.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

static const char cut_mark[] = "...";

/* Puts "..." in place of the middle of a text that is too long, and of no part of a character: it
 * then takes at most `size` bytes, the 0 included. */
static void cut_middle(char *text, size_t size)
{
    size_t length = strlen(text), left = size - sizeof cut_mark, mark = sizeof cut_mark - 1;
    assert(length >= size);
    size_t begin = utf8_cut(text, length, left / 2), end = length - (left - left / 2);
    while (utf8_continues(text[end]))
        end++;
    memcpy(text + begin, cut_mark, mark);
    memmove(text + begin + mark, text + end, length - end + 1);
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

/* Of a message of so many bytes, the line holds the beginning already. Where no memory is left to
 * look at the end, it stays at that. */
static void write_long_line(char line[ERROR_TEXT_SIZE], size_t length, const char *format,
                            va_list arguments)
{
    char *whole = malloc(length + 1);
    if (whole == NULL) {
        size_t begin = utf8_cut(line, strlen(line), ERROR_TEXT_SIZE - sizeof cut_mark);
        memcpy(line + begin, cut_mark, sizeof cut_mark);
        return;
    }
    vsnprintf(whole, length + 1, format, arguments);
    cut_middle(whole, ERROR_TEXT_SIZE);
    strcpy(line, whole);
    free(whole);
}

/* The arguments may point into error->text, so the line is complete before it goes there. */
static void write_line(Error *error, const char *format, va_list arguments)
{
    char line[ERROR_TEXT_SIZE];
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(line, sizeof line, format, arguments);
    if (length < 0)
        strcpy(line, "an error whose message could not be written");
    else if ((size_t)length >= sizeof line)
        write_long_line(line, (size_t)length, format, again);
    va_end(again);
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
        cut_middle(prefix.text, room); /* a long path or value must not push the cause out */
    fail(error, "%s: %s", prefix.text, error->text);
    error->kind = kind;
    return false;
}

bool fail_as_work(Error *error)
{
    if (error != NULL)
        error->kind = ERROR_WORK;
    return false;
}
