/* headline.c: sorts the schemes by what is shown of them, and says it. */
#include "lab/headline.h"

#include <math.h>

typedef struct Page {
    TextBuffer *out;
    const Comparison *comparison;
    const char *const *names;
} Page;

/* What is shown of a scheme beside the best one. */
typedef enum Standing {
    LEADS,    /* the best, or not shown to be worse */
    IS_WORSE, /* shown to be worse than the best */
    UNKNOWN,  /* fewer than two seeds in common with the best */
} Standing;

static Standing standing(const Page *page, size_t scheme)
{
    size_t best = page->comparison->best;
    if (scheme == best)
        return LEADS;
    if (!comparison_has_pair(page->comparison, best, scheme))
        return UNKNOWN;
    return comparison_shows_better(page->comparison, best, scheme) ? IS_WORSE : LEADS;
}

static size_t count(const Page *page, Standing wanted)
{
    size_t n = 0;
    for (size_t s = 0; s < page->comparison->n_schemes; s++)
        n += standing(page, s) == wanted;
    return n;
}

/* --- lists of names: "a", "a and b", "a, b and c" --- */

/* Appends name number i of a list of n, with what stands before it. */
static void append_name(const Page *page, size_t scheme, size_t i, size_t n)
{
    const char *before = i == 0 ? "" : i + 1 < n ? ", " : " and ";
    text_append_format(page->out, "%s%s", before, page->names[scheme]);
}

/* The best comes first, if it is among them. */
static void append_standing(const Page *page, Standing wanted)
{
    size_t best = page->comparison->best, n = count(page, wanted), i = 0;
    if (wanted == LEADS)
        append_name(page, best, i++, n);
    for (size_t s = 0; s < page->comparison->n_schemes; s++)
        if (s != best && standing(page, s) == wanted)
            append_name(page, s, i++, n);
}

/* --- the first line --- */

/* The lowest of those that are shown to be worse. */
static size_t find_next(const Page *page)
{
    size_t next = NO_SCHEME;
    double nearest = INFINITY;
    for (size_t s = 0; s < page->comparison->n_schemes; s++) {
        if (standing(page, s) != IS_WORSE)
            continue;
        Pair pair = comparison_pair(page->comparison, s, page->comparison->best);
        if (pair.difference.mean >= nearest)
            continue;
        next = s;
        nearest = pair.difference.mean;
    }
    return next;
}

static void write_lead(const Page *page, size_t next)
{
    const char *best = page->names[page->comparison->best];
    Pair pair = comparison_pair(page->comparison, next, page->comparison->best);
    append_standing(page, LEADS);
    text_append_format(page->out, count(page, LEADS) > 1 ? " lead: %s is " : " leads: %s is ",
                       best);
    text_append_format(page->out,
                       "%.4f nats below %s, the next (95 %%: %.4f to %.4f; %zu seeds).\n",
                       pair.difference.mean, page->names[next], pair.interval.low,
                       pair.interval.high, pair.difference.n);
}

static void write_no_lead(const Page *page)
{
    const char *best = page->names[page->comparison->best];
    if (page->comparison->n_schemes == 1)
        text_append_format(page->out, "%s stands alone: there is nothing to compare it with.\n",
                           best);
    else if (count(page, LEADS) == 1)
        text_append_format(page->out,
                           "Nothing is shown: a comparison takes two seeds or more, and %s, the "
                           "lowest, has fewer in common with each other scheme.\n",
                           best);
    else
        text_append_format(page->out,
                           "Which scheme is best is not shown: %s came out lowest, but no other is "
                           "shown to be worse.\n",
                           best);
}

/* --- the other lines --- */

static void write_not_separated(const Page *page)
{
    if (count(page, LEADS) < 2)
        return;
    text_append_format(page->out, "Not shown: that ");
    size_t n = count(page, LEADS) - 1, i = 0;
    for (size_t s = 0; s < page->comparison->n_schemes; s++)
        if (s != page->comparison->best && standing(page, s) == LEADS)
            append_name(page, s, i++, n);
    text_append_format(page->out, n > 1 ? " are worse than %s.\n" : " is worse than %s.\n",
                       page->names[page->comparison->best]);
}

