/* steps.c: a training step of each setting, on one core and on all, beside the peak and beside
 * PyTorch. */
#include <math.h>
#include <stdio.h>

#include "bench/bench.h"
#include "math/parallel.h"

typedef struct Steps {
    Series ms[2], of_peak[2];             /* on 1 core and on all */
    Series torch_ms[N_TORCH_VARIANTS];    /* empty where there is no PyTorch */
    Series torch_times[N_TORCH_VARIANTS]; /* how many times as long as ours on as many cores */
} Steps;

/* Our steps, with the peak before and behind them. */
static bool our_steps(Subject *subject, const Setting *setting, size_t threads, double *seconds,
                      double *of_peak, Error *error)
{
    parallel_set_threads(threads);
    double before = peak_flops(threads);
    if (!subject_steps(subject, steps_worth_timing(setting), seconds, error))
        return false;
    double peak = (before + peak_flops(threads)) / 2;
    *of_peak = 100 * setting_flops(setting) / *seconds / peak;
    return true;
}

static bool one_round(const Plan *plan, const Setting *setting, Subject *subject,
                      Child torch[N_TORCH_VARIANTS], Steps *steps, Error *error)
{
    const size_t threads[2] = {1, plan->cores};
    double seconds[2], of_peak, theirs;
    for (int t = 0; t < 2; t++) {
        if (!our_steps(subject, setting, threads[t], &seconds[t], &of_peak, error))
            return false;
        series_add(&steps->ms[t], 1e3 * seconds[t]);
        series_add(&steps->of_peak[t], of_peak);
    }
    for (size_t v = 0; v < N_TORCH_VARIANTS; v++)
        if (torch[v].id > 0 && torch_steps(&torch[v], steps_worth_timing(setting), &theirs)) {
            series_add(&steps->torch_ms[v], 1e3 * theirs);
            series_add(&steps->torch_times[v],
                       theirs / seconds[torch_variants[v].one_core ? 0 : 1]);
        }
    return true;
}

static void print_ours(const Plan *plan, const Setting *setting, const Steps *steps)
{
    double characters = (double)(setting->batch_size * setting->block_size);
    char ms[SPREAD_SIZE], of_peak[SPREAD_SIZE], cores[CORES_SIZE];
    say(plan, "  %s: %zu/%zu/%zu, block %zu, batch %zu, %.4g GFLOP\n", setting->title,
        setting->n_layer, setting->n_head, setting->n_embd, setting->block_size,
        setting->batch_size, setting_flops(setting) / 1e9);
    for (int t = 0; t < 2; t++) {
        size_t threads = t == 0 ? 1 : plan->cores;
        double per_second = 1e3 * characters / series_median(&steps->ms[t]);
        say(plan, "    %-23s%s %9.0f %s\n", cores_text(cores, threads),
            spread(ms, &steps->ms[t], setting->large ? 0 : 1), per_second,
            spread(of_peak, &steps->of_peak[t], 0));
        record(plan, "step", setting->name, threads, "ms", &steps->ms[t]);
        record(plan, "step", setting->name, threads, "% of peak", &steps->of_peak[t]);
        record_number(plan, "step", setting->name, threads, "characters/s", per_second);
    }
}

/* Was there any? */
static bool print_torch(const Plan *plan, const Setting *setting, const Steps *steps)
{
    char ms[SPREAD_SIZE], times[SPREAD_SIZE], what[128];
    bool any = false;
    for (size_t v = 0; v < N_TORCH_VARIANTS; v++) {
        if (steps->torch_ms[v].count == 0)
            continue;
        size_t threads = torch_variants[v].one_core ? 1 : plan->cores;
        say(plan, "    PyTorch %-15s%s   x %s\n", torch_variants[v].title,
            spread(ms, &steps->torch_ms[v], setting->large ? 0 : 1),
            spread(times, &steps->torch_times[v], 1));
        snprintf(what, sizeof what, "%s PyTorch %s", setting->name, torch_variants[v].name);
        record(plan, "step", what, threads, "ms", &steps->torch_ms[v]);
        record(plan, "step", what, threads, "times ours", &steps->torch_times[v]);
        any = true;
    }
    return any;
}

/* A large setting has memory for one PyTorch at a time, and patience for one of its steps. */
static void torch_afterwards(const Plan *plan, const Setting *setting, Steps *steps)
{
    for (size_t v = 0; v < N_TORCH_VARIANTS; v++) {
        Child torch;
        double seconds;
        if (torch_variants[v].one_core ||
            !torch_start(&torch, plan, setting, &torch_variants[v], 0))
            continue;
        if (torch_steps(&torch, 1, &seconds)) {
            series_add(&steps->torch_ms[v], 1e3 * seconds);
            series_add(&steps->torch_times[v], 1e3 * seconds / series_median(&steps->ms[1]));
        }
        child_stop(&torch);
    }
}

static bool bench_setting(const Plan *plan, const Setting *setting, bool *any_torch, Error *error)
{
    Subject subject;
    Steps steps = {0};
    Child torch[N_TORCH_VARIANTS] = {0};
    double warm_up;
    if (!subject_init(&subject, setting, NANOGPT_SCHEME, error))
        return false;
    for (size_t v = 0; v < N_TORCH_VARIANTS && !setting->large; v++)
        torch_start(&torch[v], plan, setting, &torch_variants[v], 1);
    bool ok = subject_steps(&subject, 1, &warm_up, error);
    for (size_t r = 0; ok && r < setting_repetitions(plan, setting); r++)
        ok = one_round(plan, setting, &subject, torch, &steps, error);
    subject_free(&subject);
    for (size_t v = 0; v < N_TORCH_VARIANTS; v++)
        child_stop(&torch[v]);
    if (!ok)
        return false;
    if (setting->large)
        torch_afterwards(plan, setting, &steps);
    print_ours(plan, setting, &steps);
    *any_torch = print_torch(plan, setting, &steps) || *any_torch;
    return true;
}

bool bench_steps(const Plan *plan, Error *error)
{
    bool any_torch = false;
    say(plan, "\nTraining steps (pos = %s)   ms                characters/s %% of the peak\n",
        NANOGPT_SCHEME);
    for (size_t s = 0; s < setting_count(plan); s++)
        if (!bench_setting(plan, &settings_of_bench[s], &any_torch, error))
            return false;
    if (any_torch)
        say(plan, "  x: how many times as long as posgpt takes on as many cores.\n");
    else
        say(plan, "  PyTorch (python3 with torch) is not installed here: no comparison\n");
    parallel_set_threads(plan->cores);
    return true;
}
