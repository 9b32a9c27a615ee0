/* claims_report.c: two columns of running text side by side. */
#include "cli/claims_report.h"

#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "cli/wrap.h"

enum { WIDTH = 79, NUMBER = 4, SAYS = 33, GAP = 3, FOUND = WIDTH - NUMBER - SAYS - GAP };

/* --- before the runs --- */

static size_t count_runs(const Book *book)
{
    size_t runs = 0;
    for (size_t e = 0; e < book->n_experiments; e++)
        runs += book->experiments[e]->n_arms * book->experiments[e]->n_seeds;
    return runs;
}

void print_claim_questions(FILE *stream, const Book *book)
{
    const BookPlan *plan = &book->plan;
    fprintf(stream, "Up to %zu runs, %zu of each. Meanwhile, what do you think?\n\n",
            count_runs(book), plan->scale.n_seeds);
    for (size_t number = 1; number <= plan->n_claims; number++) {
        if (plan->only != 0 && plan->only != number)
            continue;
        fprintf(stream, "%2zu  ", number);
        print_wrapped(stream, plan->claims[number - 1]->question, NUMBER, WIDTH - NUMBER);
    }
    fprintf(stream, "\n");
}

/* --- after them --- */

static const char *colour_of(const Judgement *judgement)
{
    static const char *const colours[] = {"\033[1;32m", "\033[1;33m", "\033[1;31m", "\033[1m"};
    return judgement->missing ? "\033[1m" : colours[judgement->answer.verdict];
}

static void append_line(TextBuffer *found, const char *text)
{
    text_append_format(found, "%s\n", text);
}

/* The verdict is a line of its own. */
static void append_found(TextBuffer *found, const Judgement *judgement)
{
    const Answer *answer = &judgement->answer;
    if (judgement->missing) {
        append_line(found, "no answer");
        append_line(found, judgement->missing);
        return;
    }
    append_line(found, verdict_names[answer->verdict]);
    if (answer->condition[0] != '\0')
        append_line(found, answer->condition);
    if (judgement->n_views == 1)
        append_line(found, answer->deciding);
    for (size_t v = 0; v < judgement->n_views && judgement->n_views > 1; v++)
        text_append_format(found, "%s: %s\n%s\n", judgement->views[v].where,
                           verdict_names[judgement->views[v].answer.verdict],
                           judgement->views[v].answer.deciding);
}

static void print_cell(FILE *stream, const WrappedLine *line, size_t width)
{
    fprintf(stream, "%.*s%*s", (int)line->length, line->text,
            (int)(line->columns < width ? width - line->columns : 0), "");
}

static void print_judgement(FILE *stream, const Judgement *judgement, bool colour)
{
    TextBuffer text = {0};
    append_found(&text, judgement);
    const char *says = judgement->claim->says,
               *found = text.failed ? "(out of memory)" : text.bytes;
    for (size_t row = 0;; row++) {
        WrappedLine left, right;
        bool more = wrap_next(&says, SAYS, &left);
        if (!wrap_next(&found, FOUND, &right) && !more)
            break;
        if (row == 0)
            fprintf(stream, "%2zu  ", judgement->number);
        else
            fprintf(stream, "%*s", NUMBER, "");
        print_cell(stream, &left, right.length > 0 ? SAYS + GAP : 0);
        fprintf(stream, "%s%.*s%s\n", row == 0 && colour ? colour_of(judgement) : "",
                (int)right.length, right.text, row == 0 && colour ? "\033[0m" : "");
    }
    text_buffer_free(&text);
}

void print_judgements(FILE *stream, const Judgement *judgements, size_t count, bool colour)
{
    fprintf(stream, "\n%*s%-*s%s\n", NUMBER, "", SAYS + GAP, "What is said", "What came out");
    for (size_t j = 0; j < count; j++) {
        fprintf(stream, "\n");
        print_judgement(stream, &judgements[j], colour);
    }
}

/* --- CSV --- */

static void append_row(TextBuffer *out, const Judgement *judgement, const char *view,
                       const char *verdict, const Answer *answer)
{
    text_append_format(out, "%zu,", judgement->number);
    csv_append(out, judgement->claim->name);
    text_append_format(out, ",");
    csv_append(out, view);
    text_append_format(out, ",");
    csv_append(out, verdict);
    text_append_format(out, ",");
    csv_append(out, answer ? answer->condition : judgement->missing);
    text_append_format(out, ",");
    csv_append(out, answer ? answer->deciding : "");
    text_append_format(out, "\n");
}

void append_judgements(TextBuffer *out, const Judgement *judgements, size_t count)
{
    text_append_format(out, "claim,name,view,verdict,condition,deciding\n");
    for (size_t j = 0; j < count; j++) {
        const Judgement *judgement = &judgements[j];
        if (judgement->missing) {
            append_row(out, judgement, "all", "no answer", NULL);
            continue;
        }
        append_row(out, judgement, "all", verdict_names[judgement->answer.verdict],
                   &judgement->answer);
        for (size_t v = 0; v < judgement->n_views && judgement->n_views > 1; v++) {
            const ViewAnswer *seen = &judgement->views[v];
            append_row(out, judgement, seen->where, verdict_names[seen->answer.verdict],
                       &seen->answer);
        }
    }
}
