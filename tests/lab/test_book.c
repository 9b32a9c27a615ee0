/* test_book.c: tests of src/lab/claims/book.c: what has to be run, and what comes of it. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "base/file.h"
#include "support/claims_case.h"
#include "support/fixtures.h"

static const Claim *const three[] = {&claim_of_numbers, &claim_on_text, &claim_on_task};

static double good_loss(const Trial *trial)
{
    return 1.5 + 0.01 * (double)(trial->seed % 2);
}

/* What is learned at a third of the common rate is bad, and so is the other text. */
static double loss_by_rate_and_text(const Trial *trial)
{
    return trial->config.learning_rate < 0.002 || strstr(trial->config.data, "two.txt") ? 2.5 : 1.5;
}

static void finish_all(const ClaimsCase *c, double (*loss)(const Trial *))
{
    for (size_t e = 0; e < c->book.n_experiments; e++)
        finish_runs(c->book.experiments[e], loss);
}

static void claims_share_their_experiments(void **state)
{
    static const Claim *const sharing[] = {&claim_on_text, &claim_on_both, &claim_on_task};
    ClaimsCase *c = claims_case(*state, sharing, 3);
    lay_out_book(c);
    assert_int_equal(c->book.n_experiments, 2);
    assert_ptr_equal(c->book.entries[ON_TEXT].at_rate[0], c->book.experiments[0]);
    assert_ptr_equal(c->book.entries[ON_WHO].at_rate[0], c->book.experiments[1]);
    assert_false(folder_exists(c->plan.scale.out_dir));
    close_book(c);
}

static void one_claim_needs_its_own_experiments_only(void **state)
{
    ClaimsCase *c = claims_case(*state, three, 3);
    c->plan.only = 3;
    lay_out_book(c);
    assert_int_equal(c->book.n_experiments, 1);
    assert_non_null(task_of(&c->book.experiments[0]->trials[0]->config.task));
    close_book(c);
    c->plan.only = 1;
    lay_out_book(c);
    assert_int_equal(c->book.n_experiments, 0);
    close_book(c);
}

/* The rates are 0.003, a third of it, and three times that. A task has no other text. */
static void in_full_there_are_three_rates_and_two_texts(void **state)
{
    ClaimsCase *c = claims_case(*state, three, 3);
    c->plan.full = true;
    lay_out_book(c);
    static const double rates[] = {0.003, 0.001, 0.009};
    assert_int_equal(c->book.n_experiments, 4 + 3);
    for (size_t r = 0; r < N_RATES; r++) {
        const Experiment *on_text = c->book.entries[ON_TEXT].at_rate[r];
        for (size_t t = 0; t < on_text->n_arms * on_text->n_seeds; t++)
            assert_close(on_text->trials[t]->config.learning_rate, rates[r], 1e-12);
        assert_string_equal(on_text->corpus.name, "one");
        assert_string_equal(on_text->arms[0].name,
                            c->book.entries[ON_TEXT].at_rate[0]->arms[0].name);
    }
    const Experiment *other = c->book.entries[ON_TEXT].on_other_text;
    assert_string_equal(other->corpus.name, "two");
    assert_close(other->trials[0]->config.learning_rate, 0.003, 1e-12);
    assert_null(c->book.entries[ON_WHO].on_other_text);
    close_book(c);
}

static void an_experiment_that_makes_no_run_is_refused_with_its_claim(void **state)
{
    ClaimsCase *c = claims_case(*state, three, 3);
    c->plan.scale.data = place_path(c->place, "nowhere.txt");
    assert_false(book_init(&c->book, &c->place->arena, &c->plan, &c->place->error));
    assert_contains(c->place->error.text, "claim 2: ");
    assert_contains(c->place->error.text, "nowhere.txt");
}

static void a_missing_run_leaves_only_its_claims_without_an_answer(void **state)
{
    ClaimsCase *c = claims_case(*state, three, 3);
    Judgement judgement;
    lay_out_book(c);
    finish_runs(c->book.entries[ON_WHO].at_rate[0], good_loss);
    const Experiment *on_text = c->book.entries[ON_TEXT].at_rate[0];
    for (size_t t = 0; t + 1 < on_text->n_arms * on_text->n_seeds; t++)
        finish_run(on_text->trials[t], 1.5);
    book_judge(&c->book, 2, &judgement);
    assert_contains(judgement.missing, "1 of 14 runs are missing, the first is ");
    assert_contains(judgement.missing,
                    on_text->trials[on_text->n_arms * on_text->n_seeds - 1]->run.folder);
    book_judge(&c->book, 1, &judgement);
    assert_null(judgement.missing);
    assert_int_equal(judgement.answer.verdict, HOLDS);
    assert_int_equal(judgement.n_drawn_on, 0);
    book_judge(&c->book, 3, &judgement);
    assert_null(judgement.missing);
    assert_int_equal(judgement.number, 3);
    assert_ptr_equal(judgement.drawn_on[0], c->book.entries[ON_WHO].at_rate[0]);
    close_book(c);
}

