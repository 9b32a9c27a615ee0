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

static bool say_the_same(const Answer *a, const Answer *b)
{
    return a->verdict == b->verdict && strcmp(a->condition, b->condition) == 0;
}

/* Does an earlier view say the same as view number v? */
static bool is_told(const ViewAnswer *views, size_t v)
{
    size_t first = 0;
    while (!say_the_same(&views[first].answer, &views[v].answer))
        first++;
    return first < v;
}

/* "at A and at B (their condition)": the views that say the same as number v, the first of them. */
static void append_places(TextBuffer *text, const ViewAnswer *views, size_t count, size_t v)
{
    const Answer *answer = &views[v].answer;
    text_append_format(text, "%s", views[v].where);
    for (size_t other = v + 1; other < count; other++)
        if (say_the_same(&views[other].answer, answer))
            text_append_format(text, " and %s", views[other].where);
    if (answer->condition[0] != '\0')
        text_append_format(text, " (%s)", answer->condition);
}

/* Where the verdicts agree, "at A (one condition); at B (another)"; where they do not, verdict by
 * verdict: "holds at A and at B; not shown at C". */
static void append_answers(TextBuffer *text, const ViewAnswer *views, size_t count, bool agree)
{
    for (Verdict verdict = HOLDS; verdict <= NOT_SHOWN; verdict++) {
        bool named = agree;
        for (size_t v = 0; v < count; v++) {
            if (views[v].answer.verdict != verdict || is_told(views, v))
                continue;
            if (text->length > 0)
                text_append_format(text, named && !agree ? " and " : "; ");
            if (!named)
                text_append_format(text, "%s ", verdict_names[verdict]);
            named = true;
            append_places(text, views, count, v);
        }
    }
}

static bool holds(const Answer *answer)
{
    return answer->verdict == HOLDS || answer->verdict == HOLDS_UNDER_A_CONDITION;
}

bool view_together(Arena *arena, const ViewAnswer *views, size_t count, Answer *answer)
{
    bool agree = true, same = true, anywhere = false;
    *answer = views[0].answer;
    for (size_t v = 0; v < count; v++) {
        agree = agree && views[v].answer.verdict == answer->verdict;
        same = same && say_the_same(&views[v].answer, answer);
        anywhere = anywhere || holds(&views[v].answer);
    }
    if (same)
        return true;
    if (!agree)
        answer->verdict = anywhere ? HOLDS_UNDER_A_CONDITION : DOES_NOT_HOLD;
    TextBuffer text = {0};
    append_answers(&text, views, count, agree);
    answer->condition = text.failed ? NULL : arena_text(arena, text.bytes, text.length);
    text_buffer_free(&text);
    return answer->condition;
}
