/* book.c: each experiment is laid out once, and its results are read once, whoever draws on it. */
#include "lab/claims/book.h"

#include <math.h>
#include <string.h>

static bool out_of_memory(Error *error)
{
    return fail(error, "out of memory: the experiments of the claims");
}

/* --- what has to be run --- */

static bool lay_out(Book *book, ExperimentId id, const ExperimentScale *scale,
                    Experiment **experiment, Error *error)
{
    Request *request = arena_alloc(book->arena, 1, sizeof *request);
    Experiment *made = arena_alloc(book->arena, 1, sizeof *made);
    if (!request || !made)
        return out_of_memory(error);
    if (!experiment_request(id, book->arena, scale, request, error) ||
        !experiment_init(made, book->arena, request, error))
        return false;
    book->experiments[book->n_experiments++] = *experiment = made;
    return true;
}

/* At a third of the common rate, and at three times that. */
static bool lay_out_rates(Book *book, ExperimentId id, Error *error)
{
    static const double times[N_RATES] = {1, 1 / 3.0, 3};
    Entry *entry = &book->entries[id];
    double common = experiment_trial(entry->at_rate[0], 0, 0)->config.learning_rate;
    for (size_t r = 1; r < N_RATES; r++) {
        ExperimentScale scale = book->plan.scale;
        scale.learning_rate = text_format(book->arena, "%.6g", times[r] * common);
        if (!scale.learning_rate)
            return out_of_memory(error);
        if (!lay_out(book, id, &scale, &entry->at_rate[r], error))
            return fail_within(error, "learning_rate = %s", scale.learning_rate);
    }
    return true;
}

static bool lay_out_entry(Book *book, ExperimentId id, Error *error)
{
    Entry *entry = &book->entries[id];
    ExperimentScale other = book->plan.scale;
    other.data = book->plan.other_text;
    if (entry->at_rate[0])
        return true;
    if (!lay_out(book, id, &book->plan.scale, &entry->at_rate[0], error))
        return false;
    return !book->plan.full || (lay_out_rates(book, id, error) &&
                                (experiment_task(entry->at_rate[0]) ||
                                 lay_out(book, id, &other, &entry->on_other_text, error)));
}

static const Claim *claim_of(const Book *book, size_t number)
{
    return book->plan.claims[number - 1];
}

bool book_init(Book *book, Arena *arena, const BookPlan *plan, Error *error)
{
    *book = (Book){.arena = arena, .plan = *plan};
    for (size_t number = 1; number <= plan->n_claims; number++) {
        if (plan->only != 0 && plan->only != number)
            continue;
        const ExperimentId *draws_on = claim_of(book, number)->draws_on;
        for (size_t e = 0; draws_on[e] != NO_EXPERIMENT; e++)
            if (!lay_out_entry(book, draws_on[e], error)) {
                book_free(book);
                return fail_within(error, "claim %zu", number);
            }
    }
    return true;
}

void book_free(Book *book)
{
    for (size_t e = 0; e < N_EXPERIMENTS; e++) {
        Entry *entry = &book->entries[e];
        for (size_t r = 0; r < N_RATES; r++)
            if (entry->at_rate[r])
                experiment_free(entry->at_rate[r]);
        if (entry->on_other_text)
            experiment_free(entry->on_other_text);
    }
    *book = (Book){0};
}

/* --- what comes of it --- */

static Findings *read_findings(Book *book, const Experiment *experiment, Error *error)
{
    Findings *findings = arena_alloc(book->arena, 1, sizeof *findings);
    if (!findings)
        out_of_memory(error);
    return findings && findings_make(experiment, NAN, findings, error) ? findings : NULL;
}

/* Each arm at its best rate, once the common one has been read. Runs at the other rates may be
 * missing: such a rate is not the best. */
static Findings *read_best(Book *book, const Entry *entry, Error *error)
{
    const Findings *choices[N_RATES];
    Experiment *best = arena_alloc(book->arena, 1, sizeof *best);
    for (size_t r = 0; r < N_RATES; r++) {
        choices[r] =
            r == 0 ? entry->findings[COMMON_RATE] : read_findings(book, entry->at_rate[r], error);
        if (!choices[r])
            return NULL;
    }
    if (!best)
        out_of_memory(error);
    return best && view_of_best(choices, N_RATES, best, error) ? read_findings(book, best, error)
                                                               : NULL;
}

