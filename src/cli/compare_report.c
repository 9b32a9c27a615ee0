/* compare_report.c: tables with a row for each arm, the best first. */
#include "cli/compare_report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli/compare_cells.h"
#include "cli/compare_chart.h"
#include "cli/compare_lengths.h"
#include "cli/wrap.h"

/* --- before the runs --- */

void print_question(FILE *stream, const Experiment *experiment)
{
    const Config *config = &experiment->trials[0]->config;
    size_t width = NAME_WIDTH;
    for (size_t arm = 0; arm < experiment->n_arms; arm++)
        if (strlen(experiment->arms[arm].name) > width)
            width = strlen(experiment->arms[arm].name);
    fprintf(stream, "%zu x %zu runs on %s: %zu arms, seeds %zu to %zu, %zu steps each\n\n",
            experiment->n_arms, experiment->n_seeds, experiment->corpus.name, experiment->n_arms,
            experiment->request->first_seed,
            experiment->request->first_seed + experiment->n_seeds - 1, config->max_iters);
    for (size_t arm = 0; arm < experiment->n_arms; arm++)
        fprintf(stream, "    %-*s %s\n", (int)width, experiment->arms[arm].name,
                experiment->arms[arm].scheme->title);
    fprintf(stream, "\n");
    char question[400];
    snprintf(question, sizeof question,
             "Before the numbers come: which will have the lowest loss? Which will be so close to "
             "each other that the seeds cannot tell them apart? And which will still %s longer "
             "than those of training? Write it down, and then look.",
             experiment_task(experiment) ? "be right in sequences" : "work in windows");
    print_wrapped(stream, question, 0, TABLE_WIDTH);
    fprintf(stream, "\n");
}

/* --- the losses --- */

static void print_loss_row(const Findings *findings, size_t arm)
{
    const Comparison *comparison = &findings->comparison;
    const ArmFindings *found = &findings->arms[arm];
    print_name(findings->names[arm]);
    print_number("%.4f", 8, found->val_loss.over_seeds.mean);
    print_interval(17, found->val_loss.interval, text_decimal, 3);
    if (arm == comparison->best || comparison->best == NO_SCHEME) {
        printf("\n");
        return;
    }
    Pair pair = comparison_pair(comparison, arm, comparison->best);
    print_change(10, pair.difference.mean);
    print_interval(20, pair.interval, text_change, 4);
    print_p(10, pair.p_holm);
    printf("\n");
}

static void print_losses(const Findings *findings)
{
    const Experiment *experiment = findings->experiment;
    printf("%s, nats per %s, over %zu seed%s\n\n",
           experiment_task(experiment) ? "Loss at the lengths of training, last step"
                                       : "Validation loss at the last step",
           experiment_unit(experiment), experiment->n_seeds, experiment->n_seeds == 1 ? "" : "s");
    printf("%*s%8s%17s%10s%20s%10s\n", NAME_WIDTH, "", "mean", "95 % interval", "above",
           "95 % interval", "p (Holm)");
    printf("%*s%8s%17s%10s\n", NAME_WIDTH, "", "", "", "the best");
    for (size_t place = 0; place < experiment->n_arms; place++)
        print_loss_row(findings, findings->order[place]);
}

/* The margin of the equivalence test, and how often it would come out for equal arms. */
static void print_power(const Findings *findings)
{
    const Comparison *comparison = &findings->comparison;
    double least = INFINITY, most = -INFINITY;
    for (size_t p = 0; p < comparison->n_pairs && !isnan(comparison->margin); p++) {
        double power = comparison_power(comparison, comparison->pairs[p].a, comparison->pairs[p].b);
        least = fmin(least, power);
        most = fmax(most, power);
    }
    if (!isfinite(least))
        return;
    TextBuffer text = {0};
    text_append_format(&text,
                       "As good as each other means: to within %.4f nats, a tenth of what "
                       "separates no positional scheme from the plainest one. Of equal arms the "
                       "test would show it in %.0f to %.0f %% of cases, by how much the seeds of a "
                       "pair stray (pairs.csv has each).",
                       comparison->margin, 100 * least, 100 * most);
    printf("\n");
    print_wrapped(stdout, text.failed ? "(out of memory)" : text.bytes, 0, TABLE_WIDTH);
    text_buffer_free(&text);
}

/* --- what stands beside them --- */

static bool reached_by_some(const ArmFindings *found)
{
    size_t n = found->steps_to_reach.over_seeds.n;
    return n > 0 && n < found->finished;
}

static void print_beside_row(const Findings *findings, size_t arm)
{
    const ArmFindings *found = &findings->arms[arm];
    char all[TEXT_NUMBER_SIZE], own[TEXT_NUMBER_SIZE];
    bool task = experiment_task(findings->experiment) != NULL, any = found->finished > 0;
    print_name(findings->names[arm]);
    print_number(task ? "%.1f %%" : "%.4f", 9,
                 task ? 100 * found->exact.over_seeds.mean : found->train_loss.over_seeds.mean);
    printf("%12s%12s", any ? text_thousands(all, found->parameters) : "-",
           any ? text_thousands(own, found->pos_parameters) : "-");
    print_number("%.2f", 9, found->ms_per_step);
    print_number(reached_by_some(found) ? "*%.0f" : "%.0f", 11,
                 found->steps_to_reach.over_seeds.mean);
    print_number("%.4f", 12, found->loss_at_time.over_seeds.mean);
    printf("\n");
}

