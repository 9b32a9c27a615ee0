/* samples.c: what the models write, side by side. */
#include "lab/report/parts.h"

#include <string.h>

#include "base/file.h"
#include "base/utf8.h"
#include "lab/report/html.h"

enum {
    SHOWN = 300,          /* characters */
    MAX_SAMPLE = 1 << 26, /* bytes that are read */
};

/* The first run of an arm that is finished; NULL: none. */
static const Trial *first_finished(const Findings *findings, size_t arm)
{
    const Experiment *experiment = findings->experiment;
    for (size_t seed = 0; seed < experiment->n_seeds; seed++)
        if (findings_run(findings, arm, seed)->finished)
            return experiment_trial(experiment, arm, seed);
    return NULL;
}

/* The bytes of the first `most` characters. */
static size_t length_of(const char *text, size_t length, size_t most)
{
    size_t at = 0;
    for (size_t n = 0; at < length; at++)
        if (!utf8_continues(text[at]) && n++ == most)
            break;
    return at;
}

/* Passes over the white space that a sample begins with. */
static void append_beginning(TextBuffer *out, const char *text, size_t length)
{
    size_t blank = strspn(text, " \n\t\r");
    blank = blank < length ? blank : length;
    size_t shown = length_of(text + blank, length - blank, SHOWN);
    text_append_format(out, "<pre dir=\"auto\">");
    html_append(out, text + blank, shown);
    text_append_format(out, "%s</pre>", blank + shown < length ? "&hellip;" : "");
}

static void append_missing(TextBuffer *out, const char *reason)
{
    text_append_format(out, "<p class=\"missing\">");
    html_append_format(out, "%s", reason);
    text_append_format(out, ".</p>");
}

static void append_sample(TextBuffer *out, const Findings *findings, size_t arm)
{
    Arena arena = {0};
    FileBytes file = {0};
    Error why;
    const Trial *trial = first_finished(findings, arm);
    text_append_format(out, "<article><h3>");
    page_arm(out, findings, arm);
    if (trial)
        text_append_format(out, " <small>seed %zu</small>", trial->seed);
    text_append_format(out, "</h3>");
    if (!trial)
        append_missing(out, "No run is finished");
    else if (file_may_exist(trial->run.samples) &&
             !file_read(&arena, trial->run.samples, MAX_SAMPLE, &file, &why))
        append_missing(out, why.text);
    else if (file.length == 0)
        append_missing(out, "No sample was written");
    else
        append_beginning(out, file.bytes, file.length);
    text_append_format(out, "</article>\n");
    arena_free(&arena);
}

void report_samples(TextBuffer *out, const Findings *findings)
{
    if (report_task(findings))
        return;
    text_append_format(out,
                       "<section id=\"samples\"><h2>What they write</h2>\n"
                       "<p>The first %d characters of each arm's sample, with the same "
                       "random numbers where the seed is the same.</p>\n<div class=\"cards\">\n",
                       (int)SHOWN);
    for (size_t i = 0; i < findings->experiment->n_arms; i++)
        append_sample(out, findings, findings->order[i]);
    text_append_format(out, "</div></section>\n");
}
