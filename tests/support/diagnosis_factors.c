/* diagnosis_factors.c: numbers that are the right ones but for a factor, of all or of one term.
 *
 * The factors c[k] of the terms are those that bring the sum of c[k] term[k] nearest to what came
 * out, in squares: they solve one equation for each term j,
 *
 *     sum over k of (term[j] . term[k]) c[k]  =  term[j] . got
 *
 * Where the numbers are many and the terms few, a sum that then fits everywhere is no accident.
 */
#include "support/diagnosis_parts.h"

#include <math.h>

/* The same numbers by a little: then it is no factor of a formula. */
static const double SMALLEST_FACTOR = 1e-3;

static bool same_factor(double a, double b)
{
    return fabs(a - b) < SMALLEST_FACTOR * fabs(b);
}

/* --- one factor --- */

bool numbers_have_factor(const Numbers *n, bool where_wrong, double *c)
{
    double product = 0, square = 0;
    size_t counts = 0;
    for (size_t i = 0; i < numbers_count(n); i++) {
        if (where_wrong && number_is_right(n, i))
            continue;
        product += n->got[i] * n->expected[i];
        square += n->expected[i] * n->expected[i];
        counts += n->expected[i] != 0;
    }
    *c = square > 0 ? product / square : 0;
    for (size_t i = 0; i < numbers_count(n); i++)
        if (!(where_wrong && number_is_right(n, i)) &&
            !numbers_near(n, n->got[i], *c * n->expected[i], fabs(*c) * numbers_largest(n)))
            return false;
    return counts > 1;
}

/* What was done with the factor f, if its power in `size` is not what it should be. */
static const char *use_of(const Factor *f, double size)
{
    double value = fabs(f->value);
    if (same_factor(size, value))
        return f->power < 0 ? "not divided by" : "multiplied once too often by";
    if (same_factor(size, 1 / value))
        return f->power > 0 ? "not multiplied by" : "divided once too often by";
    if (same_factor(size, value * value) && f->power < 0)
        return "multiplied, not divided, by";
    if (same_factor(size, 1 / (value * value)) && f->power > 0)
        return "divided, not multiplied, by";
    return NULL;
}

static void say_size(const Numbers *n, double size, char words[DIAGNOSIS_SIZE])
{
    diagnosis_say(words, "%.4g times too %s", size > 1 ? size : 1 / size,
                  size > 1 ? "large" : "small");
    for (size_t f = 0; f < MAX_FACTORS && n->factors[f].words; f++) {
        const char *use = use_of(&n->factors[f], size);
        if (use) {
            diagnosis_say(words, ": %s %s", use, n->factors[f].words);
            return;
        }
    }
}

bool numbers_are_scaled(const Numbers *n, char words[DIAGNOSIS_SIZE])
{
    double c;
    if (!numbers_have_factor(n, false, &c) || c == 0 || same_factor(c, 1))
        return false;
    if (c < 0)
        diagnosis_say(words, "the sign is the other way round");
    if (!same_factor(fabs(c), 1)) {
        diagnosis_say(words, "%severy number is ", c < 0 ? ", and " : "");
        say_size(n, fabs(c), words);
    }
    diagnosis_example(n, words);
    return true;
}

/* --- a factor for each term --- */

typedef double Row[MAX_TERMS + 1]; /* of an equation: its right side is the last */

static double dot(const double *a, const double *b, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += a[i] * b[i];
    return sum;
}

/* Gauss and Jordan, without a choice of pivots: equations of least squares do not need it. False:
 * some term is a sum of others. */
static bool solve(Row rows[MAX_TERMS], size_t count)
{
    double largest = 0;
    for (size_t k = 0; k < count; k++)
        largest = fmax(largest, rows[k][k]);
    for (size_t k = 0; k < count; k++) {
        double pivot = rows[k][k];
        if (!(pivot > 1e-9 * largest))
            return false;
        for (size_t j = 0; j <= MAX_TERMS; j++)
            rows[k][j] /= pivot;
        for (size_t i = 0; i < count; i++) {
            double times = i == k ? 0 : rows[i][k];
            for (size_t j = 0; j <= MAX_TERMS; j++)
                rows[i][j] -= times * rows[k][j];
        }
    }
    return true;
}

/* The factors of the terms; false: no sum of them is what came out. */
static bool fit_terms(const Numbers *n, size_t count, double factors[MAX_TERMS])
{
    Row rows[MAX_TERMS] = {{0}};
    for (size_t j = 0; j < count; j++) {
        for (size_t k = 0; k < count; k++)
            rows[j][k] = dot(n->terms[j].numbers, n->terms[k].numbers, numbers_count(n));
        rows[j][MAX_TERMS] = dot(n->terms[j].numbers, n->got, numbers_count(n));
    }
    if (!solve(rows, count))
        return false;
    double largest = numbers_largest(n);
    for (size_t i = 0; i < numbers_count(n); i++)
        largest = fmax(largest, fabs(n->got[i]));
    for (size_t i = 0; i < numbers_count(n); i++) {
        double sum = 0;
        for (size_t k = 0; k < count; k++)
            sum += rows[k][MAX_TERMS] * n->terms[k].numbers[i];
        if (!numbers_near(n, n->got[i], sum, largest))
            return false;
    }
    for (size_t k = 0; k < count; k++)
        factors[k] = rows[k][MAX_TERMS];
    return true;
}

static void say_term(const Numbers *n, const Term *term, double c, char words[DIAGNOSIS_SIZE])
{
    double size = fabs(c);
    diagnosis_say(words, "%s%s", *words ? ", and " : "", term->words);
    if (size < SMALLEST_FACTOR) {
        diagnosis_say(words, " is missing");
        return;
    }
    if (c < 0)
        diagnosis_say(words, " has the wrong sign");
    if (!same_factor(size, 1)) {
        diagnosis_say(words, "%s is ", c < 0 ? " and" : "");
        say_size(n, size, words);
    }
}

bool numbers_are_off_in_terms(const Numbers *n, char words[DIAGNOSIS_SIZE])
{
    double factors[MAX_TERMS];
    size_t count = 0;
    while (count < MAX_TERMS && n->terms[count].words)
        count++;
    if (count == 0 || numbers_count(n) <= 2 * count || !fit_terms(n, count, factors))
        return false;
    for (size_t k = 0; k < count; k++)
        if (!same_factor(factors[k], 1))
            say_term(n, &n->terms[k], factors[k], words);
    if (*words == '\0')
        return false;
    diagnosis_example(n, words);
    return true;
}
