/* sampler.c: the loop that asks the model for one more token. */
#include "train/sampler.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

#include "model/cache.h"

/* --- one token --- */

/* A heap: the children of x[i] are x[2 i + 1] and x[2 i + 2], and none is smaller than its parent;
 * so x[0] is the smallest. Lets x[at] sink to where that holds again. */
static void sift_down(double *x, size_t n, size_t at)
{
    for (size_t child = 2 * at + 1; child < n; child = 2 * at + 1) {
        if (child + 1 < n && x[child + 1] < x[child])
            child++;
        if (x[at] <= x[child])
            return;
        double number = x[at];
        x[at] = x[child];
        x[child] = number;
        at = child;
    }
}

/* Largest first, by heapsort, which is in place and never slow: a heap is made, and its smallest
 * number goes to its end, again and again. */
static void sort_descending(double *x, size_t n)
{
    for (size_t at = n / 2; at-- > 0;)
        sift_down(x, n, at);
    for (size_t end = n; end-- > 1;) {
        double smallest = x[0];
        x[0] = x[end];
        x[end] = smallest;
        sift_down(x, end, 0);
    }
}

/* How likely a token is, as a multiple of the likeliest one, whose logit is `most`: p[v] / p[best].
 * The sum of all exponentials cancels, and none overflows. */
static double weight_of(double logit, double most, const SampleOptions *options)
{
    return exp((logit - most) / options->temperature);
}

/* In logits that fall, the place of the last one that top_k lets take part. */
static size_t last_of_top_k(const double *sorted, size_t n, const SampleOptions *options)
{
    size_t last = options->top_k > 0 && options->top_k < n ? options->top_k - 1 : n - 1;
    while (last + 1 < n && sorted[last + 1] == sorted[last]) /* as likely as the k-th */
        last++;
    return last;
}

/* Of those up to `last`, the place of the last one that top_p lets take part: the first at which
 * the shares of the odds add up to it. */
static size_t last_of_top_p(const double *sorted, size_t last, const SampleOptions *options)
{
    if (options->top_p <= 0 || options->top_p >= 1)
        return last;
    double all = 0, share = 0;
    for (size_t v = 0; v <= last; v++)
        all += weight_of(sorted[v], sorted[0], options);
    for (size_t v = 0; v < last; v++) {
        share += weight_of(sorted[v], sorted[0], options);
        if (share >= options->top_p * all)
            return v;
    }
    return last;
}

/* The smallest logit that takes part. Sorts what it is given. */
static double threshold_of(double *logits, size_t n, const SampleOptions *options)
{
    if (options->top_k == 0 && options->top_p <= 0)
        return -INFINITY;
    sort_descending(logits, n);
    return logits[last_of_top_p(logits, last_of_top_k(logits, n, options), options)];
}

int sample_token(const real *logits, size_t n, const SampleOptions *options, size_t i,
                 double *scratch)
{
    double *weight = scratch, *copy = scratch + n, sum = 0;
    size_t best = 0;
    for (size_t v = 0; v < n; v++) {
        copy[v] = (double)logits[v];
        best = logits[v] > logits[best] ? v : best;
    }
    if (options->temperature == 0)
        return (int)best;
    double threshold = threshold_of(copy, n, options);
    for (size_t v = 0; v < n; v++) {
        double logit = (double)logits[v];
        weight[v] = logit < threshold ? 0 : weight_of(logit, (double)logits[best], options);
        sum += weight[v];
    }

    /* Weights are laid end to end, and the token is that in whose weight a random point falls. */
    double point = random_uniform(options->key, i) * sum;
    for (size_t v = 0; v < n; v++) {
        if (point < weight[v])
            return (int)v;
        point -= weight[v];
    }
    return (int)best; /* rounding let the point pass the end */
}

/* --- a text --- */

/* Everything that drawing takes, for one call of sample(). */
typedef struct Sampler {
    const Gpt *gpt;
    size_t window;
    SamplePast past;
    Placement placement;
    Positions chosen; /* where the tokens of a model of random positions stand; of others: none */
    size_t next;      /* the next token that is shown stands at chosen.at[next] */
    Arena arena;
    Tape tape;
    GptCache cache;
    int *recent; /* [window]: the last n_recent tokens of the text */
    size_t n_recent;
    double *scratch; /* [2 V]: for sample_token */
} Sampler;