static void print_beside(const Findings *findings)
{
    char loss[32] = "", seconds[32] = "";
    bool task = experiment_task(findings->experiment) != NULL;
    if (!isnan(findings->stated_loss))
        snprintf(loss, sizeof loss, "to %.2f", findings->stated_loss);
    if (!isnan(findings->equal_time))
        snprintf(seconds, sizeof seconds, "at %.1f s", findings->equal_time);
    printf("\n%*s%12s%12s%9s%11s%12s\n", NAME_WIDTH + 9, task ? "all right" : "training",
           "parameters", "positional", "ms", "steps", "loss");
    printf("%*s%12s%12s%9s%11s%12s\n", NAME_WIDTH + 9, task ? "in training" : "loss", "", "ones",
           "a step", loss, seconds);
    bool some = false;
    for (size_t place = 0; place < findings->experiment->n_arms; place++) {
        size_t arm = findings->order[place];
        print_beside_row(findings, arm);
        some = some || reached_by_some(&findings->arms[arm]);
    }
    if (some)
        printf("*: the mean of the runs that get there; others do not\n");
}

/* What each scheme says of itself in these models. */
static void print_what_schemes_say(const Findings *findings)
{
    printf("\nWhat the schemes are\n\n");
    for (size_t place = 0; place < findings->experiment->n_arms; place++) {
        size_t arm = findings->order[place];
        const PosScheme *scheme = findings->experiment->arms[arm].scheme;
        const char *says = findings->arms[arm].says;
        TextBuffer text = {0};
        text_append_format(&text, "%s%s%s", scheme->title, says[0] != '\0' ? ": " : "", says);
        print_name(findings->names[arm]);
        print_wrapped(stdout, text.failed ? "(out of memory)" : text.bytes, NAME_WIDTH,
                      TABLE_WIDTH - NAME_WIDTH);
        text_buffer_free(&text);
    }
}

/* --- by context --- */

/* The first length that has a column: there is room for some, and the longest ones have it. */
static size_t first_context(const Findings *findings)
{
    enum { MOST = 7 };
    return findings->n_contexts > MOST ? findings->n_contexts - MOST : 0;
}

static void print_contexts_of(const Findings *findings, size_t arm, bool same)
{
    print_name(findings->names[arm]);
    for (size_t c = first_context(findings); c < findings->n_contexts; c++) {
        const ContextFinding *found = &findings->by_context[arm * findings->n_contexts + c];
        double mean = (same ? found->same : found->plain).over_seeds.mean;
        if (found->refused)
            printf("%9s", "refused");
        else
            print_number("%.4f", 9, mean);
    }
    printf("\n");
}

static void print_context_table(const Findings *findings, bool same)
{
    size_t block_size = experiment_block_size(findings->experiment);
    printf("%*s", NAME_WIDTH, "");
    for (size_t c = first_context(findings); c < findings->n_contexts; c++) {
        char length[32];
        snprintf(length, sizeof length, "%s%zu", findings->contexts[c] == block_size ? "=" : "",
                 findings->contexts[c]);
        printf("%9s", length);
    }
    printf("\n");
    for (size_t place = 0; place < findings->experiment->n_arms; place++)
        print_contexts_of(findings, findings->order[place], same);
}

static void print_contexts(const Findings *findings)
{
    char count[TEXT_NUMBER_SIZE];
    const char *unit = experiment_unit(findings->experiment);
    if (findings->n_contexts == 0)
        return;
    if (findings->same_targets > 0) {
        printf("\nLoss by context: the same %s %ss at every length%s\n\n",
               text_thousands(count, findings->same_targets), unit,
               experiment_block_size(findings->experiment) > 0 ? "; =: training" : "");
        print_context_table(findings, true);
    }
    printf("\n");
    print_wrapped(
        stdout,
        "In plain windows side by side a longer one has fewer places near its start, where "
        "little is known; so the mean falls even for a model that makes nothing of what is "
        "far away:",
        0, TABLE_WIDTH);
    printf("\n");
    print_context_table(findings, false);
}

/* --- the end --- */

static void print_missing(const Findings *findings)
{
    const Experiment *experiment = findings->experiment;
    size_t count = experiment->n_arms * experiment->n_seeds;
    if (findings->finished < count)
        printf("\n");
    for (size_t t = 0; t < count; t++)
        if (!findings->runs[t].finished)
            printf("%s, seed %zu has no loss: %s\n", experiment->trials[t]->arm->name,
                   experiment->trials[t]->seed, findings->runs[t].gone);
    if (findings->n_builds > 1)
        printf("\nThese runs come from %zu different builds or machines: they agree to rounding "
               "only,\nand their times do not compare; the report lists them.\n",
               findings->n_builds);
}

void print_findings(const Findings *findings, const Terminal *terminal)
{
    print_charts(findings, terminal);
    printf("\n");
    print_losses(findings);
    print_power(findings);
    print_beside(findings);
    print_what_schemes_say(findings);
    print_contexts(findings);
    print_lengths(findings);
    print_missing(findings);
    printf("\n");
    print_wrapped(stdout, findings->headline, 0, TABLE_WIDTH);
    if (findings->caveats[0] != '\0')
        print_wrapped(stdout, findings->caveats, 0, TABLE_WIDTH);
}
