/* same_quality.c: "learned and sinusoidal embeddings perform about the same".
 *
 * That no difference was found does not show that there is none (statistics.h), so the question is
 * put the other way round: can a difference be ruled out that is larger than a margin? The margin
 * is that of `posgpt compare`: a tenth of what separates the model without positions from the one
 * with a learned table. Both have the same seeds, so the differences are paired.
 *
 * Vectors that are added to those of tokens have two properties, their directions and their size,
 * and the saying is about the first. So the sinusoid comes in three sizes: with the rms that a
 * table starts with, with one learned number that scales it from there, and as in the textbook,
 * where its rms of 0.71 stands beside token vectors of 0.02. Two further tables tell what it is
 * that helps: one whose random rows are never trained, and one that starts as the sinusoid and is.
 */
#include "lab/claims/same_quality.h"

#include "lab/claims/measure.h"
#include "lab/claims/models.h"

static const ExperimentId draws_on[] = {ON_TEXT, SINUSOID_GAINS, TABLE_STARTS, NO_EXPERIMENT};

/* --- the verdict --- */

static bool is_as_good(Sample difference, double margin)
{
    return sample_equivalence_p(difference, margin) < SIGNIFICANCE;
}

/* Is a difference shown that is larger than the margin? */
static bool is_other(Sample difference, double margin)
{
    Interval interval = sample_interval(difference, CONFIDENCE);
    return interval.low > margin || interval.high < -margin;
}

Verdict quality_judge(const QualityEvidence *evidence, bool as_good[N_GAINS])
{
    size_t n_good = 0, n_other = 0;
    for (size_t g = 0; g < N_GAINS; g++) {
        as_good[g] = is_as_good(evidence->difference[g], evidence->margin);
        n_good += as_good[g];
        n_other += is_other(evidence->difference[g], evidence->margin);
    }
    if (n_good > 0)
        return n_good == N_GAINS ? HOLDS : HOLDS_UNDER_A_CONDITION;
    return n_other == N_GAINS ? DOES_NOT_HOLD : NOT_SHOWN;
}

/* --- the arms --- */

/* The table, which the others are compared with; the sinusoids by gain; two further tables. */
enum { TABLE, LEARNED_GAIN, FIXED_GAIN, TEXTBOOK, FROZEN_TABLE, AS_SINUSOID, N_ARMS };
_Static_assert(FROZEN_TABLE - LEARNED_GAIN == N_GAINS, "an arm for each gain");

static const struct {
    ExperimentId runs;
    const char *arm, *name;
    const char *scheme; /* whose colour it is drawn in; NULL: none's */
} arms[N_ARMS] = {
    [TABLE] = {ON_TEXT, "learned", "learned table", "learned"},
    [LEARNED_GAIN] = {SINUSOID_GAINS, "sinusoidal_gain = learned", "sinusoid, learned gain",
                      "sinusoidal"},
    [FIXED_GAIN] = {SINUSOID_GAINS, "sinusoidal_gain = fixed", "sinusoid, fixed gain",
                    "sinusoidal"},
    [TEXTBOOK] = {SINUSOID_GAINS, "sinusoidal_gain = textbook", "sinusoid, textbook", "sinusoidal"},
    [FROZEN_TABLE] = {TABLE_STARTS, "learned_start = frozen", "random table, frozen", NULL},
    [AS_SINUSOID] = {TABLE_STARTS, "learned_start = sinusoid", "table from sinusoid", "learned"},
};

typedef struct Line {
    Estimate loss;
    Sample difference;          /* from the learned table */
    Amplitude at_start, at_end; /* means over the seeds */
} Line;

static void add_share(Amplitude *sum, Amplitude one, size_t n)
{
    sum->positions += one.positions / (double)n;
    sum->varying += one.varying / (double)n;
    sum->tokens += one.tokens / (double)n;
}

