/* cache_measure.c: one text, encoded in several ways. */
#include "lab/claims/cache.h"

#include <string.h>

#include "lab/claims/specimen.h"
#include "train/sampler.h"

enum { SYMBOLS = 16, PROMPT = 8, DRAWN = 16 };

/* Everything that looking takes. */
typedef struct Subject {
    Specimen specimen;
    Tape tape; /* for one pass at a time */
    RandomKey key;
    int tokens[CACHE_TEXT];
} Subject;

static bool subject_init(Subject *subject, const PosScheme *scheme, const Setting *options,
                         size_t n_layer, bool causal, RandomKey key, Error *error)
{
    GptConfig config = specimen_config;
    config.n_layer = n_layer;
    config.causal = causal;
    config.vocab_size = SYMBOLS;
    config.longest = CACHE_TEXT;
    subject->key = random_for(key, "cache");
    for (size_t t = 0; t < CACHE_TEXT; t++)
        subject->tokens[t] = (int)random_below(random_for(subject->key, "text"), t, SYMBOLS);
    if (!tape_init(&subject->tape, false, error))
        return false;
    if (specimen_init_as(&subject->specimen, &config, scheme, options, subject->key, error))
        return true;
    tape_free(&subject->tape);
    return false;
}

static void subject_free(Subject *subject)
{
    specimen_free(&subject->specimen);
    tape_free(&subject->tape);
}

/* The logits [count, SYMBOLS] of one pass; they stay until the next. */
static const real *pass(Subject *subject, const int *tokens, size_t count, size_t window)
{
    tape_reset(&subject->tape);
    GptInput input = {.tokens = tokens,
                      .batch_size = 1,
                      .length = count,
                      .positions = positions_on(&subject->tape, 0, count),
                      .window = window};
    return gpt_forward(&subject->specimen.gpt, &subject->tape, &input)->data;
}

/* Raises what is there to the largest difference at a token. A NaN becomes an infinite one. */
static void note(double *change, const real *before, const real *after)
{
    for (size_t v = 0; v < SYMBOLS; v++) {
        double difference = fabs((double)after[v] - (double)before[v]);
        if (!(difference <= *change))
            *change = isnan(difference) ? INFINITY : difference;
    }
}

double logit_change_most(const LogitChange *change, size_t first, size_t end)
{
    double most = 0;
    for (size_t t = first; t < end; t++)
        most = fmax(most, change->at[t]);
    return most;
}

static void look_at_longer(Subject *subject, LogitChange *change)
{
    real alone[CACHE_BEGINNING * SYMBOLS];
    memcpy(alone, pass(subject, subject->tokens, CACHE_BEGINNING, 0), sizeof alone);
    const real *longer = pass(subject, subject->tokens, CACHE_TEXT, 0);
    for (size_t t = 0; t < CACHE_BEGINNING; t++)
        note(&change->at[t], alone + t * SYMBOLS, longer + t * SYMBOLS);
}

/* The text token by token, with a cache: its logits [CACHE_TEXT, SYMBOLS]. */
static bool continue_text(Subject *subject, GoOn go_on, size_t window, real *logits, Error *error)
{
    GptCache cache;
    if (!gpt_cache_init(&cache, &subject->specimen.gpt, window, error))
        return false;
    size_t t = 0;
    for (; t < CACHE_TEXT; t++) {
        tape_reset(&subject->tape);
        const Tensor *one = go_on(&cache, &subject->tape, subject->tokens + t, 1, error);
        if (!one)
            break;
        memcpy(logits + t * SYMBOLS, one->data, SYMBOLS * sizeof *logits);
    }
    gpt_cache_free(&cache);
    return t == CACHE_TEXT;
}

static bool look_at_cached(Subject *subject, GoOn go_on, size_t window, LogitChange *change,
                           Error *error)
{
    real logits[CACHE_TEXT * SYMBOLS];
    if (!continue_text(subject, go_on, window, logits, error))
        return false;
    const real *whole = pass(subject, subject->tokens, CACHE_TEXT, window);
    for (size_t t = 0; t < CACHE_TEXT; t++)
        note(&change->at[t], whole + t * SYMBOLS, logits + t * SYMBOLS);
    return true;
}

