/* diagnosis.c: one question about the numbers after the other, until one is answered with yes. */
#include "support/diagnosis.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "support/diagnosis_lines.h"

static size_t count_of(const Numbers *n)
{
    return n->rows * n->width;
}

static double largest_expected(const Numbers *n)
{
    double largest = 0;
    for (size_t i = 0; i < count_of(n); i++)
        largest = fmax(largest, fabs(n->expected[i]));
    return largest;
}

/* Is a as good as b, among numbers of this size? Never with a NaN. */
static bool near(const Numbers *n, double a, double b, double size)
{
    return fabs(a - b) <= n->tolerance * size;
}

static bool is_right(const Numbers *n, size_t i)
{
    double largest = largest_expected(n);
    return near(n, n->got[i], n->expected[i], largest > 0 ? largest : 1);
}

/* --- words --- */

static bool say(char words[DIAGNOSIS_SIZE], const char *format, ...)
{
    va_list arguments;
    size_t length = strlen(words);
    va_start(arguments, format);
    vsnprintf(words + length, DIAGNOSIS_SIZE - length, format, arguments);
    va_end(arguments);
    return true;
}

static const char *row_word(const Numbers *n)
{
    return n->row ? n->row : "row";
}

static const char *column_word(const Numbers *n)
{
    return n->column ? n->column : "column";
}

/* "dx[1,3]", "db[3]", "loss" */
static void say_place(const Numbers *n, size_t i, char words[DIAGNOSIS_SIZE])
{
    say(words, "%s", n->name);
    if (n->rows > 1 && n->width > 1)
        say(words, "[%zu,%zu]", i / n->width, i % n->width);
    else if (count_of(n) > 1)
        say(words, "[%zu]", i);
}

/* The first number that is wrong. */
static void say_example(const Numbers *n, char words[DIAGNOSIS_SIZE])
{
    size_t first = 0;
    while (first + 1 < count_of(n) && is_right(n, first))
        first++;
    say(words, "; ");
    say_place(n, first, words);
    say(words, " = %.5g: expected %.5g", n->got[first], n->expected[first]);
}

/* --- questions --- */

static bool is_no_number(const Numbers *n, char words[DIAGNOSIS_SIZE])
{
    size_t bad = 0, first = 0;
    for (size_t i = count_of(n); i-- > 0;)
        if (!isfinite(n->got[i])) {
            bad++;
            first = i;
        }
    if (bad == 0)
        return false;
    say_place(n, first, words);
    return say(words, " is %s (so are %zu of %zu numbers): something is divided by 0, or never set",
               isnan(n->got[first]) ? "not a number" : "infinite", bad, count_of(n));
}

static bool is_zero(const Numbers *n, char words[DIAGNOSIS_SIZE])
{
    for (size_t i = 0; i < count_of(n); i++)
        if (n->got[i] != 0)
            return false;
    say(words, count_of(n) > 1 ? "0 everywhere" : "0");
    say_example(n, words);
    return true;
}

static bool is_guessed(const Numbers *n, char words[DIAGNOSIS_SIZE])
{
    for (size_t g = 0; g < MAX_GUESSES && n->guesses[g].words; g++) {
        Numbers other = *n;
        other.expected = n->guesses[g].numbers;
        bool fits = true;
        for (size_t i = 0; fits && i < count_of(n); i++)
            fits = is_right(&other, i);
        if (!fits)
            continue;
        say(words, "%s", n->guesses[g].words);
        say_example(n, words);
        return true;
    }
    return false;
}

/* The factor c for which got = c expected; 0: there is none. */
static double common_factor(const Numbers *n)
{
    double product = 0, square = 0;
    size_t counts = 0;
    for (size_t i = 0; i < count_of(n); i++) {
        product += n->got[i] * n->expected[i];
        square += n->expected[i] * n->expected[i];
        counts += n->expected[i] != 0;
    }
    double c = square > 0 && counts > 1 ? product / square : 0;
    for (size_t i = 0; i < count_of(n); i++)
        if (!near(n, n->got[i], c * n->expected[i], fabs(c) * largest_expected(n)))
            return 0;
    return c;
}

/* The same numbers by a little: then it is no factor of a formula. */
static const double SMALLEST_FACTOR = 1e-3;

static bool is_scaled(const Numbers *n, char words[DIAGNOSIS_SIZE])
{
    double c = common_factor(n), size = fabs(c);
    if (c == 0 || fabs(size - 1) < SMALLEST_FACTOR) {
        if (c < 0) {
            say(words, "the sign is the other way round");
            say_example(n, words);
        }
        return c < 0;
    }
    say(words, "%severy number is %.4g times too %s",
        c < 0 ? "the sign is the other way round, and " : "", size > 1 ? size : 1 / size,
        size > 1 ? "large" : "small");
    for (size_t f = 0; f < MAX_FACTORS && n->factors[f].words; f++) {
        double factor = n->factors[f].value;
        if (fabs(size / factor - 1) < SMALLEST_FACTOR ||
            fabs(size * factor - 1) < SMALLEST_FACTOR) {
            say(words, ", which is %s", n->factors[f].words);
            break;
        }
    }
    say_example(n, words);
    return true;
}

