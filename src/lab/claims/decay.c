/* decay.c: "RoPE's scores decay with distance".
 *
 * RoFormer (section 3.4.3) has a bound on |q.k| that falls with the distance of query and key, and
 * draws it. Three things are to be told apart: the bound; the scores of given vectors; and what
 * training makes of them.
 *
 * For q = k the score is a sum of cos(r theta[i]), all of them 1 at r = 0: it has to fall from
 * there, in waves. For any distance there are vectors that are equal *there*: the key turned on by
 * as much. And a turn changes no length, so where q and k are independent and look alike in all
 * directions, turned ones do too: no distance is better than another. So decay is not in the
 * turning. It can be in q and k: those of trained models are asked as well, the first layer's,
 * which depend on nothing but the two tokens. A query is put at each distance from a key, in turn.
 *
 * The measure is the mean of |q.k| / (|q||k|) at the distances 16 to 31, as a share of that at 0
 * to 7.
 */
#include "lab/claims/decay.h"

#include "lab/claims/measure.h"
#include "lab/claims/models.h"

static const ExperimentId draws_on[] = {ON_TEXT, NO_EXPERIMENT};

/* At most this share of a near score is left of a far one that has decayed. */
static const double DECAYED = 0.9;

enum { N_SIZES = 2, DRAWN = 128 };
static const size_t head_sizes[N_SIZES] = {16, 64};
static const char *const kind_names[N_KINDS] = {"equal", "random", "equal at distance 20",
                                                "made for the bound"};

typedef struct Found {
    const Findings *findings;
    size_t rope;
    ByDistance (*kinds)[N_KINDS]; /* [N_SIZES] */
    ByDistance *trained;          /* [n_seeds] */
} Found;

static bool look(const ClaimDesk *desk, Found *found, Error *error)
{
    const Experiment *experiment = found->findings->experiment;
    const PosScheme *scheme = experiment->arms[found->rope].scheme;
    Tokens text = experiment->corpus.validation;
    found->kinds = arena_alloc(desk->arena, N_SIZES, sizeof *found->kinds);
    found->trained = arena_alloc(desk->arena, experiment->n_seeds, sizeof *found->trained);
    if (!found->kinds || !found->trained)
        return fail(error, "out of memory: an answer");
    for (size_t s = 0; s < N_SIZES; s++)
        for (size_t kind = 0; kind < N_KINDS; kind++)
            if (!decay_of_kind(scheme, head_sizes[s], (DecayKind)kind,
                               random_seed(desk->first_seed), &found->kinds[s][kind], error))
                return false;
    for (size_t seed = 0; seed < experiment->n_seeds; seed++) {
        SavedModel saved;
        if (!model_at_end(&saved, found->findings, found->rope, seed, error))
            return false;
        bool ok = decay_of_model(&saved.gpt, text.at, measure_block_size(found->findings),
                                 &found->trained[seed], error);
        saved_model_free(&saved);
        if (!ok)
            return false;
    }
    return true;
}

/* A number of each trained model, over the seeds. */
static Estimate over_trained(const Found *found, double (*number)(const ByDistance *, size_t),
                             size_t at)
{
    double x[MAX_SEEDS];
    size_t n_seeds = found->findings->experiment->n_seeds;
    for (size_t seed = 0; seed < n_seeds; seed++)
        x[seed] = number(&found->trained[seed], at);
    return measure_seeds(x, n_seeds);
}

static double far_of(const ByDistance *of, size_t at)
{
    (void)at;
    return decay_far(of->score);
}

static double rises_of(const ByDistance *of, size_t at)
{
    (void)at;
    return (double)decay_rises(of->score);
}

static double useful_of(const ByDistance *of, size_t at)
{
    (void)at;
    return of->useful;
}

/* As a share of the score at distance 0. */
static double score_of(const ByDistance *of, size_t at)
{
    return of->score[at] / of->score[0];
}

static double bound_of(const ByDistance *of, size_t at)
{
    return of->bound[at] / of->bound[0];
}

