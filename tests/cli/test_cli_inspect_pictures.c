/* test_cli_inspect_pictures.c: tests of the program as a whole: the pictures of what schemes and
 * runs look like, and their files. */
#include "support/inspected.h"

#include <string.h>

#include "base/file.h"
#include "base/spawn.h"
#include "support/fixtures.h"

static void the_numbers_of_each_picture_stand_beside_it(void **state)
{
    Bench *bench = *state;
    make_gnuplot(bench, "#!/bin/sh\nprintf '%s\\n' \"$@\" > \"$4.png\"\n");
    Outcome outcome = inspect_scheme(bench, "sinusoidal", "");
    assert_done(outcome);
    assert_string_equal(outcome.err,
                        bench_text(bench,
                                   "pictures in %s: inspect-vectors.png inspect-cosines.png "
                                   "inspect-nearness.png\n",
                                   bench_path(bench, "inspect-sinusoidal")));
    const char *words =
        bench_read(bench, file_of(bench, "inspect-sinusoidal", "inspect-vectors.png"));
    assert_contains(words, "scripts/inspect_map.gp\ninspect-vectors\nthe position vectors\n"
                           "sinusoidal absolute embedding, learned gain");
    assert_contains(words, "\n8 8 1 1 0\nposition\nchannel\n\n");
    const char *csv =
        bench_read(bench, file_of(bench, "inspect-sinusoidal", "inspect-vectors.csv"));
    check_figures(csv);
    assert_int_equal(lines_of(csv), 1 + 64);
    train_tiny(bench, "x", "");
    outcome = inspect_x(bench, "|--text|fox yak");
    assert_done(outcome);
    words = bench_read(bench, file_of(bench, "x", "inspect-attention.png"));
    assert_contains(words, "\nx: rotary position embedding");
    assert_contains(words, "\n7 7 2 0 1\nlooks\nis looked at\nf o x \u00b7 y a k\n");
    words = bench_read(bench, file_of(bench, "x", "inspect-words.png"));
    assert_contains(words, "scripts/inspect_hands.gp\n");
    words = bench_read(bench, file_of(bench, "x", "inspect-decay.png"));
    assert_contains(words, "scripts/inspect_curves.gp\n");
    assert_false(file_exists(file_of(bench, "x", "inspect-planes.png"))); /* a table */
}

/* A PNG has its width and height, as four bytes each, from byte 16 on. */
static void check_picture(Bench *bench, const char *folder, const char *name)
{
    static const unsigned char size[8] = {0, 0, 1280 >> 8, 1280 & 255, 0, 0, 800 >> 8, 800 & 255};
    FileBytes file;
    const char *svg = bench_read(bench, file_of(bench, folder, bench_text(bench, "%s.svg", name)));
    const char *png = file_of(bench, folder, bench_text(bench, "%s.png", name));
    assert_contains(svg, "</svg>");
    assert_true(file_read(&bench->arena, png, 1 << 24, &file, NULL) && file.length > 1000);
    assert_memory_equal(file.bytes + 16, size, sizeof size);
}

/* The scripts, where there is a gnuplot: maps, also one that is a single row, curves and hands. */
static void gnuplot_draws_what_there_is(void **state)
{
    Bench *bench = *state;
    char *const version[] = {"gnuplot", "--version", NULL};
    bool missing = false;
    int status = 0;
    assert_true(spawn_wait(version, NULL, NULL, &missing, &status, NULL));
    if (missing)
        skip();
    Outcome outcome =
        run_posgpt(bench, NULL, "inspect|rope|--out-dir|%s|--n-embd|2|--n-head|1", bench->folder);
    assert_done(outcome);
    assert_int_equal(strncmp(outcome.err, "pictures in ", strlen("pictures in ")), 0);
    static const char *const names[] = {"inspect-angles", "inspect-matrices", "inspect-decay",
                                        "inspect-words"};
    for (size_t n = 0; n < COUNT_OF(names); n++)
        check_picture(bench, "inspect-rope", names[n]);
    train_tiny(bench, "x", "|--pos|relative");
    outcome = run_posgpt(bench, NULL, "inspect|%s/x|--threads|1|--text|a fox.", bench->folder);
    assert_done(outcome);
    check_picture(bench, "x", "inspect-bias");
    check_picture(bench, "x", "inspect-attention");
}

static void without_gnuplot_one_line_says_so(void **state)
{
    Bench *bench = *state;
    Outcome outcome = inspect_scheme(bench, "rope", "");
    assert_done(outcome);
    assert_string_equal(outcome.err,
                        "no picture of the cosine of the angle that each plane is turned by: "
                        "gnuplot is missing (Debian: apt install gnuplot-nox)\n");
    assert_true(file_exists(file_of(bench, "inspect-rope", "inspect-words.csv")));
    make_gnuplot(bench, "#!/bin/sh\nexit 1\n");
    outcome = inspect_scheme(bench, "rope", "");
    assert_done(outcome);
    assert_contains(outcome.err, "gnuplot failed on scripts/inspect_map.gp\n");
    assert_int_equal(lines_of(outcome.err), 1);
}

static void numbers_alone_leave_no_files(void **state)
{
    Bench *bench = *state;
    assert_done(inspect_scheme(bench, "alibi", "|--csv"));
    assert_false(folder_exists(bench_path(bench, "inspect-alibi")));
}

/* A bias that is 0 everywhere makes no picture. */
static void what_is_flat_is_not_drawn(void **state)
{
    Bench *bench = *state;
    make_gnuplot(bench, "#!/bin/sh\nexit 1\n");
    Outcome outcome = inspect_scheme(bench, "relative", "");
    assert_done(outcome);
    assert_string_equal(outcome.err, "");
    assert_contains(outcome.out, "all are 0: nothing is learned yet");
}

static void a_folder_of_pictures_is_no_run(void **state)
{
    Bench *bench = *state;
    train_tiny(bench, "x", "");
    assert_done(inspect_scheme(bench, "alibi", ""));
    assert_true(folder_exists(bench_path(bench, "inspect-alibi")));
    Outcome outcome = run_posgpt(bench, NULL, "runs|--csv|--out-dir|%s", bench->folder);
    assert_done(outcome);
    assert_null(strstr(outcome.err, "inspect-alibi"));
    assert_int_equal(lines_of(outcome.out), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(the_numbers_of_each_picture_stand_beside_it),
        bench_test(gnuplot_draws_what_there_is),
        bench_test(without_gnuplot_one_line_says_so),
        bench_test(numbers_alone_leave_no_files),
        bench_test(what_is_flat_is_not_drawn),
        bench_test(a_folder_of_pictures_is_no_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