/* Where the number comes from that should stand at (row, column); false: from nowhere. */
typedef bool (*Source)(const Numbers *n, size_t row, size_t column, size_t *from);

static bool from_transposed(const Numbers *n, size_t row, size_t column, size_t *from)
{
    size_t place = row * n->width + column; /* in a matrix [width, rows], row by row */
    *from = place % n->rows * n->width + place / n->rows;
    return true;
}

static bool from_row_before(const Numbers *n, size_t row, size_t column, size_t *from)
{
    *from = (row - 1) * n->width + column;
    return row > 0;
}

static bool from_row_after(const Numbers *n, size_t row, size_t column, size_t *from)
{
    *from = (row + 1) * n->width + column;
    return row + 1 < n->rows;
}

static bool from_column_before(const Numbers *n, size_t row, size_t column, size_t *from)
{
    *from = row * n->width + column - 1;
    return column > 0;
}

static bool from_column_after(const Numbers *n, size_t row, size_t column, size_t *from)
{
    *from = row * n->width + column + 1;
    return column + 1 < n->width;
}

static bool comes_from(const Numbers *n, Source source)
{
    double largest = largest_expected(n);
    size_t found = 0;
    for (size_t i = 0; i < count_of(n); i++) {
        size_t from;
        if (!source(n, i / n->width, i % n->width, &from))
            continue;
        if (!near(n, n->got[i], n->expected[from], largest))
            return false;
        found++;
    }
    return found > 1;
}

static bool is_moved(const Numbers *n, char words[DIAGNOSIS_SIZE])
{
    const char *row = row_word(n), *column = column_word(n);
    if (n->rows > 1 && n->width > 1 && comes_from(n, from_transposed))
        say(words, "transposed: the numbers of [i,j] stand at [j,i]");
    else if (comes_from(n, from_row_before))
        say(words, "off by one: each %s holds what belongs to the %s before it", row, row);
    else if (comes_from(n, from_row_after))
        say(words, "off by one: each %s holds what belongs to the %s after it", row, row);
    else if (comes_from(n, from_column_before))
        say(words, "off by one: each %s holds what belongs to the %s before it", column, column);
    else if (comes_from(n, from_column_after))
        say(words, "off by one: each %s holds what belongs to the %s after it", column, column);
    else
        return false;
    say_example(n, words);
    return true;
}

/* got = expected + c, one c for each row, and not only what rounding makes of it; *same: the same
 * for all rows. */
static bool rows_are_off_by(const Numbers *n, bool *same)
{
    double size = largest_expected(n), first = n->got[0] - n->expected[0], most = 0;
    *same = true;
    for (size_t i = 0; i < count_of(n); i++) {
        size_t start = i - i % n->width;
        double off = n->got[i] - n->expected[i], of_row = n->got[start] - n->expected[start];
        if (!near(n, off, of_row, 4 * size))
            return false;
        *same = *same && near(n, off, first, 4 * size);
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
        say(words, "%.5g too much everywhere: a term is missing, or is there once too often",
            n->got[0] - n->expected[0]);
    else
        say(words,
            "within a %s all numbers are off by the same: a term that is one for the whole %s is "
            "missing or wrong",
            row_word(n), row_word(n));
    say_example(n, words);
    return true;
}

/* --- where it is right --- */

static bool is_wrong(const void *context, size_t row, size_t column)
{
    const Numbers *n = context;
    return !is_right(n, row * n->width + column);
}

static void say_where(const Numbers *n, char words[DIAGNOSIS_SIZE])
{
    size_t wrong = 0, sign = 0;
    for (size_t i = 0; i < count_of(n); i++) {
        wrong += !is_right(n, i);
        sign += !is_right(n, i) && near(n, n->got[i], -n->expected[i], largest_expected(n));
    }
    const WrongPlaces places = {n->rows, n->width, row_word(n), column_word(n), is_wrong, n};
    if (lines_in_words(&places, words, DIAGNOSIS_SIZE))
        say(words, wrong == sign ? ": there the sign is the other way round" : "");
    else if (wrong == sign)
        say(words, "the sign is wrong in %zu of %zu places", wrong, count_of(n));
    else
        say(words, "%zu of %zu numbers are wrong", wrong, count_of(n));
    say_example(n, words);
}

bool diagnose(const Numbers *numbers, char words[DIAGNOSIS_SIZE])
{
    size_t right = 0;
    words[0] = '\0';
    for (size_t i = 0; i < count_of(numbers); i++)
        right += is_right(numbers, i);
    if (right == count_of(numbers))
        return say(words, right > 1 ? "right, all %zu numbers" : "right", right);
    if (!is_no_number(numbers, words) && !is_zero(numbers, words) && !is_guessed(numbers, words) &&
        !is_scaled(numbers, words) && !is_moved(numbers, words) &&
        !is_off_by_a_term(numbers, words))
        say_where(numbers, words);
    return false;
}