Verdict decay_judge(double equal, double random, Estimate trained)
{
    if (!(equal < DECAYED))
        return DOES_NOT_HOLD;
    if (!(random < DECAYED) || trained.interval.low >= DECAYED)
        return HOLDS_UNDER_A_CONDITION;
    return trained.interval.high < DECAYED ? HOLDS : NOT_SHOWN;
}

static bool tabulate(Arena *arena, const Found *found, Answer *answer)
{
    static const char *const header[] = {"query and key",   "head size",
                                         "16-31 over 0-7",  "rises at",
                                         "bound: the same", "bound says something"};
    TableMaker rows = table_begin(arena, header, 6, N_SIZES * N_KINDS + 1, &answer->table);
    for (size_t kind = 0; kind < N_KINDS; kind++)
        for (size_t s = 0; s < N_SIZES; s++) {
            const ByDistance *of = &found->kinds[s][kind];
            const char *const cells[] = {
                kind_names[kind],
                text_format(arena, "%zu", head_sizes[s]),
                text_format(arena, "%.2f", decay_far(of->score)),
                text_format(arena, "%zu of %d steps", decay_rises(of->score), DISTANCES - 1),
                text_format(arena, "%.2f", decay_far(of->bound)),
                text_format(arena, "at %.0f %%", 100 * of->useful),
            };
            table_add(&rows, &answer->table, cells);
        }
    const Config *config = &experiment_trial(found->findings->experiment, found->rope, 0)->config;
    const char *const cells[] = {
        "trained, first layer",
        text_format(arena, "%zu", config->n_embd / config->n_head),
        text_format(arena, "%.2f", over_trained(found, far_of, 0).over_seeds.mean),
        text_format(arena, "%.0f of %d steps", over_trained(found, rises_of, 0).over_seeds.mean,
                    DISTANCES - 1),
        text_format(arena, "%.2f", decay_far(found->trained[0].bound)),
        text_format(arena, "at %.0f %%", 100 * over_trained(found, useful_of, 0).over_seeds.mean),
    };
    table_add(&rows, &answer->table, cells);
    return !rows.failed;
}

static bool draw_one(Arena *arena, AnswerSeries *series, const char *name, const ByDistance *of,
                     double (*number)(const ByDistance *, size_t))
{
    SeriesNumbers to;
    if (!series_begin(arena, series, name, NULL, DRAWN, &to))
        return false;
    for (size_t r = 0; r < DRAWN; r++) {
        double y = number(of, r);
        series_point(&to, r, (double)r, y, (Interval){y, y});
    }
    return true;
}

static bool draw_trained(Arena *arena, AnswerSeries *series, const Found *found)
{
    SeriesNumbers to;
    if (!series_begin(arena, series, "trained, first layer",
                      found->findings->experiment->arms[found->rope].scheme, DRAWN, &to))
        return false;
    for (size_t r = 0; r < DRAWN; r++)
        series_estimate(&to, r, (double)r, over_trained(found, score_of, r));
    return true;
}

static bool draw(Arena *arena, const Found *found, Answer *answer)
{
    enum { SERIES = 5 };
    const ByDistance *kinds = found->kinds[0];
    AnswerSeries *series = arena_alloc(arena, SERIES, sizeof *series);
    if (!series || !draw_trained(arena, &series[0], found) ||
        !draw_one(arena, &series[1], "the bound", &kinds[EQUAL], bound_of) ||
        !draw_one(arena, &series[2], kind_names[EQUAL], &kinds[EQUAL], score_of) ||
        !draw_one(arena, &series[3], kind_names[RANDOM], &kinds[RANDOM], score_of) ||
        !draw_one(arena, &series[4], kind_names[TURNED], &kinds[TURNED], score_of))
        return false;
    answer->figure =
        (AnswerFigure){.title = "Scores under RoPE by distance, heads of 16 channels",
                       .x_name = "distance of query and key",
                       .y_name = "mean of |q.k|, as a share of that at distance 0",
                       .trained_up_to = (double)measure_block_size(found->findings) - 1,
                       .series = series,
                       .n_series = SERIES};
    return true;
}

