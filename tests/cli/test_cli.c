/* test_cli.c: tests of the program as a whole: what it answers to a question, and to a request that
 * is wrong. What it does with a run is in test_cli_runs.c. */
#include "support/runs.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "support/fixtures.h"

/* --- answers --- */

static void help_goes_to_stdout(void **state)
{
    static const struct {
        const char *words, *pieces[4];
    } cases[] = {
        {"", {"posgpt COMMAND", "train", "sample RUN", "rotary position embedding"}},
        {"--help", {"posgpt COMMAND", "eval RUN", "runs [RUN RUN]", "Vaswani et al. 2017"}},
        {"train|--help", {"posgpt train", "--n-layer 4", "--rope-base 10000", "--config"}},
        {"sample|--help", {"posgpt sample RUN", "--prompt", "--temperature 0.8", "--threads"}},
        {"eval|--help", {"posgpt eval RUN", "--context", "--by-position", "--csv"}},
        {"inspect|--help", {"posgpt inspect POS|RUN", "--text", "--length 0", "--csv"}},
        {"runs|--help", {"posgpt runs", "--out-dir runs", "--csv", "lists the runs"}},
        {"train|--n-layer|2|--help", {"posgpt train", "--n-layer 4", "--seed 1", "--dropout 0"}},
        {"--version", {"posgpt 0.", "threads", "-O3", "\n"}},
        {"train|--version", {"posgpt 0.", "threads", "-O3", "\n"}},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        Outcome outcome = run_posgpt(*state, NULL, "%s", cases[c].words);
        for (size_t piece = 0; piece < 4; piece++)
            assert_contains(outcome.out, cases[c].pieces[piece]);
        assert_string_equal(outcome.err, "");
        assert_int_equal(outcome.code, 0);
    }
}

static void help_lists_flags_under_the_heading_that_they_belong_to(void **state)
{
    static const char *const commands[] = {"eval", "inspect"};
    for (size_t c = 0; c < COUNT_OF(commands); c++) {
        const char *help = run_posgpt(*state, NULL, "%s|--help", commands[c]).out;
        const char *machine = strstr(help, "\nThe machine\n");
        assert_non_null(machine);
        assert_contains(machine, "  --threads 0");
        assert_null(strstr(machine, "  --csv"));
        assert_null(strstr(machine, "  --by-position"));
    }
}

static void help_fits_on_80_columns(void **state)
{
    const char *const words[] = {"--help",        "train|--help",   "sample|--help",
                                 "eval|--help",   "compare|--help", "inspect|--help",
                                 "claims|--help", "runs|--help"};
    for (size_t w = 0; w < COUNT_OF(words); w++) {
        const char *line = run_posgpt(*state, NULL, "%s", words[w]).out;
        while (*line != '\0') {
            size_t length = strcspn(line, "\n");
            assert_in_range(length, 0, 79);
            assert_true(length == 0 || line[length - 1] != ' ');
            line += length + 1;
        }
    }
}

static void what_cannot_be_written_is_a_failure(void **state)
{
    if (access("/dev/full", W_OK) != 0)
        skip();
    Bench *bench = *state;
    const Setting full = {.stdout_path = "/dev/full", .programs = bench->folder};
    const char *run = tiny(bench, "|--name|x");
    const char *const words[] = {
        "--help",
        run,
        run, /* shown, not trained */
        bench_text(bench, "sample|%s/x|--threads|1", bench->folder),
        bench_text(bench, "eval|%s/x|--threads|1", bench->folder),
        bench_text(bench, "inspect|%s/x|--threads|1", bench->folder),
        bench_text(bench, "inspect|alibi|--csv"),
        bench_text(bench, "runs|--out-dir|%s", bench->folder),
    };
    for (size_t w = 0; w < COUNT_OF(words); w++) {
        Outcome outcome = run_posgpt(bench, &full, "%s", words[w]);
        assert_int_equal(outcome.code, 1);
        assert_true(is_last_line(outcome.err, "posgpt: stdout: cannot be written"));
    }
}

/* --- refusals --- */

/* The request is refused with exit code 2, nothing on stdout, and one line that has these
 * pieces. */
static void assert_refused(Bench *bench, const char *words, const char *first, const char *second)
{
    Outcome outcome = run_posgpt(bench, NULL, "%s", words);
    assert_contains(outcome.err, first);
    assert_contains(outcome.err, second);
    assert_true(strncmp(outcome.err, "posgpt: ", 8) == 0);
    assert_ptr_equal(strchr(outcome.err, '\n'), outcome.err + strlen(outcome.err) - 1);
    assert_string_equal(outcome.out, "");
    assert_int_equal(outcome.code, 2);
}

