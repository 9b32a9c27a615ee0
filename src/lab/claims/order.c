/* order.c: "without positional embeddings a transformer cannot tell who escaped from whom".
 *
 * Attention is a weighted sum over the tokens that may be seen, and a sum does not depend on the
 * order of its terms. Let P permute the tokens of a sentence x. If every token sees all others,
 *
 *     layer(P x) = P layer(x)
 *
 * for one layer, and so for any number of them: a word has the same vector in both sentences, and
 * what is read off the sentence as a whole is the same. With a causal mask token t sees the tokens
 * before it, which are others in P x. The last token still sees them all, so after one layer it
 * cannot tell either. But the tokens between have become different ones, and in the second layer
 * the last token sees these: the mask is a trace of order.
 *
 * So, exactly: fresh models without positions, and for comparison with learned ones, read "The Man
 * escaped from the Snake who?" and the same with Man and Snake exchanged. Learned: the same models
 * are trained on the task `who` (half right is what a reader without order gets), and on a text.
 */
#include "lab/claims/order.h"

#include <math.h>
#include <string.h>

#include "lab/claims/measure.h"
#include "lab/claims/models.h"

static const ExperimentId draws_on[] = {ON_WHO, ON_WHO_BOTH_SIDES, ON_TEXT_BY_DEPTH, ON_TEXT,
                                        NO_EXPERIMENT};

/* Sums of the same numbers in another order differ by less, as a share of the largest logit. */
static const double ROUNDING = 1e-5;

/* --- the verdict --- */

Verdict order_judge(const OrderEvidence *e, const char **condition)
{
    bool same_one = e->one_layer <= ROUNDING && !(e->right_one_layer.interval.low > 0.5);
    if (!(e->both_sides <= ROUNDING) || e->right_both_sides.interval.low > 0.5)
        return DOES_NOT_HOLD;
    if (same_one && e->deeper <= ROUNDING && !(e->right_deeper.interval.low > 0.5))
        return HOLDS;
    if (!(e->right_deeper.interval.low > 0.5))
        return NOT_SHOWN;
    *condition = same_one ? "of a model that sees both sides, and of one causal layer's last token"
                          : "of a model that sees both sides";
    return HOLDS_UNDER_A_CONDITION;
}

/* --- the cases --- */

enum { BOTH_1, BOTH_2, BOTH_4, CAUSAL_1, CAUSAL_2, CAUSAL_4, N_CASES };

static const struct {
    ExperimentId runs;
    size_t n_layer;
    bool trained; /* are there runs of that depth? */
    const char *name;
} cases[N_CASES] = {
    [BOTH_1] = {ON_WHO_BOTH_SIDES, 1, true, "both sides, 1 layer"},
    [BOTH_2] = {ON_WHO_BOTH_SIDES, 2, true, "both sides, 2 layers"},
    [BOTH_4] = {ON_WHO_BOTH_SIDES, 4, false, "both sides, 4 layers"},
    [CAUSAL_1] = {ON_WHO, 1, true, "causal, 1 layer"},
    [CAUSAL_2] = {ON_WHO, 2, true, "causal, 2 layers"},
    [CAUSAL_4] = {ON_WHO, 4, true, "causal, 4 layers"},
};

/* Each case comes in two kinds: without positions, and with learned ones. */
enum { NONE, LEARNED, N_KINDS };
static const char *const kinds[N_KINDS] = {"none", "learned"};

static bool is_causal(size_t c)
{
    return cases[c].runs == ON_WHO;
}

typedef struct Found {
    OrderDifference fresh[N_CASES][N_KINDS];
    Estimate right[N_CASES][N_KINDS];
    Estimate text[N_CASES]; /* loss without positions; causal models only */
} Found;

/* "none (n_layer = 1)" is there in both experiments on the task. */
static bool find_arm(const ClaimDesk *desk, size_t c, size_t kind, size_t *arm, Error *error)
{
    size_t depth = cases[c].trained ? cases[c].n_layer : 1;
    const char *name = text_format(desk->arena, "%s (n_layer = %zu)", kinds[kind], depth);
    if (!name)
        return fail(error, "out of memory: an answer");
    *arm = measure_arm(desk->findings[cases[c].runs], name);
    return true;
}

