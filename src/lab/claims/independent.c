/* independent.c: "absolute embeddings are independent: 1 and 2 are no nearer than 2 and 500".
 *
 * That depends on which vectors, and when. Four kinds of tables are looked at, each by the cosines
 * of its rows (see independent_measure.c):
 *
 *     learned, before training     random numbers: what the claim speaks of
 *     learned, after training      on the text, and on the task kback, where the place of the
 *                                  answer is all there is to learn
 *     sinusoidal                   by its formula: S[p] . S[p+k] = sum over i of cos(k w[i])
 *
 * The learned ones are those of the runs, from the initial values that their seeds give and from
 * their last checkpoints; each seed is one measurement.
 */
#include "lab/claims/independent.h"
#include "lab/claims/measure.h"
#include "lab/claims/models.h"
#include "lab/claims/specimen.h"

static const ExperimentId draws_on[] = {ON_TEXT, ON_KBACK, NO_EXPERIMENT};

typedef enum Kind { BEFORE, AFTER_TEXT, AFTER_TASK, SINUSOIDAL, N_KINDS } Kind;
static const char *const kind_names[N_KINDS] = {"learned, before training",
                                                "learned, after training on text",
                                                "learned, after training on kback", "sinusoidal"};

typedef struct Tables {
    Nearness *of[N_KINDS]; /* [count] */
    size_t count[N_KINDS]; /* seeds; 1 of what has none */
    Estimate gap[N_KINDS]; /* over that of shuffled rows */
    NearnessVerdict verdict[N_KINDS];
} Tables;

/* --- position vectors --- */

/* What the embedding door adds to a token's vector of zeros, at the positions of training. */
static bool look_at(const Gpt *gpt, RandomKey key, Nearness *found, Error *error)
{
    Tape tape;
    size_t T = gpt->config.block_size < MOST_ROWS ? gpt->config.block_size : MOST_ROWS;
    size_t C = gpt->config.n_embd, shape[] = {1, T, C};
    size_t bytes = 8 * arena_size_of(T * C, sizeof(real)); /* x, the table, what is in between */
    if (!tape_init(&tape, false, error) || !tape_reserve(&tape, bytes, error))
        return false;
    Tensor *x = tape_constant(&tape, 3, shape);
    memset(x->data, 0, T * C * sizeof *x->data);
    Tensor *table = through_embedding(&tape, gpt, x, positions_on(&tape, 0, T));
    *found = nearness_of(table->data, T, C, key);
    tape_free(&tape);
    return true;
}

static bool look_before(const Findings *findings, size_t arm, size_t seed, RandomKey key,
                        Nearness *found, Error *error)
{
    Gpt gpt;
    const Config *config = &experiment_trial(findings->experiment, arm, seed)->config;
    GptConfig shape = config_gpt(config, findings->experiment->corpus.vocab.size);
    if (!model_at_start(&gpt, config, &shape, error))
        return false;
    bool ok = look_at(&gpt, key, found, error);
    gpt_free(&gpt);
    return ok;
}

static bool look_after(const Findings *findings, size_t arm, size_t seed, RandomKey key,
                       Nearness *found, Error *error)
{
    SavedModel saved;
    if (!model_at_end(&saved, findings, arm, seed, error))
        return false;
    bool ok = look_at(&saved.gpt, key, found, error);
    saved_model_free(&saved);
    return ok;
}

static bool look_at_sinusoids(RandomKey key, Nearness *found, Error *error)
{
    Specimen s;
    if (!specimen_init(&s, pos_find("sinusoidal"), NULL, key, error))
        return false;
    bool ok = look_at(&s.gpt, key, found, error);
    specimen_free(&s);
    return ok;
}

/* --- all tables --- */

static bool room_for(Arena *arena, Tables *tables, Kind kind, size_t count, Error *error)
{
    tables->count[kind] = count;
    tables->of[kind] = arena_alloc(arena, count, sizeof *tables->of[kind]);
    return tables->of[kind] || fail(error, "out of memory: position vectors");
}

