/* text_numbers.c: the part of text.h about numbers, from text and to text.
 *
 * The program never calls setlocale, so printf and strtod use the decimal point everywhere. */
#include "base/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- from text --- */

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

/* --- to text --- */

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

/* `format` takes the decimals and the value. What was written may consist of zeros: "-0.00" and
 * "+0.00" lose their sign. */
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

NumberText text_short(double value)
{
    NumberText number = {"nan"};
    if (!isnan(value))
        snprintf(number.text, sizeof number.text, "%g", value);
    return number;
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
