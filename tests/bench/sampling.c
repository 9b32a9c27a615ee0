/* sampling.c: characters per second that a model writes, with its default options. */
#include <stdio.h>

#include "base/terminal.h"
#include "bench/bench.h"
#include "math/parallel.h"
#include "train/sampler.h"

static bool keep_on(void *context, int token)
{
    (void)context, (void)token;
    return true;
}

/* A window full, so that the cost of a long context is in it. */
static bool characters_per_second(const Subject *subject, double *result, Error *error)
{
    const Gpt *gpt = &subject->trainer.gpt;
    size_t count = gpt->config.block_size;
    SampleOptions options = {.temperature = 0.8, .key = random_seed(1)};
    double start = clock_seconds();
    if (!sample(gpt, subject->corpus.train.at, 1, count, &options, keep_on, NULL, error))
        return false;
    *result = (double)count / (clock_seconds() - start);
    return true;
}

static bool measure(const Plan *plan, const Setting *setting, Series speed[2], Error *error)
{
    /* A batch of one: the optimiser and the activations of a step are not needed here. */
    Setting alone = *setting;
    Subject subject;
    alone.batch_size = 1;
    if (!subject_init(&subject, &alone, NANOGPT_SCHEME, error))
        return false;
    bool ok = true;
    for (size_t r = 0; ok && r < setting_repetitions(plan, setting); r++)
        for (int t = 0; ok && t < 2; t++) {
            double result;
            parallel_set_threads(t == 0 ? 1 : plan->cores);
            ok = characters_per_second(&subject, &result, error);
            if (ok)
                series_add(&speed[t], result);
        }
    parallel_set_threads(plan->cores);
    subject_free(&subject);
    return ok;
}

bool bench_sampling(const Plan *plan, Error *error)
{
    char cores[CORES_SIZE];
    say(plan, "\nSampling, characters/s         1 core             %s\n",
        cores_text(cores, plan->cores));
    for (size_t s = 0; s < setting_count(plan); s++) {
        const Setting *setting = &settings_of_bench[s];
        Series speed[2] = {0};
        char one[SPREAD_SIZE], all[SPREAD_SIZE];
        if (!measure(plan, setting, speed, error))
            return false;
        say(plan, "  %-22s %s   %s\n", setting->title, spread(one, &speed[0], 0),
            spread(all, &speed[1], 0));
        for (int t = 0; t < 2; t++)
            record(plan, "sampling", setting->name, t == 0 ? 1 : plan->cores, "characters/s",
                   &speed[t]);
    }
    return true;
}
