/* curves.c: the loss of each arm as a curve: against the step, the position, the context length. */
#include "lab/curves.h"

#include <math.h>

static bool out_of_memory(Error *error)
{
    return fail(error, "out of memory: the curves of a comparison");
}

/* --- against the step --- */

static CurvePoint point_of(double x, Estimate y)
{
    return (CurvePoint){x, y.over_seeds.mean, y.interval.low, y.interval.high, y.over_seeds.n};
}

static double loss_of_look(const RunResult *run, const void *context)
{
    const size_t *step = context;
    for (size_t l = 0; l < run->n_looks; l++)
        if (run->looks[l].step == *step)
            return run->looks[l].loss;
    return NAN;
}

/* At the steps at which the first finished run of the arm was looked at. */
static bool curve_by_step(const Desk *desk, size_t arm, Curve *curve)
{
    const RunResult *first = NULL;
    for (size_t seed = 0; !first && seed < desk->experiment->n_seeds; seed++)
        if (desk_run(desk, arm, seed)->finished)
            first = desk_run(desk, arm, seed);
    size_t n = first ? first->n_looks : 0;
    CurvePoint *points = arena_alloc(desk->arena, n + 1, sizeof *points);
    if (!points)
        return false;
    for (size_t l = 0; l < n; l++)
        points[l] = point_of((double)first->looks[l].step,
                             over_seeds(desk, arm, loss_of_look, &first->looks[l].step));
    *curve = (Curve){points, n};
    return true;
}

/* --- against the position --- */

/* The positions first ... end - 1 of windows of one length. */
typedef struct Group {
    size_t context, first, end;
} Group;

static double loss_of_group(const RunResult *run, const void *context)
{
    const Group *group = context;
    const ContextLoss *loss = result_context(run, group->context);
    return loss ? context_mean(loss, group->first, group->end) : NAN;
}

/* The shortest length of the arm's windows that is at least this, and is served; 0: there is
 * none. */
static size_t shortest_from(const Desk *desk, size_t arm, size_t least)
{
    size_t shortest = 0;
    for (size_t seed = 0; seed < desk->experiment->n_seeds; seed++) {
        const RunResult *run = desk_run(desk, arm, seed);
        for (size_t c = 0; run->finished && c < run->n_contexts; c++) {
            const ContextLoss *loss = &run->contexts[c];
            if (!loss->refused && loss->context >= least &&
                (shortest == 0 || loss->context < shortest))
                shortest = loss->context;
        }
    }
    return shortest;
}

static size_t longest_served(const Desk *desk, size_t arm)
{
    size_t longest = 0;
    for (size_t next = shortest_from(desk, arm, 1); next > 0;
         next = shortest_from(desk, arm, next + 1))
        longest = next;
    return longest;
}

/* A causal model sees nothing but what stands before, so its loss at a position is the same in
 * windows of any length, and the shortest that has the position are the most. One that sees both
 * sides is asked in the longest. */
static size_t windows_for(const Desk *desk, size_t arm, size_t position)
{
    bool causal = experiment_trial(desk->experiment, arm, 0)->config.causal;
    return causal ? shortest_from(desk, arm, position + 1) : longest_served(desk, arm);
}

/* The first positions one by one, later ones in groups that grow with them, four to a doubling, as
 * positions are drawn by their logarithm. (A longer window has fewer characters at each position: a
 * mean over more positions makes up for that.) A group is of windows of one length. It ends where
 * these end; and what would be left of them, if it is less than half a group, belongs to it. */
static void next_group(const Desk *desk, size_t arm, Group *group)
{
    group->first = group->end;
    group->context = windows_for(desk, arm, group->first);
    size_t grown = (size_t)((double)group->first * pow(2, 0.25));
    group->end = grown > group->first ? grown : group->first + 1;
    if (group->end + (group->end - group->first) / 2 >= group->context)
        group->end = group->context;
}

