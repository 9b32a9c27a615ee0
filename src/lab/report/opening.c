/* opening.c: the first screen: what was compared, what came out, what did not, and the loss.
 */
#include "lab/report/parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lab/report/html.h"

enum {
    NAMED = 6,            /* arms in the title */
    SHORT_LIST = 5,       /* lines that are shown without being asked for */
    SHORT_SENTENCE = 160, /* bytes of a headline in large letters */
};

/* --- the title --- */

static size_t count_schemes(const Experiment *experiment)
{
    size_t n = 0;
    for (size_t arm = 0; arm < experiment->n_arms; arm++)
        n += experiment->arms[arm].variant == 0;
    return n;
}

static void append_names(TextBuffer *out, const Findings *findings)
{
    size_t n = findings->experiment->n_arms;
    for (size_t arm = 0; arm < n; arm++) {
        const char *before = arm + 1 < n ? ", " : " and ";
        html_append_format(out, "%s%s", arm > 0 ? before : "", findings->names[arm]);
    }
}

void page_title(TextBuffer *out, const Findings *findings)
{
    const Experiment *experiment = findings->experiment;
    const Task *task = report_task(findings);
    size_t arms = experiment->n_arms, schemes = count_schemes(experiment);
    if (arms == 1 || (arms == schemes && arms <= NAMED))
        append_names(out, findings);
    else if (arms == schemes)
        text_append_format(out, "%zu positional schemes", arms);
    else if (schemes == 1)
        text_append_format(out, "%s in %zu settings", experiment->arms[0].scheme->name, arms);
    else
        text_append_format(out, "%zu positional schemes in %zu settings", schemes, arms);
    html_append_format(out, task ? " on the task %s" : " on %s", experiment->corpus.name);
}

/* --- the sizes that all runs have in common --- */

static void append_fact(TextBuffer *out, const char *name, size_t value)
{
    text_append_format(out, "<li>%s <b>", name);
    page_count(out, value);
    text_append_format(out, "</b></li>");
}

void page_facts(TextBuffer *out, const Findings *findings)
{
    static const struct {
        const char *name;
        size_t offset;
    } facts[] = {
        {"layers", offsetof(Config, n_layer)},   {"heads", offsetof(Config, n_head)},
        {"channels", offsetof(Config, n_embd)},  {"context", offsetof(Config, block_size)},
        {"batch", offsetof(Config, batch_size)}, {"steps", offsetof(Config, max_iters)},
    };
    text_append_format(out, "<ul class=\"facts\">");
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        size_t value;
        memcpy(&value, (const char *)report_config(findings) + facts[i].offset, sizeof value);
        if (report_same_in_all(findings, facts[i].offset))
            append_fact(out, facts[i].name, value);
    }
    append_fact(out, "seeds", findings->experiment->n_seeds);
    text_append_format(out, "</ul>\n");
}

/* --- which runs are in --- */

enum { REASON_SIZE = ERROR_TEXT_SIZE }; /* what `gone` says may be an error */

/* Why a run counts for nothing; "" where it does. */
static void find_reason(const RunResult *run, char reason[REASON_SIZE])
{
    size_t step = run->n_looks > 0 ? run->looks[run->n_looks - 1].step : 0;
    reason[0] = '\0';
    if (run->finished && !isfinite(run->outcome.val_loss))
        snprintf(reason, REASON_SIZE, "ended without a loss that is a number");
    else if (!run->finished && run->gone)
        snprintf(reason, REASON_SIZE, "%s", run->gone);
    else if (!run->finished && run->started)
        snprintf(reason, REASON_SIZE, "not finished: its last known loss is that of step %zu",
                 step);
    else if (!run->finished)
        snprintf(reason, REASON_SIZE, "not started");
}

static bool same_reason(const Findings *findings, size_t arm, size_t seed, size_t other_seed)
{
    char reason[REASON_SIZE], other[REASON_SIZE];
    find_reason(findings_run(findings, arm, seed), reason);
    find_reason(findings_run(findings, arm, other_seed), other);
    return strcmp(reason, other) == 0;
}

/* A line with the seeds of an arm that are out for the same reason as `seed`; none where that one
 * is in, or stands in the line of an earlier one. Returns the number of lines, 0 or 1. */
