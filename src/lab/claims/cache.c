/* cache.c: "more tokens at the end change nothing at the beginning, so a cache is simple".
 *
 * With a causal mask token t is made of the tokens 0 ... t alone, in every layer, and a positional
 * scheme knows no more of it than its position. Neither changes when a text goes on; so keys and
 * values can be kept, and nothing but the new token has to be computed (model/cache.h). RoPE is
 * said to have this to itself. So all schemes are asked, for equality to the last bit:
 *
 *     logits of tokens 0 ... 31       alone, and with 16 more tokens behind them
 *     logits of tokens 0 ... 47       in one pass, and one by one with a cache
 *
 * Three things are asked that may well fail. A model that sees both sides has no mask. Where RoPE's
 * angles are scaled by the length of the text (pos/rope_scaling.h, dynamic), each token that comes
 * turns all keys anew. And a cache that holds W tokens is not the model that is shown the last W
 * tokens alone: its keys in layer 2 were made when their tokens could still see what has left the
 * window since, and their positions have grown on.
 */
#include "lab/claims/cache.h"

#include <string.h>

#include "lab/claims/measure.h"

static const ExperimentId draws_on[] = {NO_EXPERIMENT};

/* Angles that depend on how long the text is. */
#define GROWING ((Setting){"rope_scaling", "dynamic"})

/* What counts as no change where two ways of computing round differently. */
static const double ROUNDING = 1e-3;

typedef struct Found {
    const PosScheme *const *schemes;
    CacheFinding *of; /* [n_schemes] */
    size_t n_schemes, rope;
    LogitChange both_sides, growing; /* of the scheme at `rope`, the second with GROWING */
} Found;

static double longer_of(const CacheFinding *found)
{
    return logit_change_most(&found->longer, 0, CACHE_BEGINNING);
}

static double cached_of(const CacheFinding *found)
{
    return logit_change_most(&found->cached, 0, CACHE_TEXT);
}

static double slid_of(const CacheFinding *found, size_t depth)
{
    return logit_change_most(&found->slid[depth], CACHE_WINDOW, CACHE_TEXT);
}

static bool is_kept(const CacheFinding *found)
{
    return longer_of(found) == 0 && cached_of(found) == 0 && found->same_sample;
}

static size_t count_kept(const Found *found)
{
    size_t kept = 0;
    for (size_t s = 0; s < found->n_schemes; s++)
        kept += is_kept(&found->of[s]);
    return kept;
}

/* Of a claim that holds for RoPE, by what else is so. */
static const char *condition_of(bool every, bool growing, bool window)
{
    if (!every)
        return "of causal models, and not with every scheme";
    if (growing && window)
        return "of causal models, with every scheme, as long as the text fits into the cache and "
               "no angle is scaled by its length";
    if (growing)
        return "of causal models, with every scheme, as long as no angle is scaled by the length "
               "of the text";
    if (window)
        return "of causal models, with every scheme, as long as the text fits into the cache";
    return "of causal models, with every scheme";
}

static void judge(const Found *found, Answer *answer)
{
    const CacheFinding *rope = &found->of[found->rope];
    bool both_sides = logit_change_most(&found->both_sides, 0, CACHE_BEGINNING) > ROUNDING;
    bool growing = logit_change_most(&found->growing, 0, CACHE_BEGINNING) > ROUNDING;
    bool window = slid_of(rope, CACHE_DEPTHS - 1) > ROUNDING;
    answer->verdict = DOES_NOT_HOLD;
    if (is_kept(rope))
        answer->verdict = both_sides || growing || window ? HOLDS_UNDER_A_CONDITION : HOLDS;
    if (answer->verdict == HOLDS_UNDER_A_CONDITION)
        answer->condition = condition_of(count_kept(found) == found->n_schemes, growing, window);
}

