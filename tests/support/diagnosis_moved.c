/* diagnosis_moved.c: the right numbers in the wrong places. */
#include "support/diagnosis_parts.h"

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
    double largest = numbers_largest(n);
    size_t found = 0;
    for (size_t i = 0; i < numbers_count(n); i++) {
        size_t from;
        if (!source(n, i / n->width, i % n->width, &from))
            continue;
        if (!numbers_near(n, n->got[i], n->expected[from], largest))
            return false;
        found++;
    }
    return found > 1;
}

bool numbers_are_moved(const Numbers *n, char words[DIAGNOSIS_SIZE])
{
    const char *row = numbers_row_word(n), *column = numbers_column_word(n);
    if (n->rows > 1 && n->width > 1 && comes_from(n, from_transposed))
        diagnosis_say(words, "transposed: the numbers of [i,j] stand at [j,i]");
    else if (comes_from(n, from_row_before))
        diagnosis_say(words, "off by one: each %s holds what belongs to the %s before it", row,
                      row);
    else if (comes_from(n, from_row_after))
        diagnosis_say(words, "off by one: each %s holds what belongs to the %s after it", row, row);
    else if (comes_from(n, from_column_before))
        diagnosis_say(words, "off by one: each %s holds what belongs to the %s before it", column,
                      column);
    else if (comes_from(n, from_column_after))
        diagnosis_say(words, "off by one: each %s holds what belongs to the %s after it", column,
                      column);
    else
        return false;
    diagnosis_example(n, words);
    return true;
}
