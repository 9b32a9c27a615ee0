/* test_bad_corpora.c: tests of the program as a whole: texts and grammars from which nothing can be
 * learned. */
#include "support/bad_input.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "support/fixtures.h"

/* --- texts --- */

/* A text of some bytes, again and again. */
typedef struct Row {
    const char *what, *bytes;
    size_t length, times;
    const char *message; /* behind the file's name */
} Row;

#define BYTES(text) text, sizeof(text) - 1

static void write_row(Bench *bench, const Row *row)
{
    TextBuffer text = {0};
    text_append(&text, "", 0);
    for (size_t n = 0; n < row->times; n++)
        text_append(&text, row->bytes, row->length);
    assert_false(text.failed);
    write_test_file(bench_path(bench, "x.txt"), text.bytes, text.length);
    text_buffer_free(&text);
}

static void texts_without_anything_to_learn_are_refused(void **state)
{
    static const Row rows[] = {
        {"an empty file", BYTES("x"), 0, ": empty: expected text"},
        {"only a byte-order mark", BYTES("\xef\xbb\xbf"), 1, ": empty: expected text"},
        {"one character", BYTES("a"), 1, ": 'a' is its only character: expected at least two"},
        {"one character, often", BYTES("a"), 5000, ": 'a' is its only character: expected at"},
        {"one line end of Windows", BYTES("\r\n"), 1, ": '\\n' is its only character: expected"},
        {"empty lines of Windows", BYTES("\r\n"), 500, ": '\\n' is its only character: expected"},
        {"two characters", BYTES("ab"), 1, ": 1 character for validation (the last 10 %): expect"},
        {"validation as long as a window", BYTES("ab"), 40, ": 8 characters for validation (the "},
        {"a NUL byte", BYTES("ab\0cd"), 99, ":1: a NUL character: expected text"},
        {"a NUL byte in line 3", BYTES("a\nb\nc\0"), 99, ":3: a NUL character: expected text"},
        {"only NUL bytes", BYTES("\0"), 99, ":1: a NUL character: expected text"},
        {"Latin 1", BYTES("a caf\xe9 "), 99, ":1: byte 6 of the line is 0xE9: expected UTF-8"},
        {"UTF-16",
         BYTES("\xff\xfe"
               "a\0b\0"),
         99, ":1: byte 1 of the line is 0xFF: expected"},
        {"a surrogate", BYTES("\n\xed\xa0\x80"), 99, ":2: byte 1 of the line is 0xED: expected"},
        {"an overlong form", BYTES("a\xc0\xaf"), 99, ":1: byte 2 of the line is 0xC0: expected"},
        {"beyond U+10FFFF", BYTES("\xf4\x90\x80\x80"), 99, ":1: byte 1 of the line is 0xF4"},
        {"half a character", BYTES("abc\xe2\x82"), 1, ":1: byte 4 of the line is 0xE2: expected"},
    };
    Bench *bench = *state;
    size_t wrong = 0;
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        write_row(bench, &rows[r]);
        wrong += !is_refused(bench, rows[r].what, tiny_out(bench, "|--data|@/x.txt"), 2,
                             (const char *const[MAX_PIECES]){
                                 bench_text(bench, "posgpt: @/x.txt%s", rows[r].message)});
    }
    assert_int_equal(wrong, 0);
}

static void every_byte_value_is_no_text(void **state)
{
    Bench *bench = *state;
    unsigned char bytes[255 * 20];
    for (size_t b = 0; b < sizeof bytes; b++)
        bytes[b] = (unsigned char)(1 + b % 255);
    write_test_file(bench_path(bench, "x.txt"), bytes, sizeof bytes);
    assert_true(is_refused(bench, "all bytes but 0", tiny_out(bench, "|--data|@/x.txt"), 2,
                           (const char *const[MAX_PIECES]){
                               "@/x.txt:2: byte 118 of the line is 0x80: expected UTF-8"}));
}

static void texts_that_look_odd_are_learned(void **state)
{
    static const Row rows[] = {
        {"one long line", BYTES("abcdefghi "), 200000, ""},
        {"line ends of old Macs", BYTES("ab\rcd\r"), 99, ""},
        {"control characters", BYTES("\x01\x02\x1b[31m\x7f"), 99, ""},
        {"two characters in turn", BYTES("ab"), 99, ""},
        {"emoji", BYTES("\xf0\x9f\x98\x80\xf0\x9f\x98\x81"), 99, ""},
    };
    Bench *bench = *state;
    only_with_float();
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        write_row(bench, &rows[r]);
        Outcome outcome = run_tiny_out(
            bench, NULL, bench_text(bench, "|--data|@/x.txt|--name|%zu|--max-iters|1", r));
        if (outcome.code != 0)
            print_error("%s\n", rows[r].what);
        assert_done(outcome);
        assert_null(strchr(outcome.err, '\033'));
    }
}

/* --- what is no text at all --- */