static bool read_sentences(const ClaimDesk *desk, const Vocab *vocab, Sentences *sentences,
                           Error *error)
{
    static const char *const texts[] = {"The Man escaped from the Snake who?",
                                        "The Snake escaped from the Man who?"};
    int *tokens[2];
    for (size_t s = 0; s < 2; s++) {
        size_t bytes = strlen(texts[s]);
        tokens[s] = arena_alloc(desk->arena, bytes, sizeof *tokens[s]);
        if (!tokens[s])
            return fail(error, "out of memory: two sentences");
        if (!vocab_encode(vocab, texts[s], bytes, tokens[s], &sentences->length, error))
            return false;
    }
    sentences->first = tokens[0];
    sentences->second = tokens[1];
    return true;
}

/* A case's models: as the run with the first seed began, and what all of them have learned. */
static bool look(const ClaimDesk *desk, size_t c, size_t kind, Found *found, Error *error)
{
    const Findings *findings = desk->findings[cases[c].runs];
    const Vocab *vocab = &findings->experiment->corpus.vocab;
    Sentences sentences;
    Gpt gpt;
    size_t arm = 0;
    if (!read_sentences(desk, vocab, &sentences, error) || !find_arm(desk, c, kind, &arm, error))
        return false;
    const Config *config = &experiment_trial(findings->experiment, arm, 0)->config;
    GptConfig shape = config_gpt(config, vocab->size);
    shape.n_layer = cases[c].n_layer;
    if (!model_at_start(&gpt, config, &shape, error))
        return false;
    bool ok = order_difference(&gpt, sentences, &found->fresh[c][kind], error);
    gpt_free(&gpt);
    found->right[c][kind] = cases[c].trained ? findings->arms[arm].exact : measure_seeds(NULL, 0);
    return ok;
}

static bool look_at_text(const ClaimDesk *desk, size_t c, Found *found, Error *error)
{
    const Findings *findings = desk->findings[ON_TEXT_BY_DEPTH];
    const char *name = text_format(desk->arena, "n_layer = %zu", cases[c].n_layer);
    if (!name)
        return fail(error, "out of memory: an answer");
    found->text[c] = is_causal(c) ? findings->arms[measure_arm(findings, name)].val_loss
                                  : measure_seeds(NULL, 0);
    return true;
}

static OrderEvidence weigh(const Found *found)
{
    OrderEvidence e = {.one_layer = found->fresh[CAUSAL_1][NONE].last,
                       .deeper = INFINITY,
                       .right_both_sides = found->right[BOTH_2][NONE],
                       .right_one_layer = found->right[CAUSAL_1][NONE],
                       .right_deeper = found->right[CAUSAL_4][NONE]};
    for (size_t c = BOTH_1; c <= BOTH_4; c++) {
        const OrderDifference *fresh = &found->fresh[c][NONE];
        e.both_sides = fmax(e.both_sides, fmax(fresh->by_word, fresh->pooled));
    }
    for (size_t c = CAUSAL_2; c <= CAUSAL_4; c++)
        e.deeper = fmin(e.deeper, found->fresh[c][NONE].last);
    return e;
}

/* --- the answer --- */

static const char *share(Arena *arena, Estimate right)
{
    return right.over_seeds.n > 0 ? text_format(arena, "%.1f %%", 100 * right.over_seeds.mean) : "";
}

/* At the last word; where both sides are seen, at any. */
static const char *apart(Arena *arena, size_t c, OrderDifference d)
{
    return text_format(arena, "%.1e", is_causal(c) ? d.last : fmax(d.by_word, d.pooled));
}

static bool tabulate(const ClaimDesk *desk, const Found *found, Answer *answer)
{
    static const char *const header[] = {"model",      "none: apart",   "learned: apart",
                                         "none: who?", "learned: who?", "none: loss on text"};
    Arena *arena = desk->arena;
    TableMaker rows = table_begin(arena, header, 6, N_CASES, &answer->table);
    for (size_t c = 0; c < N_CASES; c++) {
        const char *const cells[] = {
            cases[c].name,
            apart(arena, c, found->fresh[c][NONE]),
            apart(arena, c, found->fresh[c][LEARNED]),
            share(arena, found->right[c][NONE]),
            share(arena, found->right[c][LEARNED]),
            found->text[c].over_seeds.n > 0
                ? text_format(arena, "%.4f", found->text[c].over_seeds.mean)
                : "",
        };
        table_add(&rows, &answer->table, cells);
    }
    return !rows.failed;
}

