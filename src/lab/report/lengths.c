/* lengths.c: how much of a task is all right, at lengths of training and beyond. */
#include "lab/report/parts.h"

#include <math.h>

/* Training has every length up to the longest. */
static void append_head(TextBuffer *out, const Findings *findings)
{
    page_lengths_head(out, findings->lengths, findings->n_lengths, 0, findings->trained_length);
}

static void append_share(TextBuffer *out, double share, bool refused)
{
    if (isnan(share) && refused)
        text_append_format(out, "<td class=\"refused\">refused");
    else {
        text_append_format(out, "<td>");
        page_number(out, 100 * share, 1);
    }
}

static void append_arm(TextBuffer *out, const Findings *findings, size_t arm)
{
    text_append_format(out, "<tr><th scope=\"row\">");
    page_arm(out, findings, arm);
    text_append_format(out, "</th>");
    for (size_t l = 0; l < findings->n_lengths; l++) {
        const LengthFinding *found = findings_at_length(findings, arm, l);
        append_share(out, found->exact.over_seeds.mean, found->refused);
        if (found->exact.over_seeds.n > 1) {
            text_append_format(out, "<small>");
            page_interval(out, (Interval){100 * found->lowest, 100 * found->highest}, 1);
            text_append_format(out, "</small>");
        }
        text_append_format(out, "</td>");
    }
    text_append_format(out, "</tr>\n");
}

static void append_seed(TextBuffer *out, const Findings *findings, size_t arm, size_t seed)
{
    const RunResult *run = findings_run(findings, arm, seed);
    text_append_format(out, "<tr><th scope=\"row\">");
    page_arm(out, findings, arm);
    text_append_format(out, " <small>seed %zu</small></th>",
                       experiment_trial(findings->experiment, arm, seed)->seed);
    for (size_t l = 0; l < findings->n_lengths; l++) {
        const ExamRow *row = result_exam(run, findings->lengths[l]);
        append_share(out, row ? row->result.exact : NAN, row && row->result.sequences == 0);
        text_append_format(out, "</td>");
    }
    text_append_format(out, "</tr>\n");
}

static void append_seeds(TextBuffer *out, const Findings *findings)
{
    text_append_format(out, "<details><summary>Each seed</summary>\n");
    page_table(out, "contexts", "All right by length, each seed");
    append_head(out, findings);
    text_append_format(out, "<tbody>\n");
    for (size_t i = 0; i < findings->experiment->n_arms; i++)
        for (size_t seed = 0; seed < findings->experiment->n_seeds; seed++)
            append_seed(out, findings, findings->order[i], seed);
    text_append_format(out, "</tbody></table></div></details>\n");
}

static void append_means(TextBuffer *out, const Findings *findings)
{
    bool several = findings->experiment->n_seeds > 1;
    page_table(out, "contexts", "All right by length");
    append_head(out, findings);
    text_append_format(out, "<tbody>\n");
    for (size_t i = 0; i < findings->experiment->n_arms; i++)
        append_arm(out, findings, findings->order[i]);
    text_append_format(out, "</tbody></table></div>\n<p>Of ");
    page_count(out, findings->length_questions);
    text_append_format(out,
                       " sequences of each length, the same for all arms, the percentage of which "
                       "every answer is right%s. A length is the number of symbols that a sequence "
                       "presents. <i>Refused</i>: the scheme has no positions for it.</p>\n",
                       several ? ": the mean over the seeds, and below it the lowest and the "
                                 "highest seed"
                               : "");
}

void report_lengths(TextBuffer *out, const Findings *findings)
{
    if (!report_task(findings))
        return;
    text_append_format(out, "<section id=\"lengths\"><h2>All right, length by length</h2>\n");
    if (findings->n_lengths == 0)
        text_append_format(out, "<p class=\"missing\">No run is finished.</p>\n");
    if (findings->n_lengths > 1) /* of one there is no curve */
        page_picture(out, findings, "right-by-length",
                     "Curves of the share of sequences that are all right against their length",
                     "Within the shaded range of training a curve shows what was learned; beyond "
                     "it, whether that goes on. A thin line is a seed.");
    if (findings->n_lengths > 0)
        append_means(out, findings);
    if (findings->n_lengths > 0 && findings->experiment->n_seeds > 1)
        append_seeds(out, findings);
    text_append_format(out, "</section>\n");
}
