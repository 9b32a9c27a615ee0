/* test_lengths.c: tests of src/lab/lengths.c, on exams that are made up in memory. */
#include "support/check.h"

#include <math.h>

#include "lab/lengths.h"
#include "support/fixtures.h"
#include "support/task_case.h"

enum { MOST_RUNS = 8, MOST_ROWS = 4 };

/* A comparison of which there is no more than its exams. */
typedef struct Table {
    Arena arena;
    Experiment experiment;
    Trial trials[MOST_RUNS]; /* of a task that is trained with 2 to 20 symbols */
    Trial *of[MOST_RUNS];    /* their addresses */
    RunResult runs[MOST_RUNS];
    ExamRow rows[MOST_RUNS][MOST_ROWS];
    double x[MOST_RUNS];
    Findings findings;
} Table;

static const char *const names[] = {"a", "b", "c", "d"};

static Table table_of(size_t n_arms, size_t n_seeds)
{
    Table table = {.experiment = {.n_arms = n_arms, .n_seeds = n_seeds}};
    assert_true(n_arms * n_seeds <= MOST_RUNS);
    for (size_t t = 0; t < n_arms * n_seeds; t++) {
        table.runs[t].finished = true;
        table.trials[t].config.task = task_options("copy");
    }
    return table;
}

/* One more length of a run; NaN: it was refused. */
static void add_row(Table *table, size_t run, size_t length, double exact)
{
    RunResult *result = &table->runs[run];
    assert_true(result->n_exam < MOST_ROWS);
    table->rows[run][result->n_exam++] = (ExamRow){
        {.length = length, .sequences = isnan(exact) ? 0 : 512, .exact = exact}, length <= 20};
}

static const Findings *compare(Table *table)
{
    Desk desk = {.experiment = &table->experiment,
                 .runs = table->runs,
                 .arena = &table->arena,
                 .x = table->x,
                 .findings = &table->findings};
    for (size_t t = 0; t < MOST_RUNS; t++) {
        table->of[t] = &table->trials[t];
        table->runs[t].exam = table->rows[t];
    }
    table->experiment.trials = table->of;
    table->findings = (Findings){.experiment = &table->experiment, .names = names};
    assert_true(lengths_compare(&desk, NULL));
    return &table->findings;
}

/* 0.5 and 0.75: a standard deviation of 0.25 / sqrt(2). */
static void an_arm_has_the_mean_and_the_range_of_its_seeds(void **state)
{
    (void)state;
    Table table = table_of(2, 2);
    const double exact[] = {0.5, 0.75, 1, 0};
    for (size_t run = 0; run < COUNT_OF(exact); run++)
        add_row(&table, run, 20, exact[run]);
    const Findings *findings = compare(&table);
    assert_int_equal(findings->n_lengths, 1);
    assert_int_equal(findings->length_questions, 512);
    const LengthFinding *first = findings_at_length(findings, 0, 0),
                        *second = findings_at_length(findings, 1, 0);
    assert_int_equal(first->exact.over_seeds.n, 2);
    assert_close(first->exact.over_seeds.mean, 0.625, 1e-12);
    assert_close(first->exact.over_seeds.sd, 0.25 / sqrt(2), 1e-12);
    assert_true(first->lowest == 0.5 && first->highest == 0.75);
    assert_close(second->exact.over_seeds.mean, 0.5, 1e-12);
    assert_true(second->lowest == 0 && second->highest == 1);
    arena_free(&table.arena);
}

static void lengths_are_those_of_all_runs_in_order(void **state)
{
    (void)state;
    Table table = table_of(2, 1);
    add_row(&table, 0, 20, 1);
    add_row(&table, 0, 40, 0.25);
    add_row(&table, 1, 10, 1);
    add_row(&table, 1, 20, 0.5);
    const Findings *findings = compare(&table);
    assert_int_equal(findings->n_lengths, 3);
    assert_int_equal(findings->lengths[0], 10);
    assert_int_equal(findings->lengths[1], 20);
    assert_int_equal(findings->lengths[2], 40);
    assert_true(findings_at_length(findings, 0, 1)->trained);
    assert_false(findings_at_length(findings, 0, 2)->trained);
    const LengthFinding *not_asked = findings_at_length(findings, 1, 2);
    assert_true(isnan(not_asked->exact.over_seeds.mean) && isnan(not_asked->lowest));
    assert_false(not_asked->refused);
    assert_close(findings_at_length(findings, 0, 2)->exact.over_seeds.mean, 0.25, 0);
    arena_free(&table.arena);
}

