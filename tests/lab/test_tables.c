/* test_tables.c: tests of src/lab/tables.c: what is read back from the four files. */
#include "support/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "lab/tables.h"
#include "support/csv_cells.h"
#include "support/experiment_case.h"
#include "support/fixtures.h"

enum { N_ARMS = 4, N_SEEDS = 3 };

/* none and rope, crossed with two settings at once, so that names have commas. The last run is not
 * there, and the one before it has windows of 2 tokens alone, and no targets in common. */
static Findings write_tables(ExperimentCase *made)
{
    static const char *const vary[] = {"learning_rate=1e-3,2e-3", "weight_decay=0"};
    Findings findings;
    made->request.vary = vary;
    made->request.n_vary = COUNT_OF(vary);
    made->request.n_seeds = N_SEEDS;
    lay_out(made);
    assert_int_equal(made->experiment.n_arms, N_ARMS);
    for (size_t t = 0; t < N_ARMS * N_SEEDS - 1; t++) {
        const Trial *trial = made->experiment.trials[t];
        double arm = (double)(t / N_SEEDS), seed = (double)(t % N_SEEDS);
        RunFiles files =
            files_of(made, trial,
                     (MadeRun){.loss = {4, 3, 2.5 - arm / 7 + seed / 30 + arm * seed / 1000},
                               .ms = 1 + arm,
                               .threads = 1 + t % N_SEEDS});
        if (t == N_ARMS * N_SEEDS - 2) {
            files.contexts = CONTEXTS_HEAD "2,4,20,40,1.25,nan,0,nan,nan,\n";
            files.positions = POSITIONS_HEAD "2,0,20,1\n2,1,20,1\n";
        }
        write_files(trial, files);
    }
    if (!findings_make(&made->experiment, NAN, &findings, &made->error) ||
        !tables_write(&findings, &made->error))
        fail_msg("%s", made->error.text);
    return findings;
}

static CsvTable read_table(ExperimentCase *made, const char *name, size_t n_rows)
{
    const char *path = case_text(made, "%s/%s", made->experiment.folder, name);
    return csv_of_rows(&made->arena, path, n_rows);
}

/* The number of a cell has nine digits; nan stands for NaN. */
static void assert_cell(const CsvTable *table, size_t row, const char *name, double expected)
{
    double found = number_at(table, row, name);
    if (isnan(expected))
        assert_true(isnan(found) && strcmp(text_at(table, row, name), "nan") == 0);
    else
        assert_close(found, expected, 1e-8 * fabs(expected));
}

/* "name", "name_low" and "name_high" */
static void assert_cells(const CsvTable *table, size_t row, const char *name, Estimate expected)
{
    char low[64], high[64];
    snprintf(low, sizeof low, "%s_low", name);
    snprintf(high, sizeof high, "%s_high", name);
    assert_cell(table, row, name, expected.over_seeds.mean);
    assert_cell(table, row, low, expected.interval.low);
    assert_cell(table, row, high, expected.interval.high);
}

/* --- results.csv --- */

static void results_have_a_row_for_each_run(void **state)
{
    ExperimentCase *made = *state;
    Findings findings = write_tables(made);
    CsvTable table = read_table(made, "results.csv", N_ARMS * N_SEEDS);
    static const char *const names[] = {"none (learning_rate = 1e-3, weight_decay = 0)",
                                        "none (learning_rate = 2e-3, weight_decay = 0)",
                                        "rope (learning_rate = 1e-3, weight_decay = 0)",
                                        "rope (learning_rate = 2e-3, weight_decay = 0)"};
    for (size_t t = 0; t < N_ARMS * N_SEEDS - 1; t++) {
        const RunResult *run = &findings.runs[t];
        assert_cell(&table, t, "arm", (double)(t / N_SEEDS));
        assert_string_equal(text_at(&table, t, "name"), names[t / N_SEEDS]);
        assert_string_equal(text_at(&table, t, "pos"), t < 2 * N_SEEDS ? "none" : "rope");
        assert_cell(&table, t, "seed", (double)(1 + t % N_SEEDS));
        assert_string_equal(text_at(&table, t, "finished"), "yes");
        assert_cell(&table, t, "step", 20);
        assert_cell(&table, t, "val_loss", run->outcome.val_loss);
        assert_cell(&table, t, "train_loss", run->outcome.val_loss - 0.5);
        assert_cell(&table, t, "exact", NAN);
        assert_cell(&table, t, "parameters", 900);
        assert_cell(&table, t, "position_parameters", (double)(10 * (t / N_SEEDS)));
        assert_string_equal(text_at(&table, t, "run"), made->experiment.trials[t]->run.name);
        assert_cell(&table, t, "threads", (double)(1 + t % N_SEEDS));
        assert_cell(&table, t, "ms_per_step", 1 + (double)(t / N_SEEDS));
        assert_cell(&table, t, "seconds", MADE_LOOKS - 1);
    }
}

/* The stated loss is on the line from 3 at step 10 to the last one at step 20; equal time ends at
 * step 20 / (ms of a step), on that line or the one before it from 4. */
