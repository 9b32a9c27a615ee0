/* shared_bias.c: "a relative bias is the same for the same distance, and serves any length".
 *
 * The first half is about how the bias is stored, and is tested on numbers: with random parameters,
 * every pair of a window at position 0, 1, 1000 and 100,000 (see shared_bias_measure.c).
 *
 * The second half has two readings. There is a number for any distance: that is the formula's
 * doing. And the model can use it: that is tested on runs, by the loss of the same characters from
 * more and more context. Three ways to have a number for distances that training never met stand
 * beside each other:
 *
 *     relative   the last number for all of them        learned from the one pair of a window
 *     t5         the last bucket for all of them        learned from a range of distances
 *     alibi      the straight line goes on              never met, and not learned
 *
 * A loss counts as no higher if it is by less than the margin of comparison.h: a tenth of what
 * separates no position at all from the learned table.
 */
#include "lab/claims/shared_bias.h"

#include "lab/claims/measure.h"

static const ExperimentId draws_on[] = {ON_TEXT, NO_EXPERIMENT};

enum { N_SCHEMES = 3, N_ROWS = 4 };
static const char *const schemes[N_SCHEMES] = {"relative", "t5", "alibi"};

/* T5 as its paper has it, for windows of 512: too many ranges for short ones. */
static const Setting of_the_paper[] = {
    {"t5_buckets", "32"}, {"t5_max_distance", "128"}, {NULL, NULL}};

static bool judge(const ClaimDesk *desk, const SharedBias *found, Answer *answer)
{
    const Findings *findings = desk->findings[ON_TEXT];
    Verdict lengths[N_SCHEMES];
    for (size_t s = 0; s < N_SCHEMES; s++)
        lengths[s] = shared_bias_lengths(findings, measure_arm(findings, schemes[s]));
    answer->verdict = shared_bias_verdict(found, lengths, N_SCHEMES);
    if (answer->verdict != HOLDS_UNDER_A_CONDITION)
        return true;
    TextBuffer names = {0};
    for (size_t s = 0; s < N_SCHEMES; s++)
        if (lengths[s] == HOLDS)
            text_append_format(&names, "%s%s", names.length > 0 ? " and " : "", schemes[s]);
    if (names.length > 0)
        text_append_format(&names, " only");
    answer->condition = text_format(
        desk->arena,
        "the same for the same distance, exactly; longer texts get a number too, but the loss is "
        "shown to stay as low with %s",
        names.length > 0 ? names.bytes : "none of the three");
    bool ok = !names.failed && answer->condition;
    text_buffer_free(&names);
    return ok;
}

/* --- what is shown --- */

/* Where the numbers of the distances beyond training come from. */
static const char *origin_of_numbers(Arena *arena, const SharedBias *found)
{
    if (found->shared == 0)
        return "each a number of its own, which training never met";
    const char *from = found->from_first == found->from_last
                           ? text_format(arena, "that of distance %zu", found->from_last)
                           : text_format(arena, "that of distances %zu to %zu", found->from_first,
                                         found->from_last);
    if (found->shared == found->further || !from)
        return from;
    return text_format(arena, "%zu of %zu %s, the others one that training never met",
                       found->shared, found->further, from);
}

/* "+0.0042 (+0.0011 to +0.0073)" */
static const char *rise_text(Arena *arena, const Findings *findings, size_t arm, size_t context)
{
    Estimate rise = measure_rise(findings, arm, measure_block_size(findings), context);
    return measure_change(arena, rise.over_seeds.mean, rise.interval, 4);
}

static bool tabulate(const ClaimDesk *desk, const SharedBias *found, Answer *answer)
{
    static const char *const header[] = {"scheme", "pairs at one distance differ by",
                                         "a number beyond training is",
                                         "rise at the longest context"};
    const Findings *findings = desk->findings[ON_TEXT];
    size_t far = findings->contexts[findings->n_contexts - 1];
    TableMaker rows = table_begin(desk->arena, header, 4, N_ROWS, &answer->table);
    for (size_t s = 0; s < N_ROWS; s++) {
        bool is_trained = s < N_SCHEMES;
        const char *const cells[] = {
            is_trained ? schemes[s] : "t5, 32 buckets to 128",
            text_format(desk->arena, "%g", found[s].unequal),
            origin_of_numbers(desk->arena, &found[s]),
            is_trained ? rise_text(desk->arena, findings, measure_arm(findings, schemes[s]), far)
                       : "not trained",
        };
        table_add(&rows, &answer->table, cells);
    }
    return !rows.failed;
}

