/* runs.c: the last loss of each run, a row for each arm and a column for each seed. */
#include "lab/report/parts.h"

#include <math.h>

#include "lab/report/html.h"

static void append_head(TextBuffer *out, const Experiment *experiment)
{
    text_append_format(out, "<thead><tr><th scope=\"col\">Arm</th>");
    for (size_t seed = 0; seed < experiment->n_seeds; seed++)
        text_append_format(out, "<th scope=\"col\">seed %zu</th>",
                           experiment_trial(experiment, 0, seed)->seed);
    text_append_format(out, "</tr></thead>\n");
}

/* The name of the run's folder is shown where the pointer rests. */
static void append_cell(TextBuffer *out, const Trial *trial, const RunResult *run)
{
    text_append_format(out, "<td title=\"");
    html_append_format(out, "%s", trial->run.name);
    text_append_format(out, "\">");
    page_number(out, run->finished ? run->outcome.val_loss : NAN, 4);
    text_append_format(out, "</td>");
}

void report_runs(TextBuffer *out, const Findings *findings)
{
    const Experiment *experiment = findings->experiment;
    text_append_format(out, "<details><summary>All %zu runs</summary>\n",
                       experiment->n_arms * experiment->n_seeds);
    page_table(out, "runs", "The last loss of each run");
    append_head(out, experiment);
    text_append_format(out, "<tbody>\n");
    for (size_t i = 0; i < experiment->n_arms; i++) {
        size_t arm = findings->order[i];
        text_append_format(out, "<tr><th scope=\"row\">");
        page_arm(out, findings, arm);
        text_append_format(out, "</th>");
        for (size_t seed = 0; seed < experiment->n_seeds; seed++)
            append_cell(out, experiment_trial(experiment, arm, seed),
                        findings_run(findings, arm, seed));
        text_append_format(out, "</tr>\n");
    }
    text_append_format(out, "</tbody></table></div></details>\n");
}
