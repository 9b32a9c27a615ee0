/* schemes.c: what each positional scheme costs: its step beside that of `none`, at nanoGPT's
 * setting for a CPU, and the memory of a step by length.
 *
 * Each time a scheme takes a step, `none` takes one right before or after it, so whatever else the
 * machine does at the time disturbs both; and what is compared with a bound is the upper end of the
 * interval of the median ratio. `none` beside itself says how good the measurement is. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/bench.h"
#include "math/parallel.h"

static const size_t lengths[] = {64, 256, 1024, 4096};
enum { N_LENGTHS = sizeof lengths / sizeof *lengths, CONTROL = 0 /* `none` is the first */ };

/* The bounds that are aimed at: those that turn queries and keys, or add a number by distance, are
 * to cost next to nothing; the others at most as much again as all else. */
static const double SMALL_BOUND = 1.08, LARGE_BOUND = 2;

static double bound_of(const PosScheme *scheme)
{
    bool by_distance = scheme->at_scores && !strstr(scheme->cost, "T^2");
    return scheme->at_query_key || by_distance ? SMALL_BOUND : LARGE_BOUND;
}

/* Bytes of a step on one sequence of that length. */
static bool memory_of(const PosScheme *scheme, size_t length, size_t *bytes, Error *error)
{
    Config config;
    Gpt gpt;
    const Setting *setting = &settings_of_bench[0];
    if (!config_init(&config, error))
        return false;
    GptConfig shape = {.n_layer = setting->n_layer,
                       .n_head = setting->n_head,
                       .n_embd = setting->n_embd,
                       .block_size = length,
                       .vocab_size = VOCABULARY,
                       .causal = true};
    bool ok = gpt_init(&gpt, &shape, scheme, pos_options_of(&config.pos_options, scheme), error);
    if (ok) {
        ok = gpt_measure(&gpt, 1, length, true, bytes, error);
        gpt_free(&gpt);
    }
    config_free(&config);
    return ok;
}

/* A step of both. */
static bool measure_beside(Subject *subject, Subject *control, bool control_first, double *seconds,
                           double *of_control, Error *error)
{
    bool ok = !control_first || subject_steps(control, 1, of_control, error);
    ok = ok && subject_steps(subject, 1, seconds, error);
    return ok && (control_first || subject_steps(control, 1, of_control, error));
}

/* Rounds of a few pairs of steps for each scheme; the first round is to warm up. */
static bool measure(const Plan *plan, Subject *subjects, Series *ms, Series *times, Error *error)
{
    size_t pairs = steps_worth_timing(&settings_of_bench[0]);
    for (size_t r = 0; r <= plan->repetitions; r++)
        for (size_t s = 0; s < pos_scheme_count; s++)
            for (size_t pair = 0; pair < (r == 0 ? 1 : pairs); pair++) {
                double seconds, of_control;
                if (!measure_beside(&subjects[s], &subjects[CONTROL], (r + pair) % 2 == 0, &seconds,
                                    &of_control, error))
                    return false;
                if (r == 0)
                    continue;
                series_add(&ms[s], 1e3 * seconds);
                series_add(&times[s], seconds / of_control);
            }
    return true;
}

static bool print_scheme(const Plan *plan, const PosScheme *scheme, const Series *ms,
                         const Series *times, Error *error)
{
    char of_ms[SPREAD_SIZE], unit[48];
    double upper = series_upper(times), bound = bound_of(scheme);
    say(plan, "  %-10s%s%6.2f", scheme->name, spread(of_ms, ms, 1), series_median(times));
    if (isinf(upper))
        say(plan, "%7s   %.2f", "-", bound);
    else
        say(plan, "%7.2f %s%.2f", upper, upper > bound ? "> " : "<=", bound);
    record(plan, "scheme", scheme->name, plan->cores, "ms", ms);
    record(plan, "scheme", scheme->name, plan->cores, "times none", times);
    record_number(plan, "scheme", scheme->name, plan->cores, "times none, upper end (95 %)", upper);
    record_number(plan, "scheme", scheme->name, plan->cores, "bound", bound);
    for (size_t i = 0; i < N_LENGTHS; i++) {
        size_t bytes;
        if (!memory_of(scheme, lengths[i], &bytes, error))
            return false;
        say(plan, " %5.1f", (double)bytes / (1024 * 1024));
        snprintf(unit, sizeof unit, "bytes of a step at T = %zu", lengths[i]);
        record_number(plan, "scheme", scheme->name, plan->cores, unit, (double)bytes);
    }
    say(plan, "\n");
    return true;
}

static void print_header(const Plan *plan)
{
    char cores[CORES_SIZE];
    say(plan, "\nSchemes, %s, %s: steps beside those of %s\n", settings_of_bench[0].title,
        cores_text(cores, plan->cores), POS_CONTROL);
    say(plan,
        "  Bounds: %.2f for those that turn queries and keys or add a number by distance,\n"
        "  %.2f for the others. MiB: of a step on one sequence.\n",
        SMALL_BOUND, LARGE_BOUND);
    say(plan, "%39s%7s%7s   MiB at T =\n", "times", "95 %", "");
    say(plan, "%33s%6s%7s%7s", "ms            ", POS_CONTROL, "below", "bound");
    for (size_t i = 0; i < N_LENGTHS; i++)
        say(plan, "%6zu", lengths[i]);
    say(plan, "\n");
}

bool bench_schemes(const Plan *plan, Error *error)
{
    static Subject subjects[MAX_POS_SCHEMES];
    static Series ms[MAX_POS_SCHEMES], times[MAX_POS_SCHEMES];
    size_t ready = 0;
    bool ok = true;
    parallel_set_threads(plan->cores);
    for (; ok && ready < pos_scheme_count; ready += ok)
        ok = subject_init(&subjects[ready], &settings_of_bench[0], pos_schemes[ready]->name, error);
    ok = ok && measure(plan, subjects, ms, times, error);
    while (ready > 0)
        subject_free(&subjects[--ready]);
    if (ok)
        print_header(plan);
    for (size_t s = 0; ok && s < pos_scheme_count; s++)
        ok = print_scheme(plan, pos_schemes[s], &ms[s], &times[s], error);
    return ok;
}