static bool check_runs(const Findings *findings, Error *error)
{
    const Experiment *experiment = findings->experiment;
    size_t count = experiment->n_arms * experiment->n_seeds, first = count, missing = 0;
    for (size_t t = count; t-- > 0;)
        if (!findings->runs[t].finished) {
            missing++;
            first = t;
        }
    return missing == 0 ||
           fail(error, "%zu of %zu runs are missing, the first is %s (%s): expected all", missing,
                count, experiment->trials[first]->run.folder, findings->runs[first].gone);
}

/* A task is the same whatever the text. */
static View view_of_entry(const Entry *entry, View view)
{
    return view == OTHER_TEXT && !entry->on_other_text ? COMMON_RATE : view;
}

static Findings *findings_in(Book *book, ExperimentId id, View view, Error *error)
{
    Entry *entry = &book->entries[id];
    Findings **findings = &entry->findings[view_of_entry(entry, view)];
    if (*findings)
        return *findings; /* cppcheck-suppress identicalInnerCondition ; it is a pointer */
    if (findings == &entry->findings[BEST_RATES])
        *findings = read_best(book, entry, error);
    else if (findings == &entry->findings[OTHER_TEXT])
        *findings = read_findings(book, entry->on_other_text, error);
    else
        *findings = read_findings(book, entry->at_rate[0], error);
    return *findings;
}

static bool examine(Book *book, const Claim *claim, View view, Answer *answer, Error *error)
{
    ClaimDesk desk = {.arena = book->arena, .first_seed = book->plan.scale.first_seed};
    for (size_t e = 0; claim->draws_on[e] != NO_EXPERIMENT; e++) {
        ExperimentId id = claim->draws_on[e];
        desk.findings[id] = findings_in(book, id, view, error);
        if (!desk.findings[id] || !check_runs(desk.findings[id], error))
            return false;
    }
    *answer = (Answer){.condition = ""};
    return claim->examine(&desk, answer, error);
}

/* What is exact is the same in every view, and a task in all but one text. */
static bool has_view(const Book *book, const Claim *claim, View view)
{
    bool has = view == COMMON_RATE;
    for (size_t e = 0; claim->draws_on[e] != NO_EXPERIMENT; e++) {
        const Entry *entry = &book->entries[claim->draws_on[e]];
        has = has || (view == BEST_RATES ? entry->at_rate[1] : entry->on_other_text);
    }
    return has;
}

static const char *where(const Book *book, const Claim *claim, View view)
{
    if (view == BEST_RATES)
        return "at each arm's best learning rate";
    if (view == COMMON_RATE)
        return "at the common learning rate";
    for (size_t e = 0; claim->draws_on[e] != NO_EXPERIMENT; e++) {
        const Entry *entry = &book->entries[claim->draws_on[e]];
        if (entry->on_other_text)
            return text_format(book->arena, "on %s", entry->on_other_text->corpus.name);
    }
    return NULL;
}

static bool judge(Book *book, Judgement *judgement, Error *error)
{
    const Claim *claim = judgement->claim;
    for (View view = COMMON_RATE; view < N_VIEWS; view++) {
        if (!has_view(book, claim, view))
            continue;
        ViewAnswer *seen = &judgement->views[judgement->n_views];
        seen->where = where(book, claim, view);
        if (!seen->where)
            return out_of_memory(error);
        if (!examine(book, claim, view, &seen->answer, error))
            return view == COMMON_RATE ? false : fail_within(error, "%s", seen->where);
        judgement->n_views++;
    }
    return view_together(book->arena, judgement->views, judgement->n_views, &judgement->answer) ||
           out_of_memory(error);
}

void book_judge(Book *book, size_t number, Judgement *judgement)
{
    Error error;
    const Claim *claim = claim_of(book, number);
    *judgement = (Judgement){.number = number, .claim = claim};
    for (size_t e = 0; claim->draws_on[e] != NO_EXPERIMENT; e++)
        judgement->drawn_on[judgement->n_drawn_on++] = book->entries[claim->draws_on[e]].at_rate[0];
    if (judge(book, judgement, &error))
        return;
    judgement->missing = arena_text(book->arena, error.text, strlen(error.text));
    if (!judgement->missing)
        judgement->missing = "out of memory";
}
