/* columns.c: what each column of the table of arms says of an arm. */
#include "lab/report/columns.h"

#include <math.h>

#include "lab/report/html.h"

/* --- cells --- */

static void append_estimate(TextBuffer *out, const Estimate *estimate)
{
    page_with_interval(out, estimate->over_seeds.mean, estimate->interval, 4);
}

static void loss_cell(TextBuffer *out, const Findings *findings, size_t arm)
{
    append_estimate(out, &findings->arms[arm].val_loss);
}

static void bits_cell(TextBuffer *out, const Findings *findings, size_t arm)
{
    page_number(out, findings->arms[arm].val_loss.over_seeds.mean / log(2), 3);
}

static void exact_cell(TextBuffer *out, const Findings *findings, size_t arm)
{
    const Estimate *exact = &findings->arms[arm].exact;
    Interval percent = {100 * exact->interval.low, 100 * exact->interval.high};
    page_with_interval(out, 100 * exact->over_seeds.mean, percent, 1);
}

static void seeds_cell(TextBuffer *out, const Findings *findings, size_t arm)
{
    text_append_format(out, "%zu", findings->arms[arm].val_loss.over_seeds.n);
}

static bool has_best_pair(const Findings *findings, size_t arm, Pair *pair)
{
    size_t best = findings->comparison.best;
    if (best == NO_SCHEME || best == arm)
        return false;
    *pair = comparison_pair(&findings->comparison, arm, best);
    return true;
}

static void above_cell(TextBuffer *out, const Findings *findings, size_t arm)
{
    Pair pair;
    if (has_best_pair(findings, arm, &pair))
        page_with_interval(out, pair.difference.mean, pair.interval, 4);
    else if (arm == findings->comparison.best)
        text_append_format(out, "lowest");
    else
        page_number(out, NAN, 0);
}

static void p_cell(TextBuffer *out, const Findings *findings, size_t arm)
{
    Pair pair = {.p_holm = NAN};
    has_best_pair(findings, arm, &pair);
    page_shown_p(out, pair.p_holm);
}

static void train_cell(TextBuffer *out, const Findings *findings, size_t arm)
{
    append_estimate(out, &findings->arms[arm].train_loss);
}

/* A number of the model; there is none before a run is finished. */
static void append_size(TextBuffer *out, const ArmFindings *found, size_t size)
{
    if (found->finished > 0)
        page_count(out, size);
    else
        page_number(out, NAN, 0);
}

static void parameters_cell(TextBuffer *out, const Findings *findings, size_t arm)
{
    append_size(out, &findings->arms[arm], findings->arms[arm].parameters);
}

static void positional_cell(TextBuffer *out, const Findings *findings, size_t arm)
{
    append_size(out, &findings->arms[arm], findings->arms[arm].pos_parameters);
}

/* The number of threads, if it is the same wherever there is a time; else 0. */
static size_t common_threads(const Findings *findings)
{
    size_t threads = 0;
    for (size_t a = 0; a < findings->experiment->n_arms; a++) {
        const ArmFindings *found = &findings->arms[a];
        if (isnan(found->ms_per_step))
            continue;
        if (found->threads == 0 || (threads > 0 && found->threads != threads))
            return 0;
        threads = found->threads;
    }
    return threads;
}

static void append_threads(TextBuffer *out, size_t threads)
{
    if (threads == 0)
        text_append_format(out, "on different numbers of threads");
    else
        text_append_format(out, "on %zu thread%s", threads, threads == 1 ? "" : "s");
}

static void time_cell(TextBuffer *out, const Findings *findings, size_t arm)
{
    const ArmFindings *found = &findings->arms[arm];
    page_number(out, found->ms_per_step, found->ms_per_step < 10 ? 2 : 1);
    if (isnan(found->ms_per_step) || common_threads(findings) > 0)
        return;
    text_append_format(out, " <small>");
    append_threads(out, found->threads);
    text_append_format(out, "</small>");
}