static bool write_texts(const ClaimDesk *desk, const SharedBias *found, Answer *answer)
{
    const Findings *findings = desk->findings[ON_TEXT];
    size_t trained = measure_block_size(findings);
    size_t far = findings->contexts[findings->n_contexts - 1];
    double rise[N_SCHEMES], unequal = 0, error = 0;
    for (size_t s = 0; s < N_SCHEMES; s++) {
        size_t arm = measure_arm(findings, schemes[s]);
        rise[s] = measure_rise(findings, arm, trained, far).over_seeds.mean;
        unequal = measure_worse(unequal, found[s].unequal);
        error = measure_worse(error, found[s].score_error);
    }
    const char *setting = measure_setting(desk->arena, findings);
    answer->deciding = text_format(
        desk->arena, "differ by %g; loss at %zu less that at %zu: relative %s, t5 %s, alibi %s",
        unequal, far, trained, text_change(rise[0], 3).text, text_change(rise[1], 3).text,
        text_change(rise[2], 3).text);
    answer->text = text_format(
        desk->arena,
        "At positions 0 to 100,031 pairs at the same distance have biases that differ by %g, and "
        "the bias is added to the score: the logarithm of a weight moves by it, to %.0e. There is "
        "a number for every distance. What it is worth beyond the %zu characters of training was "
        "measured on %s: from %zu characters, the loss of the same characters changes by %s "
        "nats with a bias for each distance, by %s with ranges, by %s with the straight "
        "line (the margin of what counts as none: %s). With 32 ranges up to 128, as in T5's paper, "
        "%zu of the distances from %zu to %zu would take a number that training in windows of %zu "
        "never reaches.",
        unequal, error, trained, setting ? setting : "", far, text_change(rise[0], 3).text,
        text_change(rise[1], 3).text, text_change(rise[2], 3).text,
        text_decimal(findings->comparison.margin, 3).text,
        found[N_SCHEMES].further - found[N_SCHEMES].shared, specimen_config.block_size,
        specimen_config.block_size + found[N_SCHEMES].further - 1, specimen_config.block_size);
    return setting && answer->deciding && answer->text;
}

static bool draw(const ClaimDesk *desk, Answer *answer)
{
    const Findings *findings = desk->findings[ON_TEXT];
    size_t arms[N_SCHEMES];
    for (size_t s = 0; s < N_SCHEMES; s++)
        arms[s] = measure_arm(findings, schemes[s]);
    return measure_draw_lengths(desk->arena, findings, arms, N_SCHEMES, &answer->figure);
}

static bool examine(const ClaimDesk *desk, Answer *answer, Error *error)
{
    SharedBias found[N_ROWS];
    RandomKey key = random_for(random_seed(desk->first_seed), "shared bias");
    for (size_t s = 0; s < N_ROWS; s++)
        if (!shared_bias_measure(pos_find(s < N_SCHEMES ? schemes[s] : "t5"),
                                 s < N_SCHEMES ? NULL : of_the_paper, key, &found[s], error))
            return false;
    return (judge(desk, found, answer) && tabulate(desk, found, answer) &&
            write_texts(desk, found, answer) && draw(desk, answer)) ||
           fail(error, "out of memory: an answer");
}

extern const Claim claim_shared_bias;
const Claim claim_shared_bias = {
    .name = "shared-bias",
    .says = "A relative bias is the same for the same distance, wherever the pair stands, is added "
            "to the scores, and serves texts of any length.",
    .question = "Tokens 3 and 8 are as far apart as tokens 1003 and 1008, and get the same bias. A "
                "model now sees a text eight times as long as its windows in training: which bias "
                "does a key get that is further back than any was, and was it ever trained?",
    .varied = "where a window stands (position 0, 1, 1000, 100,000); how the bias goes on beyond "
              "training (last number, last range, straight line); the length of the context",
    .held =
        "the parameters, the queries and keys; of runs: the text, the seeds, the characters that "
        "are to be predicted",
    .criterion =
        "Holds if pairs at one distance have the same bias (to the last bit), it is added to the "
        "score and to nothing else, no length is refused, and with none of the three schemes the "
        "loss at a longer context is higher by as much as a tenth of what separates no position "
        "from the learned table (upper end of the 95 % interval). Holds under a condition if it is "
        "shown to rise with one of them. Does not hold if the exact part fails.",
    .discuss = {"The number of distance 31 is trained by one pair in each window, that of distance "
                "1 by 31 "
                "of them. What does that mean for a text in which all far keys take the former?",
                "The straight line was never met beyond distance 31 either. Why does it do so "
                "little harm?",
                "A bias per distance is learned for each layer and head. What does it cost beside "
                "a table of position vectors?"},
    .draws_on = draws_on,
    .examine = examine,
};