static bool draw(const ClaimDesk *desk, const Found *found, Answer *answer)
{
    AnswerSeries *series = arena_alloc(desk->arena, N_KINDS, sizeof *series);
    const char **words = arena_alloc(desk->arena, N_CASES, sizeof *words);
    size_t n = 0;
    for (size_t c = 0; words && c < N_CASES; c++)
        if (cases[c].trained)
            words[n++] = cases[c].name;
    for (size_t kind = 0; series && words && kind < N_KINDS; kind++) {
        SeriesNumbers to;
        if (!series_begin(desk->arena, &series[kind], kinds[kind], pos_find(kinds[kind]), n, &to))
            return false;
        for (size_t c = 0, bar = 0; c < N_CASES; c++) {
            if (!cases[c].trained)
                continue;
            series_estimate(&to, bar, (double)bar, found->right[c][kind]);
            bar++;
        }
    }
    answer->figure = (AnswerFigure){.title = "Who escaped? Half right is what no order gives",
                                    .x_name = "",
                                    .y_name = "share of right answers",
                                    .x_words = words,
                                    .n_x_words = n,
                                    .series = series,
                                    .n_series = N_KINDS};
    return series && words;
}

static bool speak(const ClaimDesk *desk, const Found *found, const OrderEvidence *e, Answer *answer)
{
    const Findings *text = desk->findings[ON_TEXT];
    size_t deepest = cases[CAUSAL_4].n_layer;
    answer->deciding = text_format(desk->arena,
                                   "two sentences' logits, apart by: both sides seen %.0e, %zu "
                                   "causal layers %.0e of the largest",
                                   e->both_sides, deepest, found->fresh[CAUSAL_4][NONE].last);
    answer->text = text_format(
        desk->arena,
        "Without positions: in fresh models that see both sides the logits of the two sentences "
        "are %.0e of the largest apart, and trained ones answer %.1f %% right. One causal layer: "
        "%.0e at the last word, %.1f %% right; %zu layers: %.0e, %.1f %%. What is above a half "
        "comes from the mask. On %s the loss without positions is %.3f with 1 layer and %.3f with "
        "%zu; with learned positions and %zu layers it is %.3f.",
        e->both_sides, 100 * e->right_both_sides.over_seeds.mean, e->one_layer,
        100 * e->right_one_layer.over_seeds.mean, deepest, found->fresh[CAUSAL_4][NONE].last,
        100 * e->right_deeper.over_seeds.mean, text->experiment->corpus.name,
        found->text[CAUSAL_1].over_seeds.mean, found->text[CAUSAL_4].over_seeds.mean, deepest,
        experiment_trial(text->experiment, 0, 0)->config.n_layer,
        text->arms[measure_arm(text, "learned")].val_loss.over_seeds.mean);
    return answer->deciding && answer->text;
}

static bool examine(const ClaimDesk *desk, Answer *answer, Error *error)
{
    Found found;
    for (size_t c = 0; c < N_CASES; c++)
        for (size_t kind = 0; kind < N_KINDS; kind++)
            if (!look(desk, c, kind, &found, error) ||
                (kind == NONE && !look_at_text(desk, c, &found, error)))
                return false;
    OrderEvidence evidence = weigh(&found);
    answer->verdict = order_judge(&evidence, &answer->condition);
    return (speak(desk, &found, &evidence, answer) && tabulate(desk, &found, answer) &&
            draw(desk, &found, answer)) ||
           fail(error, "out of memory: an answer");
}

extern const Claim claim_order;
const Claim claim_order = {
    .name = "order",
    .says =
        "Without positional embeddings a transformer takes 'The Man escaped from the Snake' and "
        "'The Snake escaped from the Man' for the same.",
    .question = "A model without positional embeddings is asked who escaped. How often will it be "
                "right if it sees the whole sentence at once? And if each word sees only those "
                "before it, in one layer, in two, in four?",
    .varied = "the order of the words; whether a word sees both sides or only those before it; the "
              "number of layers",
    .held = "the words, the model's size, and the sentences that it learns from",
    .criterion =
        "Holds if the logits of both sentences are the same to 1e-5 of the largest, in fresh "
        "models of every kind, and no trained one is right in more than half of the pairs (lower "
        "end of the 95 % interval above 1/2). Holds under a condition if that is so where both "
        "sides are seen, while several causal layers differ and are right in more than half.",
    .discuss = {"The mask hides what comes later. Why does that tell a model what came earlier?",
                "Where may it be an advantage to read a text as a bag of words?",
                "Why does the last word learn nothing of the order from one layer?"},
    .draws_on = draws_on,
    .examine = examine,
};