static const char *tell(Arena *arena, const Found *found, Estimate trained)
{
    const ByDistance *small = found->kinds[0], *large = found->kinds[1];
    const char *setting = measure_setting(arena, found->findings);
    if (!setting)
        return NULL;
    return text_format(
        arena,
        "Scores at distances 16 to 31, as a share of those at 0 to 7, heads of %zu and of %zu "
        "channels: %.2f and %.2f where the query is its key, %.2f and %.2f for random ones, %.2f "
        "and %.2f for a query whose best key stands %d places back. On %s, the first layer of "
        "trained models has %.2f (95 %%: %s): whatever that is, it is in the vectors, as "
        "the turning alone prefers no distance. The paper's bound falls, if with %zu rises in %d "
        "steps (%zu channels). But it is below what |q.k| cannot exceed anyway at %.0f %% of the "
        "distances for equal vectors, at %.0f %% for trained ones, and at %.0f %% for vectors made "
        "for it.",
        head_sizes[0], head_sizes[1], decay_far(small[EQUAL].score), decay_far(large[EQUAL].score),
        decay_far(small[RANDOM].score), decay_far(large[RANDOM].score),
        decay_far(small[TURNED].score), decay_far(large[TURNED].score), TURN, setting,
        trained.over_seeds.mean, measure_interval(trained.interval, text_decimal, 2).text,
        decay_rises(large[EQUAL].bound), DISTANCES - 1, head_sizes[1], 100 * large[EQUAL].useful,
        100 * over_trained(found, useful_of, 0).over_seeds.mean, 100 * large[SMOOTH].useful);
}

static bool examine(const ClaimDesk *desk, Answer *answer, Error *error)
{
    Found found = {.findings = desk->findings[ON_TEXT]};
    found.rope = measure_arm(found.findings, "rope");
    if (!look(desk, &found, error))
        return false;
    double equal = decay_far(found.kinds[0][EQUAL].score);
    double random = decay_far(found.kinds[0][RANDOM].score);
    Estimate trained = over_trained(&found, far_of, 0);
    answer->verdict = decay_judge(equal, random, trained);
    if (answer->verdict == HOLDS_UNDER_A_CONDITION)
        answer->condition =
            trained.interval.high < DECAYED
                ? "where queries are like their keys, or were trained to be so; not "
                  "of any two vectors"
                : "where queries are like their keys; not of any two vectors";
    answer->deciding = text_format(
        desk->arena, "|score| far over near: equal %.2f, random %.2f, trained %.2f (95 %%: %s)",
        equal, random, trained.over_seeds.mean,
        measure_interval(trained.interval, text_decimal, 2).text);
    answer->text = tell(desk->arena, &found, trained);
    return (answer->deciding && answer->text && tabulate(desk->arena, &found, answer) &&
            draw(desk->arena, &found, answer)) ||
           fail(error, "out of memory: an answer");
}

extern const Claim claim_decay;
const Claim claim_decay = {
    .name = "decay",
    .says =
        "RoPE's scores decay with distance: tokens that are far apart matter less to each other.",
    .question = "A query and a key are two random vectors. RoPE puts the query 1, 10 or 100 places "
                "behind the key. What becomes of the size of their score?",
    .varied =
        "the distance of a query from its key, from 0 to 255; where the two vectors come from; "
        "the size of a head",
    .held = "the vectors, while the distance grows",
    .criterion =
        "Scores have decayed if their mean size at distances 16 to 31 is below 0.9 of that at 0 to "
        "7. Does not hold if those of a query equal to its key have not. Holds if those of random "
        "and of trained ones have as well (trained: upper end of the 95 % interval over the "
        "seeds), heads of 16 channels. Holds under a condition if either have not.",
    .discuss = {"A bound falls. What does that say about the thing that it bounds?",
                "Which key would a query have to be given that is to be found 20 places back?",
                "The trained scores fall with distance. How could one find out whether RoPE made "
                "them so, or the text?"},
    .draws_on = draws_on,
    .examine = examine,
};
