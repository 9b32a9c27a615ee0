/* not_values.c: "RoPE turns queries and keys only, not values".
 *
 * What the scheme does is tested on numbers (see not_values_measure.c): values keep their bits, and
 * with queries and keys turned behind their linear maps, scores depend on the distance alone.
 *
 * What it would be to turn the values too is tested on both kinds. Attention then adds up
 * R(n) v[n], so that the mix changes with where the text stands, at the same distances and with the
 * same weights: the logits of a text that is moved by 1000 positions show it. And runs with
 * rope_values = yes say whether that does harm or good, by paired seeds.
 */
#include "lab/claims/not_values.h"

#include "lab/claims/measure.h"

static const ExperimentId draws_on[] = {ROPE_VALUES, NO_EXPERIMENT};

enum { LEFT, TURNED, N_ARMS };
static const char *const arm_names[N_ARMS] = {"rope_values = no", "rope_values = yes"};
static const Setting turned_too[] = {{"rope_values", "yes"}, {NULL, NULL}};

/* How much higher the loss is where the values are turned. */
static Pair loss_of_turning(const Findings *findings)
{
    return comparison_pair(&findings->comparison, measure_arm(findings, arm_names[TURNED]),
                           measure_arm(findings, arm_names[LEFT]));
}

static bool tabulate(const ClaimDesk *desk, const WhatTurns *found, Answer *answer)
{
    static const char *const header[] = {"what", "RoPE", "values turned too"};
    Arena *arena = desk->arena;
    const Findings *findings = desk->findings[ROPE_VALUES];
    size_t trained = measure_block_size(findings), arms[N_ARMS];
    size_t far = findings->n_contexts > 0 ? findings->contexts[findings->n_contexts - 1] : trained;
    const char *loss[N_ARMS], *rise[N_ARMS];
    for (size_t a = 0; a < N_ARMS; a++) {
        arms[a] = measure_arm(findings, arm_names[a]);
        Estimate val = findings->arms[arms[a]].val_loss;
        Estimate further = measure_rise(findings, arms[a], trained, far);
        loss[a] = text_format(arena, "%.4f (%s)", val.over_seeds.mean,
                              measure_interval(val.interval, text_decimal, 4).text);
        rise[a] = measure_change(arena, further.over_seeds.mean, further.interval, 4);
    }
    const char *const rows[][3] = {
        {"largest change of a value at the door", text_format(arena, "%.2g", found[LEFT].v),
         text_format(arena, "%.2g", found[TURNED].v)},
        {"change of the logits, text moved by 1000 positions",
         text_format(arena, "%.1e", found[LEFT].of_a_shift),
         text_format(arena, "%.1e", found[TURNED].of_a_shift)},
        {"scores at one distance differ by", text_format(arena, "%.1e", found[LEFT].behind_maps),
         text_format(arena, "%.1e", found[TURNED].behind_maps)},
        {"the same, if x were turned before its linear maps",
         text_format(arena, "%.1e", found[LEFT].before_maps),
         text_format(arena, "%.1e", found[TURNED].before_maps)},
        {"loss (nats per character)", loss[LEFT], loss[TURNED]},
        {text_format(arena, "loss at %zu characters above that at %zu", far, trained), rise[LEFT],
         rise[TURNED]},
    };
    enum { N_ROWS = sizeof rows / sizeof *rows };
    TableMaker maker = table_begin(arena, header, 3, N_ROWS, &answer->table);
    for (size_t r = 0; r < N_ROWS; r++)
        table_add(&maker, &answer->table, rows[r]);
    return !maker.failed;
}

static bool draw(const ClaimDesk *desk, const PosScheme *scheme, const WhatTurns *found,
                 Answer *answer)
{
    AnswerSeries *series = arena_alloc(desk->arena, 2, sizeof *series);
    answer->figure = (AnswerFigure){.title = "One query and one key, always 5 positions apart",
                                    .x_name = "position of the key",
                                    .y_name = "score",
                                    .series = series,
                                    .n_series = 2};
    return series &&
           series_exact(desk->arena, &series[0], "turned behind the linear maps", scheme,
                        SCORE_STARTS, found->score_behind, 1) &&
           series_exact(desk->arena, &series[1], "turned before them", NULL, SCORE_STARTS,
                        found->score_before, 1);
}

