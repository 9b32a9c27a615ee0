/* diagnosis.c: one question about the numbers after the other, until one is answered with yes. */
#include "support/diagnosis_parts.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "support/diagnosis_lines.h"

size_t numbers_count(const Numbers *n)
{
    return n->rows * n->width;
}

double numbers_largest(const Numbers *n)
{
    double largest = 0;
    for (size_t i = 0; i < numbers_count(n); i++)
        largest = fmax(largest, fabs(n->expected[i]));
    return largest;
}

bool numbers_near(const Numbers *n, double a, double b, double size)
{
    return fabs(a - b) <= n->tolerance * size;
}

bool number_is_right(const Numbers *n, size_t i)
{
    double largest = numbers_largest(n);
    return numbers_near(n, n->got[i], n->expected[i], largest > 0 ? largest : 1);
}

/* --- words --- */

bool diagnosis_say(char words[DIAGNOSIS_SIZE], const char *format, ...)
{
    va_list arguments;
    size_t length = strlen(words);
    va_start(arguments, format);
    vsnprintf(words + length, DIAGNOSIS_SIZE - length, format, arguments);
    va_end(arguments);
    return true;
}

const char *numbers_row_word(const Numbers *n)
{
    return n->row ? n->row : "row";
}

const char *numbers_column_word(const Numbers *n)
{
    return n->column ? n->column : "column";
}

/* "dx[1,3]", "db[3]", "loss" */
static void say_place(const Numbers *n, size_t i, char words[DIAGNOSIS_SIZE])
{
    diagnosis_say(words, "%s", n->name);
    if (n->rows > 1 && n->width > 1)
        diagnosis_say(words, "[%zu,%zu]", i / n->width, i % n->width);
    else if (numbers_count(n) > 1)
        diagnosis_say(words, "[%zu]", i);
}

void diagnosis_example(const Numbers *n, char words[DIAGNOSIS_SIZE])
{
    size_t first = 0;
    while (first + 1 < numbers_count(n) && number_is_right(n, first))
        first++;
    diagnosis_say(words, "; ");
    say_place(n, first, words);
    diagnosis_say(words, " = %.5g: expected %.5g", n->got[first], n->expected[first]);
}

/* --- questions --- */

static bool is_no_number(const Numbers *n, char words[DIAGNOSIS_SIZE])
{
    size_t bad = 0, first = 0;
    for (size_t i = numbers_count(n); i-- > 0;)
        if (!isfinite(n->got[i])) {
            bad++;
            first = i;
        }
    if (bad == 0)
        return false;
    say_place(n, first, words);
    return diagnosis_say(words, " is %s (so are %zu of %zu numbers): %s",
                         isnan(n->got[first]) ? "not a number" : "infinite", bad, numbers_count(n),
                         n->not_a_number ? n->not_a_number
                                         : "something is divided by 0, or never set");
}

static bool is_zero(const Numbers *n, char words[DIAGNOSIS_SIZE])
{
    for (size_t i = 0; i < numbers_count(n); i++)
        if (n->got[i] != 0)
            return false;
    diagnosis_say(words, numbers_count(n) > 1 ? "0 everywhere" : "0");
    diagnosis_example(n, words);
    return true;
}

static bool is_guessed(const Numbers *n, char words[DIAGNOSIS_SIZE])
{
    for (size_t g = 0; g < MAX_GUESSES && n->guesses[g].words; g++) {
        Numbers other = *n;
        other.expected = n->guesses[g].numbers;
        bool fits = true;
        for (size_t i = 0; fits && i < numbers_count(n); i++)
            fits = number_is_right(&other, i);
        if (!fits)
            continue;
        diagnosis_say(words, "%s", n->guesses[g].words);
        diagnosis_example(n, words);
        return true;
    }
    return false;
}

/* got = expected + c, one c for each row, and not only what rounding makes of it; *same: the same
 * for all rows. */
static bool rows_are_off_by(const Numbers *n, bool *same)
{
    double size = numbers_largest(n), first = n->got[0] - n->expected[0], most = 0;
    *same = true;
    for (size_t i = 0; i < numbers_count(n); i++) {
        size_t start = i - i % n->width;
        double off = n->got[i] - n->expected[i], of_row = n->got[start] - n->expected[start];
        if (!numbers_near(n, off, of_row, 4 * size))
            return false;
        *same = *same && numbers_near(n, off, first, 4 * size);
        most = fmax(most, fabs(off));
    }
    return n->width > 1 && most > 40 * n->tolerance * size;
}

static bool is_off_by_a_term(const Numbers *n, char words[DIAGNOSIS_SIZE])
{
    bool same;
    if (!rows_are_off_by(n, &same))
        return false;
    if (same)
        diagnosis_say(words,
                      "%.5g too much everywhere: a term is missing, or is there once too often",
                      n->got[0] - n->expected[0]);
    else
        diagnosis_say(
            words,
            "within a %s all numbers are off by the same: a term that is one for the whole %s is "
            "missing or wrong",
            numbers_row_word(n), numbers_row_word(n));
    diagnosis_example(n, words);
    return true;
}

/* --- where it is right --- */

static bool is_wrong(const void *context, size_t row, size_t column)
{
    const Numbers *n = context;
    return !number_is_right(n, row * n->width + column);
}

static void say_where(const Numbers *n, char words[DIAGNOSIS_SIZE])
{
    char common[80] = "wrong"; /* what the wrong ones are */
    size_t wrong = 0, count = numbers_count(n);
    double c;
    bool alike = numbers_have_factor(n, true, &c);
    for (size_t i = 0; i < count; i++)
        wrong += !number_is_right(n, i);
    if (alike && c == 0)
        snprintf(common, sizeof common, "0");
    else if (alike && fabs(c + 1) < 1e-3)
        snprintf(common, sizeof common, "right but for the sign");
    else if (alike && c > 0)
        snprintf(common, sizeof common, "%.4g times too %s", c > 1 ? c : 1 / c,
                 c > 1 ? "large" : "small");
    else
        alike = false;
    const WrongPlaces places = {n->rows,  n->width, numbers_row_word(n), numbers_column_word(n),
                                is_wrong, n};
    if (!lines_in_words(&places, words, DIAGNOSIS_SIZE))
        diagnosis_say(words, "%zu of %zu numbers are %s", wrong, count, common);
    else if (alike)
        diagnosis_say(words, ": these are %s", common);
    diagnosis_example(n, words);
}

bool diagnose(const Numbers *numbers, char words[DIAGNOSIS_SIZE])
{
    size_t right = 0;
    words[0] = '\0';
    for (size_t i = 0; i < numbers_count(numbers); i++)
        right += number_is_right(numbers, i);
    if (right == numbers_count(numbers))
        return diagnosis_say(words, right > 1 ? "right, all %zu numbers" : "right", right);
    if (!is_no_number(numbers, words) && !is_zero(numbers, words) && !is_guessed(numbers, words) &&
        !numbers_are_scaled(numbers, words) && !numbers_are_off_in_terms(numbers, words) &&
        !numbers_are_moved(numbers, words) && !is_off_by_a_term(numbers, words))
        say_where(numbers, words);
    return false;
}
