/* bucket.c: judges exercise 7, T5's bucket of a distance.
 *
 * The bucket is read from the bias: the learned number of bucket b is set to b, and the gain is 1. So
 * that a bucket beyond the last one is seen for what it is, there are numbers behind that, too.
 */
#include <math.h>
#include <stdio.h>

#include "exercises/judge.h"
#include "pos/pos.h"

enum { DISTANCES = 201, ROOM = 1024 };

typedef struct Scheme {
    Pos pos;
    ParamList params;
    PosOptions options;
    Settings settings;
} Scheme;

static void scheme_make(Scheme *scheme, const char *buckets, const char *far, bool causal)
{
    const char *const values[][2] = {
        {"t5_buckets", buckets}, {"t5_max_distance", far}, {"t5_gain", "1"}};
    const PosShape shape = {.n_layer = 1,
                            .n_head = 1,
                            .n_embd = 4,
                            .block_size = 64,
                            .span = 64,
                            .shown = 64,
                            .longest = 64,
                            .causal = causal};
    const PosScheme *t5 = pos_find("t5");
    Error error = {0};
    bool ok = pos_options_add(&scheme->options, &scheme->settings, &error);
    for (size_t i = 0; ok && i < 3; i++)
        ok = settings_set(&scheme->settings, values[i][0], values[i][1], "judge", &error);
    ok = ok &&
         pos_init(&scheme->pos, t5, &shape, pos_options_of(&scheme->options, t5), &scheme->params,
                  &error) &&
         param_list_allocate(&scheme->params, &error);
    judge_need(ok, error.text);
    real *numbers = arena_alloc(&scheme->params.arena, ROOM, sizeof *numbers);
    judge_need(numbers, "out of memory");
    for (size_t b = 0; b < ROOM; b++)
        numbers[b] = (real)b;
    scheme->params.first->tensor.data = numbers;
}

static void scheme_free(Scheme *scheme)
{
    pos_free(&scheme->pos);
    param_list_free(&scheme->params);
    settings_free(&scheme->settings);
}

/* Raffel et al. 2020, with the slips that are made most. */
typedef enum Slip {
    NO_FLOOR,
    NO_LIMIT,
    LIMIT_N,
    NO_EXACT,
    EXACT_TOO_LONG,
    WHOLE,
    TIMES_N,
    TIMES_1,
    D_ALONE,
    M_ALONE,
    BOTH_ALONE,
    NO_START,
    NO_START_NEAR,
    NO_START_FAR,
    N_SLIPS,
    RIGHT = N_SLIPS
} Slip;

static const char *const slip_words[N_SLIPS] = {
    [NO_FLOOR] = "rounded to the nearest: floor rounds down",
    [NO_LIMIT] = "beyond the last bucket, n - 1",
    [LIMIT_N] = "the last bucket is n - 1, not n",
    [NO_EXACT] = "beyond the exact ones e is not added",
    [EXACT_TOO_LONG] = "n buckets are exact, not n/2",
    [WHOLE] = "is d/e a quotient of whole numbers? These are rounded down",
    [TIMES_N] = "the quotient is multiplied by n: only n - e buckets are left for it",
    [TIMES_1] = "the quotient is not multiplied by n - e, the buckets that are left for it",
    [D_ALONE] = "ln(d) stands where ln(d/e) should",
    [M_ALONE] = "ln(M) stands where ln(M/e) should",
    [BOTH_ALONE] = "ln(d) / ln(M): both d and M are divided by e first",
    [NO_START] = "`start` is not added: the buckets of the keys to the right come after the others",
    [NO_START_NEAR] = "`start` is not added to the exact buckets",
    [NO_START_FAR] = "`start` is not added beyond the exact buckets",
};

static double bucket_of(size_t d, size_t n, size_t far, Slip slip)
{
    size_t exact = n / 2;
    double e = (double)exact, x = (double)d, m = (double)far, size = (double)n;
    if (d < exact || (slip == EXACT_TOO_LONG && d < n))
        return x;
    x = slip == WHOLE ? floor(x / e) : slip == D_ALONE || slip == BOTH_ALONE ? x : x / e;
    m = slip == M_ALONE || slip == BOTH_ALONE ? m : m / e;
    double more = log(x) / log(m) * (slip == TIMES_N ? size : slip == TIMES_1 ? 1 : size - e);
    more = slip == NO_FLOOR ? round(more) : floor(more);
    double bucket = slip == NO_EXACT ? more : e + more;
    return slip == NO_LIMIT ? bucket : fmin(bucket, slip == LIMIT_N ? size : size - 1);
}

/* The buckets of the distances 0, 1, 2, ... on one side, which has n of them from `start` on. */
typedef struct Side {
    const char *name;
    size_t start, n, far;
    ptrdiff_t direction; /* -1: keys to the left of the query */
} Side;

static double *buckets_of(Judge *judge, const Side *side, Slip slip)
{
    double *buckets = judge_doubles(judge, DISTANCES);
    for (size_t d = 1; d < DISTANCES; d++) { /* the query itself, 0, is on its left */
        Slip unadded = d < side->n / 2 ? NO_START_NEAR : NO_START_FAR;
        double start = slip == NO_START || slip == unadded ? 0 : (double)side->start;
        buckets[d] = start + bucket_of(d, side->n, side->far, slip);
    }
    return buckets;
}

static void judge_side(Judge *judge, const ScoreBias *bias, const Side *side)
{
    double *got = judge_doubles(judge, DISTANCES);
    for (size_t d = 0; d < DISTANCES; d++)
        got[d] =
            (double)bias->by_distance->data[side->direction * (ptrdiff_t)d - bias->first_distance];
    Numbers numbers = {.name = side->name,
                       .got = got,
                       .expected = buckets_of(judge, side, RIGHT),
                       .rows = DISTANCES,
                       .width = 1,
                       .row = "distance"};
    for (Slip slip = 0; slip < N_SLIPS; slip++)
        numbers.guesses[slip] = (Guess){slip_words[slip], buckets_of(judge, side, slip)};
    judge_numbers(judge, numbers);
}

static void judge_case(Judge *judge, const char *buckets, const char *far, bool causal,
                       const Side sides[], size_t n_sides)
{
    Scheme scheme = {0};
    int all[DISTANCES];
    scheme_make(&scheme, buckets, far, causal);
    for (int p = 0; p < DISTANCES; p++)
        all[p] = p;
    Positions positions = {all, DISTANCES};
    PosSite site = {.queries = positions, .keys = positions};
    tape_reset(&judge->tape);
    site.prepared = scheme.pos.scheme->prepare(&scheme.pos, &judge->tape, positions, positions);
    ScoreBias bias = scheme.pos.scheme->at_scores(&scheme.pos, &judge->tape, &site);
    for (size_t i = 0; i < n_sides; i++)
        judge_side(judge, &bias, &sides[i]);
    scheme_free(&scheme);
}

void judge_bucket(Judge *judge)
{
    judge_case(judge, "32", "128", true, (Side[]){{"bucket", 0, 32, 128, -1}}, 1);
    judge_case(judge, "8", "20", true, (Side[]){{"of 8", 0, 8, 20, -1}}, 1);
    judge_case(judge, "32", "128", false, /* not causal: half of them on each side */
               (Side[]){{"left", 0, 16, 128, -1}, {"right", 16, 16, 128, 1}}, 2);
}
