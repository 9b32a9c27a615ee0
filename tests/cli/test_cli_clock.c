/* test_cli_clock.c: tests of the program as a whole, where the clock is set back or forth at each
 * of the moments at which it is asked. */
#include "support/faults.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/fixtures.h"
#include "support/runs.h"

#define TIMED "|--name|x|--max-iters|4|--log-interval|1|--eval-interval|2"

/* Seconds and speeds are never negative, and time goes on, or stands still. */
static void check_times(Bench *bench)
{
    const char *row = strchr(bench_read(bench, file_of(bench, "x", "metrics.csv")), '\n') + 1;
    double before = 0;
    size_t rows = 0;
    for (; *row != '\0'; row = strchr(row, '\n') + 1, rows++) {
        double speed = cell(row, 5), elapsed = cell(row, 6);
        assert_true(isnan(speed) || (speed > 0 && speed < INFINITY));
        assert_true(elapsed >= before && elapsed < 1e9);
        before = elapsed;
    }
    assert_int_equal(rows, 5);
}

/* One after the other: not at all, then at each call, there and back or for good. */
static Fault jump(size_t n)
{
    return (Fault){"clock", (n + 1) / 2, (n / 2) % 2 == 1, n % 2 == 1 ? 500000 : -500000};
}

/* Without the library, so in every build. */
static void with_the_clock_as_it_is_times_rise(void **state)
{
    Bench *bench = *state;
    assert_done(run_posgpt(bench, NULL, "%s", tiny(bench, TIMED)));
    check_times(bench);
}

static void a_clock_that_jumps_changes_times_and_nothing_else(void **state)
{
    Bench *bench = *state;
    only_with_faults();
    make_gnuplot(bench, "#!/bin/sh\nexit 0\n");
    const char *words = tiny(bench, TIMED), *rows = NULL;
    size_t calls = 1;
    for (size_t n = 0; n <= 2 * calls; n++) {
        tree_remove(bench_path(bench, "x"));
        Faulted faulted = run_with_fault(bench, jump(n), words);
        assert_done(faulted.outcome);
        check_times(bench);
        assert_null(strstr(faulted.outcome.err, "nan"));
        assert_null(strstr(faulted.outcome.err, " -"));
        calls = n == 0 ? in_report(&faulted, "clock") : calls;
        rows = rows ? rows : rows_without_time(bench, "x");
        assert_string_equal(rows_without_time(bench, "x"), rows);
    }
    assert_true(calls > 5);
}

/* Each " left" of a text stands behind a duration that is none below 0, or behind a "?". */
static size_t check_times_left(const char *text)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, " left)")); at++, count++) {
        const char *begin = at;
        while (strncmp(begin, "runs, ", 6) != 0)
            begin--;
        begin += 6;
        assert_true((*begin >= '0' && *begin <= '9') || (*begin == '?' && begin + 1 == at));
    }
    return count;
}

static void a_clock_that_jumps_changes_no_result_of_a_comparison(void **state)
{
    Bench *bench = *state;
    only_with_faults();
    make_gnuplot(bench, "#!/bin/sh\nexit 0\n");
    const char *out = bench_path(bench, "out"), *losses = NULL;
    const char *words = bench_text(
        bench, "compare|--config=|--pos|none,rope|--seeds|1|--name|all%s|--out-dir|%s|--csv",
        strchr(tiny(bench, ""), '|'), out);
    size_t calls = 1;
    for (size_t n = 0; n <= 2 * calls; n++) {
        tree_remove(out);
        Faulted faulted = run_with_fault(bench, jump(n), words);
        assert_done(faulted.outcome);
        assert_int_equal(check_times_left(faulted.outcome.err), 2);
        calls = n == 0 ? in_report(&faulted, "clock") : calls;
        losses = losses ? losses : faulted.outcome.out;
        assert_string_equal(faulted.outcome.out, losses);
    }
    assert_true(calls >= 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(with_the_clock_as_it_is_times_rise),
        bench_test(a_clock_that_jumps_changes_times_and_nothing_else),
        bench_test(a_clock_that_jumps_changes_no_result_of_a_comparison),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