/* A row of a model that has no cache. */
static void add_longer(TableMaker *rows, Answer *answer, const Found *found, const char *what,
                       const LogitChange *longer)
{
    Arena *arena = rows->arena;
    const char *const cells[] = {
        text_format(arena, "%s, %s", found->schemes[found->rope]->name, what),
        text_format(arena, "%.2g", logit_change_most(longer, 0, CACHE_BEGINNING)),
        "no cache",
        "no sample",
        "",
        ""};
    table_add(rows, &answer->table, cells);
}

static bool tabulate(Arena *arena, const Found *found, Answer *answer)
{
    static const char *const header[] = {"scheme",
                                         "more text behind",
                                         "with a cache",
                                         "a sample with a cache",
                                         "window slides, 1 layer",
                                         "window slides, 2 layers"};
    TableMaker rows = table_begin(arena, header, 6, found->n_schemes + 2, &answer->table);
    for (size_t s = 0; s < found->n_schemes; s++) {
        const CacheFinding *of = &found->of[s];
        const char *const cells[] = {
            found->schemes[s]->name,
            text_format(arena, "%.2g", longer_of(of)),
            text_format(arena, "%.2g", cached_of(of)),
            of->same_sample ? "the same" : "another",
            text_format(arena, "%.2g", slid_of(of, 0)),
            text_format(arena, "%.2g", slid_of(of, 1)),
        };
        table_add(&rows, &answer->table, cells);
    }
    add_longer(&rows, answer, found, "scaled as it grows", &found->growing);
    add_longer(&rows, answer, found, "both sides seen", &found->both_sides);
    return !rows.failed;
}

/* The changes at the tokens first ... end - 1. */
static bool draw_change(Arena *arena, AnswerSeries *series, const char *name,
                        const PosScheme *scheme, const LogitChange *change, size_t first,
                        size_t end)
{
    SeriesNumbers to;
    if (!series_begin(arena, series, name, scheme, end - first, &to))
        return false;
    for (size_t t = first; t < end; t++)
        series_point(&to, t - first, (double)(t + 1), change->at[t],
                     (Interval){change->at[t], change->at[t]});
    return true;
}

static bool draw(Arena *arena, const Found *found, Answer *answer)
{
    enum { SERIES = 5 };
    const CacheFinding *rope = &found->of[found->rope];
    AnswerSeries *series = arena_alloc(arena, SERIES, sizeof *series);
    if (!series ||
        !draw_change(arena, &series[0], "more text behind it", found->schemes[found->rope],
                     &rope->longer, 0, CACHE_BEGINNING) ||
        !draw_change(arena, &series[1], "the same, both sides seen", NULL, &found->both_sides, 0,
                     CACHE_BEGINNING) ||
        !draw_change(arena, &series[2], "the same, scaled as it grows", NULL, &found->growing, 0,
                     CACHE_BEGINNING) ||
        !draw_change(arena, &series[3], "the window has slid, 1 layer", NULL, &rope->slid[0],
                     CACHE_WINDOW, CACHE_TEXT) ||
        !draw_change(arena, &series[4], "the window has slid, 2 layers", NULL, &rope->slid[1],
                     CACHE_WINDOW, CACHE_TEXT))
        return false;
    answer->figure = (AnswerFigure){.title = "What changes at each token of a text, with RoPE",
                                    .x_name = "token",
                                    .y_name = "largest change of a logit",
                                    .series = series,
                                    .n_series = SERIES};
    return true;
}

static bool look_at_all(const ClaimDesk *desk, GoOn go_on, Found *found, Error *error)
{
    RandomKey key = random_seed(desk->first_seed);
    found->of = arena_alloc(desk->arena, found->n_schemes, sizeof *found->of);
    if (!found->of)
        return fail(error, "out of memory: an answer");
    for (size_t s = 0; s < found->n_schemes; s++) {
        if (!cache_look(found->schemes[s], go_on, key, &found->of[s], error))
            return fail_within(error, "%s", found->schemes[s]->name);
        if (strcmp(found->schemes[s]->name, "rope") == 0)
            found->rope = s;
    }
    const PosScheme *rope = found->schemes[found->rope];
    return cache_look_both_sides(rope, key, &found->both_sides, error) &&
           cache_look_with(rope, GROWING, key, &found->growing, error);
}

