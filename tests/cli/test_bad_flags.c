/* test_bad_flags.c: tests of the program as a whole: command lines that ask for what cannot be. The
 * common mistakes are in test_cli.c. */
#include "support/bad_input.h"

#include <string.h>

#include "support/fixtures.h"

typedef struct Row {
    const char *what, *words, *pieces[MAX_PIECES];
} Row;

static void check_rows(Bench *bench, const Row *rows, size_t count)
{
    size_t wrong = 0;
    for (size_t r = 0; r < count; r++)
        wrong += !is_refused(bench, rows[r].what, rows[r].words, 2, rows[r].pieces);
    assert_int_equal(wrong, 0);
}

static void words_that_are_no_flags_are_refused(void **state)
{
    static const Row rows[] = {
        {"an empty command", "|--help", {"unknown command \"\"", "expected one of: train"}},
        {"a flag for a command", "--help=yes", {"--help: takes no value"}},
        {"only an equals sign", "train|=", {"\"=\": expected flags only"}},
        {"only a dash", "train|-", {"\"-\": expected flags only"}},
        {"only dashes", "train|---", {"---: expected a value behind it"}},
        {"a flag without a name", "train|--=3", {"--: unknown key \"\""}},
        {"an empty word", "train||--pos|rope", {"\"\": expected flags only"}},
        {"a flag behind two dashes", "train|--|--help", {"\"--help\": expected flags only"}},
        {"a switch with a value", "train|--fresh=1", {"--fresh: takes no value"}},
        {"a value that looks like a flag", "train|--pos|--seed", {"--pos = --seed: expected one"}},
        {"a line break in a name", "train|--a\nb|3", {"--a?b: unknown key \"a?b\""}},
        {"an escape in a value", "train|--pos|\033]0;x\007", {"--pos = ?]0;x?: expected one of"}},
        {"a C1 escape in a value",
         "train|--pos|a\xc2\x9b"
         "31m",
         {"--pos = a??31m: expected"}},
        {"bytes that are no UTF-8", "train|--pos|\xff\xfe", {"--pos = ??: expected one of"}},
        {"a value for printf", "train|--pos|%s%n%s", {"--pos = %s%n%s: expected one of"}},
        {"no run", "sample|", {"expected one run"}},
        {"an empty run", "sample||--seed|1", {"\"\": expected one run: a folder in runs/"}},
        {"an empty scheme", "inspect||--csv", {"\"\": expected one scheme or one run"}},
        {"a key of another command", "sample|x|--n-layer|2", {"--n-layer: unknown key"}},
        {"an unknown action", "data|frobnicate", {"\"frobnicate\": expected `generate`"}},
        {"no action", "data", {"expected `generate`, or `describe`"}},
    };
    check_rows(*state, rows, COUNT_OF(rows));
}

#define TRAIN "train|--out-dir|@/out|"

static void numbers_that_cannot_be_are_refused(void **state)
{
    static const Row rows[] = {
        {"twice, the last wrong", TRAIN "--seed|1|--seed|x", {"--seed = x: expected a whole"}},
        {"a sign", TRAIN "--n-layer|+2", {"--n-layer = +2: expected a whole number from 1"}},
        {"a space", TRAIN "--n-layer| 2", {"--n-layer =  2: expected a whole number"}},
        {"an exponent", TRAIN "--batch-size|1e1", {"--batch-size = 1e1: expected a whole number"}},
        {"hexadecimal", TRAIN "--dropout|0x0p0", {"--dropout = 0x0p0: expected a number from 0"}},
        {"a decimal comma", TRAIN "--dropout|0,1", {"--dropout = 0,1: expected a number from 0"}},
        {"infinite", TRAIN "--learning-rate|inf", {"--learning-rate = inf: expected a number"}},
        {"digits of another script", TRAIN "--seed|\xd9\xa3", {"expected a whole number"}},
        {"more threads than any", TRAIN "--threads|1025", {"--threads = 1025", "from 0 to 1024"}},
        {"a negative temperature", TRAIN "--temperature=-1", {"--temperature = -1", "from 0 to"}},
        {"a temperature that is none", "sample|x|--temperature|nan", {"--temperature = nan"}},
        {"more of the likeliest than can be", "sample|x|--top-k|9999999", {"--top-k = 9999999"}},
        {"no share of the odds", "sample|x|--top-p|0", {"--top-p = 0: expected a number from"}},
        {"more than all odds", "sample|x|--top-p|1.5", {"--top-p = 1.5", "to 1\n"}},
        {"no text", "sample|x|--length|0", {"--length = 0: expected a whole number from 1"}},
        {"no texts", "sample|x|--n|0", {"--n = 0: expected a whole number from 1"}},
        {"an unknown way past the window",
         "sample|x|--past|fall",
         {"--past = fall", "slide, crop"}},
        {"no characters", "data|generate|--chars|0", {"--chars = 0: expected a whole number"}},
        {"too long to look at", "inspect|rope|--length|513", {"--length = 513", "from 0 to 512"}},
    };
    check_rows(*state, rows, COUNT_OF(rows));
}

