/* eval_report.c: rows and columns. */
#include "cli/eval_report.h"

#include <math.h>
#include <stdio.h>

/* --- by context --- */

void print_context_header(const EvalReport *report)
{
    printf("  context  training     windows   %9ss      nats      bits\n", report->unit);
}

void print_context_row(const EvalReport *report, size_t index)
{
    const ContextLoss *loss = &report->losses[index];
    const Evaluation *whole = &loss->whole;
    char times[TEXT_NUMBER_SIZE], windows[TEXT_NUMBER_SIZE], questions[TEXT_NUMBER_SIZE];
    snprintf(times, sizeof times, "x%.3g", (double)loss->context / (double)report->block_size);
    printf("%9zu %9s ", loss->context, times);
    if (loss->refused)
        printf("   %s\n", loss->refused);
    else
        printf("%11s %12s %9.4f %9.4f\n", text_thousands(windows, whole->windows),
               text_thousands(questions, whole->questions), whole->loss, whole->loss / log(2));
    fflush(stdout);
}

/* A text as the last cell of a row, in quotes, its own doubled (RFC 4180). */
static void append_quoted(TextBuffer *out, const char *text)
{
    text_append(out, "\"", 1);
    for (; *text != '\0'; text++)
        text_append_format(out, *text == '"' ? "\"%c" : "%c", *text);
    text_append(out, "\"", 1);
}

void append_contexts_csv(const EvalReport *report, TextBuffer *out)
{
    text_append_format(out, "context,training,windows,%ss,loss_nats,loss_bits,refused\n",
                       report->unit);
    for (size_t c = 0; c < report->count; c++) {
        const ContextLoss *loss = &report->losses[c];
        const Evaluation *whole = &loss->whole;
        text_append_format(out, "%zu,%zu,", loss->context, report->block_size);
        if (loss->refused) {
            text_append_format(out, "0,0,nan,nan,");
            append_quoted(out, loss->refused);
        } else {
            text_append_format(out, "%zu,%zu,%.9g,%.9g,", whole->windows, whole->questions,
                               whole->loss, whole->loss / log(2));
        }
        text_append_format(out, "\n");
    }
}

/* --- by position --- */

static size_t longest_served(const EvalReport *report)
{
    size_t longest = 0;
    for (size_t c = 0; c < report->count; c++)
        if (!report->losses[c].refused && report->losses[c].context > longest)
            longest = report->losses[c].context;
    return longest;
}

static void print_position_header(const EvalReport *report)
{
    char seen[TEXT_NUMBER_SIZE];
    snprintf(seen, sizeof seen, "%ss seen", report->unit);
    printf("%15s  nats in a window of\n%15s", report->causal ? seen : "place in window", "");
    for (size_t c = 0; c < report->count; c++)
        if (!report->losses[c].refused)
            printf(" %8zu", report->losses[c].context);
    printf("\n");
}

/* The positions first ... end - 1, of which a window may have a part, or none. */
static void print_group(const EvalReport *report, size_t first, size_t end)
{
    char label[2 * TEXT_NUMBER_SIZE];
    snprintf(label, sizeof label, end > first + 1 ? "%zu-%zu" : "%zu", first + 1, end);
    printf("%15s", label);
    for (size_t c = 0; c < report->count; c++) {
        const ContextLoss *loss = &report->losses[c];
        if (loss->refused)
            continue;
        double mean = context_mean(loss, first, end < loss->context ? end : loss->context);
        if (isnan(mean))
            printf(" %8s", "-");
        else
            printf(" %8.4f", mean);
    }
    printf("%s\n", first >= report->block_size ? "  beyond training" : "");
}

void print_positions(const EvalReport *report)
{
    size_t longest = longest_served(report);
    print_position_header(report);
    for (size_t first = 0, end = 1; first < longest; first = end, end *= 2)
        print_group(report, first, end < longest ? end : longest);
}

void append_positions_csv(const EvalReport *report, TextBuffer *out)
{
    text_append_format(out, "context,position,%ss,loss_nats\n", report->unit);
    for (size_t c = 0; c < report->count; c++) {
        const ContextLoss *loss = &report->losses[c];
        if (loss->refused)
            text_append_format(out, "%zu,nan,0,nan\n", loss->context);
        for (size_t t = 0; !loss->refused && t < loss->context; t++) {
            size_t count = loss->count_by_position[t];
            text_append_format(out, "%zu,%zu,%zu,", loss->context, t, count);
            if (count > 0)
                text_append_format(out, "%.9g\n", loss->sum_by_position[t] / (double)count);
            else
                text_append_format(out, "nan\n");
        }
    }
}
