/* lengths.c: gathers the lengths of all exams, and what each arm has at them. */
#include "lab/lengths.h"

#include <math.h>

static bool out_of_memory(Error *error)
{
    return fail(error, "out of memory: the lengths of a task");
}

/* --- which lengths there are --- */

/* Every length that a run was asked, once. */
static bool gather_lengths(Desk *desk, Error *error)
{
    Findings *findings = desk->findings;
    size_t count = desk->experiment->n_arms * desk->experiment->n_seeds, most = 0, n = 0;
    for (size_t t = 0; t < count; t++)
        most += desk->runs[t].n_exam;
    size_t *lengths = arena_alloc(desk->arena, most + 1, sizeof *lengths);
    if (!lengths)
        return out_of_memory(error);
    for (size_t t = 0; t < count; t++)
        for (size_t i = 0; i < desk->runs[t].n_exam; i++) {
            const ExamResult *result = &desk->runs[t].exam[i].result;
            lengths[n++] = result->length;
            if (result->sequences > findings->length_questions)
                findings->length_questions = result->sequences;
        }
    findings->n_lengths = each_length_once(lengths, n);
    findings->lengths = lengths;
    return true;
}

/* The longest sequences of training; 0 where they are not the same in all arms. */
static size_t trained_length(const Experiment *experiment)
{
    size_t first = task_lengths(&experiment_trial(experiment, 0, 0)->config.task).max;
    for (size_t arm = 1; arm < experiment->n_arms; arm++)
        if (task_lengths(&experiment_trial(experiment, arm, 0)->config.task).max != first)
            return 0;
    return first;
}

/* --- what an arm has at one of them --- */

static double exact_at(const RunResult *run, const void *context)
{
    const ExamRow *row = result_exam(run, *(const size_t *)context);
    return row ? row->result.exact : NAN;
}

static LengthFinding find_at(const Desk *desk, size_t arm, size_t length)
{
    LengthFinding found = {
        .exact = over_seeds(desk, arm, exact_at, &length), .lowest = NAN, .highest = NAN};
    for (size_t seed = 0; seed < desk->experiment->n_seeds; seed++) {
        const RunResult *run = desk_run(desk, arm, seed);
        const ExamRow *row = run->finished ? result_exam(run, length) : NULL;
        if (!row)
            continue;
        found.trained = found.trained || row->trained;
        found.refused = found.refused || row->result.sequences == 0;
        found.lowest = fmin(found.lowest, row->result.exact); /* NaN gives way */
        found.highest = fmax(found.highest, row->result.exact);
    }
    return found;
}

bool lengths_compare(Desk *desk, Error *error)
{
    const Experiment *experiment = desk->experiment;
    Findings *findings = desk->findings;
    if (!experiment_task(experiment))
        return true;
    if (!gather_lengths(desk, error))
        return false;
    findings->trained_length = trained_length(experiment);
    size_t n_lengths = findings->n_lengths;
    LengthFinding *table =
        arena_alloc(desk->arena, experiment->n_arms * n_lengths + 1, sizeof *table);
    if (!table)
        return out_of_memory(error);
    for (size_t arm = 0; arm < experiment->n_arms; arm++)
        for (size_t l = 0; l < n_lengths; l++)
            table[arm * n_lengths + l] = find_at(desk, arm, findings->lengths[l]);
    findings->by_length = table;
    return true;
}

/* --- in words --- */

/* Goes through the arms from the highest share to the lowest: the one that follows `last`, or
 * with NO_SCHEME the first; NO_SCHEME behind the last. Arms with the same share follow each
 * other in their order; those without one are left out. */
static size_t next_best(const Findings *findings, size_t last)
{
    size_t end = findings->n_lengths - 1, best = NO_SCHEME;
    double limit = last == NO_SCHEME
                       ? INFINITY
                       : findings_at_length(findings, last, end)->exact.over_seeds.mean;
    double highest = -INFINITY;
    for (size_t arm = 0; arm < findings->experiment->n_arms; arm++) {
        double mean = findings_at_length(findings, arm, end)->exact.over_seeds.mean;
        bool comes_later = mean < limit || (mean == limit && arm > last);
        if (comes_later && mean > highest) {
            best = arm;
            highest = mean;
        }
    }
    return best;
}

/* Returns how many there are. */
static size_t append_shares(const Findings *findings, TextBuffer *out)
{
    size_t n = 0;
    for (size_t arm = next_best(findings, NO_SCHEME); arm != NO_SCHEME;
         arm = next_best(findings, arm)) {
        const LengthFinding *found = findings_at_length(findings, arm, findings->n_lengths - 1);
        text_append_format(out, "%s %s %.1f %%", n++ > 0 ? "," : "", findings->names[arm],
                           100 * found->exact.over_seeds.mean);
    }
    return n;
}

/* The arms that have no position for the longest length, behind the words `before`. */
static void append_refusals(const Findings *findings, const char *before, TextBuffer *out)
{
    size_t n = 0;
    for (size_t arm = 0; arm < findings->experiment->n_arms; arm++)
        if (findings_at_length(findings, arm, findings->n_lengths - 1)->refused)
            text_append_format(out, "%s %s", n++ > 0 ? "," : before, findings->names[arm]);
}

void lengths_append_words(const Findings *findings, TextBuffer *out)
{
    char questions[TEXT_NUMBER_SIZE];
    if (findings->n_lengths == 0)
        return;
    size_t longest = findings->lengths[findings->n_lengths - 1];
    text_append_format(out, "All right at %zu symbols, of %s sequences", longest,
                       text_thousands(questions, findings->length_questions));
    if (findings->trained_length > 0 && findings->trained_length < longest)
        text_append_format(out, " (training ended at %zu)", findings->trained_length);
    text_append_format(out, ":");
    size_t n_shares = append_shares(findings, out);
    append_refusals(findings, n_shares > 0 ? "; refused by" : " refused by", out);
    text_append_format(out, ".\n");
}
