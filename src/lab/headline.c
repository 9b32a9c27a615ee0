/* headline.c: says what is shown of the schemes, sorted by standing.h. */
#include "lab/headline.h"

#include <math.h>

#include "lab/standing.h"

typedef struct Page {
    TextBuffer *out;
    const Comparison *comparison;
    const char *const *names;
    Standings standings;
} Page;

static Standing standing(const Page *page, size_t scheme)
{
    return standing_of(&page->standings, scheme);
}

/* --- lists of names: "a", "a and b", "a, b and c" --- */

/* Appends name number i of a list of n, with what stands before it. */
static void append_name(const Page *page, size_t scheme, size_t i, size_t n)
{
    const char *before = i == 0 ? "" : i + 1 < n ? ", " : " and ";
    text_append_format(page->out, "%s%s", before, page->names[scheme]);
}

/* A question to ask of each scheme. */
typedef bool IsMeant(const Page *page, size_t scheme);

static size_t count_meant(const Page *page, IsMeant *is_meant)
{
    size_t n = 0;
    for (size_t s = 0; s < page->comparison->n_schemes; s++)
        n += is_meant(page, s);
    return n;
}

static void append_meant(const Page *page, IsMeant *is_meant)
{
    size_t n = count_meant(page, is_meant), i = 0;
    for (size_t s = 0; s < page->comparison->n_schemes; s++)
        if (is_meant(page, s))
            append_name(page, s, i++, n);
}

static bool leads_too(const Page *page, size_t scheme)
{
    return scheme != page->comparison->best && standing(page, scheme) == LEADS;
}

static bool trails(const Page *page, size_t scheme)
{
    return standing(page, scheme) == TRAILS;
}

static bool is_unknown(const Page *page, size_t scheme)
{
    return standing(page, scheme) == UNKNOWN;
}

/* --- the first line --- */

/* The best comes first. */
static void append_leaders(const Page *page)
{
    size_t n = 1 + count_meant(page, leads_too), i = 0;
    append_name(page, page->comparison->best, i++, n);
    for (size_t s = 0; s < page->comparison->n_schemes; s++)
        if (leads_too(page, s))
            append_name(page, s, i++, n);
}

static void write_lead(const Page *page)
{
    const char *best = page->names[page->comparison->best];
    Pair pair = comparison_pair(page->comparison, page->standings.next, page->comparison->best);
    append_leaders(page);
    text_append_format(page->out, count_meant(page, leads_too) > 0 ? " lead: " : " leads: ");
    text_append_format(page->out,
                       "the loss of %s is %.4f nats below that of %s, the next (95 %%: %.4f to "
                       "%.4f; %zu seeds).\n",
                       best, pair.difference.mean, page->names[page->standings.next],
                       pair.interval.low, pair.interval.high, pair.difference.n);
}

static void write_no_lead(const Page *page)
{
    const char *best = page->names[page->comparison->best];
    if (page->comparison->n_schemes == 1)
        text_append_format(page->out, "%s stands alone: there is nothing to compare it with.\n",
                           best);
    else if (count_meant(page, leads_too) == 0)
        text_append_format(page->out,
                           "Nothing is shown: a comparison takes two seeds or more, and %s, whose "
                           "loss is lowest, has fewer in common with each other scheme.\n",
                           best);
    else
        text_append_format(page->out,
                           "Which scheme is best is not shown: the loss of %s came out lowest, but "
                           "no other is shown to be worse.\n",
                           best);
}

/* --- the other lines --- */

