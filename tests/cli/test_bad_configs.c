/* test_bad_configs.c: tests of the program as a whole: files of settings that cannot be. */
#include "support/bad_input.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/fixtures.h"

/* The message begins with the file; `message` is what stands behind it, from the line on. */
typedef struct Row {
    const char *what, *text, *message;
} Row;

static bool config_is_refused(Bench *bench, const char *what, const char *text, size_t length,
                              const char *message)
{
    write_test_file(bench_path(bench, "c.ini"), text, length);
    const char *const pieces[MAX_PIECES] = {bench_text(bench, "posgpt: @/c.ini%s", message)};
    return is_refused(bench, what, "train|--data|@/words.txt|--out-dir|@/out|--config|@/c.ini", 2,
                      pieces);
}

static void check_rows(Bench *bench, const Row *rows, size_t count)
{
    size_t wrong = 0;
    bench_corpus(bench);
    for (size_t r = 0; r < count; r++) {
        const char *text = with_folder(bench, rows[r].text);
        wrong += !config_is_refused(bench, rows[r].what, text, strlen(text), rows[r].message);
    }
    assert_int_equal(wrong, 0);
}

static void lines_of_another_form_are_refused(void **state)
{
    static const Row rows[] = {
        {"a key that is none", "\nxyzzyplugh = 3\n", ":2: unknown key \"xyzzyplugh\": expected"},
        {"the same key twice", "n-layer = 1\nn_layer = 2\n", ":2: n_layer stands twice: it was"},
        {"no key", "seed = 1\n= 3\n", ":2: expected a key in front of the '='"},
        {"no value", "n_layer =\n", ":1: n_layer = : expected a whole number from 1 to 256"},
        {"no scheme", "pos =\n", ":1: pos = : expected one of: none"},
        {"nothing but a comment", "n_layer = # two\n", ":1: n_layer = : expected a whole number"},
        {"a section that does not end", "[model\n", ":1: \"[model\": expected a section like"},
        {"a quote that does not end", "name = \"abc\n", ":1: name: expected a closing '\"'"},
        {"an unknown escape", "name = \"a\\qb\"\n", ":1: name: expected a closing '\"'"},
        {"words behind the quote", "name = \"a\" b\n", ":1: name: expected a closing '\"'"},
        {"behind a byte-order mark", "\xef\xbb\xbfn_layer = 0\n", ":1: n_layer = 0: expected"},
        {"lines of Windows", "seed = 1\r\nn_layer = 0\r\n", ":2: n_layer = 0: expected a whole"},
        {"lines of old Macs", "seed = 1\rn_layer = 0\r", ":1: seed = 1?n_layer = 0: expected"},
        {"no line break at the end", "n_layer = 0", ":1: n_layer = 0: expected a whole number"},
        {"an escape for the terminal", "pos = \033[31mred\n", ":1: pos = ?[31mred: expected"},
        {"JSON", "{\"n_layer\": 2}\n", ":1: \"{\"n_layer\": 2}\": expected key = value"},
    };
    check_rows(*state, rows, COUNT_OF(rows));
    assert_true(config_is_refused(*state, "a NUL byte", "n_layer = 2\0\n", 13, ":1: a NUL byte"));
    assert_true(config_is_refused(*state, "UTF-16", "\xff\xfen\0_\0", 6, ":1: a NUL byte"));
}

static void values_out_of_range_are_refused(void **state)
{
    static const Row rows[] = {
        {"not a number", "learning_rate = nan\n", ":1: learning_rate = nan: expected a number"},
        {"infinite", "learning_rate = -inf\n", ":1: learning_rate = -inf: expected a number"},
        {"too large to be read", "dropout = 1e999\n", ":1: dropout = 1e999: expected a number"},
        {"too small to be read", "learning_rate = 1e-999\n", ":1: learning_rate = 1e-999: expe"},
        {"2^64", "seed = 18446744073709551616\n", ":1: seed = 18446744073709551616: expected"},
        {"2^64 + 1, which would be 1", "n_layer = 18446744073709551617\n", ":1: n_layer = 184467"},
        {"hexadecimal", "n_layer = 0x10\n", ":1: n_layer = 0x10: expected a whole number"},
        {"a fraction", "n_layer = 3.5\n", ":1: n_layer = 3.5: expected a whole number from 1"},
        {"a unit", "block_size = 64k\n", ":1: block_size = 64k: expected a whole number from 1"},
        {"two numbers", "n_layer = 3 4\n", ":1: n_layer = 3 4: expected a whole number"},
        {"a negative size", "n_embd = -1\n", ":1: n_embd = -1: expected a whole number from 1"},
        {"a memory without end", "beta1 = 1\n", ":1: beta1 = 1: expected a number from 0 to 0.99"},
        {"the other one, too", "beta2 = 1.0\n", ":1: beta2 = 1.0: expected a number from 0"},
        {"nothing left", "dropout = 1\n", ":1: dropout = 1: expected a number from 0 to 0.99"},
        {"an unknown scheme", "pos = ROPE\n", ":1: pos = ROPE: did you mean \"rope\"? expected"},
        {"unknown tokens", "tokens = bytes\n", ":1: tokens = bytes: expected one of: char, word"},
        {"an unknown task", "task = copi\n", ":1: task = copi: did you mean \"copy\"? expected"},
        {"a base of 0", "rope_base = 0\n", ":1: rope_base = 0: expected a number from 1"},
        {"a path as a name", "name = a/b\n", ":1: name = a/b: expected a name without '/'"},
        {"weights not there", "\ninit_from = @/none\n", ":2: init_from = @/none: expected the"},
    };
    check_rows(*state, rows, COUNT_OF(rows));
}

