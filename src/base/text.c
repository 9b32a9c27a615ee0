/* text.c: formatting into memory that grows, names that are nearly right, and numbers to and from
 * text.
 *
 * The program never calls setlocale, so printf and strtod use the decimal point everywhere. */
#include "base/text.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_COMPARED = 64 };

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

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool same_character(char a, char b)
{
    a = a == '-' ? '_' : a;
    b = b == '-' ? '_' : b;
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Optimal string alignment. cost[i][j] is the distance of the first i characters of a from the
 * first j of b: the last step to there deleted a character, inserted one, replaced one (or found
 * it the same), or swapped two neighbours. A row needs only the two rows before it. */
size_t text_distance(const char *a, const char *b)
{
    size_t a_length = strlen(a), b_length = strlen(b);
    if (a_length > MAX_COMPARED || b_length > MAX_COMPARED)
        return larger(a_length, b_length);
    size_t rows[3][MAX_COMPARED + 1];
    size_t *before = rows[0], *previous = rows[1], *row = rows[2];
    for (size_t j = 0; j <= b_length; j++)
        previous[j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t replaced = previous[j - 1] + !same_character(a[i - 1], b[j - 1]);
            row[j] = smaller(replaced, smaller(previous[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && same_character(a[i - 1], b[j - 2]) &&
                same_character(a[i - 2], b[j - 1]))
                row[j] = smaller(row[j], before[j - 2] + 1);
        }
        size_t *oldest = before;
        before = previous;
        previous = row;
        row = oldest;
    }
    return previous[b_length];
}

const char *text_nearest(const char *typed, const char *const *names, size_t count)
{
    const char *nearest = NULL;
    size_t least = SIZE_MAX;
    for (size_t n = 0; n < count; n++) {
        size_t distance = text_distance(typed, names[n]);
        bool near_enough = 3 * distance <= larger(strlen(typed), strlen(names[n]));
        if (near_enough && distance < least) {
            nearest = names[n];
            least = distance;
        }
    }
    return nearest;
}

bool text_to_size(const char *text, size_t *value)
{
    size_t sum = 0;
    if (*text == '\0')
        return false;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at < '0' || *at > '9')
            return false;
        size_t digit = (size_t)(*at - '0');
        if (sum > (SIZE_MAX - digit) / 10)
            return false;
        sum = 10 * sum + digit;
    }
    *value = sum;
    return true;
}

/* Moves past digits and returns how many there were. */
static size_t skip_digits(const char **at)
{
    const char *start = *at;
    while (**at >= '0' && **at <= '9')
        ++*at;
    return (size_t)(*at - start);
}

/* strtod alone would take too much (white space, "inf", "0x1p3", "12abc"), so the form is checked
 * first: [sign] digits [. digits] [e [sign] digits]. */
static bool is_decimal(const char *text)
{
    const char *at = text;
    if (*at == '+' || *at == '-')
        at++;
    size_t digits = skip_digits(&at);
    if (*at == '.') {
        at++;
        digits += skip_digits(&at);
    }
    if (digits == 0)
        return false;
    if (*at == 'e' || *at == 'E') {
        at++;
        if (*at == '+' || *at == '-')
            at++;
        if (skip_digits(&at) == 0)
            return false;
    }
    return *at == '\0';
}

/* 1e999 is too large to be read, and 1e-999 too small: it would silently become 0. */
bool text_to_real(const char *text, double *value)
{
    if (!is_decimal(text))
        return false;
    char *end = NULL;
    double number = strtod(text, &end);
    if (*end != '\0' || !isfinite(number))
        return false;
    size_t exponent = strcspn(text, "eE"), first_nonzero_digit = strcspn(text, "123456789");
    if (number == 0 && first_nonzero_digit < exponent)
        return false;
    *value = number;
    return true;
}

char *text_thousands(char buffer[TEXT_NUMBER_SIZE], uint64_t value)
{
    char digits[TEXT_NUMBER_SIZE];
    int count = snprintf(digits, sizeof digits, "%" PRIu64, value);
    char *out = buffer;
    for (int place = 0; place < count; place++) {
        if (place > 0 && (count - place) % 3 == 0)
            *out++ = ',';
        *out++ = digits[place];
    }
    *out = '\0';
    return buffer;
}

/* The unit is chosen by what will be printed: 1023.95 KiB would be rounded to "1024.0 KiB". */
char *text_bytes(char buffer[TEXT_NUMBER_SIZE], uint64_t bytes)
{
    static const char *const units[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    if (bytes < 1024) {
        snprintf(buffer, TEXT_NUMBER_SIZE, "%" PRIu64 " B", bytes);
        return buffer;
    }
    double value = (double)bytes / 1024;
    size_t unit = 0;
    while (value >= 1023.95 && unit + 1 < sizeof units / sizeof units[0]) {
        value /= 1024;
        unit++;
    }
    snprintf(buffer, TEXT_NUMBER_SIZE, "%.1f %s", value, units[unit]);
    return buffer;
}

/* `format` takes the decimals and the value. */
static NumberText number_text(const char *format, int decimals, double value)
{
    NumberText number = {"not known"};
    if (isnan(value))
        return number;
    snprintf(number.text, sizeof number.text, format, decimals, value);
    size_t sign = strspn(number.text, "+-"), length = strlen(number.text);
    if (strspn(number.text + sign, "0.") == length - sign)
        memmove(number.text, number.text + sign, length - sign + 1);
    return number;
}

NumberText text_decimal(double value, int decimals)
{
    return number_text("%.*f", decimals, value);
}

NumberText text_change(double value, int decimals)
{
    return number_text("%+.*f", decimals, value);
}

char *text_duration(char buffer[TEXT_NUMBER_SIZE], double seconds)
{
    if (!(seconds >= 0 && seconds < 1e12)) {
        snprintf(buffer, TEXT_NUMBER_SIZE, "?");
        return buffer;
    }
    uint64_t whole = (uint64_t)(seconds + 0.5);
    uint64_t hours = whole / 3600, minutes = whole / 60 % 60;
    if (whole < 60)
        snprintf(buffer, TEXT_NUMBER_SIZE, "%" PRIu64 " s", whole);
    else if (whole < 3600)
        snprintf(buffer, TEXT_NUMBER_SIZE, "%" PRIu64 " min %02" PRIu64 " s", minutes, whole % 60);
    else
        snprintf(buffer, TEXT_NUMBER_SIZE, "%" PRIu64 " h %02" PRIu64 " min", hours, minutes);
    return buffer;
}