SamplePast sample_past_for(const Gpt *gpt, Placement placement)
{
    const PosScheme *scheme = gpt->pos.scheme;
    /* Has it a last position? Does what was computed stay right in a text of any length? */
    bool ends = scheme->max_length && scheme->max_length(&gpt->pos) > 0;
    bool lasts = pos_lasts(&gpt->pos, SIZE_MAX);
    return ends || !lasts || placement.random > 0 ? PAST_CROP : PAST_SLIDE;
}

/* How many tokens the model will be shown without beginning anew, at most. The last one that is
 * drawn is not shown. */
static size_t most_shown(const Sampler *sampler, size_t prompt_length, size_t count)
{
    size_t shown = prompt_length + (count > 0 ? count - 1 : 0);
    return sampler->past != PAST_SLIDE && shown > sampler->window ? sampler->window : shown;
}

/* How many random positions are chosen: for a whole window, or for all of a longer text that
 * slides. */
static size_t chosen_count(const Sampler *sampler, size_t shown)
{
    return shown > sampler->window ? shown : sampler->window;
}

/* For a text of which so many tokens are shown without beginning anew. */
static bool sampler_init(Sampler *sampler, size_t shown, Error *error)
{
    size_t bytes;
    if (sampler->placement.random > 0 &&
        !placement_list(sampler->placement, &sampler->arena, chosen_count(sampler, shown),
                        &sampler->chosen, error))
        return false;
    if (!gpt_cache_init(&sampler->cache, sampler->gpt, sampler->window, error))
        return false;
    sampler->recent = arena_alloc(&sampler->arena, sampler->window, sizeof *sampler->recent);
    sampler->scratch =
        arena_alloc(&sampler->arena, 2 * sampler->gpt->config.vocab_size, sizeof(double));
    if (!sampler->recent || !sampler->scratch)
        return fail(error, "out of memory: sampling");
    return gpt_cache_measure(&sampler->cache, sampler->window, &bytes, error) &&
           tape_init(&sampler->tape, false, error) && tape_reserve(&sampler->tape, bytes, error);
}

static void sampler_free(Sampler *sampler)
{
    gpt_cache_free(&sampler->cache);
    tape_free(&sampler->tape);
    arena_free(&sampler->arena);
}

/* Shows the model `count` more tokens, at the positions whose turn it is: logits [count, V]. */
static Tensor *show(Sampler *sampler, const int *tokens, size_t count, Error *error)
{
    tape_reset(&sampler->tape);
    if (sampler->chosen.count == 0)
        return gpt_continue(&sampler->cache, &sampler->tape, tokens, count, error);
    Positions positions = {sampler->chosen.at + sampler->next, count};
    sampler->next += count;
    return gpt_continue_at(&sampler->cache, &sampler->tape, tokens, positions, error);
}

/* The logits [V] of what follows these tokens. They are shown in pieces where they are more than a
 * window holds. NULL where a position is refused. */
static const real *logits_after(Sampler *sampler, const int *tokens, size_t count, Error *error)
{
    const real *last = NULL;
    for (size_t done = 0; done < count;) {
        size_t piece = count - done < sampler->window ? count - done : sampler->window;
        Tensor *logits = show(sampler, tokens + done, piece, error);
        if (!logits)
            return NULL;
        last = logits->data + (piece - 1) * sampler->gpt->config.vocab_size;
        done += piece;
    }
    return last;
}

/* Appends a token to the recent ones. */
static void remember(Sampler *sampler, int token)
{
    if (sampler->n_recent == sampler->window) { /* the oldest one leaves */
        sampler->n_recent--;
        memmove(sampler->recent, sampler->recent + 1, sampler->n_recent * sizeof *sampler->recent);
    }
    sampler->recent[sampler->n_recent++] = token;
}

/* Where the text is cropped, the model is shown no more of the prompt than the window holds. */
static const real *logits_after_prompt(Sampler *sampler, const int *prompt, size_t length,
                                       Error *error)
{
    size_t first = length > sampler->window ? length - sampler->window : 0;
    for (size_t t = first; t < length; t++)
        remember(sampler, prompt[t]);
    if (sampler->past == PAST_CROP)
        return logits_after(sampler, sampler->recent, sampler->n_recent, error);
    return logits_after(sampler, prompt, length, error);
}

