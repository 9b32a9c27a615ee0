/* findings.c: from the results of runs to means over seeds. */
#include "lab/findings.h"

#include <math.h>
#include <string.h>

#include "lab/curves.h"
#include "lab/headline.h"
#include "lab/lengths.h"
#include "lab/pace.h"
#include "model/gpt.h"

static bool out_of_memory(Error *error)
{
    return fail(error, "out of memory: the findings of a comparison");
}

/* --- losses --- */

static double val_loss_of(const RunResult *run, const void *context)
{
    (void)context;
    return run->outcome.val_loss;
}

static double train_loss_of(const RunResult *run, const void *context)
{
    (void)context;
    return run->outcome.train_loss;
}

static double exact_of(const RunResult *run, const void *context)
{
    (void)context;
    return run->outcome.exact;
}

static bool compare_losses(Desk *desk, Error *error)
{
    const Experiment *experiment = desk->experiment;
    size_t count = experiment->n_arms * experiment->n_seeds;
    double *losses = arena_alloc(desk->arena, count, sizeof *losses);
    if (!losses)
        return out_of_memory(error);
    for (size_t t = 0; t < count; t++)
        losses[t] = desk->runs[t].finished ? desk->runs[t].outcome.val_loss : NAN;
    Outcomes outcomes = {.n_schemes = experiment->n_arms,
                         .n_seeds = experiment->n_seeds,
                         .loss = losses,
                         .without = experiment->without,
                         .plainest = experiment->plainest};
    return comparison_make(desk->arena, &outcomes, &desk->findings->comparison, error);
}

static double mean_of_arm(const Findings *findings, size_t arm)
{
    return findings->comparison.schemes[arm].loss.mean;
}

/* By insertion: arms are few, and those that are equal keep their order. */
static bool order_arms(Desk *desk, Error *error)
{
    size_t n_arms = desk->experiment->n_arms;
    size_t *order = arena_alloc(desk->arena, n_arms, sizeof *order);
    if (!order)
        return out_of_memory(error);
    for (size_t arm = 0; arm < n_arms; arm++) {
        size_t place = arm;
        double mean = mean_of_arm(desk->findings, arm);
        while (place > 0 &&
               (mean < mean_of_arm(desk->findings, order[place - 1]) ||
                (!isnan(mean) && isnan(mean_of_arm(desk->findings, order[place - 1]))))) {
            order[place] = order[place - 1];
            place--;
        }
        order[place] = arm;
    }
    desk->findings->order = order;
    return true;
}

/* --- what the schemes say --- */

/* The scheme is asked in a model that has no memory for its numbers, which costs next to
 * nothing. Of one that cannot be made, the reason is said. */
static const char *what_arm_says(const Desk *desk, size_t arm)
{
    const Config *config = &experiment_trial(desk->experiment, arm, 0)->config;
    const PosScheme *scheme = desk->experiment->arms[arm].scheme;
    GptConfig shape = config_gpt(config, desk->experiment->corpus.vocab.size);
    Gpt gpt;
    Error why = {0};
    TextBuffer text = {0};
    text_append_format(&text, "%s", "");
    if (!gpt_init(&gpt, &shape, scheme, pos_options_of(&config->pos_options, scheme), &why)) {
        text_append_format(&text, "%s", why.text);
    } else {
        if (scheme->describe)
            scheme->describe(&gpt.pos, &text);
        gpt_free(&gpt);
    }
    const char *says = text.failed ? NULL : arena_text(desk->arena, text.bytes, text.length);
    text_buffer_free(&text);
    return says;
}

/* --- steps and time --- */

/* The pace of an arm: the median of its runs, of those on one thread if there are any. */
static void find_pace(const Desk *desk, size_t arm, ArmFindings *found)
{
    size_t n_seeds = desk->experiment->n_seeds, n = 0, on_one = 0;
    for (size_t seed = 0; seed < n_seeds; seed++)
        on_one += desk_run(desk, arm, seed)->finished && desk_run(desk, arm, seed)->threads == 1;
    found->threads = 0;
    for (size_t seed = 0; seed < n_seeds; seed++) {
        const RunResult *run = desk_run(desk, arm, seed);
        if (!run->finished || !isfinite(run->ms_per_step) || (on_one > 0 && run->threads != 1))
            continue;
        found->threads = n == 0 || found->threads == run->threads ? run->threads : 0;
        desk->x[n++] = run->ms_per_step;
    }
    found->ms_per_step = pace_median(desk->x, n);
}

static double steps_to_reach(const RunResult *run, const void *context)
{
    const double *loss = context;
    return pace_steps_to(run->looks, run->n_looks, *loss);
}

static double loss_at_step(const RunResult *run, const void *context)
{
    const double *step = context;
    return pace_loss_at(run->looks, run->n_looks, *step);
}

/* The highest mean of the arms, rounded up: what all of them reach, if only in the mean. */
static double common_loss(const Findings *findings)
{
    /* 1.23 may be a little more in binary: it is not to become 1.24 */
    const double ROUNDING = 1e-9;
    double highest = NAN; /* fmax takes the other number */
    for (size_t arm = 0; arm < findings->experiment->n_arms; arm++)
        highest = fmax(highest, mean_of_arm(findings, arm));
    return ceil(highest * 100 - ROUNDING) / 100;
}

static double last_step(const Experiment *experiment, size_t arm)
{
    return (double)experiment_trial(experiment, arm, 0)->config.max_iters;
}