static void a_refused_length_has_no_share(void **state)
{
    (void)state;
    Table table = table_of(1, 2);
    add_row(&table, 0, 40, NAN);
    add_row(&table, 1, 40, NAN);
    const LengthFinding *found = findings_at_length(compare(&table), 0, 0);
    assert_true(found->refused);
    assert_int_equal(found->exact.over_seeds.n, 0);
    assert_true(isnan(found->exact.over_seeds.mean));
    assert_true(isnan(found->lowest) && isnan(found->highest));
    arena_free(&table.arena);
}

static void a_run_that_is_not_finished_does_not_count(void **state)
{
    (void)state;
    Table table = table_of(1, 2);
    add_row(&table, 0, 20, 1);
    table.runs[1].finished = false;
    const LengthFinding *found = findings_at_length(compare(&table), 0, 0);
    assert_int_equal(found->exact.over_seeds.n, 1);
    assert_true(found->lowest == 1 && found->highest == 1);
    arena_free(&table.arena);
}

static void training_ends_where_it_does_in_all_arms(void **state)
{
    (void)state;
    Table table = table_of(2, 1);
    assert_int_equal(compare(&table)->trained_length, 20);
    table.trials[1].config.task.max_length = 10;
    assert_int_equal(compare(&table)->trained_length, 0);
    arena_free(&table.arena);
}

static void a_text_has_no_lengths(void **state)
{
    (void)state;
    Table table = table_of(1, 1);
    table.trials[0].config.task.task = 0;
    TextBuffer text = {0};
    assert_int_equal(compare(&table)->n_lengths, 0);
    lengths_append_words(&table.findings, &text);
    assert_int_equal(text.length, 0);
    arena_free(&table.arena);
}

/* arms [n]: of each, what is right at 40 symbols; NaN: refused. */
static void assert_words(const double *arms, size_t n, const char *expected)
{
    Table table = table_of(n, 1);
    TextBuffer text = {0};
    for (size_t arm = 0; arm < n; arm++) {
        add_row(&table, arm, 20, 1);
        add_row(&table, arm, 40, arms[arm]);
    }
    lengths_append_words(compare(&table), &text);
    assert_string_equal(text.bytes, expected);
    text_buffer_free(&text);
    arena_free(&table.arena);
}

static void the_words_name_the_best_first(void **state)
{
    (void)state;
    const double exact[] = {0.25, NAN, 0.984, 0.25};
    assert_words(exact, COUNT_OF(exact),
                 "All right at 40 symbols, of 512 sequences (training ended at 20): c 98.4 %, a "
                 "25.0 %, d 25.0 %; refused by b.\n");
}

static void a_length_that_all_refuse_has_no_list_of_shares(void **state)
{
    (void)state;
    const double exact[] = {NAN, NAN};
    assert_words(exact, COUNT_OF(exact),
                 "All right at 40 symbols, of 512 sequences (training ended at 20): refused by a, "
                 "b.\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_arm_has_the_mean_and_the_range_of_its_seeds),
        cmocka_unit_test(lengths_are_those_of_all_runs_in_order),
        cmocka_unit_test(a_refused_length_has_no_share),
        cmocka_unit_test(a_run_that_is_not_finished_does_not_count),
        cmocka_unit_test(training_ends_where_it_does_in_all_arms),
        cmocka_unit_test(a_text_has_no_lengths),
        cmocka_unit_test(the_words_name_the_best_first),
        cmocka_unit_test(a_length_that_all_refuse_has_no_list_of_shares),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