/* Where the token pushes the oldest one out of a cropped window, all positions change; and for some
 * schemes so does what was computed of the tokens before. Then the model begins anew. */
static const real *logits_after_token(Sampler *sampler, int token, Error *error)
{
    bool pushes_out = sampler->past == PAST_CROP && sampler->n_recent == sampler->window;
    remember(sampler, token);
    if (!pushes_out && pos_lasts(&sampler->gpt->pos, sampler->n_recent))
        return logits_after(sampler, &token, 1, error);
    gpt_cache_clear(&sampler->cache, 0);
    sampler->next = 0;
    return logits_after(sampler, sampler->recent, sampler->n_recent, error);
}

/* Are there positions for so many tokens? If the last one is fine, all are. */
static bool has_positions(const Sampler *sampler, size_t shown, Error *error)
{
    int last = (int)shown - 1;
    return sampler->placement.random > 0
               ? placement_check(sampler->placement, chosen_count(sampler, shown), error)
               : pos_check(&sampler->gpt->pos, (Positions){&last, 1}, error);
}

/* Refuses a text that cannot be written to its end, before its first token is drawn. */
static bool check_length(const Sampler *sampler, size_t prompt_length, size_t shown, Error *error)
{
    if (sampler->past == PAST_STOP && prompt_length > sampler->window)
        return fail_request(error,
                            "the prompt has %zu tokens: expected at most %zu, what the "
                            "window holds",
                            prompt_length, sampler->window);
    if (sampler->past == PAST_SLIDE && shown > sampler->window &&
        !pos_lasts(&sampler->gpt->pos, shown))
        return fail_request(error,
                            "past = slide: pos = %s computes a text of %zu tokens anew as a whole: "
                            "expected crop or stop, or a window that holds it",
                            sampler->gpt->pos.scheme->name, shown);
    if (shown > INT_MAX)
        return fail_request(error, "a text of %zu tokens: there are only %d positions", shown,
                            INT_MAX);
    if (has_positions(sampler, shown, error))
        return true;
    return sampler->past == PAST_SLIDE && shown > sampler->window &&
           fail_within(error, "past = slide (crop and stop need no further positions)");
}

/* Weights can be finite and so large that what is computed with them is not: no odds then. */
static bool check_logits(const real *logits, size_t n, size_t i, Error *error)
{
    for (size_t v = 0; v < n; v++)
        if (!isfinite(logits[v]))
            return fail(error,
                        "drawing token %zu: the logit of token %zu of the vocabulary is %s: "
                        "expected a finite number; are the model's weights too large?",
                        i + 1, v, isnan(logits[v]) ? "nan" : "infinite");
    return true;
}

/* The loop: a token is drawn from the logits, goes to the sink, and is shown to the model. */
static bool draw(Sampler *sampler, const real *logits, size_t count, const SampleOptions *options,
                 SampleSink sink, void *context, Error *error)
{
    size_t n = sampler->gpt->config.vocab_size;
    for (size_t i = 0; logits && i < count; i++) {
        if (!check_logits(logits, n, i, error))
            return false;
        int token = sample_token(logits, n, options, i, sampler->scratch);
        bool stop = sampler->past == PAST_STOP && sampler->n_recent == sampler->window;
        if (!sink(context, token) || stop || i + 1 == count)
            return true;
        logits = logits_after_token(sampler, token, error);
    }
    return logits != NULL;
}

bool sample(const Gpt *gpt, const int *prompt, size_t prompt_length, size_t count,
            const SampleOptions *options, SampleSink sink, void *context, Error *error)
{
    if (!gpt->config.causal)
        return fail_request(error, "causal = no: this model guesses hidden characters; it cannot "
                                   "continue a text");
    if (prompt_length == 0)
        return fail_request(error, "the prompt is empty: expected at least one character");
    Sampler sampler = {
        .gpt = gpt,
        .window = options->window > 0 ? options->window : gpt->config.block_size,
        .past = options->past,
        .placement = options->placement,
    };
    size_t shown = most_shown(&sampler, prompt_length, count);
    bool ok =
        check_length(&sampler, prompt_length, shown, error) && sampler_init(&sampler, shown, error);
    if (ok) {
        const real *logits = logits_after_prompt(&sampler, prompt, prompt_length, error);
        ok = draw(&sampler, logits, count, options, sink, context, error);
    }
    sampler_free(&sampler);
    return ok;
}
