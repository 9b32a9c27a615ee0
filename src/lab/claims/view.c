/* view.c: the best runs of each arm, and what several views say together. */
#include "lab/claims/view.h"

#include <math.h>
#include <string.h>

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

static bool is_condition(const ViewAnswer *view, const char *condition)
{
    return strcmp(view->answer.condition, condition) == 0;
}

/* "at A and at B (one condition); at C (another)" */
static void append_conditions(TextBuffer *text, const ViewAnswer *views, size_t count)
{
    for (size_t v = 0; v < count; v++) {
        const char *condition = views[v].answer.condition;
        size_t first = 0, n = 0;
        while (!is_condition(&views[first], condition))
            first++;
        if (first < v) /* told already */
            continue;
        for (size_t w = v; w < count; w++)
            if (is_condition(&views[w], condition))
                text_append_format(text, "%s%s",
                                   n++ > 0 ? " and "
                                   : v > 0 ? "; "
                                           : "",
                                   views[w].where);
        text_append_format(text, " (%s)", condition);
    }
}

static bool holds(const Answer *answer)
{
    return answer->verdict == HOLDS || answer->verdict == HOLDS_UNDER_A_CONDITION;
}

bool view_together(Arena *arena, const ViewAnswer *views, size_t count, Answer *answer)
{
    bool agree = true, alike = true, anywhere = false;
    *answer = views[0].answer;
    for (size_t v = 0; v < count; v++) {
        agree = agree && views[v].answer.verdict == answer->verdict;
        alike = alike && is_condition(&views[v], answer->condition);
        anywhere = anywhere || holds(&views[v].answer);
    }
    if (agree && alike)
        return true;
    TextBuffer where = {0};
    if (agree)
        append_conditions(&where, views, count);
    for (Verdict verdict = HOLDS; verdict <= NOT_SHOWN && !agree; verdict++)
        append_verdict(&where, verdict, views, count);
    if (!agree)
        answer->verdict = anywhere ? HOLDS_UNDER_A_CONDITION : DOES_NOT_HOLD;
    answer->condition = where.failed ? NULL : arena_text(arena, where.bytes, where.length);
    text_buffer_free(&where);
    return answer->condition;
}