static void requests_that_make_no_sense_are_refused(void **state)
{
    static const Row rows[] = {
        {"no folder for runs", "train|--out-dir=", {"--out-dir = : expected the path of a folder"}},
        {"no config", TRAIN "--config=", {"--config = : expected the path of a file of settings"}},
        {"a device as config", TRAIN "--config|/dev/zero", {"/dev/zero: is a pipe or a device"}},
        {"a control character in a name", TRAIN "--name|a\nb", {"--name = a?b: expected a name"}},
        {"a name like a flag", TRAIN "--name|--fresh", {"--name = --fresh: expected a name"}},
        {"weights that are not there", TRAIN "--init-from|@/none", {"--init-from = @/none: expec"}},
        {"weights that are a folder",
         TRAIN "--init-from|@",
         {"--init-from = @: expected the path"}},
        {"an option of a task without room",
         TRAIN "--task|copy|--block-size|8",
         {"--block-size = 8: task = copy takes"}},
        {"an odd head size",
         TRAIN "--pos|rope|--n-embd|12|--n-head|4",
         {"--pos = rope: n_embd / n_head = 3: rotary pairs need an even head size"}},
        {"an unknown scheme to compare",
         "compare|--out-dir|@/out|--pos|rope,nope",
         {"--pos = nope"}},
        {"one scheme twice", "compare|--out-dir|@/out|--pos|rope,rope", {"rope is there twice"}},
        {"no seeds", "compare|--out-dir|@/out|--seeds|0", {"--seeds = 0: expected a whole number"}},
        {"a comparison outside",
         "compare|--out-dir|@/out|--name|../x",
         {"--name = ../x: expected"}},
        {"a key to vary that is none",
         "compare|--out-dir|@/out|--vary|nope=1,2",
         {"--vary nope: unknown key"}},
        {"a value to vary that cannot be",
         "compare|--out-dir|@/out|--vary|n_layer=0,2",
         {"--vary n_layer = 0: expected a whole number from 1"}},
        {"nothing to vary", "compare|--out-dir|@/out|--vary|n_layer", {"expected setting=value"}},
        {"no such claim",
         "claims|--out-dir|@/out|--claim|99",
         {"--claim = 99: expected one of: 1"}},
        {"no such text", "data|describe|@/none.txt", {"@/none.txt: No such file"}},
        {"no such language", "data|generate|--grammar|@/none.grammar", {"@/none.grammar: No such"}},
    };
    check_rows(*state, rows, COUNT_OF(rows));
}

/* What was expected stands in the line however long the value is that was found. */
static void a_long_word_does_not_hide_what_was_expected(void **state)
{
    Bench *bench = *state;
    char nines[3001], kays[3001];
    memset(nines, '9', 3000);
    memset(kays, 'k', 3000);
    nines[3000] = kays[3000] = '\0';
    assert_true(is_refused(
        bench, "a long number", bench_text(bench, TRAIN "--seed|%s", nines), 2,
        (const char *const[MAX_PIECES]){"--seed = 999", "999: expected a whole number from 0 to"}));
    assert_true(is_refused(
        bench, "a long key", bench_text(bench, TRAIN "--%s|1", kays), 2,
        (const char *const[MAX_PIECES]){"--kkk", "kkk\": expected one that --help lists"}));
    assert_true(is_refused(bench, "no flag", bench_text(bench, TRAIN "%s", kays), 2,
                           (const char *const[MAX_PIECES]){"\"kkk", "kkk\": expected flags only"}));
    assert_true(is_refused(
        bench, "a long command", kays, 2,
        (const char *const[MAX_PIECES]){"unknown command \"kkk", "kkk\": expected one of: train"}));
    assert_true(is_refused(bench, "a long name", bench_text(bench, TRAIN "--name|%.201s", kays), 2,
                           (const char *const[MAX_PIECES]){"kkk: expected at most 200 bytes"}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(words_that_are_no_flags_are_refused),
        bench_test(numbers_that_cannot_be_are_refused),
        bench_test(requests_that_make_no_sense_are_refused),
        bench_test(a_long_word_does_not_hide_what_was_expected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