static const char *tell(Arena *arena, const Found *found)
{
    const CacheFinding *rope = &found->of[found->rope];
    size_t kept = count_kept(found);
    return text_format(
        arena,
        "Models of 1 and 2 layers that were never trained: with %zu of %zu schemes the logits of "
        "the first %d tokens keep every bit when %d more follow, and so do those of a text that is "
        "read token by token with a cache, and the sample drawn from them.%s Where both sides are "
        "seen the same logits move by up to %.2g, and by up to %.2g where RoPE's angles are scaled "
        "by the length of the text, once it is longer than in training. A cache of %d tokens whose "
        "window has slid gives what a mask of that width gives, and that is not what the last %d "
        "tokens alone give: with RoPE the two differ by up to %.2g in 1 layer and %.2g in 2, where "
        "the keys of the second layer carry what has left the window. Vectors of absolute "
        "positions tell the two apart at once, for the last tokens alone begin at position 0 "
        "again.",
        kept, found->n_schemes, CACHE_BEGINNING, CACHE_TEXT - CACHE_BEGINNING,
        kept == found->n_schemes ? " So it is the mask that does it, and not RoPE." : "",
        logit_change_most(&found->both_sides, 0, CACHE_BEGINNING),
        logit_change_most(&found->growing, 0, CACHE_BEGINNING), CACHE_WINDOW, CACHE_WINDOW,
        slid_of(rope, 0), slid_of(rope, 1));
}

bool cache_answer(const ClaimDesk *desk, const PosScheme *const *schemes, size_t n_schemes,
                  GoOn go_on, Answer *answer, Error *error)
{
    Found found = {.schemes = schemes, .n_schemes = n_schemes};
    if (!look_at_all(desk, go_on, &found, error))
        return false;
    const CacheFinding *rope = &found.of[found.rope];
    judge(&found, answer);
    answer->deciding =
        text_format(desk->arena,
                    "largest change of a logit: %.2g with RoPE (%zu of %zu schemes keep every "
                    "bit), %.2g seeing both sides",
                    fmax(longer_of(rope), cached_of(rope)), count_kept(&found), n_schemes,
                    logit_change_most(&found.both_sides, 0, CACHE_BEGINNING));
    answer->text = tell(desk->arena, &found);
    return (answer->deciding && answer->text && tabulate(desk->arena, &found, answer) &&
            draw(desk->arena, &found, answer)) ||
           fail(error, "out of memory: an answer");
}

static bool examine(const ClaimDesk *desk, Answer *answer, Error *error)
{
    return cache_answer(desk, pos_schemes, pos_scheme_count, gpt_continue, answer, error);
}

extern const Claim claim_cache;
const Claim claim_cache = {
    .name = "cache",
    .says =
        "With RoPE, tokens that are added at the end change nothing at the beginning. So what was "
        "computed can be kept, and a cache is simple.",
    .question =
        "Which of the schemes allow a cache of keys and values: RoPE alone, those that know "
        "distances only, or all of them?",
    .varied =
        "the scheme; what stands behind the beginning of a text; whether keys and values are "
        "kept or computed anew; whether the model sees one side or both; whether RoPE's angles "
        "are scaled by the length of the text",
    .held = "the parameters, which are random, and the text",
    .criterion =
        "Does not hold if with RoPE any logit of a causal model has another bit when the text goes "
        "on or when a cache is used, or if a sample differs. Else it holds under a condition if "
        "logits move where both sides are seen, where angles are scaled by the length of the text, "
        "or where the window of a cache of 16 tokens has slid, by more than 0.001.",
    .discuss =
        {"What is it in attention that keeps a token from noticing what comes after it?",
         "A cache of 1000 tokens is full, and the text goes on. What are the two ways to go "
         "on, and which of them is exact?",
         "With rope_scaling = dynamic the angles change with each token of a long text. Could keys "
         "be kept before they are turned? In which layers would that do?"},
    .draws_on = draws_on,
    .examine = examine,
};
