/* claim_case.c: losses by length, and what an answer consists of. */
#include "support/claim_case.h"

#include <math.h>
#include <string.h>

#include "support/findings_numbers.h"
#include "support/saved_models.h"

void give_lengths(FindingsCase *made, size_t arm, const double *loss, double spread)
{
    size_t n_seeds = made->experiment.n_seeds, n = made->findings.n_contexts;
    RunResult *runs = (RunResult *)made->findings.runs;
    ContextFinding *found = (ContextFinding *)made->findings.by_context + arm * n;
    for (size_t seed = 0; seed < n_seeds; seed++) {
        ContextLoss *contexts = findings_room(made, n, sizeof *contexts);
        for (size_t c = 0; c < n; c++) {
            double noise =
                made_up_noise("seed", seed) + 0.1 * made_up_noise("length", c * 7 + seed);
            contexts[c] = (ContextLoss){.context = made->findings.contexts[c],
                                        .refused = isnan(loss[c]) ? "refused" : NULL,
                                        .same = {.loss = loss[c] + spread * noise}};
        }
        runs[arm * n_seeds + seed].contexts = contexts;
        runs[arm * n_seeds + seed].n_contexts = n;
    }
    for (size_t c = 0; c < n; c++)
        found[c].refused = isnan(loss[c]) ? "refused" : NULL;
}

void check_answer(const Answer *answer)
{
    assert_true(answer->verdict >= HOLDS && answer->verdict <= NOT_SHOWN);
    assert_non_null(answer->condition);
    assert_int_equal(answer->condition[0] != '\0', answer->verdict == HOLDS_UNDER_A_CONDITION);
    assert_non_null(answer->deciding);
    assert_in_range(strlen(answer->deciding), 1, 100);
    assert_true(answer->text && strlen(answer->text) > 20);
    for (size_t i = 0; i < answer->table.n_columns; i++)
        assert_true(answer->table.header[i] != NULL);
    for (size_t i = 0; i < answer->table.n_columns * answer->table.n_rows; i++)
        assert_true(answer->table.cells[i] && answer->table.cells[i][0] != '\0');
    for (size_t s = 0; s < answer->figure.n_series; s++) {
        assert_true(answer->figure.series[s].name && answer->figure.series[s].count > 0);
        assert_true(answer->figure.series[s].x && answer->figure.series[s].y);
    }
}

Answer answer_from_models(Arena *arena, const Claim *claim)
{
    char *folder = make_test_folder();
    FindingsCase *made =
        make_findings(folder, (FindingsPlan){.n_arms = pos_scheme_count, .n_seeds = 2});
    save_models(made);
    ClaimDesk desk = {.arena = arena, .findings = {[ON_TEXT] = &made->findings}};
    Answer answer = {.condition = ""}, none = {.condition = ""};
    Error error = {0};
    if (!claim->examine(&desk, &answer, &error))
        fail_msg("%s", error.text);
    check_answer(&answer);
    remove_test_folder(folder);
    assert_false(claim->examine(&desk, &none, &error));
    assert_contains(error.text, "checkpoint.safetensors");
    free_findings(made);
    return answer;
}
