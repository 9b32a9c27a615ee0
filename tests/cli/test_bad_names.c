/* test_bad_names.c: tests of make as a way to the program: whatever stands in NAME or DATA, it is
 * a name or it is refused. None of it is taken for a command, by make, the shell or gnuplot, and a
 * run of any name gets its picture.
 *
 * make runs in a folder of links to the tree, in which build/posgpt is the program that was built
 * beside this test. Each word that could be run as a command would leave a file called "x". */
#include "support/bad_input.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "support/fixtures.h"
#include "support/pictures.h"

static void make_tree(Bench *bench)
{
    static const char *const links[] = {"Makefile", "src", "scripts", "data", "configs"};
    char root[4096];
    assert_non_null(getcwd(root, sizeof root));
    for (size_t l = 0; l < COUNT_OF(links); l++)
        assert_int_equal(
            symlink(bench_text(bench, "%s/%s", root, links[l]), bench_path(bench, links[l])), 0);
    assert_true(folder_make(bench_path(bench, "build"), NULL));
    assert_int_equal(
        symlink(bench_text(bench, "%s/%s", root, POSGPT), bench_path(bench, "build/posgpt")), 0);
}

/* `make train` with these words: variables of make. build/posgpt is not made anew. */
static Outcome make_train(Bench *bench, const char *words)
{
    static const char tiny_flags[] =
        "ARGS=--n-layer 1 --n-head 2 --n-embd 8 --block-size 8 --batch-size 2 --max-iters 2 "
        "--warmup-iters 0 --eval-interval 2 --sample-chars 20 --threads 1";
    const Setting setting = {.program = "make",
                             .environment = "MAKEFLAGS|MAKELEVEL|MFLAGS|MAKEOVERRIDES",
                             .seconds = BAD_INPUT_SECONDS};
    return run_posgpt(bench, &setting, "-C|%s|--no-print-directory|-o|build/posgpt|train|%s|%s",
                      bench->folder, tiny_flags, words);
}

/* Nothing was run: there is no file "x", here or there. */
static bool nothing_was_run(Bench *bench)
{
    return !path_is_taken(bench_path(bench, "x")) && !path_is_taken(bench_path(bench, "runs/x")) &&
           !path_is_taken("x");
}

static bool is_a_run(Bench *bench, const char *name, Outcome outcome)
{
    const char *folder = bench_text(bench, "%s/runs/%s", bench->folder, name);
    bool picture = file_exists(bench_text(bench, "%s/loss.svg", folder));
    bool ok = outcome.code == 0 && nothing_was_run(bench) && picture &&
              file_exists(bench_text(bench, "%s/result.csv", folder)) &&
              !path_is_taken(bench_text(bench, "%s/x", folder));
    if (!ok)
        print_error("NAME=%s: exit code %d, %s\n%s%s", name, outcome.code,
                    picture ? "with a picture" : "no picture", outcome.out, outcome.err);
    return ok;
}

static bool has_make(void)
{
    return system("make --version >/dev/null 2>&1") == 0;
}

/* Where there is no gnuplot, there is no picture to wait for. */
static void any_name_is_only_a_name(void **state)
{
    static const char *const names[] = {
        "it's \"quoted\"; touch x & touch x", "$(touch x) `touch x` $(shell touch x)",
        "'; system('touch x') # ${HOME}", "\"; !touch x", "@x ^{2} <b>&amp; %d%s%n a=b\\back\\"};
    Bench *bench = *state;
    size_t wrong = 0;
    only_with_float();
    skip_without_gnuplot();
    if (!has_make())
        skip();
    make_tree(bench);
    const char *text = bench_corpus(bench);
    for (size_t n = 0; n < COUNT_OF(names); n++)
        wrong += !is_a_run(bench, names[n],
                           make_train(bench, bench_text(bench, "DATA=%s|NAME=%s", text, names[n])));
    assert_int_equal(wrong, 0);
}

static void what_cannot_be_a_name_is_refused(void **state)
{
    static const struct {
        const char *what, *words, *message;
    } rows[] = {
        {"a line break", "NAME=a\ntouch x", "posgpt: --name = a?touch x: expected a name without"},
        {"an escape", "NAME=a\033[31m", "posgpt: --name = a?[31m: expected a name without"},
        {"a path", "NAME=$(touch x)/../x", "posgpt: --name = $(touch x)/../x: expected a name"},
        {"a flag", "NAME=--fresh", "posgpt: --name = --fresh: expected a name that starts with"},
        {"the folder above", "NAME=..", "posgpt: --name = ..: expected a name that starts with"},
        {"a command as a text", "DATA=$(touch x)", "posgpt: $(touch x): No such file or directory"},
        {"an old command as a text", "DATA=`touch x`", "posgpt: `touch x`: No such file"},
        {"a text and a command", "DATA=a; touch x", "posgpt: a; touch x: No such file"},
        {"lines as a text", "DATA=a\ntouch x", "posgpt: a?touch x: No such file or directory"},
        {"a flag as a text", "DATA=--fresh", "posgpt: --fresh: No such file or directory"},
        {"no text", "DATA=", "posgpt: --data = : expected the path of a text file"},
        {"no config", "CONFIG=", "posgpt: --config = : expected the path of a file of settings"},
        {"a command as a config", "CONFIG=$(touch x)", "posgpt: $(touch x): No such file"},
        {"a command as a seed", "SEED=1; touch x", "posgpt: --seed = 1; touch x: expected a whole"},
        {"a command as a scheme", "POS=$(touch x)", "posgpt: --pos = $(touch x): expected one of"},
        {"a command as a folder", "EXERCISES=$(touch x)", "EXERCISES=$(touch x): expected the nam"},
        {"a quote in a folder", "EXERCISES='; touch x; '", "EXERCISES='; touch x; ': expected the"},
        {"two folders", "EXERCISES=a b", "EXERCISES=a b: expected the name of a folder"},
        {"a flag as a folder", "EXERCISES=--x", "EXERCISES=--x: expected the name of a folder"},
        {"no setting", "pos=rope", "pos: expected one of POS CONFIG NAME SEED"},
        {"no type of numbers", "REAL=doble", "REAL=doble: expected float or double"},
        {"no sanitizer", "SAN=0",
         "SAN=0: expected 1 (addresses and undefined behaviour) or thread"},
        {"a command as a corpus", "CORPUS=`touch x`", "corpus '`touch x`': there is none of this"},
    };
    Bench *bench = *state;
    size_t wrong = 0;
    if (!has_make())
        skip();
    make_tree(bench);
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        Outcome outcome = make_train(bench, rows[r].words);
        bool ok = outcome.code == 2 && strstr(outcome.err, rows[r].message) != NULL &&
                  outcome.out[0] == '\0' && nothing_was_run(bench) &&
                  !path_is_taken(bench_path(bench, "runs"));
        if (!ok)
            print_error("%s: exit code %d\n%s%s", rows[r].what, outcome.code, outcome.out,
                        outcome.err);
        wrong += !ok;
    }
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(any_name_is_only_a_name),
        bench_test(what_cannot_be_a_name_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