/* Before the first step of a run, and after the last one. */
static bool measure_run(const Findings *findings, size_t arm, size_t seed, Line *line, Error *error)
{
    size_t n = findings->experiment->n_seeds, T = measure_block_size(findings);
    const Config *config = &experiment_trial(findings->experiment, arm, seed)->config;
    GptConfig shape = config_gpt(config, findings->experiment->corpus.vocab.size);
    SavedModel saved;
    Gpt fresh;
    Amplitude one;
    if (!model_at_start(&fresh, config, &shape, error))
        return false;
    bool ok = amplitude_of(&fresh, T, &one, error);
    gpt_free(&fresh);
    if (!ok || !model_at_end(&saved, findings, arm, seed, error))
        return false;
    add_share(&line->at_start, one, n);
    ok = amplitude_of(&saved.gpt, T, &one, error);
    add_share(&line->at_end, one, n);
    saved_model_free(&saved);
    return ok;
}

static bool find_lines(const ClaimDesk *desk, Line lines[N_ARMS], Error *error)
{
    const Findings *text = desk->findings[arms[TABLE].runs];
    size_t table = measure_arm(text, arms[TABLE].arm);
    for (size_t i = 0; i < N_ARMS; i++) {
        const Findings *findings = desk->findings[arms[i].runs];
        size_t arm = measure_arm(findings, arms[i].arm);
        lines[i] = (Line){.loss = findings->arms[arm].val_loss,
                          .difference = quality_difference(findings, arm, text, table)};
        for (size_t seed = 0; seed < findings->experiment->n_seeds; seed++)
            if (!measure_run(findings, arm, seed, &lines[i], error))
                return false;
    }
    return true;
}

/* --- the answer --- */

static bool tabulate(const ClaimDesk *desk, const Line lines[N_ARMS], double margin, Answer *answer)
{
    static const char *const header[] = {
        "arm",     "loss",         "less the table's", "90 % interval",
        "as good", "rms at start", "at end (varying)", "tokens at end"};
    enum { COLUMNS = sizeof header / sizeof *header };
    Arena *arena = desk->arena;
    TableMaker rows = table_begin(arena, header, COLUMNS, N_ARMS, &answer->table);
    for (size_t i = 0; i < N_ARMS; i++) {
        const Line *line = &lines[i];
        Interval narrower = sample_interval(line->difference, EQUIVALENCE_CONFIDENCE);
        const char *const cells[COLUMNS] = {
            arms[i].name,
            text_format(arena, "%.4f", line->loss.over_seeds.mean),
            i == TABLE ? "" : text_format(arena, "%s", text_change(line->difference.mean, 4).text),
            i == TABLE ? ""
                       : text_format(arena, "%s", measure_interval(narrower, text_change, 4).text),
            i == TABLE                             ? ""
            : is_as_good(line->difference, margin) ? "yes"
                                                   : "no",
            text_format(arena, "%.3f", line->at_start.positions),
            text_format(arena, "%.3f (%.3f)", line->at_end.positions, line->at_end.varying),
            text_format(arena, "%.3f", line->at_end.tokens),
        };
        table_add(&rows, &answer->table, cells);
    }
    return !rows.failed;
}

/* The differences as bars, each in the colour of its scheme. */
static bool draw(const ClaimDesk *desk, const Line lines[N_ARMS], Answer *answer)
{
    enum { N_BARS = N_ARMS - 1 };
    AnswerSeries *series = arena_alloc(desk->arena, N_BARS, sizeof *series);
    const char **words = arena_alloc(desk->arena, N_BARS, sizeof *words);
    if (!series || !words)
        return false;
    for (size_t i = 0; i < N_BARS; i++) {
        const Line *line = &lines[i + 1];
        const char *scheme = arms[i + 1].scheme;
        Interval interval = sample_interval(line->difference, CONFIDENCE);
        SeriesNumbers to;
        words[i] = arms[i + 1].name;
        if (!series_begin(desk->arena, &series[i], words[i], scheme ? pos_find(scheme) : NULL, 1,
                          &to))
            return false;
        series_point(&to, 0, (double)i, line->difference.mean, interval);
    }
    answer->figure = (AnswerFigure){.title = "Above the loss of the learned table",
                                    .x_name = "",
                                    .y_name = "nats per character",
                                    .x_words = words,
                                    .n_x_words = N_BARS,
                                    .series = series,
                                    .n_series = N_BARS};
    return true;
}

/* Which of the sinusoids are as good, by name. */
static const char *name_good(Arena *arena, const bool as_good[N_GAINS])
{
    TextBuffer names = {0};
    text_append_format(&names, "of a ");
    for (size_t g = 0, n = 0; g < N_GAINS; g++)
        if (as_good[g])
            text_append_format(&names, "%s%s", n++ > 0 ? ", a " : "", arms[LEARNED_GAIN + g].name);
    const char *text = names.failed ? NULL : arena_text(arena, names.bytes, names.length);
    text_buffer_free(&names);
    return text;
}