static bool gather(const ClaimDesk *desk, Tables *tables, Error *error)
{
    RandomKey key = random_for(random_seed(desk->first_seed), "shuffled rows");
    for (Kind kind = BEFORE; kind <= AFTER_TASK; kind++) {
        const Findings *findings = desk->findings[kind == AFTER_TASK ? ON_KBACK : ON_TEXT];
        size_t arm = measure_arm(findings, "learned"), n_seeds = findings->experiment->n_seeds;
        if (!room_for(desk->arena, tables, kind, n_seeds, error))
            return false;
        for (size_t seed = 0; seed < n_seeds; seed++) {
            Nearness *found = &tables->of[kind][seed];
            if (!(kind == BEFORE ? look_before : look_after)(findings, arm, seed, key, found,
                                                             error))
                return false;
        }
    }
    return room_for(desk->arena, tables, SINUSOIDAL, 1, error) &&
           look_at_sinusoids(key, tables->of[SINUSOIDAL], error);
}

/* A formula has no seeds: its gap is what it is. */
static void weigh(Tables *tables)
{
    for (Kind kind = 0; kind < N_KINDS; kind++) {
        double gap[MAX_SEEDS];
        for (size_t n = 0; n < tables->count[kind]; n++)
            gap[n] = tables->of[kind][n].gap - tables->of[kind][n].shuffled;
        tables->gap[kind] = measure_seeds(gap, tables->count[kind]);
        if (kind == SINUSOIDAL)
            tables->gap[kind].interval = (Interval){gap[0], gap[0]};
        tables->verdict[kind] = nearness_judge(tables->gap[kind]);
    }
}

/* --- the answer --- */

static bool judge(Arena *arena, const Tables *tables, Answer *answer)
{
    TextBuffer names = {0};
    for (Kind kind = 0; kind < N_KINDS; kind++)
        if (tables->verdict[kind] == NEITHER)
            text_append_format(&names, "%s%s", names.length > 0 ? "; " : "", kind_names[kind]);
    answer->verdict = independent_verdict(tables->verdict, N_KINDS);
    if (answer->verdict == HOLDS_UNDER_A_CONDITION)
        answer->condition = text_format(arena, "of these vectors only: %s", names.bytes);
    bool ok = !names.failed && answer->condition;
    text_buffer_free(&names);
    return ok;
}

/* The mean over the tables of a kind. */
static Estimate cosine_at(const Tables *tables, Kind kind, size_t distance)
{
    double x[MAX_SEEDS];
    for (size_t n = 0; n < tables->count[kind]; n++)
        x[n] = tables->of[kind][n].by_distance[distance];
    return measure_seeds(x, tables->count[kind]);
}

static bool tabulate(Arena *arena, const Tables *tables, Answer *answer)
{
    static const char *const header[] = {"vectors", "cosine at distance 1", "gap to far ones",
                                         "95 % interval", "shuffles with as wide a gap"};
    static const char *const words[] = {"neither", "nearer", "further", "not known"};
    TableMaker rows = table_begin(arena, header, 5, N_KINDS, &answer->table);
    for (Kind kind = 0; kind < N_KINDS; kind++) {
        const Estimate *gap = &tables->gap[kind];
        double as_wide = 0;
        for (size_t n = 0; n < tables->count[kind]; n++)
            as_wide += tables->of[kind][n].as_wide / (double)tables->count[kind];
        const char *const cells[] = {
            kind_names[kind],
            text_format(arena, "%.3f", cosine_at(tables, kind, 1).over_seeds.mean),
            text_format(arena, "%s: %s", text_change(gap->over_seeds.mean, 3).text,
                        words[tables->verdict[kind]]),
            kind == SINUSOIDAL
                ? "by formula"
                : text_format(arena, "%s", measure_interval(gap->interval, text_change, 3).text),
            text_format(arena, "%.1f %%", 100 * as_wide),
        };
        table_add(&rows, &answer->table, cells);
    }
    return !rows.failed;
}

