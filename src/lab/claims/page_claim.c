/* page_claim.c: one claim: what is said, the question, how it is tested; folded up, the result. */
#include "lab/claims/page_parts.h"

#include <string.h>

#include "lab/report/html.h"
#include "lab/report/parts.h"

/* --- verdicts --- */

static void append_verdict(TextBuffer *out, const char *class, const char *name)
{
    text_append_format(out, "<span class=\"verdict %s\">%s</span>", class, name);
}

static void append_verdict_of(TextBuffer *out, Verdict verdict)
{
    static const char *const classes[] = {"holds", "partly", "fails", "unknown"};
    append_verdict(out, classes[verdict], verdict_names[verdict]);
}

void claims_verdict(TextBuffer *out, const Judgement *judgement)
{
    if (judgement->missing)
        append_verdict(out, "unknown", "no answer");
    else
        append_verdict_of(out, judgement->answer.verdict);
}

/* --- pieces --- */

static void append_text(TextBuffer *out, const char *before, const char *text, const char *behind)
{
    text_append_format(out, "%s", before);
    html_append(out, text, strlen(text));
    text_append_format(out, "%s", behind);
}

static void append_names(TextBuffer *out, const Experiment *experiment)
{
    for (size_t arm = 0; arm < experiment->n_arms; arm++)
        html_append_format(out, "%s%s", arm > 0 ? ", " : "", experiment->arms[arm].name);
}

/* "35 runs on fables: none, learned, ..." and their sizes. */
static void append_runs(TextBuffer *out, const Judgement *judgement)
{
    text_append_format(out, "<dt>Runs</dt><dd>");
    if (judgement->n_drawn_on == 0)
        text_append_format(out, "none: this is tested on numbers, not on trained models");
    for (size_t e = 0; e < judgement->n_drawn_on; e++) {
        const Experiment *experiment = judgement->drawn_on[e];
        text_append_format(out, "%s%zu on ", e > 0 ? "<br>" : "",
                           experiment->n_arms * experiment->n_seeds);
        html_append_format(
            out, "%s%s: ", report_task(&(Findings){.experiment = experiment}) ? "the task " : "",
            experiment->corpus.name);
        append_names(out, experiment);
        page_facts(out, &(Findings){.experiment = experiment});
    }
    text_append_format(out, "</dd>\n");
}

static void append_test(TextBuffer *out, const Judgement *judgement)
{
    const Claim *claim = judgement->claim;
    text_append_format(out, "<dl class=\"columns\">\n");
    append_text(out, "<dt>Varied</dt><dd>", claim->varied, "</dd>\n");
    append_text(out, "<dt>Held</dt><dd>", claim->held, "</dd>\n");
    append_text(out, "<dt>Criterion</dt><dd>", claim->criterion, "</dd>\n");
    append_runs(out, judgement);
    text_append_format(out, "</dl>\n");
}

/* --- the result --- */

static void append_outcome(TextBuffer *out, const Judgement *judgement)
{
    const char *condition = judgement->missing ? "" : judgement->answer.condition;
    text_append_format(out, "<p class=\"outcome\">");
    claims_verdict(out, judgement);
    if (condition[0] != '\0')
        append_text(out, ": ", condition, "");
    text_append_format(out, "</p>\n");
}

static void append_views(TextBuffer *out, const Judgement *judgement)
{
    page_table(out, "views", "The verdict in each view");
    text_append_format(out, "<thead><tr><th scope=\"col\">Where</th><th scope=\"col\" "
                            "class=\"left\">Verdict</th><th scope=\"col\" class=\"left\">"
                            "Deciding number</th></tr></thead>\n<tbody>\n");
    for (size_t v = 0; v < judgement->n_views; v++) {
        const ViewAnswer *seen = &judgement->views[v];
        append_text(out, "<tr><th scope=\"row\">", seen->where, "</th><td>");
        append_verdict_of(out, seen->answer.verdict);
        append_text(out, "</td><td>", seen->answer.deciding, "</td></tr>\n");
    }
    text_append_format(out, "</tbody></table></div>\n");
}

static void append_table(TextBuffer *out, const AnswerTable *table)
{
    if (table->n_rows == 0)
        return;
    page_table(out, "answer", "The numbers");
    text_append_format(out, "<thead><tr>");
    for (size_t c = 0; c < table->n_columns; c++)
        append_text(out, "<th scope=\"col\">", table->header[c], "</th>");
    text_append_format(out, "</tr></thead>\n<tbody>\n");
    for (size_t r = 0; r < table->n_rows; r++) {
        const char *const *cells = table->cells + r * table->n_columns;
        append_text(out, "<tr><th scope=\"row\">", cells[0], "</th>");
        for (size_t c = 1; c < table->n_columns; c++)
            append_text(out, "<td>", cells[c], "</td>");
        text_append_format(out, "</tr>\n");
    }
    text_append_format(out, "</tbody></table></div>\n");
}

static void append_figure(TextBuffer *out, const ClaimsPage *page, const Judgement *judgement)
{
    const AnswerFigure *figure = &judgement->answer.figure;
    Arena arena = {0};
    const char *name = claim_file(&arena, judgement->number);
    TextBuffer caption = {0};
    Error why;
    if (figure->n_series > 0 && name) {
        html_append_format(&caption, "%s: %s against %s.", figure->title, figure->y_name,
                           figure->x_name);
        if (!page_figure(out, page->folder, name, figure->title,
                         caption.failed ? "" : caption.bytes, &why))
            page_no_figure(out, &why);
    }
    out->failed = out->failed || caption.failed || !name;
    text_buffer_free(&caption);
    arena_free(&arena);
}

static void append_questions(TextBuffer *out, const Claim *claim)
{
    enum { MOST = sizeof claim->discuss / sizeof *claim->discuss };
    if (!claim->discuss[0])
        return;
    text_append_format(out, "<h3>To discuss</h3>\n<ol>\n");
    for (size_t q = 0; q < MOST && claim->discuss[q]; q++)
        append_text(out, "<li>", claim->discuss[q], "</li>\n");
    text_append_format(out, "</ol>\n");
}

static void append_result(TextBuffer *out, const ClaimsPage *page, const Judgement *judgement)
{
    const Answer *answer = &judgement->answer;
    text_append_format(out, "<details class=\"result\"><summary>What came out</summary>\n");
    append_outcome(out, judgement);
    if (judgement->missing) {
        append_text(out, "<p>", judgement->missing, "</p>\n");
    } else {
        append_text(out, "<p class=\"deciding\">", answer->deciding, "</p>\n");
        if (judgement->n_views > 1)
            append_views(out, judgement);
        append_text(out, "<p>", answer->text, "</p>\n");
        append_figure(out, page, judgement);
        append_table(out, &answer->table);
    }
    append_questions(out, judgement->claim);
    text_append_format(out, "</details>\n");
}

void claims_section(TextBuffer *out, const ClaimsPage *page, const Judgement *judgement)
{
    const Claim *claim = judgement->claim;
    text_append_format(out, "<section class=\"claim\" id=\"claim-%zu\">\n<h2><span>%zu</span>",
                       judgement->number, judgement->number);
    append_text(out, "", claim->says, "</h2>\n");
    append_text(out, "<p class=\"question\"><b>Before you look</b>", claim->question, "</p>\n");
    append_test(out, judgement);
    append_result(out, page, judgement);
    text_append_format(out, "<p><code class=\"command\">");
    html_append_format(out, "%s --claim %zu", page->command, judgement->number);
    text_append_format(out, "</code></p>\n</section>\n");
}
