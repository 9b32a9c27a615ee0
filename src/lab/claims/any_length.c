/* any_length.c: "sinusoidal embeddings serve any length".
 *
 * There is a vector for every position, so nothing is refused. Whether the model knows what to do
 * with it is another question: in training it has seen the first T vectors only. Each run is asked
 * for the same characters with more and more context, up to 8 T: if it could use positions that it
 * has never seen, its loss would not rise.
 */
#include "lab/claims/measure.h"

static const ExperimentId draws_on[] = {ON_TEXT, NO_EXPERIMENT};

static bool is_refused(const Findings *findings, size_t arm)
{
    for (size_t c = 0; c < findings->n_contexts; c++)
        if (findings_at_context(findings, arm, c)->refused)
            return true;
    return false;
}

/* The verdict by the lengths beyond training: does the loss rise at any, at none, or is it not
 * known? */
static Verdict judge(const Findings *findings, size_t arm)
{
    size_t trained = measure_block_size(findings);
    Verdict verdict = HOLDS;
    for (size_t c = 0; c < findings->n_contexts; c++) {
        if (findings->contexts[c] <= trained)
            continue;
        Estimate rise = measure_rise(findings, arm, trained, findings->contexts[c]);
        if (rise.interval.low > 0)
            return HOLDS_UNDER_A_CONDITION;
        if (!(rise.interval.high <= 0))
            verdict = NOT_SHOWN;
    }
    return verdict;
}

/* Every scheme of the experiment, for comparison. */
static bool draw(const ClaimDesk *desk, const Findings *findings, Answer *answer)
{
    size_t n_arms = findings->experiment->n_arms;
    size_t *arms = arena_alloc(desk->arena, n_arms, sizeof *arms);
    for (size_t arm = 0; arms && arm < n_arms; arm++)
        arms[arm] = arm;
    return arms && measure_draw_lengths(desk->arena, findings, arms, n_arms, &answer->figure);
}

static bool tabulate(const ClaimDesk *desk, const Findings *findings, size_t arm, Answer *answer)
{
    static const char *const header[] = {"context", "loss", "above training", "95 % interval"};
    TableMaker rows = table_begin(desk->arena, header, 4, findings->n_contexts, &answer->table);
    size_t trained = measure_block_size(findings);
    for (size_t c = 0; c < findings->n_contexts; c++) {
        size_t context = findings->contexts[c];
        Estimate loss = findings_at_context(findings, arm, c)->same;
        Estimate rise = measure_rise(findings, arm, trained, context);
        const char *const cells[] = {
            text_format(desk->arena, "%zu", context),
            text_format(desk->arena, "%.4f", loss.over_seeds.mean),
            text_format(desk->arena, "%s", text_change(rise.over_seeds.mean, 4).text),
            text_format(desk->arena, "%s", measure_interval(rise.interval, text_change, 4).text),
        };
        table_add(&rows, &answer->table, cells);
    }
    return !rows.failed;
}

static bool examine(const ClaimDesk *desk, Answer *answer, Error *error)
{
    const Findings *findings = desk->findings[ON_TEXT];
    size_t arm = measure_arm(findings, "sinusoidal");
    size_t trained = measure_block_size(findings),
           far = findings->contexts[findings->n_contexts - 1];
    Estimate rise = measure_rise(findings, arm, trained, far);
    answer->verdict = is_refused(findings, arm) ? DOES_NOT_HOLD : judge(findings, arm);
    if (answer->verdict == HOLDS_UNDER_A_CONDITION)
        answer->condition =
            "there is a vector for every position, and no use for those that training "
            "never reached";
    answer->deciding =
        text_format(desk->arena, "loss at %zu characters less that at %zu: %s nats (95 %%: %s)",
                    far, trained, text_change(rise.over_seeds.mean, 3).text,
                    measure_interval(rise.interval, text_change, 3).text);
    answer->text =
        text_format(desk->arena,
                    "On %s, %zu layers: no length is refused, and beyond the %zu characters of "
                    "training the loss of the same characters changes by %s nats at %zu.",
                    findings->experiment->corpus.name,
                    experiment_trial(findings->experiment, arm, 0)->config.n_layer, trained,
                    text_change(rise.over_seeds.mean, 3).text, far);
    return (answer->deciding && answer->text && tabulate(desk, findings, arm, answer) &&
            draw(desk, findings, answer)) ||
           fail(error, "out of memory: an answer");
}

extern const Claim claim_any_length;
const Claim claim_any_length = {
    .name = "any-length",
    .says =
        "Sinusoidal embeddings serve any length: there is a vector for every position, so texts "
        "may be longer than those of training.",
    .question =
        "What will the loss of a model do when it sees twice, four times or eight times as many "
        "characters before the one that it has to guess as there ever were in training?",
    .varied =
        "the length of the context, from a quarter of that in training to eight times as long",
    .held = "the model, and the characters that are to be predicted",
    .criterion =
        "Holds if no length is refused and the loss at none of the longer ones is above that "
        "at the length of training (paired over seeds, upper end of the 95 % interval at "
        "most 0). Holds under a condition if it is shown to rise at one of them.",
    .discuss =
        {"The vectors of far positions are sums of the same waves. Why does the model not know "
         "what to do with them?",
         "Which scheme rises least beyond its training, and what has it that the others have "
         "not?"},
    .draws_on = draws_on,
    .examine = examine,
};