static void results_have_the_steps_and_the_loss_at_equal_time(void **state)
{
    ExperimentCase *made = *state;
    Findings findings = write_tables(made);
    CsvTable table = read_table(made, "results.csv", N_ARMS * N_SEEDS);
    for (size_t t = 0; t < N_ARMS * N_SEEDS - 1; t++) {
        double last = findings.runs[t].outcome.val_loss, step = 20.0 / (1 + (double)(t / N_SEEDS));
        double steps = 10 + 10 * (3 - findings.stated_loss) / (3 - last);
        assert_cell(&table, t, "steps_to_stated_loss", last <= findings.stated_loss ? steps : NAN);
        assert_cell(&table, t, "loss_at_equal_time",
                    step > 10 ? 3 + (last - 3) * (step - 10) / 10 : 4 - step / 10);
    }
}

static void results_have_both_losses_at_each_length(void **state)
{
    ExperimentCase *made = *state;
    Findings findings = write_tables(made);
    CsvTable table = read_table(made, "results.csv", N_ARMS * N_SEEDS);
    const size_t short_one = N_ARMS * N_SEEDS - 2;
    for (size_t t = 0; t < short_one; t++) {
        double last = findings.runs[t].outcome.val_loss;
        assert_cell(&table, t, "plain_2", last + 0.25);
        assert_cell(&table, t, "same_2", last + 0.75);
        assert_cell(&table, t, "plain_4", last + 0.125);
        assert_cell(&table, t, "same_4", last + 0.625);
    }
    assert_cell(&table, short_one, "plain_2", 1.25);
    assert_cell(&table, short_one, "same_2", NAN);
    assert_cell(&table, short_one, "plain_4", NAN);
    assert_cell(&table, short_one, "same_4", NAN);
}

static void a_run_that_is_not_there_is_a_row_without_numbers(void **state)
{
    ExperimentCase *made = *state;
    write_tables(made);
    CsvTable table = read_table(made, "results.csv", N_ARMS * N_SEEDS);
    static const char *const unknown[] = {
        "val_loss", "train_loss", "exact",       "steps_to_stated_loss", "same_2",
        "plain_4",  "seconds",    "ms_per_step", "loss_at_equal_time"};
    const size_t last = N_ARMS * N_SEEDS - 1;
    assert_string_equal(text_at(&table, last, "finished"), "no");
    assert_cell(&table, last, "seed", N_SEEDS);
    assert_cell(&table, last, "step", 0);
    for (size_t c = 0; c < COUNT_OF(unknown); c++)
        assert_cell(&table, last, unknown[c], NAN);
}

/* All columns that differ between two makings of the same runs stand at the end, as said. */
static void the_columns_about_time_are_the_last_ones(void **state)
{
    ExperimentCase *made = *state;
    write_tables(made);
    CsvTable table = read_table(made, "results.csv", N_ARMS * N_SEEDS);
    static const char *const of_time[] = {"threads", "ms_per_step", "seconds",
                                          "loss_at_equal_time"};
    assert_true(table.n_columns > COUNT_OF(of_time));
    for (size_t c = 0; c < COUNT_OF(of_time); c++)
        assert_string_equal(table.names[table.n_columns - COUNT_OF(of_time) + c], of_time[c]);
}

static void the_rows_that_are_appended_are_those_of_the_file(void **state)
{
    ExperimentCase *made = *state;
    Findings findings = write_tables(made);
    TextBuffer text = {0};
    tables_append_results(&findings, &text);
    assert_file_is(case_text(made, "%s/results.csv", made->experiment.folder), text.bytes,
                   text.length);
    text_buffer_free(&text);
}

/* --- schemes.csv --- */

static void schemes_have_the_findings_of_each_arm(void **state)
{
    ExperimentCase *made = *state;
    Findings findings = write_tables(made);
    CsvTable table = read_table(made, "schemes.csv", N_ARMS);
    for (size_t arm = 0; arm < N_ARMS; arm++) {
        const ArmFindings *found = &findings.arms[arm];
        assert_cell(&table, arm, "arm", (double)arm);
        assert_string_equal(text_at(&table, arm, "name"), made->experiment.arms[arm].name);
        assert_string_equal(text_at(&table, arm, "pos"), arm < 2 ? "none" : "rope");
        assert_cell(&table, arm, "runs", arm + 1 < N_ARMS ? N_SEEDS : N_SEEDS - 1);
        assert_cell(&table, arm, "parameters", 900);
        assert_cell(&table, arm, "position_parameters", 10 * (double)arm);
        assert_cells(&table, arm, "val_loss", found->val_loss);
        assert_cells(&table, arm, "train_loss", found->train_loss);
        assert_cells(&table, arm, "exact", found->exact);
        assert_cell(&table, arm, "stated_loss", findings.stated_loss);
        assert_cells(&table, arm, "steps_to_stated_loss", found->steps_to_reach);
        assert_cell(&table, arm, "threads", 1);
        assert_cell(&table, arm, "ms_per_step", 1 + (double)arm);
        assert_cell(&table, arm, "equal_time_s", 0.020);
        assert_cells(&table, arm, "loss_at_equal_time", found->loss_at_time);
    }
}