static void settings_that_do_not_fit_together_are_refused(void **state)
{
    static const Row rows[] = {
        {"heads of different sizes", "n_embd = 128\nn_head = 5\n", ":2: n_head = 5: does not div"},
        {"an odd head size", "n_head = 4\npos = rope\nn_embd = 12\n",
         ":2: pos = rope: n_embd / n_head = 3: rotary pairs need an even head size"},
        {"a table that is too short", "pos = learned\nlearned_length = 63\n",
         ":1: pos = learned: learned_length = 63: expected at least 64"},
        {"a bucket for half a distance", "t5_buckets = 1\npos = t5\n",
         ":2: pos = t5: t5_buckets = 1: expected"},
        {"a warm-up that does not end", "max_iters = 9\nwarmup_iters = 10\n",
         ":2: warmup_iters = 10: expected at most max_iters = 9"},
        {"a warm-up beyond the decay", "lr_decay_iters = 5\nwarmup_iters = 6\n",
         ":2: warmup_iters = 6: expected at most lr_decay_iters = 5"},
        {"an end above the peak", "learning_rate = 1e-4\nmin_lr = 1e-3\n",
         ":2: min_lr = 0.001: expected at most learning_rate = 0.0001"},
        {"a task with a window of its own", "task = copy\nblock_size = 3\n",
         ":2: block_size = 3: task = copy takes"},
    };
    check_rows(*state, rows, COUNT_OF(rows));
}

/* Each factor is allowed, and the text is long enough; only the product is too much. */
static void models_beyond_the_memory_are_refused_before_it_is_asked_for(void **state)
{
    static const struct {
        const char *what, *words;
    } rows[] = {
        {"more than 2^64 bytes", "|--n-layer|256|--n-embd|65536|--n-head|1024|--batch-size|65536|"
                                 "--block-size|300"},
        {"a large batch", "|--n-layer|256|--batch-size|65536|--block-size|300"},
        {"wide channels", "|--n-embd|65536|--n-layer|256"},
    };
    Bench *bench = *state;
    size_t wrong = 0;
    for (size_t r = 0; r < COUNT_OF(rows); r++)
        wrong += !is_refused(bench, rows[r].what, tiny_out(bench, rows[r].words), 2,
                             (const char *const[MAX_PIECES]){
                                 "this model takes ", "iB to train, and this machine has ",
                                 "expected smaller n_layer, n_embd, block_size or batch_size"});
    assert_int_equal(wrong, 0);
}

static void a_long_line_does_not_hide_what_was_expected(void **state)
{
    enum { LONG = 200000 };
    static char text[LONG + 64];
    static const Row rows[] = {
        {"a value", "n_layer = ", "999: expected a whole number from 1 to 256"},
        {"a key", "", "999\": expected key = value"},
    };
    Bench *bench = *state;
    bench_corpus(bench);
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        int start = snprintf(text, sizeof text, "%s", rows[r].text);
        memset(text + start, '9', LONG);
        write_test_file(bench_path(bench, "c.ini"), text, (size_t)start + LONG);
        const char *const pieces[MAX_PIECES] = {"@/c.ini:1: ", rows[r].message};
        assert_true(is_refused(bench, rows[r].what,
                               "train|--data|@/words.txt|--out-dir|@/out|--config|@/c.ini", 2,
                               pieces));
    }
}

static void what_is_no_file_is_no_config(void **state)
{
    static const struct {
        const char *what, *path, *message;
    } rows[] = {
        {"a folder", "@", "@: is a folder: expected a file"},
        {"a device", "/dev/zero", "/dev/zero: is a pipe or a device: expected a file"},
        {"a pipe", "@/pipe", "@/pipe: is a pipe or a device: expected a file"},
        {"a link to nothing", "@/link", "@/link: No such file or directory"},
        {"a link to itself", "@/circle", "@/circle: Too many levels of symbolic links"},
        {"a file as a folder", "@/words.txt/c.ini", "@/words.txt/c.ini: Not a directory"},
    };
    Bench *bench = *state;
    size_t wrong = 0;
    only_with_float();
    bench_corpus(bench);
    assert_int_equal(mkfifo(bench_path(bench, "pipe"), 0600), 0);
    assert_int_equal(symlink("nowhere", bench_path(bench, "link")), 0);
    assert_int_equal(symlink("circle", bench_path(bench, "circle")), 0);
    for (size_t r = 0; r < COUNT_OF(rows); r++)
        wrong += !is_refused(bench, rows[r].what,
                             bench_text(bench, "train|--out-dir|@/out|--config|%s", rows[r].path),
                             2, (const char *const[MAX_PIECES]){rows[r].message});
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(lines_of_another_form_are_refused),
        bench_test(values_out_of_range_are_refused),
        bench_test(settings_that_do_not_fit_together_are_refused),
        bench_test(models_beyond_the_memory_are_refused_before_it_is_asked_for),
        bench_test(a_long_line_does_not_hide_what_was_expected),
        bench_test(what_is_no_file_is_no_config),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
