/* contexts.c: the loss at context lengths other than that of training. */
#include "lab/report/parts.h"

#include <string.h>

#include "lab/report/html.h"

static void append_cell(TextBuffer *out, const ContextFinding *found)
{
    if (found->refused) {
        text_append_format(out, "<td class=\"refused\" title=\"");
        html_append_format(out, "%s", found->refused);
        text_append_format(out, "\">refused</td>");
        return;
    }
    text_append_format(out, "<td>");
    page_number(out, found->same.over_seeds.mean, 4);
    text_append_format(out, " <small class=\"plain\">");
    page_number(out, found->plain.over_seeds.mean, 4);
    text_append_format(out, "</small><small>");
    page_interval(out, found->same.interval, 3);
    text_append_format(out, "</small></td>");
}

static void append_row(TextBuffer *out, const Findings *findings, size_t arm)
{
    text_append_format(out, "<tr><th scope=\"row\">");
    page_arm(out, findings, arm);
    text_append_format(out, "</th>");
    for (size_t c = 0; c < findings->n_contexts; c++)
        append_cell(out, findings_at_context(findings, arm, c));
    text_append_format(out, "</tr>\n");
}

/* The lengths that are refused for the reason that number `context` is, unless a shorter one told
 * it. */
static void append_reason(TextBuffer *out, const Findings *findings, size_t arm, size_t context)
{
    const char *reason = findings_at_context(findings, arm, context)->refused;
    for (size_t c = 0; c < context; c++) {
        const char *other = findings_at_context(findings, arm, c)->refused;
        if (other && strcmp(other, reason) == 0)
            return;
    }
    text_append_format(out, "<li>");
    page_arm(out, findings, arm);
    text_append_format(out, " at");
    for (size_t c = context; c < findings->n_contexts; c++) {
        const char *other = findings_at_context(findings, arm, c)->refused;
        if (other && strcmp(other, reason) == 0)
            text_append_format(out, "%s %zu", c > context ? "," : "", findings->contexts[c]);
    }
    html_append_format(out, ": %s", reason);
    text_append_format(out, "</li>\n");
}

static void append_reasons(TextBuffer *out, const Findings *findings)
{
    text_append_format(out, "<ul class=\"gone\">\n");
    for (size_t i = 0; i < findings->experiment->n_arms; i++)
        for (size_t c = 0; c < findings->n_contexts; c++)
            if (findings_at_context(findings, findings->order[i], c)->refused)
                append_reason(out, findings, findings->order[i], c);
    text_append_format(out, "</ul>\n");
}

static void append_table_of_lengths(TextBuffer *out, const Findings *findings)
{
    const char *unit = experiment_unit(findings->experiment);
    size_t trained = experiment_block_size(findings->experiment);
    page_table(out, "contexts", "Loss by context length");
    page_lengths_head(out, findings->contexts, findings->n_contexts, trained, trained);
    text_append_format(out, "<tbody>\n");
    for (size_t i = 0; i < findings->experiment->n_arms; i++)
        append_row(out, findings, findings->order[i]);
    text_append_format(out, "</tbody></table></div>\n");
    append_reasons(out, findings);
    text_append_format(out, "<p>In nats per %s: first the loss on the same ", unit);
    page_count(out, findings->same_targets);
    text_append_format(out,
                       " %ss at every length, with its 95&nbsp;%% interval below; beside it, "
                       "<small class=\"plain\">small</small>, that of plain windows, which lie "
                       "side by side. A longer plain window has fewer %ss near its start, where "
                       "little is known, so its mean falls even for a model that makes nothing of "
                       "what is far away; the same targets compare the lengths fairly.</p>\n",
                       unit, unit);
}

void report_contexts(TextBuffer *out, const Findings *findings)
{
    if (report_task(findings)) /* has lengths of its own */
        return;
    text_append_format(out, "<section id=\"contexts\"><h2>Longer and shorter contexts</h2>\n");
    if (findings->n_contexts == 0) {
        text_append_format(out, "<p class=\"missing\">The runs were not tried at other context "
                                "lengths (by_context = yes asks for it).</p></section>\n");
        return;
    }
    text_append_format(out, "<div class=\"figures\">\n");
    page_picture(out, findings, "loss-by-context", "Curves of the loss against the context length",
                 "The same text with more and more context: a curve that goes on falling beyond "
                 "the shaded range of training makes use of distances that it never saw in "
                 "training, and one that rises is led astray.");
    page_picture(out, findings, "loss-by-position",
                 "Curves of the loss against the position in the longest window",
                 "One long window from its start to its end: where a curve turns upwards, the "
                 "scheme loses its way; how far behind the shaded range tells how far it "
                 "carries.");
    text_append_format(out, "</div>\n");
    append_table_of_lengths(out, findings);
    text_append_format(out, "</section>\n");
}
