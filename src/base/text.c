/* text.c: formatting into memory that grows. Of text.h there is also text_names.c and
 * text_numbers.c. */
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *text_format(Arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        return NULL;
    char *text = arena_alloc_raw(arena, (size_t)length + 1, 1);
    if (text == NULL)
        return NULL;
    va_start(arguments, format);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return text;
}

/* Room for `more` bytes and the 0 behind them. The capacity doubles, so that n appended bytes are
 * copied less than 2n times in all. */
static bool make_room(TextBuffer *buffer, size_t more)
{
    if (buffer->failed)
        return false;
    if (more < buffer->capacity - buffer->length)
        return true;
    size_t capacity = buffer->capacity < 64 ? 64 : buffer->capacity;
    while (capacity <= SIZE_MAX / 2 && capacity - buffer->length <= more)
        capacity *= 2;
    char *bytes = capacity <= SIZE_MAX / 2 ? realloc(buffer->bytes, capacity) : NULL;
    if (bytes == NULL) {
        buffer->failed = true;
        return false;
    }
    buffer->bytes = bytes;
    buffer->capacity = capacity;
    return true;
}

void text_append(TextBuffer *buffer, const char *bytes, size_t length)
{
    if (!make_room(buffer, length))
        return;
    if (length > 0)
        memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
    buffer->bytes[buffer->length] = '\0';
}

void text_append_format(TextBuffer *buffer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        buffer->failed = true;
    if (length < 0 || !make_room(buffer, (size_t)length))
        return;
    va_start(arguments, format);
    vsnprintf(buffer->bytes + buffer->length, (size_t)length + 1, format, arguments);
    va_end(arguments);
    buffer->length += (size_t)length;
}

void text_buffer_free(TextBuffer *buffer)
{
    free(buffer->bytes);
    *buffer = (TextBuffer){0};
}

static bool needs_no_quotes(const char *word)
{
    static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                               "-_./=,:+@";
    return word[0] != '\0' && word[strspn(word, safe)] == '\0';
}

/* Within single quotes nothing is special but the quote itself: it'\''s. */
void text_append_quoted(TextBuffer *buffer, const char *word)
{
    if (needs_no_quotes(word)) {
        text_append(buffer, word, strlen(word));
        return;
    }
    text_append(buffer, "'", 1);
    for (; *word != '\0'; word++)
        if (*word == '\'')
            text_append_format(buffer, "'\\''");
        else
            text_append(buffer, word, 1);
    text_append(buffer, "'", 1);
}
