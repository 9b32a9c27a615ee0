/* text_names.c: the part of text.h about names that are nearly right.
 *
 * The distance is that of optimal string alignment. Let cost[i][j] be the distance of the first i
 * characters of a from the first j of b. The last step that made the one into the other was one of
 * these, and what was before it is a smaller case of the same:
 *
 *     cost[i][j] = least of   cost[i-1][j] + 1          a[i-1] was deleted
 *                             cost[i][j-1] + 1          b[j-1] was inserted
 *                             cost[i-1][j-1] + 0 or 1   a[i-1] is b[j-1], or was replaced by it
 *                             cost[i-2][j-2] + 1        two neighbours were swapped
 */
#include "base/text.h"

#include <ctype.h>
#include <string.h>

enum { MAX_COMPARED = 64 }; /* bytes of a name */

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

/* Row i of cost is computed from row i-1 (one_back) and row i-2 (two_back); no others are kept. */
size_t text_distance(const char *a, const char *b)
{
    size_t a_length = strlen(a), b_length = strlen(b);
    if (a_length > MAX_COMPARED || b_length > MAX_COMPARED)
        return larger(a_length, b_length);
    size_t rows[3][MAX_COMPARED + 1];
    size_t *two_back = rows[0], *one_back = rows[1], *row = rows[2];
    for (size_t j = 0; j <= b_length; j++)
        one_back[j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t replaced = one_back[j - 1] + !same_character(a[i - 1], b[j - 1]);
            row[j] = smaller(replaced, smaller(one_back[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && same_character(a[i - 1], b[j - 2]) &&
                same_character(a[i - 2], b[j - 1]))
                row[j] = smaller(row[j], two_back[j - 2] + 1);
        }
        size_t *oldest = two_back;
        two_back = one_back;
        one_back = row;
        row = oldest;
    }
    return one_back[b_length];
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

void text_append_choices(TextBuffer *buffer, const char *typed, const char *const *names,
                         size_t count)
{
    const char *nearest = text_nearest(typed, names, count);
    if (nearest)
        text_append_format(buffer, "did you mean \"%s\"? ", nearest);
    for (size_t n = 0; n < count; n++)
        text_append_format(buffer, "%s%s", n == 0 ? "expected one of: " : ", ", names[n]);
}