static void reach_cell(TextBuffer *out, const Findings *findings, size_t arm)
{
    const ArmFindings *found = &findings->arms[arm];
    size_t n = found->steps_to_reach.over_seeds.n;
    page_with_interval(out, found->steps_to_reach.over_seeds.mean, found->steps_to_reach.interval,
                       0);
    if (n < found->finished)
        text_append_format(out, " <small>%zu of %zu runs reach it</small>", n, found->finished);
}

static void equal_time_cell(TextBuffer *out, const Findings *findings, size_t arm)
{
    append_estimate(out, &findings->arms[arm].loss_at_time);
}

/* --- columns --- */

static void per_unit(TextBuffer *out, const Findings *findings)
{
    html_append_format(out, "nats per %s", experiment_unit(findings->experiment));
}

static void bits_per_unit(TextBuffer *out, const Findings *findings)
{
    html_append_format(out, "bits per %s", experiment_unit(findings->experiment));
}

static void on_threads(TextBuffer *out, const Findings *findings)
{
    text_append_format(out, "milliseconds ");
    if (common_threads(findings) > 0)
        append_threads(out, common_threads(findings));
}

static void to_the_loss(TextBuffer *out, const Findings *findings)
{
    text_append_format(out, "a loss of ");
    page_number(out, findings->stated_loss, 4);
}

static void at_the_time(TextBuffer *out, const Findings *findings)
{
    char time[TEXT_NUMBER_SIZE];
    text_append_format(out, "after %s", text_duration(time, findings->equal_time));
}

static bool is_task(const Findings *findings)
{
    return report_task(findings) != NULL;
}

static bool is_text(const Findings *findings)
{
    return report_task(findings) == NULL;
}

static bool has_stated_loss(const Findings *findings)
{
    return !isnan(findings->stated_loss);
}

static bool has_equal_time(const Findings *findings)
{
    return !isnan(findings->equal_time);
}

const Column report_columns[] = {
    {.title = "Validation loss",
     .detail = per_unit,
     .explanation = "the mean over the seeds at the last step, with its 95&nbsp;% interval: on all "
                    "of the validation text, or, of a task, on new sequences of the lengths of "
                    "training. Lower is better.",
     .cell = loss_cell},
    {.title = "In bits",
     .detail = bits_per_unit,
     .explanation = "the same mean: a nat is 1.443 bits.",
     .cell = bits_cell},
    {.title = "All right",
     .unit = "% of sequences",
     .explanation = "the share of sequences in which every answer is right, over the lengths of "
                    "training. Higher is better.",
     .cell = exact_cell,
     .has = is_task},
    {.title = "Seeds", .explanation = "how many runs the mean is over.", .cell = seeds_cell},
    {.title = "Above the lowest",
     .unit = "nats",
     .explanation = "how far the loss is above that of the arm with the lowest mean: the mean of "
                    "the differences seed by seed, with its 95&nbsp;% interval.",
     .cell = above_cell},
    {.title = "p after Holm",
     .explanation = "how often luck alone would bring a difference as large between equal arms, "
                    "corrected for the number of pairs; below 0.05, in bold, it is shown that "
                    "there is one.",
     .cell = p_cell},
    {.title = "Training loss",
     .detail = per_unit,
     .explanation = "of the same models on as much of the text that they learned from; far below "
                    "the validation loss, they have learned it by heart.",
     .cell = train_cell,
     .has = is_text},
    {.title = "Parameters", .explanation = "numbers that are learned.", .cell = parameters_cell},
    {.title = "Of these positional",
     .explanation = "how many of these belong to the positional scheme.",
     .cell = positional_cell},
    {.title = "Time per step",
     .detail = on_threads,
     .explanation = "the median, without evaluation; compare it only where the number of threads "
                    "is the same, and the machine was as busy with other work.",
     .cell = time_cell},
    {.title = "Steps to reach",
     .detail = to_the_loss,
     .explanation = "the first step at which the validation loss is as low as that: the mean of "
                    "the runs that get there.",
     .cell = reach_cell,
     .has = has_stated_loss},
    {.title = "Loss at equal time",
     .detail = at_the_time,
     .explanation = "the validation loss by the time at which the fastest arm is through.",
     .cell = equal_time_cell,
     .has = has_equal_time},
};
const size_t report_column_count = sizeof report_columns / sizeof *report_columns;