static void a_wrong_command_line_is_refused(void **state)
{
    static const struct {
        const char *words, *first, *second;
    } cases[] = {
        {"trian", "unknown command \"trian\": did you mean \"train\"?",
         "expected one of: train, sample, eval, "},
        {"quantise", "unknown command \"quantise\": expected one of: train", "runs\n"},
        {"--pos|rope", "--pos: expected a command first", "--help"},
        {"train|--pos|rop", "--pos = rop: did you mean \"rope\"? expected one of: none, learned",
         ", rope, "},
        {"train|--pos=xyzzy", "--pos = xyzzy: expected one of: none, learned", ", rope, "},
        {"train|--n-layr|2", "--n-layr: unknown key \"n-layr\"", "did you mean \"n_layer\"?"},
        {"train|--xyzzyx|2", "--xyzzyx: unknown key \"xyzzyx\"", "expected one that --help lists"},
        {"train|--n-layer|0", "--n-layer = 0: expected a whole number from 1 to 256", ""},
        {"train|--n-layer|2.5", "--n-layer = 2.5: expected a whole number", ""},
        {"train|--dropout|1", "--dropout = 1: expected a number from 0 to 0.99", ""},
        {"train|--dropout|nan", "--dropout = nan: expected a number from 0 to 0.99", ""},
        {"train|--bias|maybe", "--bias = maybe: expected yes or no", ""},
        {"train|--seed|-1", "--seed = -1: expected a whole number from 0", ""},
        {"train|--pos", "--pos: expected a value", ""},
        {"train|--n-layer=", "--n-layer = : expected a whole number", ""},
        {"train|-n|2", "-n: expected a flag with two dashes", ""},
        {"train|rope", "\"rope\": expected flags only", ""},
        {"runs|--csv=yes", "--csv: takes no value", ""},
        {"train|--csv|1", "unknown key \"csv\"", ""},
        {"train|--n-head|5", "--n-head = 5: does not divide n_embd = 128", ""},
        {"train|--n_head=5", "--n_head = 5: does not divide n_embd = 128", ""},
        {"train|--min-lr|1", "--min-lr = 1: expected at most learning_rate = 0.003", ""},
        {"train|--warmup-iters|11|--max-iters|10",
         "--warmup-iters = 11: expected at most max_iters = 10", ""},
        {"train|--n-embd|12|--n-head|4", "even", ""}, /* a rotation turns pairs of channels */
        {"train|--n-layer|256|--n-embd|65536", "this model takes", "this machine has"},
        {"train|--name|a/b", "name = a/b: expected a name without '/'", ""},
        {"train|--name|..", "name = ..: expected a name that starts with neither", ""},
        {"sample", "expected one run", ""},
        {"sample|a|b", "\"b\": expected one run", ""},
        {"sample|no such run", "no such run: no such run", ""},
        {"eval|no such run|--split|some", "--split = some: expected one of: validation", "whole"},
        {"eval|no such run", "no such run: no such run", ""},
        {"runs|one", "\"one\": expected no run, or two to compare", ""},
        {"runs|no such run|nor this", "no such run: no such run", ""},
        {"runs|a|b|c", "\"c\": expected no run, or two to compare", ""},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++)
        assert_refused(*state, cases[c].words, cases[c].first, cases[c].second);
}

static void a_wrong_config_is_refused_with_its_line(void **state)
{
    Bench *bench = *state;
    static const struct {
        const char *text, *flags, *message; /* behind the file's name */
    } cases[] = {
        {"seed = 2\nn_head = 3\n", "", ":2: n_head = 3: does not divide n_embd = 128"},
        {"n_head = 3\n", "|--n-embd|64", ":1: n_head = 3: does not divide n_embd = 64"},
        {"\n\npos = rop\n", "", ":3: pos = rop: did you mean \"rope\"?"},
        {"n_layr = 3\n", "", ":1: unknown key \"n_layr\": did you mean \"n_layer\"?"},
        {"n_layer = many\n", "", ":1: n_layer = many: expected a whole number from 1 to 256"},
        {"seed = 1\nseed = 2\n", "", ":2: seed stands twice"},
        {"seed\n", "", ":1: "},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        const char *path = bench_write(bench, "a config.ini", cases[c].text);
        assert_refused(bench, bench_text(bench, "train|--config|%s%s", path, cases[c].flags),
                       bench_text(bench, "posgpt: %s%s", path, cases[c].message), "");
    }
    const char *missing = bench_path(bench, "missing.ini");
    assert_refused(bench, bench_text(bench, "train|--config=%s", missing), missing, "No such file");
    assert_refused(bench, bench_text(bench, "train|--config|%s", bench->folder), bench->folder, "");
}

static void a_text_that_cannot_be_learned_is_refused(void **state)
{
    Bench *bench = *state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"", "empty"},
        {"caf\xe9\n", ":1: byte 4 of the line is 0xE9: expected UTF-8"},
        {"aaaaaaaaaaaaaaaaaaaaaa", "aaa.txt"},
        {"too short for a window of 64 characters", "64"},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        const char *path = bench_write(bench, "aaa.txt", cases[c].text);
        assert_refused(bench, bench_text(bench, "train|--data|%s", path), path, cases[c].message);
    }
    const char *missing = bench_path(bench, "missing.txt");
    assert_refused(bench, bench_text(bench, "train|--data|%s", missing), missing, "No such file");
    assert_refused(bench, bench_text(bench, "train|--data|%s", bench->folder), bench->folder, "");
    assert_refused(bench, "train|--data=", "--data = : expected the path of a text file", "");
}

/* A file that is there but is no model is a failure of the work, not of the request. */
static void a_damaged_model_is_a_failure(void **state)
{
    Bench *bench = *state;
    const char *path = bench_write(bench, "x.safetensors", "not a model");
    const char *const commands[] = {"sample", "eval"};
    for (size_t c = 0; c < COUNT_OF(commands); c++) {
        Outcome outcome = run_posgpt(bench, NULL, "%s|%s", commands[c], path);
        assert_int_equal(outcome.code, 1);
        assert_contains(outcome.err, path);
        assert_string_equal(outcome.out, "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(help_goes_to_stdout),
        bench_test(help_lists_flags_under_the_heading_that_they_belong_to),
        bench_test(help_fits_on_80_columns),
        bench_test(what_cannot_be_written_is_a_failure),
        bench_test(a_wrong_command_line_is_refused),
        bench_test(a_wrong_config_is_refused_with_its_line),
        bench_test(a_text_that_cannot_be_learned_is_refused),
        bench_test(a_damaged_model_is_a_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