static void write_not_separated(const Page *page)
{
    const char *best = page->names[page->comparison->best];
    size_t n = count_meant(page, leads_too), behind = count_meant(page, trails);
    if (n > 0) {
        text_append_format(page->out, "Not shown: that ");
        append_meant(page, leads_too);
        text_append_format(page->out, " %s worse than %s.\n", n > 1 ? "are" : "is", best);
    }
    if (behind > 0) {
        text_append_format(page->out, "Not shown: that ");
        append_meant(page, trails);
        text_append_format(page->out,
                           behind > 1
                               ? " are worse than %s; they are above %s, which is, but stray "
                                 "more from seed to seed.\n"
                               : " is worse than %s; it is above %s, which is, but strays "
                                 "more from seed to seed.\n",
                           best, page->names[page->standings.next]);
    }
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

static bool is_within_margin(const Page *page, size_t scheme)
{
    size_t best = page->comparison->best;
    return scheme != best && comparison_shows_equivalent(page->comparison, best, scheme);
}

static bool is_as_good(const Page *page, size_t scheme)
{
    return is_within_margin(page, scheme) && standing(page, scheme) != IS_WORSE;
}

static bool is_little_worse(const Page *page, size_t scheme)
{
    return is_within_margin(page, scheme) && standing(page, scheme) == IS_WORSE;
}

static void write_as_good(const Page *page)
{
    if (count_meant(page, is_as_good) == 0)
        return;
    text_append_format(page->out,
                       "As good as %s, to within %.4f nats: ", page->names[page->comparison->best],
                       page->comparison->margin);
    append_meant(page, is_as_good);
    text_append_format(page->out, ".\n");
}

static void write_little_worse(const Page *page)
{
    const Comparison *comparison = page->comparison;
    size_t n = count_meant(page, is_little_worse), i = 0;
    if (n == 0)
        return;
    text_append_format(page->out,
                       "Worse than %s, but by less than %.4f nats: ", page->names[comparison->best],
                       comparison->margin);
    for (size_t s = 0; s < comparison->n_schemes; s++) {
        if (!is_little_worse(page, s))
            continue;
        Interval narrower = comparison_pair(comparison, s, comparison->best).narrower;
        append_name(page, s, i++, n);
        text_append_format(page->out, " (90 %%: %.4f to %.4f)", narrower.low, narrower.high);
    }
    text_append_format(page->out, ".\n");
}

static bool may_be_as_good(const Page *page, size_t scheme)
{
    return (leads_too(page, scheme) || trails(page, scheme)) && !is_as_good(page, scheme);
}

/* How many seeds such schemes have in common with the best, and how often the equivalence test
 * would come out with as many. */
static void append_power(const Page *page)
{
    size_t best = page->comparison->best, fewest = SIZE_MAX, most = 0;
    double least = INFINITY, greatest = 0;
    for (size_t s = 0; s < page->comparison->n_schemes; s++) {
        if (!may_be_as_good(page, s))
            continue;
        size_t n = comparison_pair(page->comparison, s, best).difference.n;
        double power = 100 * comparison_power(page->comparison, s, best);
        fewest = n < fewest ? n : fewest;
        most = n > most ? n : most;
        least = fmin(least, power);
        greatest = fmax(greatest, power);
    }
    if (fewest < most)
        text_append_format(page->out, "%zu to ", fewest);
    text_append_format(page->out,
                       "%zu seeds that stray as these do would show it of equal schemes "
                       "in ",
                       most);
    if (lround(least) < lround(greatest))
        text_append_format(page->out, "%.0f to ", least);
    text_append_format(page->out, "%.0f %% of cases", greatest);
}

static void write_not_as_good(const Page *page)
{
    double margin = page->comparison->margin;
    size_t n = count_meant(page, may_be_as_good);
    if (n == 0)
        return;
    if (isnan(margin)) {
        text_append_format(page->out,
                           "Whether any are as good as each other is not asked: that takes a shown "
                           "difference between no positional scheme and the plainest one.\n");
        return;
    }
    text_append_format(page->out, "Not shown: that ");
    append_meant(page, may_be_as_good);
    text_append_format(page->out, " %s as good as %s, to within %.4f nats (", n > 1 ? "are" : "is",
                       page->names[page->comparison->best], margin);
    append_power(page);
    text_append_format(page->out, ").\n");
}

/* What it takes to be shown, where something was not. */
static void write_reach(const Page *page)
{
    const Comparison *comparison = page->comparison;
    size_t seeds = comparison->n_seeds, pairs = 0;
    for (size_t p = 0; p < comparison->n_pairs; p++)
        pairs += isnan(comparison->pairs[p].p) ? 0 : 1;
    if (pairs == 0 || count_meant(page, leads_too) + count_meant(page, trails) == 0)
        return;
    text_append_format(page->out, "With %zu seeds ", seeds);
    if (pairs > 1)
        text_append_format(page->out, "and %zu pairs ", pairs);
    text_append_format(page->out,
                       "a difference is sure to be shown if it is %.1f times its standard "
                       "deviation over the seeds; with twice as many seeds, %.1f times",
                       least_shown(seeds, pairs), least_shown(2 * seeds, pairs));
    if (pairs > 1)
        text_append_format(page->out, "; as the only pair, %.1f times", least_shown(seeds, 1));
    text_append_format(page->out, ".\n");
}

static void write_missing(const Page *page)
{
    const Comparison *comparison = page->comparison;
    size_t unknown = count_meant(page, is_unknown);
    if (unknown > 0 && unknown + 1 < comparison->n_schemes) {
        text_append_format(page->out, "Too few seeds to compare: ");
        append_meant(page, is_unknown);
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
    if (comparison->best == NO_SCHEME) {
        text_append_format(out, "Nothing is shown: no run has a loss.\n");
        return;
    }
    Page page = {out, comparison, names, standings_of(comparison)};
    if (page.standings.next != NO_SCHEME) {
        write_lead(&page);
        write_not_separated(&page);
    } else {
        write_no_lead(&page);
    }
    write_doubts(&page);
    write_as_good(&page);
    write_little_worse(&page);
    write_not_as_good(&page);
    write_reach(&page);
    write_missing(&page);
}