static double training_seconds(const Desk *desk, size_t arm, const ArmFindings *found)
{
    return found->ms_per_step * last_step(desk->experiment, arm) / 1000;
}

/* Where a number cannot be below 0 or above `most`, its interval is not, either. */
static Estimate within(Estimate estimate, double most)
{
    Interval *interval = &estimate.interval;
    if (interval->low < 0)
        interval->low = 0;
    if (interval->high > most)
        interval->high = most;
    return estimate;
}

static bool describe_arm(const Desk *desk, size_t arm, ArmFindings *found, Error *error)
{
    found->says = what_arm_says(desk, arm);
    if (!found->says)
        return out_of_memory(error);
    for (size_t seed = 0; seed < desk->experiment->n_seeds; seed++) {
        const RunResult *run = desk_run(desk, arm, seed);
        if (!run->finished)
            continue;
        found->finished++;
        found->parameters = run->outcome.parameters;
        found->pos_parameters = run->outcome.position_parameters;
    }
    found->val_loss = over_seeds(desk, arm, val_loss_of, NULL);
    found->train_loss = over_seeds(desk, arm, train_loss_of, NULL);
    found->exact = within(over_seeds(desk, arm, exact_of, NULL), 1);
    found->steps_to_reach =
        within(over_seeds(desk, arm, steps_to_reach, &desk->findings->stated_loss),
               last_step(desk->experiment, arm));
    find_pace(desk, arm, found);
    return true;
}

/* The time at which the fastest arm is through is known when all have been described. */
static bool describe_arms(Desk *desk, double stated_loss, Error *error)
{
    Findings *findings = desk->findings;
    size_t n_arms = desk->experiment->n_arms;
    ArmFindings *arms = arena_alloc(desk->arena, n_arms, sizeof *arms);
    if (!arms)
        return out_of_memory(error);
    findings->stated_loss = isnan(stated_loss) ? common_loss(findings) : stated_loss;
    findings->equal_time = NAN; /* fmin takes the other number */
    for (size_t arm = 0; arm < n_arms; arm++) {
        if (!describe_arm(desk, arm, &arms[arm], error))
            return false;
        findings->finished += arms[arm].finished;
        findings->equal_time = fmin(findings->equal_time, training_seconds(desk, arm, &arms[arm]));
    }
    for (size_t arm = 0; arm < n_arms; arm++) {
        double step = findings->equal_time * 1000 / arms[arm].ms_per_step;
        arms[arm].loss_at_time = over_seeds(desk, arm, loss_at_step, &step);
    }
    findings->arms = arms;
    return true;
}

/* --- words --- */

/* headline.h writes lines: the first is the headline, the others are caveats, behind what is to be
 * said of a task's lengths. */
static bool write_headline(Desk *desk, Error *error)
{
    Findings *findings = desk->findings;
    const char **names = arena_alloc(desk->arena, desk->experiment->n_arms, sizeof *names);
    if (!names)
        return out_of_memory(error);
    for (size_t arm = 0; arm < desk->experiment->n_arms; arm++)
        names[arm] = desk->experiment->arms[arm].name;
    findings->names = names;
    TextBuffer text = {0}, lines = {0};
    headline_write(&text, &findings->comparison, names);
    lengths_append_words(findings, &lines);
    if (!text.failed) {
        size_t first = strcspn(text.bytes, "\n");
        text_append_format(&lines, "%s", text.bytes + first + (text.bytes[first] == '\n'));
        findings->headline = arena_text(desk->arena, text.bytes, first);
        if (!lines.failed)
            findings->caveats = arena_text(desk->arena, lines.bytes, lines.length);
    }
    text_buffer_free(&text);
    text_buffer_free(&lines);
    return (findings->headline && findings->caveats) || out_of_memory(error);
}

/* --- builds --- */

static bool gather_builds(Desk *desk, Error *error)
{
    Findings *findings = desk->findings;
    size_t count = desk->experiment->n_arms * desk->experiment->n_seeds;
    const char **builds = arena_alloc(desk->arena, count, sizeof *builds);
    if (!builds)
        return out_of_memory(error);
    for (size_t t = 0; t < count; t++) {
        if (!desk->runs[t].finished)
            continue;
        size_t known = 0;
        while (known < findings->n_builds && strcmp(builds[known], desk->runs[t].build) != 0)
            known++;
        if (known == findings->n_builds)
            builds[findings->n_builds++] = desk->runs[t].build;
    }
    findings->builds = builds;
    return true;
}

bool findings_make(const Experiment *experiment, double stated_loss, Findings *findings,
                   Error *error)
{
    RunResult *runs;
    Desk desk = {.experiment = experiment, .arena = experiment->arena, .findings = findings};
    *findings = (Findings){.experiment = experiment};
    desk.x = arena_alloc(desk.arena, experiment->n_seeds, sizeof *desk.x);
    if (!desk.x)
        return out_of_memory(error);
    if (!results_read(experiment, &runs, error))
        return false;
    desk.runs = findings->runs = runs;
    return compare_losses(&desk, error) && order_arms(&desk, error) &&
           describe_arms(&desk, stated_loss, error) && curves_draw(&desk, error) &&
           curves_by_context(&desk, error) && lengths_compare(&desk, error) &&
           write_headline(&desk, error) && gather_builds(&desk, error);
}
