/* sampling.c: characters per second that a model writes once its window is full.
 *
 * With the cache a character takes each weight and each kept key and value once, for one
 * multiply-add: so the limit is how fast they can be read. The yardstick is that: one core adds up
 * as many bytes, again and again as the sampling does, and in turns with it. Without the cache all
 * characters of the window are encoded anew for each. */
#include <stdio.h>

#include "base/terminal.h"
#include "bench/bench.h"
#include "math/parallel.h"
#include "math/simd.h"
#include "train/sampler.h"

/* A model of a setting with a window: what it was trained with, or longer. */
typedef struct Case {
    const Setting *setting;
    size_t context;
} Case;

enum { MOST_CASES = N_SETTINGS + 4 };

static size_t list_cases(const Plan *plan, Case cases[MOST_CASES])
{
    size_t count = 0;
    for (size_t s = 0; s < setting_count(plan); s++) {
        const Setting *setting = &settings_of_bench[s];
        cases[count++] = (Case){setting, setting->block_size};
        for (size_t context = 128; s == 0 && context <= 1024; context *= 2)
            cases[count++] = (Case){setting, context};
    }
    return count;
}

/* --- the limit --- */

/* What one core reads for a character. */
typedef struct Numbers {
    Arena arena;
    real *at;
    size_t count;
} Numbers;

static bool make_numbers(Numbers *numbers, const Subject *subject, const Case *of, Error *error)
{
    const GptConfig *config = &subject->trainer.gpt.config;
    numbers->count =
        subject->trainer.gpt.params.n_numbers + 2 * config->n_layer * of->context * config->n_embd;
    if (!arena_reserve(&numbers->arena, numbers->count * sizeof *numbers->at, error))
        return false;
    numbers->at = arena_alloc(&numbers->arena, numbers->count, sizeof *numbers->at);
    return numbers->at ? true : fail(error, "out of memory: numbers to read");
}

/* Seconds that reading them takes, the mean of so many times. */
static double seconds_to_read(const Numbers *numbers, size_t times)
{
    enum { CHAINS = 8, STEP = CHAINS * LANES };
    Vector sum[CHAINS] = {{0}}, all = {0};
    double start = clock_seconds();
    for (size_t time = 0; time < times; time++)
        for (size_t i = 0; i + STEP <= numbers->count; i += STEP)
            UNROLL_FULLY
    for (size_t c = 0; c < CHAINS; c++)
        sum[c] += vector_load(numbers->at + i + c * LANES);
    double seconds = (clock_seconds() - start) / (double)times;
    for (size_t c = 0; c < CHAINS; c++)
        all += sum[c];
    numbers->at[0] = all[0]; /* so that the compiler cannot leave anything out */
    return seconds;
}

/* --- sampling --- */

typedef struct Clock {
    size_t count;
    double first, last; /* when the first token was there, and when the last one was */
} Clock;

static bool note_time(void *context, int token)
{
    (void)token;
    Clock *clock = context;
    clock->last = clock_seconds();
    if (clock->count++ == 0)
        clock->first = clock->last;
    return true;
}

/* Seconds for a character, the mean of so many. The prompt fills the window. */
static bool seconds_per_character(const Subject *subject, size_t context, SamplePast past,
                                  size_t count, double *seconds, Error *error)
{
    SampleOptions options = {
        .temperature = 0.8, .window = context, .past = past, .key = random_seed(1)};
    Clock clock = {0};
    if (!sample(&subject->trainer.gpt, subject->corpus.train.at, context, count + 1, &options,
                note_time, &clock, error))
        return false;
    *seconds = (clock.last - clock.first) / (double)count;
    return true;
}

/* As many characters as take about a tenth of a second or two. */
static size_t characters_worth_timing(const Case *of, bool cached)
{
    double step = setting_flops(of->setting) /
                  (double)(of->setting->batch_size * of->setting->block_size); /* of a character */
    double flops = cached ? step / 3 : step / 3 * (double)of->context;
    return (size_t)((cached ? 1e9 : 5e9) / flops) + 1;
}

/* Characters per second. */
typedef struct Speeds {
    Series cached, cached_all_cores, anew, limit, share;
} Speeds;

static bool measure_once(const Plan *plan, const Subject *subject, const Case *of,
                         const Numbers *numbers, Speeds *speeds, Error *error)
{
    double cached, anew, all_cores;
    size_t count = characters_worth_timing(of, true);
    parallel_set_threads(1);
    double read = seconds_to_read(numbers, count);
    bool ok = seconds_per_character(subject, of->context, PAST_SLIDE, count, &cached, error) &&
              seconds_per_character(subject, of->context, PAST_CROP,
                                    characters_worth_timing(of, false), &anew, error);
    parallel_set_threads(plan->cores);
    ok = ok && seconds_per_character(subject, of->context, PAST_SLIDE, count, &all_cores, error);
    if (!ok)
        return false;
    series_add(&speeds->cached, 1 / cached);
    series_add(&speeds->cached_all_cores, 1 / all_cores);
    series_add(&speeds->anew, 1 / anew);
    series_add(&speeds->limit, 1 / read);
    series_add(&speeds->share, 100 * read / cached);
    return true;
}

static bool measure(const Plan *plan, const Case *of, Speeds *speeds, Error *error)
{
    /* A batch of one: the optimiser and the activations of a step are not needed here. */
    Setting alone = *of->setting;
    Subject subject;
    Numbers numbers = {0};
    alone.batch_size = 1;
    if (!subject_init(&subject, &alone, POS_DEFAULT, error))
        return false;
    bool ok = make_numbers(&numbers, &subject, of, error);
    for (size_t r = 0; ok && r < setting_repetitions(plan, of->setting); r++)
        ok = measure_once(plan, &subject, of, &numbers, speeds, error);
    arena_free(&numbers.arena);
    subject_free(&subject);
    return ok;
}

static void report(const Plan *plan, const Case *of, const Speeds *speeds)
{
    char what[64], cached[SPREAD_SIZE], share[SPREAD_SIZE], anew[SPREAD_SIZE], all[SPREAD_SIZE];
    say(plan, "  %-17s %7zu  %s  %s  %s  %s\n", of->setting->title, of->context,
        spread(cached, &speeds->cached, 0), spread(share, &speeds->share, 1),
        spread(anew, &speeds->anew, 0), spread(all, &speeds->cached_all_cores, 0));
    snprintf(what, sizeof what, "%s context %zu", of->setting->name, of->context);
    record(plan, "sampling", what, 1, "characters/s", &speeds->cached);
    record(plan, "sampling", what, plan->cores, "characters/s", &speeds->cached_all_cores);
    record(plan, "sampling anew", what, 1, "characters/s", &speeds->anew);
    record(plan, "sampling limit", what, 1, "characters/s", &speeds->limit);
    record(plan, "sampling", what, 1, "% of limit", &speeds->share);
}

bool bench_sampling(const Plan *plan, Error *error)
{
    Case cases[MOST_CASES];
    char cores[CORES_SIZE];
    size_t count = list_cases(plan, cases);
    say(plan,
        "\nSampling, characters/s; limit: one core reads all weights, keys and values for each\n");
    say(plan, "  %-17s context  %-25s%-23s%-25s%s\n", "", "with the cache", "% of the limit",
        "encoded anew", cores_text(cores, plan->cores));
    for (size_t c = 0; c < count; c++) {
        Speeds speeds = {0};
        if (!measure(plan, &cases[c], &speeds, error))
            return false;
        report(plan, &cases[c], &speeds);
    }
    return true;
}
