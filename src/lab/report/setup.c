/* setup.c: what differs between the runs, what does not, and how to repeat them. */
#include "lab/report/parts.h"

#include "lab/report/html.h"

/* --- what differs --- */

static void append_settings(TextBuffer *out, const Arm *arm)
{
    text_append_format(out, "<code>");
    for (size_t i = 0; i < arm->n_settings; i++)
        html_append_format(out, "%s%s = %s", i > 0 ? ", " : "", arm->settings[i].key,
                           arm->settings[i].value);
    text_append_format(out, "</code>");
}

static void append_cell(TextBuffer *out, const char *title, const char *text)
{
    text_append_format(out, "<td data-title=\"%s\">", title);
    html_append_format(out, "%s", text);
    text_append_format(out, "</td>");
}

/* Its title, and what it says of itself in this model. */
static void append_scheme(TextBuffer *out, const PosScheme *scheme, const char *says)
{
    text_append_format(out, "<td data-title=\"Scheme\"><div>");
    html_append_format(out, "%s", scheme->title);
    text_append_format(out, " <small>");
    html_append_format(out, "%s", says);
    text_append_format(out, "</small></div></td>");
}

static void append_arms(TextBuffer *out, const Findings *findings)
{
    const Experiment *experiment = findings->experiment;
    page_table(out, "setup stack", "The arms and their settings");
    text_append_format(out, "<thead><tr><th scope=\"col\">Arm</th><th scope=\"col\">Settings</th>"
                            "<th scope=\"col\">Scheme</th><th scope=\"col\">Comes in by</th>"
                            "<th scope=\"col\">Source</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < experiment->n_arms; i++) {
        const Arm *arm = &experiment->arms[findings->order[i]];
        text_append_format(out, "<tr><th scope=\"row\">");
        page_arm(out, findings, findings->order[i]);
        text_append_format(out, "</th><td data-title=\"Settings\">");
        append_settings(out, arm);
        text_append_format(out, "</td>");
        append_scheme(out, arm->scheme, findings->arms[findings->order[i]].says);
        append_cell(out, "Comes in by", pos_doors(arm->scheme));
        append_cell(out, "Source", arm->scheme->source);
        text_append_format(out, "</tr>\n");
    }
    text_append_format(out, "</tbody></table></div>\n");
}

/* --- what is the same --- */

static void append_seeds(TextBuffer *out, const Experiment *experiment)
{
    size_t first = experiment_trial(experiment, 0, 0)->seed;
    text_append_format(out, "<dt>Seeds</dt><dd>%zu", first);
    if (experiment->n_seeds > 1)
        text_append_format(out, " to %zu", first + experiment->n_seeds - 1);
    text_append_format(out, ". A seed decides every random number of a run, in each arm the same "
                            "way.</dd>\n");
}

static void append_corpus(TextBuffer *out, const Corpus *corpus)
{
    const char *unit = vocab_unit(&corpus->vocab);
    text_append_format(out, "<dt>Text</dt><dd><code>");
    html_append_format(out, "%s", corpus->path);
    text_append_format(out, "</code>: ");
    page_count(out, corpus->all.count);
    text_append_format(out, " %ss, ", unit);
    page_count(out, corpus->vocab.size);
    text_append_format(out, " different ones; the first ");
    page_count(out, corpus->train.count);
    text_append_format(out, " to train on, the last ");
    page_count(out, corpus->validation.count);
    text_append_format(out, " to validate with.<br>SHA-256 <code class=\"long\">%s</code></dd>\n",
                       corpus->sha256);
}

static void append_task(TextBuffer *out, const Task *task)
{
    text_append_format(out, "<dt>Task</dt><dd>");
    html_append_format(out, "%s: %s; solved by %s.", task->name, task->title, task->solved_by);
    text_append_format(out, "</dd>\n");
}

static void append_builds(TextBuffer *out, const Findings *findings)
{
    bool mixed = findings->n_builds > 1;
    if (findings->n_builds == 0)
        return;
    text_append_format(out, "<dt>Made with</dt><dd%s>", mixed ? " class=\"warning\"" : "");
    if (mixed)
        text_append_format(out,
                           "<b>%zu different builds</b>: losses differ by rounding between "
                           "them, and times do not compare.",
                           findings->n_builds);
    text_append_format(out, "<ul>\n");
    for (size_t i = 0; i < findings->n_builds; i++) {
        text_append_format(out, "<li>");
        html_append_format(out, "%s", findings->builds[i]);
        text_append_format(out, "</li>\n");
    }
    text_append_format(out, "</ul></dd>\n");
}

static void append_config(TextBuffer *out, const Findings *findings)
{
    TextBuffer text = {0};
    config_to_text(report_config(findings), &text);
    text_append_format(out, "<details><summary>All settings of the first run</summary><pre>\n");
    html_append(out, text.bytes, text.length);
    text_append_format(out, "</pre></details>\n");
    out->failed = out->failed || text.failed;
    text_buffer_free(&text);
}

void report_setup(TextBuffer *out, const Findings *findings, const char *command)
{
    const Experiment *experiment = findings->experiment;
    text_append_format(out, "<section id=\"setup\"><h2>What differs, and what does not</h2>\n");
    append_arms(out, findings);
    text_append_format(out, "<p>All other settings are the same in all runs:</p>\n"
                            "<dl class=\"columns\">\n");
    append_seeds(out, experiment);
    if (report_task(findings))
        append_task(out, report_task(findings));
    else
        append_corpus(out, &experiment->corpus);
    append_builds(out, findings);
    text_append_format(out, "<dt>To repeat it</dt><dd><code class=\"command\">");
    html_append_format(out, "%s", command);
    text_append_format(out, "</code></dd></dl>\n");
    append_config(out, findings);
    text_append_format(out, "</section>\n");
}
