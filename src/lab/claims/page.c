/* page.c: the first screen, and the page as a whole. */
#include "lab/claims/page.h"

#include "base/file.h"
#include "base/machine.h"
#include "lab/claims/page_parts.h"
#include "lab/report/html.h"
#include "lab/report/parts.h"

const char *claim_file(Arena *arena, size_t number)
{
    return text_format(arena, "claim-%zu", number);
}

/* --- the first screen --- */

/* "5 seeds, 101 to 105", and how often each verdict was asked for. */
static void append_scope(TextBuffer *out, const BookPlan *plan)
{
    const ExperimentScale *scale = &plan->scale;
    text_append_format(out,
                       "<p>Each claim is put to the test by an experiment that could have come "
                       "out otherwise. What is said of learning is said of small models, "
                       "trained on ");
    html_append_format(out, "%s", scale->data);
    if (plan->full)
        html_append_format(
            out, " and on %s, at a common learning rate and at the best of three for each",
            plan->other_text);
    if (scale->n_seeds == 1)
        text_append_format(out, ", with the one seed %zu.</p>\n", scale->first_seed);
    else
        text_append_format(out, ", with the %zu seeds %zu to %zu.</p>\n", scale->n_seeds,
                           scale->first_seed, scale->first_seed + scale->n_seeds - 1);
}

/* The number that decides, or why there is none; and the condition, which may be longer. */
static void append_reason(TextBuffer *out, const Judgement *judgement)
{
    const Answer *answer = &judgement->answer;
    html_append_format(out, "%s", judgement->missing ? judgement->missing : answer->deciding);
    if (judgement->missing || answer->condition[0] == '\0')
        return;
    text_append_format(out, "<small>");
    html_append_format(out, "%s", answer->condition);
    text_append_format(out, "</small>");
}

static void append_verdicts(TextBuffer *out, const ClaimsPage *page)
{
    page_table(out, "verdicts stack", "The claims and their verdicts");
    text_append_format(out, "<thead><tr><th scope=\"col\">What is said</th><th scope=\"col\">What "
                            "came out</th><th scope=\"col\">The number that decides</th></tr>"
                            "</thead>\n<tbody>\n");
    for (size_t j = 0; j < page->count; j++) {
        const Judgement *judgement = &page->judgements[j];
        text_append_format(out, "<tr><th scope=\"row\"><b>%zu</b><a href=\"#claim-%zu\">",
                           judgement->number, judgement->number);
        html_append_format(out, "%s", judgement->claim->says);
        text_append_format(out, "</a></th><td data-title=\"Verdict\">");
        claims_verdict(out, judgement);
        text_append_format(out, "</td><td data-title=\"Decided by\">");
        append_reason(out, judgement);
        text_append_format(out, "</td></tr>\n");
    }
    text_append_format(out, "</tbody></table></div>\n");
}

/* --- the page --- */

static void append_page(TextBuffer *out, const ClaimsPage *page)
{
    text_append_format(out,
                       "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                       "<title>posgpt: claims about positional embeddings</title>\n<style>\n");
    report_style(out);
    claims_style(out);
    text_append_format(out,
                       "</style>\n</head>\n<body>\n<div class=\"front\"><h1>What is said about "
                       "positional embeddings, put to the test</h1>\n");
    append_scope(out, page->plan);
    append_verdicts(out, page);
    text_append_format(out, "</div>\n<main>\n");
    for (size_t j = 0; j < page->count; j++)
        claims_section(out, page, &page->judgements[j]);
    text_append_format(out, "</main>\n<footer>Written by posgpt %s.</footer>\n</body>\n</html>\n",
                       program_version);
}

bool claims_page_write(const ClaimsPage *page, const char *path, Error *error)
{
    TextBuffer text = {0};
    append_page(&text, page);
    bool ok = text.failed ? fail(error, "out of memory: %s", path)
                          : file_write(path, text.bytes, text.length, error);
    text_buffer_free(&text);
    return ok;
}