/* The best is better than each that is worse; another that leads need not be. */
static bool is_doubtful(const Page *page, size_t leader, size_t worse)
{
    return standing(page, leader) == LEADS && standing(page, worse) == IS_WORSE &&
           !comparison_shows_better(page->comparison, leader, worse);
}

static void write_doubts(const Page *page)
{
    size_t n_schemes = page->comparison->n_schemes;
    for (size_t leader = 0; leader < n_schemes; leader++) {
        size_t n = 0, i = 0;
        for (size_t s = 0; s < n_schemes; s++)
            n += is_doubtful(page, leader, s);
        if (n == 0)
            continue;
        text_append_format(page->out, "Not shown: that %s is better than ", page->names[leader]);
        for (size_t s = 0; s < n_schemes; s++)
            if (is_doubtful(page, leader, s))
                append_name(page, s, i++, n);
        text_append_format(page->out, ".\n");
    }
}

static bool is_as_good(const Page *page, size_t scheme)
{
    size_t best = page->comparison->best;
    return scheme != best && comparison_shows_equivalent(page->comparison, best, scheme);
}

static void write_as_good(const Page *page)
{
    size_t n_schemes = page->comparison->n_schemes, n = 0, i = 0;
    for (size_t s = 0; s < n_schemes; s++)
        n += is_as_good(page, s);
    if (n == 0)
        return;
    text_append_format(page->out,
                       "As good as %s, to within %.4f nats: ", page->names[page->comparison->best],
                       page->comparison->margin);
    for (size_t s = 0; s < n_schemes; s++)
        if (is_as_good(page, s))
            append_name(page, s, i++, n);
    text_append_format(page->out, ".\n");
}

static void write_not_as_good(const Page *page)
{
    size_t best = page->comparison->best;
    double margin = page->comparison->margin;
    if (isnan(margin) && count(page, LEADS) > 1)
        text_append_format(page->out,
                           "Whether any of these are as good as each other is not asked: "
                           "there is no margin for it.\n");
    for (size_t s = 0; s < page->comparison->n_schemes && !isnan(margin); s++) {
        if (s == best || standing(page, s) != LEADS || is_as_good(page, s))
            continue;
        Sample difference = comparison_pair(page->comparison, s, best).difference;
        text_append_format(
            page->out,
            "Not shown: that %s is as good as %s, to within %.4f nats (%zu seeds that "
            "stray as these do would show it of equal schemes in %.0f %% of cases).\n",
            page->names[s], page->names[best], margin, difference.n,
            100 * comparison_power(page->comparison, s, best));
    }
}

static void write_missing(const Page *page)
{
    const Comparison *comparison = page->comparison;
    if (count(page, LEADS) + count(page, IS_WORSE) > 1 && count(page, UNKNOWN) > 0) {
        text_append_format(page->out, "Too few seeds to compare: ");
        append_standing(page, UNKNOWN);
        text_append_format(page->out, ".\n");
    }
    for (size_t s = 0; s < comparison->n_schemes; s++)
        if (comparison->schemes[s].loss.n < comparison->n_seeds)
            text_append_format(page->out, "Without a loss: %zu of the %zu runs of %s.\n",
                               comparison->n_seeds - comparison->schemes[s].loss.n,
                               comparison->n_seeds, page->names[s]);
}

void headline_write(TextBuffer *out, const Comparison *comparison, const char *const *names)
{
    Page page = {out, comparison, names};
    if (comparison->best == NO_SCHEME) {
        text_append_format(out, "Nothing is shown: no run has a loss.\n");
        return;
    }
    size_t next = find_next(&page);
    if (next != NO_SCHEME)
        write_lead(&page, next);
    else
        write_no_lead(&page);
    if (next != NO_SCHEME)
        write_not_separated(&page);
    write_doubts(&page);
    write_as_good(&page);
    write_not_as_good(&page);
    write_missing(&page);
}