static bool speak(const ClaimDesk *desk, const Line lines[N_ARMS], double margin, Answer *answer)
{
    const Findings *text = desk->findings[ON_TEXT];
    const Config *config = &experiment_trial(text->experiment, 0, 0)->config;
    Sample none = quality_difference(text, measure_arm(text, "none"), text,
                                     measure_arm(text, arms[TABLE].arm));
    const Line *gain = &lines[LEARNED_GAIN];
    Interval interval = sample_interval(gain->difference, CONFIDENCE);
    answer->deciding = text_format(
        desk->arena, "sinusoid (learned gain) less table: %s nats (95 %%: %s), margin %s",
        text_change(gain->difference.mean, 3).text, measure_interval(interval, text_change, 3).text,
        text_decimal(margin, 3).text);
    answer->text = text_format(
        desk->arena,
        "On %s, windows of %zu, %zu layers, %zu steps, against a learned table: a sinusoid with a "
        "learned gain %s nats, with the table's initial size %s, of textbook size %s; a "
        "table that keeps its random rows %s, one that starts as the sinusoid %s; no "
        "positions %s. The margin is %s. At the end the table's rows have an rms of %.3f, of "
        "which %.3f varies with the position; the sinusoid's with a learned gain %.3f and %.3f: "
        "its slow clocks hardly turn in %zu positions.",
        text->experiment->corpus.name, config->block_size, config->n_layer, config->max_iters,
        text_change(gain->difference.mean, 3).text,
        text_change(lines[FIXED_GAIN].difference.mean, 3).text,
        text_change(lines[TEXTBOOK].difference.mean, 3).text,
        text_change(lines[FROZEN_TABLE].difference.mean, 3).text,
        text_change(lines[AS_SINUSOID].difference.mean, 3).text, text_change(none.mean, 3).text,
        text_decimal(margin, 3).text, lines[TABLE].at_end.positions, lines[TABLE].at_end.varying,
        gain->at_end.positions, gain->at_end.varying, config->block_size);
    return answer->deciding && answer->text;
}

static bool examine(const ClaimDesk *desk, Answer *answer, Error *error)
{
    Line lines[N_ARMS];
    bool as_good[N_GAINS];
    if (!find_lines(desk, lines, error))
        return false;
    QualityEvidence evidence = {.margin = desk->findings[ON_TEXT]->comparison.margin};
    for (size_t g = 0; g < N_GAINS; g++)
        evidence.difference[g] = lines[LEARNED_GAIN + g].difference;
    answer->verdict = quality_judge(&evidence, as_good);
    if (answer->verdict == HOLDS_UNDER_A_CONDITION)
        answer->condition = name_good(desk->arena, as_good);
    return (answer->condition && speak(desk, lines, evidence.margin, answer) &&
            tabulate(desk, lines, evidence.margin, answer) && draw(desk, lines, answer)) ||
           fail(error, "out of memory: an answer");
}

extern const Claim claim_same_quality;
const Claim claim_same_quality = {
    .name = "same-quality",
    .says = "Learned and sinusoidal embeddings perform about the same.",
    .question =
        "How far apart will the losses of a learned table and of a sinusoid be, beside what "
        "separates the table from no positions at all? What if the vectors of positions "
        "are far larger than those of tokens?",
    .varied = "where the vectors of positions come from, how large they are, and whether they are "
              "trained",
    .held = "everything else: each seed gives the same batches and the same start",
    .criterion =
        "Two are as good as each other if the equivalence test shows their difference to be below "
        "the margin, a tenth of what separates no positions from a learned table. Holds if all "
        "three sinusoids are as good as the table, under a condition if some are; does not hold if "
        "each is shown to differ by more than the margin (95 % interval).",
    .discuss = {"Papers found no difference with windows of 512 tokens and more. What is different "
                "about a sinusoid in a short window?",
                "Why does it matter how large position vectors are beside token vectors?",
                "A frozen random table tells any two positions apart, too. What does it lack?"},
    .draws_on = draws_on,
    .examine = examine,
};