static bool curve_by_position(const Desk *desk, size_t arm, Curve *curve)
{
    size_t longest = longest_served(desk, arm), n = 0;
    CurvePoint *points = arena_alloc(desk->arena, longest, sizeof *points);
    if (!points)
        return false;
    for (Group group = {0}; group.end < longest;) {
        next_group(desk, arm, &group);
        double middle = sqrt((double)(group.first + 1) * (double)group.end); /* counted from 1 */
        points[n++] = point_of(middle, over_seeds(desk, arm, loss_of_group, &group));
    }
    *curve = (Curve){points, n};
    return true;
}

bool curves_draw(Desk *desk, Error *error)
{
    size_t n_arms = desk->experiment->n_arms;
    Curve *by_step = arena_alloc(desk->arena, n_arms, sizeof *by_step);
    Curve *by_position = arena_alloc(desk->arena, n_arms, sizeof *by_position);
    if (!by_step || !by_position)
        return out_of_memory(error);
    for (size_t arm = 0; arm < n_arms; arm++)
        if (!curve_by_step(desk, arm, &by_step[arm]) ||
            !curve_by_position(desk, arm, &by_position[arm]))
            return out_of_memory(error);
    desk->findings->by_step = by_step;
    desk->findings->by_position = by_position;
    return true;
}

/* --- against the context length --- */

static double same_of(const RunResult *run, const void *context)
{
    const ContextLoss *loss = result_context(run, *(const size_t *)context);
    return loss && loss->same.questions > 0 ? loss->same.loss : NAN;
}

static double plain_of(const RunResult *run, const void *context)
{
    const ContextLoss *loss = result_context(run, *(const size_t *)context);
    return loss ? loss->whole.loss : NAN;
}

static const char *refusal(const Desk *desk, size_t arm, size_t context)
{
    for (size_t seed = 0; seed < desk->experiment->n_seeds; seed++) {
        const RunResult *run = desk_run(desk, arm, seed);
        for (size_t c = 0; c < run->n_contexts; c++)
            if (run->contexts[c].context == context && run->contexts[c].refused)
                return run->contexts[c].refused;
    }
    return NULL;
}

/* Every length that a run has, once. Arms with other block sizes have other lengths. */
static bool gather_contexts(Desk *desk, Error *error)
{
    const Experiment *experiment = desk->experiment;
    Findings *findings = desk->findings;
    size_t count = experiment->n_arms * experiment->n_seeds, most = 0, n = 0;
    for (size_t t = 0; t < count; t++)
        most += desk->runs[t].n_contexts;
    size_t *contexts = arena_alloc(desk->arena, most + 1, sizeof *contexts);
    if (!contexts)
        return out_of_memory(error);
    for (size_t t = 0; t < count; t++)
        for (size_t c = 0; c < desk->runs[t].n_contexts; c++) {
            const ContextLoss *loss = &desk->runs[t].contexts[c];
            contexts[n++] = loss->context;
            if (!loss->refused && loss->same.questions > findings->same_targets)
                findings->same_targets = loss->same.questions;
        }
    findings->n_contexts = each_length_once(contexts, n);
    findings->contexts = contexts;
    return true;
}

bool curves_by_context(Desk *desk, Error *error)
{
    Findings *findings = desk->findings;
    if (!gather_contexts(desk, error))
        return false;
    size_t n_arms = desk->experiment->n_arms, n_contexts = findings->n_contexts;
    ContextFinding *table = arena_alloc(desk->arena, n_arms * n_contexts + 1, sizeof *table);
    if (!table)
        return out_of_memory(error);
    for (size_t arm = 0; arm < n_arms; arm++)
        for (size_t c = 0; c < n_contexts; c++) {
            const size_t *context = &findings->contexts[c];
            table[arm * n_contexts + c] =
                (ContextFinding){.same = over_seeds(desk, arm, same_of, context),
                                 .plain = over_seeds(desk, arm, plain_of, context),
                                 .refused = refusal(desk, arm, *context)};
        }
    findings->by_context = table;
    return true;
}
