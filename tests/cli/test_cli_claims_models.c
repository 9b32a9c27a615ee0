/* test_cli_claims_models.c: tests of the program as a whole: claims that look into trained models
 * say what the runs and `posgpt eval` say of these. The runs have two steps and one seed, so no
 * verdict is shown. */
#include "support/runs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "support/fixtures.h"
#include "support/markup.h"

/* The page of a claim, after its runs. */
static const char *page_of(Bench *bench, const char *claim, size_t number)
{
    const char *config = bench_write(bench, "tiny.ini",
                                     "n_layer = 1\nn_head = 2\nn_embd = 8\nblock_size = 36\n"
                                     "batch_size = 2\nmax_iters = 2\nwarmup_iters = 0\n"
                                     "learning_rate = 0.003\nmin_lr = 0.0001\n"
                                     "eval_interval = 2\nsample_chars = 0\n");
    Outcome outcome = run_without_gnuplot(
        bench, bench_text(bench,
                          "claims|--claim|%s|--seeds|1|--threads|2|--config|%s|--data|%s|"
                          "--out-dir|%s|--csv",
                          claim, config, bench_corpus(bench), bench->folder));
    assert_done(outcome);
    assert_contains(outcome.out, bench_text(bench, "%zu,%s,all,not shown,", number, claim));
    const char *page =
        bench_read(bench, bench_text(bench, "%s/claims/claim-%zu.html", bench->folder, number));
    assert_good_page(page);
    return page;
}

/* A cell of the answer's table: its row by the name in front, columns from 1 on. */
static const char *cell_of(Bench *bench, const char *page, const char *row, size_t column)
{
    char text[80];
    const char *at = strstr(page, "<table class=\"answer\">");
    assert_non_null(at);
    at = strstr(at, bench_text(bench, "<th scope=\"row\">%s</th>", row));
    if (!at)
        fail_msg("no row %s", row);
    for (size_t c = 0; c < column; c++)
        at = markup_text(at, "td", text, sizeof text);
    return bench_text(bench, "%s", text);
}

static double number_of(Bench *bench, const char *page, const char *row, size_t column)
{
    return strtod(cell_of(bench, page, row, column), NULL);
}

/* The one run of a scheme whose config has this line. */
static const char *find_run(Bench *bench, const char *scheme, const char *line)
{
    char **names;
    const char *found = NULL;
    size_t count;
    assert_true(folder_list(&bench->arena, bench->folder, &names, &count, NULL));
    for (size_t n = 0; n < count; n++) {
        if (strncmp(names[n], bench_text(bench, "%s-", scheme), strlen(scheme) + 1) != 0 ||
            !strstr(bench_read(bench, file_of(bench, names[n], "config.ini")), line))
            continue;
        assert_null(found);
        found = names[n];
    }
    assert_non_null(found);
    return found;
}

/* A text that stands half a window further on has the same loss where distances alone count, or
 * nothing; a vector for each position makes another one. */
static void windows_that_are_moved_have_the_loss_of_eval_where_they_were(void **state)
{
    static const struct {
        const char *scheme;
        bool notices;
    } rows[] = {{"none", false},  {"relative", false}, {"t5", false},
                {"alibi", false}, {"rope", false},     {"sinusoidal", true}};
    Bench *bench = *state;
    const char *page = page_of(bench, "table-end", 2);
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        const char *run = find_run(bench, rows[r].scheme, "");
        Outcome eval = run_posgpt(bench, NULL, "eval|%s/%s|--context|18|--csv", bench->folder, run);
        assert_done(eval);
        const char *row = strchr(eval.out, '\n') + 1;
        assert_close(number_of(bench, page, rows[r].scheme, 1), cell(row, 4), 0.000051);
        double farthest = number_of(bench, page, rows[r].scheme, 4);
        assert_int_equal(farthest > 1e-5, rows[r].notices);
        assert_close(fabs(number_of(bench, page, rows[r].scheme, 2)),
                     rows[r].notices ? farthest : 0, 0.1 * farthest + 0.000051);
    }
    assert_true(number_of(bench, page, "learned", 4) > 1e-5);
    assert_true(number_of(bench, page, "learned, random places", 4) > 1e-5);
    assert_contains(page, "a table of 36 rows refuses position 36. One of 72 rows");
    assert_contains(page, "5 of 7 schemes have the same loss there to rounding");
}

/* A sinusoid has an rms of 1/sqrt(2). */
static void losses_of_sinusoids_and_tables_are_those_of_the_runs(void **state)
{
    static const struct {
        const char *name, *scheme, *line;
    } rows[] = {
        {"sinusoid, learned gain", "sinusoidal", "\nsinusoidal_gain = learned\n"},
        {"sinusoid, fixed gain", "sinusoidal", "\nsinusoidal_gain = fixed\n"},
        {"sinusoid, textbook", "sinusoidal", "\nsinusoidal_gain = textbook\n"},
        {"random table, frozen", "learned", "\nlearned_start = frozen\n"},
        {"table from sinusoid", "learned", "\nlearned_start = sinusoid\n"},
    };
    Bench *bench = *state;
    const char *page = page_of(bench, "same-quality", 4);
    double table =
        cell(last_row(bench, find_run(bench, "learned", "\nlearned_start = random\n")), 2);
    assert_close(number_of(bench, page, "learned table", 1), table, 0.000051);
    assert_string_equal(cell_of(bench, page, "learned table", 2), "");
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        double loss = cell(last_row(bench, find_run(bench, rows[r].scheme, rows[r].line)), 2);
        assert_close(number_of(bench, page, rows[r].name, 1), loss, 0.000051);
        assert_close(number_of(bench, page, rows[r].name, 2), loss - table, 0.000051);
        assert_string_equal(cell_of(bench, page, rows[r].name, 3), "not known with one seed");
        assert_string_equal(cell_of(bench, page, rows[r].name, 4), "no");
    }
    assert_close(number_of(bench, page, "sinusoid, textbook", 5), 0.707, 0.0011);
    assert_close(number_of(bench, page, "sinusoid, textbook", 6), 0.707, 0.0011);
    assert_close(number_of(bench, page, "sinusoid, fixed gain", 5), 0.02, 0.0011);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(windows_that_are_moved_have_the_loss_of_eval_where_they_were),
        bench_test(losses_of_sinusoids_and_tables_are_those_of_the_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
