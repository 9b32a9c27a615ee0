/* schemes.c: what each positional scheme costs: its step beside that of `none`, at nanoGPT's
 * setting for a CPU, and the memory of a step by length. */
#include <stdio.h>

#include "bench/bench.h"
#include "math/parallel.h"

static const size_t lengths[] = {64, 256, 1024, 4096};
enum { N_LENGTHS = sizeof lengths / sizeof *lengths, CONTROL = 0 /* `none` is the first */ };

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

/* Rounds of a few steps of each scheme. */
static bool measure(const Plan *plan, Subject *subjects, Series *ms, Series *times, Error *error)
{
    size_t steps = steps_worth_timing(&settings_of_bench[0]);
    for (size_t r = 0; r <= plan->repetitions; r++) {
        double control = 0;
        for (size_t s = 0; s < pos_scheme_count; s++) {
            double seconds;
            if (!subject_steps(&subjects[s], r == 0 ? 1 : steps, &seconds, error))
                return false;
            control = s == CONTROL ? seconds : control;
            if (r == 0) /* a round to warm up */
                continue;
            series_add(&ms[s], 1e3 * seconds);
            series_add(&times[s], seconds / control);
        }
    }
    return true;
}

static bool print_scheme(const Plan *plan, const PosScheme *scheme, const Series *ms,
                         const Series *times, Error *error)
{
    char of_ms[SPREAD_SIZE], of_times[SPREAD_SIZE], unit[48];
    say(plan, "  %-10s%s %s", scheme->name, spread(of_ms, ms, 1), spread(of_times, times, 2));
    record(plan, "scheme", scheme->name, plan->cores, "ms", ms);
    record(plan, "scheme", scheme->name, plan->cores, "times none", times);
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

bool bench_schemes(const Plan *plan, Error *error)
{
    static Subject subjects[MAX_POS_SCHEMES];
    static Series ms[MAX_POS_SCHEMES], times[MAX_POS_SCHEMES];
    char cores[CORES_SIZE];
    size_t ready = 0;
    bool ok = true;
    parallel_set_threads(plan->cores);
    for (; ok && ready < pos_scheme_count; ready += ok)
        ok = subject_init(&subjects[ready], &settings_of_bench[0], pos_schemes[ready]->name, error);
    ok = ok && measure(plan, subjects, ms, times, error);
    while (ready > 0)
        subject_free(&subjects[--ready]);
    say(plan, "\nSchemes, %s, %s\n", settings_of_bench[0].title, cores_text(cores, plan->cores));
    say(plan, "                                          MiB of a step on one sequence of\n"
              "                   ms             times none        T =");
    for (size_t i = 0; i < N_LENGTHS; i++)
        say(plan, "%6zu", lengths[i]);
    say(plan, "\n");
    for (size_t s = 0; ok && s < pos_scheme_count; s++)
        ok = print_scheme(plan, pos_schemes[s], &ms[s], &times[s], error);
    return ok;
}