static size_t append_reason(TextBuffer *out, const Findings *findings, size_t arm, size_t seed)
{
    const Experiment *experiment = findings->experiment;
    char reason[REASON_SIZE];
    TextBuffer seeds = {0};
    size_t n = 0;
    find_reason(findings_run(findings, arm, seed), reason);
    if (reason[0] == '\0')
        return 0;
    for (size_t s = 0; s < seed; s++)
        if (same_reason(findings, arm, s, seed))
            return 0;
    for (size_t s = seed; s < experiment->n_seeds; s++)
        if (same_reason(findings, arm, s, seed))
            text_append_format(&seeds, "%s%zu", n++ > 0 ? ", " : "",
                               experiment_trial(experiment, arm, s)->seed);
    text_append_format(out, "<li>");
    page_arm(out, findings, arm);
    html_append_format(out, ", seed%s %s: %s", n == 1 ? "" : "s", seeds.failed ? "" : seeds.bytes,
                       reason);
    text_append_format(out, "</li>\n");
    out->failed = out->failed || seeds.failed;
    text_buffer_free(&seeds);
    return 1;
}

static void append_runs(TextBuffer *out, const Findings *findings)
{
    const Experiment *experiment = findings->experiment;
    size_t all = experiment->n_arms * experiment->n_seeds, lines = 0;
    TextBuffer list = {0};
    for (size_t arm = 0; arm < experiment->n_arms; arm++)
        for (size_t seed = 0; seed < experiment->n_seeds; seed++)
            lines += append_reason(&list, findings, arm, seed);
    text_append_format(out, "<p class=\"runs\"><b>%zu of %zu</b> runs are in%s</p>\n",
                       findings->finished, all, lines > 0 ? "; these do not count:" : ".");
    if (lines > SHORT_LIST)
        text_append_format(out, "<details><summary>%zu reasons</summary>", lines);
    if (lines > 0)
        text_append_format(out, "<ul class=\"gone\">%s</ul>", list.failed ? "" : list.bytes);
    if (lines > SHORT_LIST)
        text_append_format(out, "</details>");
    out->failed = out->failed || list.failed;
    text_buffer_free(&list);
}

/* --- what is not shown --- */

/* Line by line; where there are many, those from `SHORT_LIST` on are folded away. */
static void append_caveats(TextBuffer *out, const char *caveats)
{
    size_t n = 0;
    for (const char *line = caveats; *line != '\0'; n++) {
        size_t length = strcspn(line, "\n");
        if (n == SHORT_LIST)
            text_append_format(out, "</ul><details><summary>more of what is not shown</summary>");
        if (n == 0 || n == SHORT_LIST)
            text_append_format(out, "<ul class=\"caveats\">\n");
        text_append_format(out, "<li>");
        html_append(out, line, length);
        text_append_format(out, "</li>\n");
        line += length + (line[length] == '\n');
    }
    if (n > 0)
        text_append_format(out, "</ul>%s\n", n > SHORT_LIST ? "</details>" : "");
}

static void append_warning(TextBuffer *out, const Findings *findings)
{
    if (findings->n_builds > 1)
        text_append_format(out,
                           "<p class=\"warning\"><b>Made by %zu different builds.</b> Between "
                           "them, losses differ by rounding, and times say nothing: see <a "
                           "href=\"#setup\">what made the runs</a>.</p>\n",
                           findings->n_builds);
}

void report_opening(TextBuffer *out, const Findings *findings)
{
    text_append_format(out, "<header><div class=\"words\"><h1>");
    page_title(out, findings);
    text_append_format(out, "</h1>\n<p class=\"headline%s\">",
                       strlen(findings->headline) > SHORT_SENTENCE ? " long" : "");
    html_append_format(out, "%s", findings->headline);
    text_append_format(out, "</p>\n");
    append_caveats(out, findings->caveats);
    append_runs(out, findings);
    append_warning(out, findings);
    text_append_format(out, "</div>\n");
    page_picture(out, findings, "loss", "Curves of the validation loss against the step",
                 "Lower is better: the mean over the seeds of each arm, with a band that is its "
                 "95&nbsp;% interval, as training goes on.");
    text_append_format(out, "</header>\n");
    page_facts(out, findings);
}