static bool draw(const ClaimDesk *desk, const Tables *tables, Answer *answer)
{
    AnswerSeries *series = arena_alloc(desk->arena, N_KINDS, sizeof *series);
    for (Kind kind = 0; series && kind < N_KINDS; kind++) {
        SeriesNumbers to;
        size_t n = tables->of[kind][0].rows - 1;
        const PosScheme *scheme = kind == AFTER_TEXT   ? pos_find("learned")
                                  : kind == SINUSOIDAL ? pos_find("sinusoidal")
                                                       : NULL;
        if (!series_begin(desk->arena, &series[kind], kind_names[kind], scheme, n, &to))
            return false;
        for (size_t d = 1; d <= n; d++)
            series_estimate(&to, d - 1, (double)d, cosine_at(tables, kind, d));
    }
    answer->figure = (AnswerFigure){.title = "How alike are the vectors of two positions?",
                                    .x_name = "distance between the positions",
                                    .y_name = "mean cosine",
                                    .series = series,
                                    .n_series = N_KINDS};
    return series;
}

static bool write_texts(const ClaimDesk *desk, const Tables *tables, Answer *answer)
{
    const Estimate *gap = tables->gap;
    const char *text = measure_setting(desk->arena, desk->findings[ON_TEXT]);
    const char *task = measure_setting(desk->arena, desk->findings[ON_KBACK]);
    answer->deciding = text_format(
        desk->arena, "cosine at 1 less far ones: learned %s before, %s after; sinusoidal %s",
        text_change(gap[BEFORE].over_seeds.mean, 2).text,
        text_change(gap[AFTER_TEXT].over_seeds.mean, 2).text,
        text_change(gap[SINUSOIDAL].over_seeds.mean, 2).text);
    answer->text = text_format(
        desk->arena,
        "The cosine of neighbours less that of positions at least half a window apart, less the "
        "same of shuffled rows. Learned vectors before training: %s (95 %%: %s). After training on "
        "%s: %s (%s). On %s: %s (%s). Sinusoidal vectors, by formula: %s.",
        text_change(gap[BEFORE].over_seeds.mean, 3).text,
        measure_interval(gap[BEFORE].interval, text_change, 3).text, text ? text : "",
        text_change(gap[AFTER_TEXT].over_seeds.mean, 3).text,
        measure_interval(gap[AFTER_TEXT].interval, text_change, 3).text, task ? task : "",
        text_change(gap[AFTER_TASK].over_seeds.mean, 3).text,
        measure_interval(gap[AFTER_TASK].interval, text_change, 3).text,
        text_change(gap[SINUSOIDAL].over_seeds.mean, 3).text);
    return text && task && answer->deciding && answer->text;
}

static bool examine(const ClaimDesk *desk, Answer *answer, Error *error)
{
    Tables tables = {0};
    if (!gather(desk, &tables, error))
        return false;
    weigh(&tables);
    return (judge(desk->arena, &tables, answer) && tabulate(desk->arena, &tables, answer) &&
            draw(desk, &tables, answer) && write_texts(desk, &tables, answer)) ||
           fail(error, "out of memory: an answer");
}

extern const Claim claim_independent;
const Claim claim_independent = {
    .name = "independent",
    .says = "Each absolute embedding is independent of the others: positions 1 and 2 are no nearer "
            "to each other than 2 and 500.",
    .question =
        "Learned position vectors start as random numbers; nobody tells row 5 that row 6 is "
        "its neighbour. Will the two be more alike than rows 5 and 25 when training is over? "
        "And the vectors of sines and cosines?",
    .varied = "the kind of vectors, and whether they have been trained, on a text and on a task",
    .held = "the number of positions and channels, the seeds; the rows, when they are shuffled",
    .criterion =
        "Neighbours are nearer, or further apart, if the gap of their cosine to that of far "
        "positions is shown to be above 0, or below (95 % interval); neither, if it is shown to be "
        "within 0.1 of it. Holds if it is neither for every kind of vectors. Holds under a "
        "condition if it is neither for some, and one of the two for others. Does not hold if it "
        "is one of the two for every kind.",
    .discuss =
        {"On a text, the vectors of neighbours become alike; on kback, where a head has to tell "
         "the "
         "place before from its own, they become opposite. Why each?",
         "Each row gets a gradient once in a window, each weight from every token. What does that "
         "do to how fast rows are learned?",
         "Which distances have the same cosine for every pair with sines, and which with a learned "
         "table?"},
    .draws_on = draws_on,
    .examine = examine,
};