static bool look_at_slid(Subject *subject, GoOn go_on, LogitChange *change, Error *error)
{
    real logits[CACHE_TEXT * SYMBOLS];
    if (!continue_text(subject, go_on, CACHE_WINDOW, logits, error))
        return false;
    for (size_t t = CACHE_WINDOW; t < CACHE_TEXT; t++) {
        const real *anew = pass(subject, subject->tokens + t + 1 - CACHE_WINDOW, CACHE_WINDOW, 0);
        note(&change->at[t], anew + (CACHE_WINDOW - 1) * SYMBOLS, logits + t * SYMBOLS);
    }
    return true;
}

/* --- a sample --- */

typedef struct Drawn {
    int tokens[DRAWN];
    size_t count;
} Drawn;

static bool collect(void *context, int token)
{
    Drawn *drawn = context;
    drawn->tokens[drawn->count++] = token;
    return true;
}

/* Each token is drawn from a pass over all that is there by then. */
static void sample_without_cache(Subject *subject, const SampleOptions *options, Drawn *drawn)
{
    int text[PROMPT + DRAWN];
    double scratch[2 * SYMBOLS];
    memcpy(text, subject->tokens, PROMPT * sizeof *text);
    for (size_t i = 0; i < DRAWN; i++) {
        const real *logits = pass(subject, text, PROMPT + i, 0) + (PROMPT + i - 1) * SYMBOLS;
        text[PROMPT + i] = sample_token(logits, SYMBOLS, options, i, scratch);
        collect(drawn, text[PROMPT + i]);
    }
}

static bool look_at_sample(Subject *subject, bool *same, Error *error)
{
    SampleOptions options = {.temperature = 1,
                             .window = CACHE_TEXT,
                             .past = PAST_STOP,
                             .key = random_for(subject->key, "sample")};
    Drawn with = {.count = 0}, without = {.count = 0};
    if (!sample(&subject->specimen.gpt, subject->tokens, PROMPT, DRAWN, &options, collect, &with,
                error))
        return false;
    sample_without_cache(subject, &options, &without);
    *same =
        with.count == without.count && memcmp(with.tokens, without.tokens, sizeof with.tokens) == 0;
    return true;
}

/* --- all of it --- */

bool cache_look(const PosScheme *scheme, GoOn go_on, RandomKey key, CacheFinding *found,
                Error *error)
{
    Subject subject;
    bool ok = true;
    *found = (CacheFinding){.same_sample = true};
    for (size_t depth = 0; ok && depth < CACHE_DEPTHS; depth++) {
        if (!subject_init(&subject, scheme, NULL, depth + 1, true, key, error))
            return false;
        look_at_longer(&subject, &found->longer);
        ok = look_at_cached(&subject, go_on, CACHE_TEXT, &found->cached, error) &&
             look_at_cached(&subject, go_on, CACHE_WINDOW, &found->cached, error) &&
             look_at_slid(&subject, go_on, &found->slid[depth], error) &&
             look_at_sample(&subject, &found->same_sample, error);
        subject_free(&subject);
    }
    return ok;
}

static bool look_at_other(const PosScheme *scheme, const Setting *options, bool causal,
                          RandomKey key, LogitChange *longer, Error *error)
{
    Subject subject;
    *longer = (LogitChange){{0}};
    if (!subject_init(&subject, scheme, options, CACHE_DEPTHS, causal, key, error))
        return false;
    look_at_longer(&subject, longer);
    subject_free(&subject);
    return true;
}

bool cache_look_both_sides(const PosScheme *scheme, RandomKey key, LogitChange *longer,
                           Error *error)
{
    return look_at_other(scheme, NULL, false, key, longer, error);
}

bool cache_look_with(const PosScheme *scheme, Setting option, RandomKey key, LogitChange *longer,
                     Error *error)
{
    return look_at_other(scheme, (const Setting[]){option, {NULL, NULL}}, true, key, longer, error);
}