static void the_answer_is_that_of_the_runs(void **state)
{
    ClaimsCase *c = claims_case(*state, three, 3);
    Judgement judgement;
    lay_out_book(c);
    finish_all(c, good_loss);
    book_judge(&c->book, 2, &judgement);
    assert_int_equal(judgement.n_views, 1);
    assert_int_equal(judgement.answer.verdict, HOLDS);
    assert_string_equal(judgement.answer.deciding, "1.505 nats"); /* of seeds 7 and 8 */
    assert_string_equal(judgement.answer.text, "On one.");
    close_book(c);
}

static void each_view_has_its_own_runs(void **state)
{
    ClaimsCase *c = claims_case(*state, three, 3);
    Judgement judgement;
    c->plan.full = true;
    lay_out_book(c);
    finish_all(c, loss_by_rate_and_text);
    book_judge(&c->book, 2, &judgement);
    assert_null(judgement.missing);
    assert_int_equal(judgement.n_views, 3);
    assert_int_equal(judgement.views[0].answer.verdict, HOLDS);
    assert_int_equal(judgement.views[1].answer.verdict, HOLDS);
    assert_int_equal(judgement.views[2].answer.verdict, DOES_NOT_HOLD);
    assert_string_equal(judgement.views[2].where, "on two");
    assert_string_equal(judgement.views[2].answer.text, "On two.");
    assert_int_equal(judgement.answer.verdict, HOLDS_UNDER_A_CONDITION);
    assert_string_equal(judgement.answer.condition,
                        "holds at the common learning rate and at each arm's best learning rate; "
                        "does not hold on two");
    close_book(c);
}

/* Here the common rate is the bad one. */
static double loss_good_when_fast(const Trial *trial)
{
    return trial->config.learning_rate > 0.005 ? 1.25 : 2.5;
}

static void the_best_rate_counts_in_its_view_and_not_in_the_common_one(void **state)
{
    ClaimsCase *c = claims_case(*state, three, 3);
    Judgement judgement;
    c->plan.full = true;
    lay_out_book(c);
    finish_all(c, loss_good_when_fast);
    book_judge(&c->book, 3, &judgement);
    assert_int_equal(judgement.n_views, 2); /* a task has no other text */
    assert_string_equal(judgement.views[0].answer.deciding, "2.500 nats");
    assert_string_equal(judgement.views[1].answer.deciding, "1.250 nats");
    assert_int_equal(judgement.answer.verdict, HOLDS_UNDER_A_CONDITION);
    book_judge(&c->book, 1, &judgement);
    assert_int_equal(judgement.n_views, 1); /* what is exact is so at every rate */
    close_book(c);
}

/* As after training that became NaN. */
static void a_rate_at_which_runs_failed_is_not_the_best(void **state)
{
    ClaimsCase *c = claims_case(*state, three, 3);
    Judgement judgement;
    c->plan.full = true;
    lay_out_book(c);
    finish_all(c, loss_good_when_fast);
    const Trial *gone = c->book.entries[ON_WHO].at_rate[2]->trials[1];
    assert_int_equal(remove(gone->run.result), 0);
    book_judge(&c->book, 3, &judgement);
    assert_null(judgement.missing);
    assert_string_equal(judgement.views[1].answer.deciding, "2.500 nats");
    assert_int_equal(judgement.answer.verdict, DOES_NOT_HOLD);
    close_book(c);
}

static void a_text_and_a_task_together_have_every_view(void **state)
{
    static const Claim *const one[] = {&claim_on_both};
    ClaimsCase *c = claims_case(*state, one, 1);
    Judgement judgement;
    c->plan.full = true;
    lay_out_book(c);
    finish_all(c, good_loss);
    book_judge(&c->book, 1, &judgement);
    assert_null(judgement.missing);
    assert_int_equal(judgement.n_views, 3);
    assert_string_equal(judgement.views[2].answer.text, "On two.");
    assert_int_equal(judgement.answer.verdict, HOLDS);
    assert_string_equal(judgement.answer.condition, "");
    close_book(c);
}

#define book_test(function) place_test(function, "x")

int main(void)
{
    const struct CMUnitTest tests[] = {
        book_test(claims_share_their_experiments),
        book_test(one_claim_needs_its_own_experiments_only),
        book_test(in_full_there_are_three_rates_and_two_texts),
        book_test(an_experiment_that_makes_no_run_is_refused_with_its_claim),
        book_test(a_missing_run_leaves_only_its_claims_without_an_answer),
        book_test(the_answer_is_that_of_the_runs),
        book_test(each_view_has_its_own_runs),
        book_test(the_best_rate_counts_in_its_view_and_not_in_the_common_one),
        book_test(a_rate_at_which_runs_failed_is_not_the_best),
        book_test(a_text_and_a_task_together_have_every_view),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