/* --- pairs.csv --- */

static void pairs_have_what_separates_any_two(void **state)
{
    ExperimentCase *made = *state;
    Findings findings = write_tables(made);
    CsvTable table = read_table(made, "pairs.csv", N_ARMS * (N_ARMS - 1) / 2);
    size_t row = 0;
    for (size_t a = 0; a < N_ARMS; a++)
        for (size_t b = a + 1; b < N_ARMS; b++, row++) {
            Pair pair = comparison_pair(&findings.comparison, a, b);
            assert_string_equal(text_at(&table, row, "a"), findings.names[a]);
            assert_string_equal(text_at(&table, row, "b"), findings.names[b]);
            assert_cell(&table, row, "seeds", b + 1 < N_ARMS ? N_SEEDS : N_SEEDS - 1);
            assert_cell(&table, row, "a_minus_b", pair.difference.mean);
            assert_cell(&table, row, "low", pair.interval.low);
            assert_cell(&table, row, "high", pair.interval.high);
            assert_cell(&table, row, "p", pair.p);
            assert_cell(&table, row, "p_holm", pair.p_holm);
            assert_cell(&table, row, "p_sign_flip", NAN);
            assert_cell(&table, row, "margin", NAN);
            assert_cell(&table, row, "p_equivalence", NAN);
        }
}

/* --- lengths.csv --- */

/* none and rope on a task, each with 3/4 and 1/8 right at the two lengths that are served, and one
 * refused; the last run is not there. */
static CsvTable write_lengths(ExperimentCase *made)
{
    Findings findings;
    made->request.n_common = 0;
    made->request.n_seeds = N_SEEDS;
    add_common(made, "task", "kback");
    add_common(made, "out_dir", made->folder);
    add_common(made, "max_iters", "20");
    lay_out(made);
    for (size_t t = 0; t < 2 * N_SEEDS - 1; t++) {
        const Trial *trial = made->experiment.trials[t];
        RunFiles files = files_of(made, trial, (MadeRun){.loss = {4, 3, 2}, .ms = 1, .threads = 1});
        files.exam =
            EXAM_HEAD "10,10,yes,512,0.5,0.75\n20,20,yes,512,1.5,0.125\n40,40,no,0,nan,nan\n";
        write_files(trial, files);
    }
    if (!findings_make(&made->experiment, NAN, &findings, &made->error) ||
        !tables_write(&findings, &made->error))
        fail_msg("%s", made->error.text);
    return read_table(made, "lengths.csv", 3 * (2 * N_SEEDS - 1));
}

static void lengths_have_a_row_for_each_run_and_length(void **state)
{
    ExperimentCase *made = *state;
    CsvTable table = write_lengths(made);
    for (size_t row = 0; row < table.n_rows; row++) {
        size_t run = row / 3, arm = run / N_SEEDS, l = row % 3;
        const double lengths[] = {10, 20, 40}, questions[] = {512, 512, 0}, right[] = {384, 64, 0},
                     accuracy[] = {0.75, 0.125, NAN}, loss[] = {0.5, 1.5, NAN};
        assert_cell(&table, row, "arm", (double)arm);
        assert_string_equal(text_at(&table, row, "pos"), arm == 0 ? "none" : "rope");
        assert_string_equal(text_at(&table, row, "name"), arm == 0 ? "none" : "rope");
        assert_cell(&table, row, "seed", (double)(1 + run % N_SEEDS));
        assert_cell(&table, row, "length", lengths[l]);
        assert_string_equal(text_at(&table, row, "trained"), l < 2 ? "yes" : "no");
        assert_cell(&table, row, "questions", questions[l]);
        assert_cell(&table, row, "right", right[l]);
        assert_cell(&table, row, "accuracy", accuracy[l]);
        assert_cell(&table, row, "loss", loss[l]);
        assert_string_equal(text_at(&table, row, "run"), made->experiment.trials[run]->run.name);
    }
}

static void a_text_has_no_rows_of_lengths(void **state)
{
    ExperimentCase *made = *state;
    write_tables(made);
    read_table(made, "lengths.csv", 0);
}

static void a_folder_that_is_not_there_is_said(void **state)
{
    ExperimentCase *made = *state;
    Findings findings = write_tables(made);
    made->experiment.folder = case_text(made, "%s/nowhere", made->folder);
    assert_false(tables_write(&findings, &made->error));
    assert_contains(made->error.text, "nowhere/results.csv");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        experiment_test(results_have_a_row_for_each_run),
        experiment_test(results_have_the_steps_and_the_loss_at_equal_time),
        experiment_test(results_have_both_losses_at_each_length),
        experiment_test(a_run_that_is_not_there_is_a_row_without_numbers),
        experiment_test(the_columns_about_time_are_the_last_ones),
        experiment_test(the_rows_that_are_appended_are_those_of_the_file),
        experiment_test(schemes_have_the_findings_of_each_arm),
        experiment_test(pairs_have_what_separates_any_two),
        experiment_test(lengths_have_a_row_for_each_run_and_length),
        experiment_test(a_text_has_no_rows_of_lengths),
        experiment_test(a_folder_that_is_not_there_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
