/* pairs.c: every arm beside every other, and what the statistics mean. */
#include "lab/report/parts.h"

#include <math.h>

enum { MANY_PAIRS = 30 }; /* more than these are shown to those who ask */

/* Where the columns are that not every comparison has. */
typedef struct PairTable {
    const Findings *findings;
    bool has_sign_flip, has_margin;
} PairTable;

static void append_head(TextBuffer *out, const PairTable *table)
{
    text_append_format(
        out, "<thead><tr><th scope=\"col\">Arm</th><th scope=\"col\" class=\"left\">beside</th>"
             "<th scope=\"col\">Difference in loss <small>nats, 95&nbsp;%% interval</small></th>"
             "<th scope=\"col\">Seeds</th><th scope=\"col\">p <small>t-test</small></th>"
             "<th scope=\"col\">p <small>Holm</small></th>");
    if (table->has_sign_flip)
        text_append_format(out, "<th scope=\"col\">p <small>sign-flip</small></th>");
    if (table->has_margin) {
        text_append_format(out, "<th scope=\"col\">As good as each other? <small>to within ");
        page_number(out, table->findings->comparison.margin, 4);
        text_append_format(out, " nats</small></th>");
    }
    text_append_format(out, "</tr></thead>\n");
}

static void append_verdict(TextBuffer *out, const Comparison *comparison, const Pair *pair)
{
    bool shown = pair->p_equivalence < SIGNIFICANCE;
    if (isnan(pair->p_equivalence)) {
        page_number(out, NAN, 0);
        return;
    }
    text_append_format(out, "%s <small>90&nbsp;%%: ", shown ? "<strong>yes</strong>" : "not shown");
    page_interval(out, pair->narrower, 4);
    text_append_format(out, "; power %.0f&nbsp;%%</small>",
                       100 * comparison_power(comparison, pair->a, pair->b));
}

static void append_row(TextBuffer *out, const PairTable *table, size_t higher, size_t lower)
{
    Pair pair = comparison_pair(&table->findings->comparison, higher, lower);
    text_append_format(out, "<tr><th scope=\"row\">");
    page_arm(out, table->findings, higher);
    text_append_format(out, "</th><td class=\"left\">");
    page_arm(out, table->findings, lower);
    text_append_format(out, "</td><td>");
    page_with_interval(out, pair.difference.mean, pair.interval, 4);
    text_append_format(out, "</td><td>%zu</td><td>", pair.difference.n);
    page_p(out, pair.p);
    text_append_format(out, "</td><td>");
    page_shown_p(out, pair.p_holm);
    if (table->has_sign_flip) {
        text_append_format(out, "</td><td>");
        page_p(out, pair.p_sign_flip);
    }
    if (table->has_margin) {
        text_append_format(out, "</td><td>");
        append_verdict(out, &table->findings->comparison, &pair);
    }
    text_append_format(out, "</td></tr>\n");
}

static void append_all(TextBuffer *out, const PairTable *table)
{
    const Findings *findings = table->findings;
    page_table(out, "pairs", "All pairs of arms");
    append_head(out, table);
    text_append_format(out, "<tbody>\n");
    for (size_t lower = 0; lower < findings->experiment->n_arms; lower++)
        for (size_t higher = lower + 1; higher < findings->experiment->n_arms; higher++)
            append_row(out, table, findings->order[higher], findings->order[lower]);
    text_append_format(out, "</tbody></table></div>\n");
}

static void append_meaning(TextBuffer *out, const PairTable *table)
{
    text_append_format(out,
                       "<p>A difference is how far the first arm's loss is above the second's: "
                       "the mean over the seeds that both have. Where its interval leaves out 0, "
                       "and p after Holm's correction is below 0.05, it is shown that there is a "
                       "difference; where not, it is not shown that there is none.");
    if (table->has_margin)
        text_append_format(out,
                           " That two arms are as good as each other is shown where the "
                           "narrower interval of 90&nbsp;%% lies within the margin: a tenth of "
                           "what separates no positional scheme from the plainest one. A pair may "
                           "have both: then there is a difference, and a small one. The power "
                           "says how often it would be shown of two equal arms whose difference "
                           "strays as this one does from seed to seed.");
    else
        text_append_format(out, " Whether two arms are as good as each other is not asked: there "
                                "is no margin for it, since it takes a shown difference between "
                                "no positional scheme and the plainest one.");
    text_append_format(out, "</p>\n");
}

static size_t count_shown(const Comparison *comparison)
{
    size_t n = 0;
    for (size_t i = 0; i < comparison->n_pairs; i++)
        n += comparison->pairs[i].p_holm < SIGNIFICANCE;
    return n;
}

void report_pairs(TextBuffer *out, const Findings *findings)
{
    const Comparison *comparison = &findings->comparison;
    PairTable table = {findings, false, !isnan(comparison->margin)};
    for (size_t i = 0; i < comparison->n_pairs; i++)
        table.has_sign_flip = table.has_sign_flip || !isnan(comparison->pairs[i].p_sign_flip);
    text_append_format(out, "<section id=\"pairs\"><h2>Seed by seed</h2>\n");
    page_picture(out, findings, "pairs", "The validation loss of each arm with each seed",
                 "A thin line joins the runs of one seed: where lines run side by side, what the "
                 "seed does to one arm it does to the other, and the difference is surer than "
                 "its two losses.");
    report_runs(out, findings);
    if (comparison->n_pairs > 0 && findings->finished > 0) {
        if (comparison->n_pairs > MANY_PAIRS)
            text_append_format(out,
                               "<details><summary>All %zu pairs; of %zu it is shown that they "
                               "differ</summary>\n",
                               comparison->n_pairs, count_shown(comparison));
        append_all(out, &table);
        text_append_format(out, comparison->n_pairs > MANY_PAIRS ? "</details>\n" : "");
        append_meaning(out, &table);
    }
    text_append_format(out, "</section>\n");
}

void report_statistics(TextBuffer *out)
{
    static const char *const lines[][2] = {
        {"Paired seeds",
         "with one seed, all arms see the same batches and start from the same values, so the "
         "differences are taken seed by seed."},
        {"95&nbsp;% interval", "mean &plusmn; t s / &radic;n, with Student's t of n &minus; 1 "
                               "degrees of freedom: 95&nbsp;% "
                               "of such intervals hold the true mean."},
        {"Holm",
         "of m p-values the smallest is multiplied by m, the next by m &minus; 1, and so on: "
         "among all that is called shown, there is a wrong one in at most 5&nbsp;% of "
         "experiments."},
        {"Sign-flip test",
         "the share of all 2<sup>n</sup> ways to choose the signs of the differences that lead as "
         "far from 0; it needs no assumption on how they are distributed, and 9 seeds."},
        {"As good as each other",
         "two one-sided t-tests at 5&nbsp;%: on both sides, a difference as large as the margin is "
         "ruled out."},
    };
    text_append_format(out, "<section id=\"statistics\"><h2>How it was reckoned</h2>\n"
                            "<dl class=\"columns\">\n");
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        text_append_format(out, "<dt>%s</dt><dd>%s</dd>\n", lines[i][0], lines[i][1]);
    text_append_format(out, "</dl></section>\n");
}
