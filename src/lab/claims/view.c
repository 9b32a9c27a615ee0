/* view.c: the best runs of each arm, and what several views say together. */
#include "lab/claims/view.h"

#include <math.h>

/* --- each arm at its best --- */

/* NaN where a run is missing, or has no loss. */
static double mean_loss(const Findings *findings, size_t arm)
{
    const ArmFindings *found = &findings->arms[arm];
    return found->finished == findings->experiment->n_seeds ? found->val_loss.over_seeds.mean : NAN;
}

static const Experiment *best_of(const Findings *const *choices, size_t count, size_t arm)
{
    size_t best = 0;
    for (size_t c = 1; c < count; c++)
        if (mean_loss(choices[c], arm) < mean_loss(choices[best], arm) ||
            (isnan(mean_loss(choices[best], arm)) && !isnan(mean_loss(choices[c], arm))))
            best = c;
    return choices[best]->experiment;
}

bool view_of_best(const Findings *const *choices, size_t count, Experiment *view, Error *error)
{
    *view = *choices[0]->experiment;
    view->trials = arena_alloc(view->arena, view->n_arms * view->n_seeds, sizeof *view->trials);
    if (!view->trials)
        return fail(error, "out of memory: the best runs");
    for (size_t arm = 0; arm < view->n_arms; arm++) {
        const Experiment *best = best_of(choices, count, arm);
        for (size_t seed = 0; seed < view->n_seeds; seed++)
            view->trials[arm * view->n_seeds + seed] = experiment_trial(best, arm, seed);
    }
    return true;
}

/* --- one answer --- */

/* "holds at A and at B (its condition)": the views with this verdict, behind what is there. */
static void append_verdict(TextBuffer *text, Verdict verdict, const ViewAnswer *views, size_t count)
{
    size_t n = 0;
    for (size_t v = 0; v < count; v++) {
        const Answer *answer = &views[v].answer;
        if (answer->verdict != verdict)
            continue;
        if (n++ == 0)
            text_append_format(text, "%s%s ", text->length > 0 ? "; " : "", verdict_names[verdict]);
        else
            text_append_format(text, " and ");
        text_append_format(text, "%s", views[v].where);
        if (answer->condition[0] != '\0')
            text_append_format(text, " (%s)", answer->condition);
    }
}

static bool holds(const Answer *answer)
{
    return answer->verdict == HOLDS || answer->verdict == HOLDS_UNDER_A_CONDITION;
}

bool view_together(Arena *arena, const ViewAnswer *views, size_t count, Answer *answer)
{
    bool agree = true, anywhere = false;
    *answer = views[0].answer;
    for (size_t v = 0; v < count; v++) {
        agree = agree && views[v].answer.verdict == answer->verdict;
        anywhere = anywhere || holds(&views[v].answer);
    }
    if (agree)
        return true;
    TextBuffer where = {0};
    for (Verdict verdict = HOLDS; verdict <= NOT_SHOWN; verdict++)
        append_verdict(&where, verdict, views, count);
    answer->verdict = anywhere ? HOLDS_UNDER_A_CONDITION : DOES_NOT_HOLD;
    answer->condition = where.failed ? NULL : arena_text(arena, where.bytes, where.length);
    text_buffer_free(&where);
    return answer->condition;
}