static bool write_texts(const ClaimDesk *desk, const WhatTurns *found, const Pair *loss,
                        Answer *answer)
{
    const char *setting = measure_setting(desk->arena, desk->findings[ROPE_VALUES]);
    const char *said = loss->interval.low > 0    ? "it is shown to do harm"
                       : loss->interval.high < 0 ? "it is shown to do good"
                                                 : "neither harm nor good is shown";
    answer->deciding = text_format(
        desk->arena, "values change by %g; with values turned the loss changes by %s (%s)",
        found[LEFT].v, text_change(loss->difference.mean, 4).text,
        measure_interval(loss->interval, text_change, 4).text);
    answer->text = text_format(
        desk->arena,
        "At the query-key door queries change by up to %.2g, keys by %.2g, values by %g. A text "
        "that stands 1000 positions later has logits that differ by %.0e of the largest; with the "
        "values turned as well, by %.0f %% of it, for the mix then says where something was "
        "found. On %s: turning the values changes the loss by %s nats (95 %%: %s): "
        "%s. Turned before the linear maps in place of behind them, the scores of one pair of "
        "vectors at one distance differ by up to %.0f %% of the largest score; behind them by "
        "%.0e.",
        found[LEFT].q, found[LEFT].k, found[LEFT].v, found[LEFT].of_a_shift,
        100 * found[TURNED].of_a_shift, setting ? setting : "",
        text_change(loss->difference.mean, 4).text,
        measure_interval(loss->interval, text_change, 4).text, said, 100 * found[LEFT].before_maps,
        found[LEFT].behind_maps);
    return setting && answer->deciding && answer->text;
}

static bool examine(const ClaimDesk *desk, Answer *answer, Error *error)
{
    WhatTurns found[N_ARMS];
    const PosScheme *scheme = pos_find("rope");
    RandomKey key = random_for(random_seed(desk->first_seed), "not values");
    if (!not_values_measure(scheme, NULL, key, &found[LEFT], error) ||
        !not_values_measure(scheme, turned_too, key, &found[TURNED], error))
        return false;
    Pair loss = loss_of_turning(desk->findings[ROPE_VALUES]);
    answer->verdict = not_values_verdict(&found[LEFT], loss.interval);
    if (answer->verdict == HOLDS_UNDER_A_CONDITION)
        answer->condition =
            "as RoPE is defined; on this text a model whose values turn too has the "
            "lower loss";
    return (write_texts(desk, found, &loss, answer) && tabulate(desk, found, answer) &&
            draw(desk, scheme, found, answer)) ||
           fail(error, "out of memory: an answer");
}

extern const Claim claim_not_values;
const Claim claim_not_values = {
    .name = "not-values",
    .says = "RoPE turns queries and keys only, not values.",
    .question =
        "Why are values left alone? Say what the mix of values would be if each were turned "
        "by its own position, and what would change when the same text stands 1000 positions "
        "later. Will a model that is trained so have a higher loss?",
    .varied = "whether values are turned too (rope_values); whether vectors are turned behind the "
              "linear maps that make queries and keys, or before them",
    .held = "the vectors and the linear maps; of runs: the text, the seeds, all other settings",
    .criterion =
        "Holds if queries and keys change and values keep their bits, scores at one distance are "
        "the same (to rounding), and a model whose values turn too is not shown to have a lower "
        "loss. Holds under a condition if it is (upper end of the 95 % interval below 0): then it "
        "is how RoPE is defined, and not what is best here. Does not hold if the exact part fails.",
    .discuss =
        {"With the values turned, the mix could be turned back by the query's own position. What "
         "would it say then?",
         "Turned before the linear maps, a score is x . R(-m) W^T V R(n) y. For which W and V "
         "would it depend on n - m alone?"},
    .draws_on = draws_on,
    .examine = examine,
};
