/* diagnosis_lines.c: the rows with something wrong in them, then the columns: which are these? */
#include "support/diagnosis_lines.h"

#include <stdio.h>

typedef bool (*WrongLine)(const WrongPlaces *places, size_t line);

static bool row_is_wrong(const WrongPlaces *places, size_t row)
{
    for (size_t column = 0; column < places->width; column++)
        if (places->is_wrong(places->context, row, column))
            return true;
    return false;
}

static bool column_is_wrong(const WrongPlaces *places, size_t column)
{
    for (size_t row = 0; row < places->rows; row++)
        if (places->is_wrong(places->context, row, column))
            return true;
    return false;
}

/* The wrong ones among `count` lines. */
typedef struct Lines {
    size_t count, wrong, first, last, odd;
} Lines;

static Lines look_at(const WrongPlaces *places, WrongLine is_wrong, size_t count)
{
    Lines lines = {.count = count, .first = count};
    for (size_t i = 0; i < count; i++) {
        if (!is_wrong(places, i))
            continue;
        lines.first = lines.wrong == 0 ? i : lines.first;
        lines.last = i;
        lines.wrong++;
        lines.odd += i % 2;
    }
    return lines;
}

static bool in_words(Lines lines, const char *name, char *words, size_t size)
{
    if (lines.wrong == lines.count || lines.wrong == 0)
        return false;
    if (lines.wrong == 1)
        snprintf(words, size, "right but for %s %zu", name, lines.first);
    else if (lines.wrong == lines.count - lines.first && lines.first == 1)
        snprintf(words, size, "right in %s 0, wrong from %s 1 on", name, name);
    else if (lines.wrong == lines.count - lines.first)
        snprintf(words, size, "right up to %s %zu, wrong from there on", name, lines.first - 1);
    else if (lines.wrong == lines.last + 1)
        snprintf(words, size, "wrong up to %s %zu, right from there on", name, lines.last);
    else if (lines.odd == 0 && lines.wrong == (lines.count + 1) / 2)
        snprintf(words, size, "right in the odd %ss, wrong in the even ones", name);
    else if (lines.odd == lines.wrong && lines.wrong == lines.count / 2)
        snprintf(words, size, "right in the even %ss, wrong in the odd ones", name);
    else
        return false;
    return true;
}

bool lines_in_words(const WrongPlaces *places, char *words, size_t size)
{
    return in_words(look_at(places, row_is_wrong, places->rows), places->row, words, size) ||
           in_words(look_at(places, column_is_wrong, places->width), places->column, words, size);
}
