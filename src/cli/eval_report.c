/* eval_report.c: rows and columns. */
#include "cli/eval_report.h"

#include <math.h>
#include <stdio.h>

/* --- by context --- */

/* Are there two pairs of columns? */
static bool has_pairs(const EvalReport *report)
{
    return report->table.count > 1 && report->table.losses[0].targets.count > 0;
}

void print_context_header(const EvalReport *report)
{
    const char *unit = report->table.unit;
    char targets[TEXT_NUMBER_SIZE], same[2 * TEXT_NUMBER_SIZE];
    if (!has_pairs(report)) {
        printf("  context  training     windows   %9ss      nats      bits\n", unit);
        return;
    }
    text_thousands(targets, report->table.losses[0].targets.count);
    snprintf(same, sizeof same, "the same %s", targets);
    printf("%48s%20s\n", "windows side by side", same);
    printf("  context  training  windows   %9ss    nats    bits     nats    bits\n", unit);
}

/* A loss in two columns of that width. */
static void print_loss(double nats, int width)
{
    printf(" %*.4f %*.4f", width, nats, width, nats / log(2));
}

void print_context_row(const EvalReport *report, size_t index)
{
    const ContextLoss *loss = &report->table.losses[index];
    const Evaluation *whole = &loss->whole;
    bool pairs = has_pairs(report);
    char times[TEXT_NUMBER_SIZE], windows[TEXT_NUMBER_SIZE], questions[TEXT_NUMBER_SIZE];
    snprintf(times, sizeof times, "x%.3g",
             (double)loss->context / (double)report->table.block_size);
    printf("%9zu %9s ", loss->context, times);
    if (loss->refused) {
        printf("   %s\n", loss->refused);
    } else {
        printf("%*s %12s", pairs ? 8 : 11, text_thousands(windows, whole->windows),
               text_thousands(questions, whole->questions));
        print_loss(whole->loss, pairs ? 7 : 9);
        if (pairs) {
            printf(" ");
            print_loss(loss->same.loss, 7);
        }
        printf("\n");
    }
    fflush(stdout);
}

void print_context_note(const EvalReport *report)
{
    const char *unit = report->table.unit;
    if (has_pairs(report))
        printf("\nOf windows side by side, a longer one has a smaller share of %ss near\n"
               "its start, where little is known, so its mean falls even for a model that makes\n"
               "nothing of what is far; on the same %ss, each predicted from a window\n"
               "that is nearly full, lengths compare fairly.\n",
               unit, unit);
}

/* --- by position --- */

static size_t longest_served(const EvalReport *report)
{
    size_t longest = 0;
    for (size_t c = 0; c < report->table.count; c++)
        if (!report->table.losses[c].refused && report->table.losses[c].context > longest)
            longest = report->table.losses[c].context;
    return longest;
}

static void print_position_header(const EvalReport *report)
{
    char seen[TEXT_NUMBER_SIZE];
    snprintf(seen, sizeof seen, "%ss seen", report->table.unit);
    printf("%15s  nats in a window of\n%15s", report->causal ? seen : "place in window", "");
    for (size_t c = 0; c < report->table.count; c++)
        if (!report->table.losses[c].refused)
            printf(" %8zu", report->table.losses[c].context);
    printf("\n");
}

/* The positions first ... end - 1, of which a window may have a part, or none. */
static void print_group(const EvalReport *report, size_t first, size_t end)
{
    char label[2 * TEXT_NUMBER_SIZE];
    snprintf(label, sizeof label, end > first + 1 ? "%zu-%zu" : "%zu", first + 1, end);
    printf("%15s", label);
    for (size_t c = 0; c < report->table.count; c++) {
        const ContextLoss *loss = &report->table.losses[c];
        if (loss->refused)
            continue;
        double mean = context_mean(loss, first, end < loss->context ? end : loss->context);
        if (isnan(mean))
            printf(" %8s", "-");
        else
            printf(" %8.4f", mean);
    }
    printf("%s\n", first >= report->table.block_size ? "  beyond training" : "");
}

void print_positions(const EvalReport *report)
{
    size_t longest = longest_served(report);
    print_position_header(report);
    for (size_t first = 0, end = 1; first < longest; first = end, end *= 2)
        print_group(report, first, end < longest ? end : longest);
}
