/* test_cli_compare_plan.c: tests of posgpt compare --plan and --report: others make the runs, and
 * the report is the same. */
#include "support/compared.h"

#include <stdlib.h>

#include "base/file.h"

/* Runs a command of the shell in the working directory of the tests. */
static void run_shell(const char *command)
{
    int status = system(command);
    if (status != 0)
        fail_msg("%s: status %d", command, status);
}

/* The plan's commands, in a file of the bench's folder. */
static const char *plan_of(Bench *bench, const char *place)
{
    Outcome plan = compare(bench, place, "|--plan");
    assert_done(plan);
    assert_int_equal(lines_of(plan.out), 4);
    assert_false(folder_exists(bench_path(bench, place)));
    return bench_write(bench, "plan.txt", plan.out);
}

/* After the plan of "b" was carried out: the report is what a comparison that made its runs itself
 * would show. */
static void assert_same_as_whole(Bench *bench)
{
    Outcome report = compare(bench, "b", "|--report");
    assert_done(report);
    assert_done(compare(bench, "whole", ""));
    assert_string_equal(results_without_time(bench, "b"), results_without_time(bench, "whole"));
    Outcome again = compare(bench, "b", "");
    assert_done(again);
    assert_contains(again.err, "4 of 4 runs are there already\n");
    assert_string_equal(report.out, again.out);
    Outcome rest = compare(bench, "b", "|--plan");
    assert_done(rest);
    assert_string_equal(rest.out, ""); /* nothing is left to do */
}

static void a_shell_carries_out_a_plan(void **state)
{
    Bench *bench = *state;
    run_shell(bench_text(bench, "sh -e '%s' >/dev/null 2>&1", plan_of(bench, "b")));
    assert_same_as_whole(bench);
}

static void parallel_carries_out_a_plan(void **state)
{
    Bench *bench = *state;
    if (system("parallel --version 2>/dev/null | grep -q 'GNU parallel'") != 0) {
        print_message("skipped: GNU parallel is not installed\n");
        skip();
    }
    run_shell(
        bench_text(bench, "parallel --will-cite -j 4 <'%s' >/dev/null 2>&1", plan_of(bench, "b")));
    assert_same_as_whole(bench);
}

static void a_report_of_nothing_says_so(void **state)
{
    Bench *bench = *state;
    Outcome outcome = compare(bench, "a", "|--report");
    assert_done(outcome);
    assert_contains(outcome.out, "Nothing is shown: no run has a loss.\n");
    assert_contains(outcome.out, "rope, seed 2 has no loss: not begun\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(a_shell_carries_out_a_plan),
        bench_test(parallel_carries_out_a_plan),
        bench_test(a_report_of_nothing_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