static void what_is_no_file_is_no_text(void **state)
{
    static const struct {
        const char *what, *path, *message;
    } rows[] = {
        {"nothing", "@/none", "@/none: No such file or directory"},
        {"a folder", "@", "@: is a folder: expected a file"},
        {"a pipe", "@/pipe", "@/pipe: is a pipe or a device: expected a file"},
        {"a pipe as a grammar", "@/pipe.grammar", "@/pipe.grammar: is a pipe or a device: expec"},
        {"a folder as a grammar", "@/x.grammar", "@/x.grammar: is a folder: expected a file"},
        {"no grammar", "@/none.grammar", "@/none.grammar: No such file or directory"},
        {"a link to nothing", "@/link", "@/link: No such file or directory"},
        {"a link to itself", "@/circle", "@/circle: Too many levels of symbolic links"},
        {"zeros without end", "/dev/zero", "/dev/zero: is a pipe or a device: expected a file"},
        {"nothing, without end", "/dev/null", "/dev/null: is a pipe or a device: expected a file"},
        {"stdin", "/dev/stdin", "/dev/stdin: is a pipe or a device: expected a file"},
        {"a dash", "-", "posgpt: -: No such file or directory"},
        {"a file as a folder", "@/words.txt/", "@/words.txt/: Not a directory"},
    };
    Bench *bench = *state;
    size_t wrong = 0;
    assert_int_equal(mkfifo(bench_path(bench, "pipe"), 0600), 0);
    assert_int_equal(mkfifo(bench_path(bench, "pipe.grammar"), 0600), 0);
    assert_int_equal(mkdir(bench_path(bench, "x.grammar"), 0700), 0);
    assert_int_equal(symlink("nowhere", bench_path(bench, "link")), 0);
    assert_int_equal(symlink("circle", bench_path(bench, "circle")), 0);
    for (size_t r = 0; r < COUNT_OF(rows); r++)
        wrong += !is_refused(bench, rows[r].what,
                             tiny_out(bench, bench_text(bench, "|--data|%s", rows[r].path)), 2,
                             (const char *const[MAX_PIECES]){rows[r].message});
    assert_int_equal(wrong, 0);
}

/* Root may read everything, so a child goes on as nobody and asks. */
static void a_text_that_may_not_be_read_is_refused(void **state)
{
    Bench *bench = *state;
    const char *text = bench_corpus(bench);
    assert_int_equal(chmod(text, 0), 0);
    assert_int_equal(chmod(bench->folder, 0777), 0);
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0 || access(POSGPT, X_OK)))
            _exit(77); /* nobody cannot reach the program */
        _exit(!is_refused(bench, "without permission", "train|--data|@/words.txt|--out-dir|@/out",
                          2, (const char *const[MAX_PIECES]){"@/words.txt: Permission denied"}));
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        skip();
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* --- grammars --- */

/* Of a language that cannot be, neither a text is generated nor a model trained. */
static void languages_that_cannot_be_are_refused(void **state)
{
    static const struct {
        const char *what, *text, *message;
    } rows[] = {
        {"an empty file", "", ": an empty language: expected a rule sentence = ..."},
        {"only comments", "# nothing\n", ": an empty language: expected a rule sentence = ..."},
        {"no rule", "hello\n", ":2: the file ends: expected '=' behind the name of a rule"},
        {"no first rule", "start = \"a\"\n", ": an empty language: expected a rule sentence"},
        {"a rule that is not there", "sentence = thing \"\\n\"\n",
         ":1: unknown name \"thing\": exp"},
        {"a rule that leads to itself", "sentence = sentence \"a\"\n", ":1: recursion: sentence"},
        {"a circle of rules", "sentence = a\na = b\nb = a \"x\"\n", ":3: recursion: a > b > a: "},
        {"one rule twice", "sentence = a\na = \"x\"\na = \"y\"\n",
         ":3: a: stands at line 2 already"},
        {"a text that does not end", "sentence = \"abc\n", ":1: the line ends or a space follows"},
        {"a weight of 0", "sentence = \"a\" [0] | \"b\"\n",
         ":1: \"[0]\": expected a weight above 0"},
        {"a weight that is none", "sentence = \"a\" [many] | \"b\"\n",
         ":1: \"[many]\": expected a"},
        {"Latin 1", "sentence = \"caf\xe9\"\n", ":1: byte 0xE9: expected UTF-8"},
        {"a name that was not kept", "sentence = \"a\" noun!who\nnoun = \"x\" | \"y\"\n",
         ":1: who: "},
        {"a sentence of nothing", "sentence = \"\"\n", ":1: sentence may be empty: expected some"},
        {"a sentence that doubles without end",
         "sentence = a a\na = b b\nb = c c\nc = d d\nd = e e\ne = f f\nf = g g\ng = h h\nh = i i\n"
         "i = j j\nj = k k\nk = l l\nl = \"abc\" \"def\"\n",
         ":1: sentence may be too long: expected at most 4096 characters"},
    };
    Bench *bench = *state;
    size_t wrong = 0;
    only_with_float();
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        bench_write(bench, "x.grammar", rows[r].text);
        const char *const pieces[MAX_PIECES] = {
            bench_text(bench, "posgpt: @/x.grammar%s", rows[r].message), "expected"};
        wrong +=
            !is_refused(bench, rows[r].what, tiny_out(bench, "|--data|@/x.grammar"), 2, pieces);
        wrong +=
            !is_refused(bench, rows[r].what,
                        "data|generate|--grammar|@/x.grammar|--chars|100|--out|@/out", 2, pieces);
    }
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(texts_without_anything_to_learn_are_refused),
        bench_test(every_byte_value_is_no_text),
        bench_test(texts_that_look_odd_are_learned),
        bench_test(what_is_no_file_is_no_text),
        bench_test(a_text_that_may_not_be_read_is_refused),
        bench_test(languages_that_cannot_be_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
