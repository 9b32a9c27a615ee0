/* shared.c: numbers, names and frames, the same in every part of the page. */
#include "lab/report/parts.h"

#include <math.h>
#include <string.h>

#include "lab/palette.h"
#include "lab/report/html.h"

#define DASH  "\xe2\x80\x93" /* U+2013 */
#define MINUS "\xe2\x88\x92" /* U+2212 */

void page_number(TextBuffer *out, double x, int decimals)
{
    if (isnan(x))
        text_append_format(out, DASH);
    else if (isinf(x))
        text_append_format(out, x < 0 ? MINUS "infinite" : "infinite");
    else
        text_append_format(out, "%s%.*f", text_decimal(x, decimals).text[0] == '-' ? MINUS : "",
                           decimals, fabs(x));
}

void page_interval(TextBuffer *out, Interval interval, int decimals)
{
    if (isnan(interval.low) || isnan(interval.high))
        return;
    page_number(out, interval.low, decimals);
    text_append_format(out, " to ");
    page_number(out, interval.high, decimals);
}

void page_with_interval(TextBuffer *out, double x, Interval interval, int decimals)
{
    page_number(out, x, decimals);
    text_append_format(out, " <small>");
    page_interval(out, interval, decimals);
    text_append_format(out, "</small>");
}

void page_p(TextBuffer *out, double p)
{
    if (p < 0.0001)
        text_append_format(out, "&lt; 0.0001");
    else
        page_number(out, p, 4);
}

void page_shown_p(TextBuffer *out, double p)
{
    bool shown = p < SIGNIFICANCE;
    text_append_format(out, shown ? "<strong>" : "");
    page_p(out, p);
    text_append_format(out, shown ? "</strong>" : "");
}

void page_count(TextBuffer *out, size_t count)
{
    char digits[TEXT_NUMBER_SIZE];
    text_append_format(out, "%s", text_thousands(digits, count));
}

void page_arm(TextBuffer *out, const Findings *findings, size_t arm)
{
    const Arm *meant = &findings->experiment->arms[arm];
    text_append_format(
        out, "<span class=\"arm\"><i style=\"background:%s\"></i>",
        palette_ink(pos_index(meant->scheme), meant->variant, meant->n_variants).hex);
    html_append_format(out, "%s", findings->names[arm]);
    text_append_format(out, "</span>");
}

void page_table(TextBuffer *out, const char *class, const char *name)
{
    text_append_format(out, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"");
    html_append_format(out, "%s", name);
    text_append_format(out, "\"><table class=\"%s\">\n", class);
}

void page_lengths_head(TextBuffer *out, const size_t *lengths, size_t n_lengths, size_t shortest,
                       size_t longest)
{
    text_append_format(out, "<thead><tr><th scope=\"col\">Arm</th>");
    for (size_t l = 0; l < n_lengths; l++) {
        bool trained = shortest <= lengths[l] && lengths[l] <= longest;
        text_append_format(out,
                           trained ? "<th scope=\"col\" class=\"trained\">" : "<th scope=\"col\">");
        page_count(out, lengths[l]);
        if (trained)
            text_append_format(out, " <small>in training</small>");
        else if (longest > 0)
            text_append_format(out, " <small>&times; %.3g</small>",
                               (double)lengths[l] / (double)longest);
        text_append_format(out, "</th>");
    }
    text_append_format(out, "</tr></thead>\n");
}

const Config *report_config(const Findings *findings)
{
    return &experiment_trial(findings->experiment, 0, 0)->config;
}

bool report_same_in_all(const Findings *findings, size_t offset)
{
    const Experiment *experiment = findings->experiment;
    const char *first = (const char *)report_config(findings) + offset;
    for (size_t i = 1; i < experiment->n_arms * experiment->n_seeds; i++) {
        const char *other = (const char *)&experiment->trials[i]->config + offset;
        if (memcmp(other, first, sizeof(size_t)) != 0)
            return false;
    }
    return true;
}

const Task *report_task(const Findings *findings)
{
    return experiment_task(findings->experiment);
}
