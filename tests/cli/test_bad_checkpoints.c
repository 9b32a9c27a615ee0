/* test_bad_checkpoints.c: tests of the program as a whole: models that were damaged, or that claim
 * what cannot be. Every command that opens a model refuses them in the same way, and so does a run
 * that would go on from one. That every cut and every changed byte is noticed is tested in
 * tests/train. */
#include "support/bad_input.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "math/real.h"
#include "support/fixtures.h"
#include "train/safetensors.h"

#ifdef REAL_IS_DOUBLE
#define DTYPE   "\"F64\""
#define INTEGER "\"I64\""
#else
#define DTYPE   "\"F32\""
#define INTEGER "\"I32\""
#endif

/* What is done to the file of a good model, in this order; a 0 stands for nothing. */
typedef struct Row {
    const char *what;
    const char *from, *to; /* the first of these texts, for another of the same length */
    real number;           /* in the place of the first weight */
    long kept;             /* the file ends after so many bytes; counted from its end if negative */
    unsigned long long header; /* the length of the header, less 1 */
    const char *message;       /* behind the file's name */
} Row;

/* Without a checksum: the name of its text is another. Damage goes further then. */
enum { SEALED = 1, UNSEALED = 0 };

/* --- a good model --- */

static FileBytes good_model(Bench *bench)
{
    FileBytes file;
    assert_done(run_tiny_out(bench, NULL, "|--name|m"));
    assert_int_equal(rename(bench_path(bench, "out/m"), bench_path(bench, "m")), 0);
    assert_int_equal(remove(bench_path(bench, "out")), 0);
    assert_true(file_read(&bench->arena, bench_path(bench, "m/checkpoint.safetensors"), 1 << 20,
                          &file, NULL));
    return file;
}

static size_t header_end(const char *bytes)
{
    uint64_t length;
    memcpy(&length, bytes, sizeof length);
    return 8 + (size_t)length;
}

static void exchange(FileBytes file, const char *from, const char *to)
{
    size_t length = strlen(from), end = header_end(file.bytes);
    assert_int_equal(strlen(to), length);
    for (size_t at = 0; at + length <= end; at++)
        if (memcmp(file.bytes + at, from, length) == 0) {
            memcpy(file.bytes + at, to, length);
            return;
        }
    fail_msg("the header does not say %s", from);
}

/* How messages begin that are about a tensor. */
#define WTE    "tensor \"transformer.wte.weight\": "
#define C_ATTN "tensor \"transformer.h.0.attn.c_attn.weight\": "

/* --- damage --- */

static void write_damaged(Bench *bench, const char *path, FileBytes good, const Row *row,
                          bool sealed)
{
    FileBytes file = {arena_text(&bench->arena, good.bytes, good.length), good.length};
    if (!sealed)
        exchange(file, "\"checksum\"", "\"Checksum\"");
    if (row->from != NULL)
        exchange(file, row->from, row->to);
    if (row->number != 0)
        memcpy(file.bytes + header_end(file.bytes), &row->number, sizeof row->number);
    if (row->header != 0) {
        uint64_t length = (uint64_t)row->header - 1;
        memcpy(file.bytes, &length, sizeof length);
    }
    if (row->kept != 0)
        file.length = row->kept > 0 ? (size_t)row->kept : file.length - (size_t)-row->kept;
    write_test_file(path, file.bytes, file.length);
}

/* By sample, eval and inspect; by a run that would go on from it; and by one that would start from
 * its weights, which asks for no config. */
static size_t count_accepted(Bench *bench, const Row *row, bool by_new_runs)
{
    const char *const commands[] = {
        "sample|@/m/checkpoint.safetensors", "eval|@/m/checkpoint.safetensors",
        "inspect|@/m/checkpoint.safetensors", tiny(bench, "|--name|m|--max-iters|4"),
        tiny_out(bench, "|--init-from|@/m/checkpoint.safetensors")};
    const char *const pieces[MAX_PIECES] = {
        bench_text(bench, "posgpt: @/m/checkpoint.safetensors: %s", row->message)};
    size_t wrong = 0, n_commands = COUNT_OF(commands);
    for (size_t c = 0; c < (by_new_runs ? n_commands : n_commands - 1); c++)
        wrong += !is_refused(bench, bench_text(bench, "%s, by %.6s", row->what, commands[c]),
                             commands[c], 1, pieces);
    return wrong;
}

static void check_rows(Bench *bench, const Row *rows, size_t count, bool sealed, bool by_new_runs)
{
    FileBytes good = good_model(bench);
    size_t wrong = 0;
    for (size_t r = 0; r < count; r++) {
        write_damaged(bench, bench_path(bench, "m/checkpoint.safetensors"), good, &rows[r], sealed);
        wrong += count_accepted(bench, &rows[r], by_new_runs);
    }
    assert_int_equal(wrong, 0);
}

static void files_that_are_no_model_are_refused(void **state)
{
    static const Row rows[] = {
        {"a file of 7 bytes", .kept = 7, .message = "has 7 bytes: expected the 8"},
        {"only a length", .kept = 8, .message = "header of "},
        {"half a header", .kept = 500, .message = "header of "},
        {"without its last byte", .kept = -1,
         .message = "tensor \"optimizer.square.transformer.ln_f.weight\": data_off"},
        {"without its last number", .kept = -(long)sizeof(real),
         .message = "tensor \"optimizer.square.transformer.ln_f.weight\": data_off"},
        {"no header", .header = 1, .message = "header: byte 0: the text ends: expected a value"},
        {"a header of 2^63 bytes", .header = (1ull << 63) + 1, .message = "header of 9223372036"},
        {"a header of 2^64 - 2 bytes", .header = ~0ull, .message = "header of 184467440737095"},
        {"a header that ends too early", .header = 1000 + 1,
         .message = "header: byte 1000: the text ends: expected "},
        {"a list", "{\"__metadata__\"", "[\"__metadata__\"",
         .message = "header: expected '{' at its start"},
        {"numbers of another size", DTYPE, "\"F16\"", .message = WTE "has "},
        {"another shape than its bytes", "\"shape\":[22,8]", "\"shape\":[23,8]",
         .message = WTE "has "},
        {"a negative size", "\"shape\":[22,8]", "\"shape\":[-2,8]",
         .message = WTE "shape, dimension 0: expected a whole number"},
        {"a fraction of a size", "\"shape\":[22,8]", "\"shape\":[.2,8]",
         .message = "header: byte "},
        {"one name twice", ".0.ln_1.weight", ".0.ln_2.weight", .message = "header: byte "},
        {"a hole", "\"data_offsets\":[0,", "\"data_offsets\":[8,", .message = WTE "has "},
        {"a damaged number", .number = 7, .message = "damaged: its contents do not have"},
        {"a damaged vocabulary", "\"\\n .abef", "\"\\n .bbef", .message = "damaged: its contents"},
    };
    only_with_float();
    check_rows(*state, rows, COUNT_OF(rows), SEALED, true);
}

static void tensors_that_are_not_those_of_the_model_are_refused(void **state)
{
    static const Row rows[] = {
        {"whole numbers", DTYPE, INTEGER, .message = WTE "has dtype I"},
        {"not a number", .number = (real)NAN, .message = WTE "number 1 of 176 is nan: expected"},
        {"infinite", .number = (real)-INFINITY, .message = WTE "number 1 of 176 is -inf: expect"},
    };
    check_rows(*state, rows, COUNT_OF(rows), UNSEALED, true);
}

/* A run that starts from weights says of these that the request is wrong: the file may be right. */
static void tensors_of_another_model_are_refused(void **state)
{
    static const Row rows[] = {
        {"a tensor that is not there", "\"transformer.ln_f.weight\"", "\"transformer.ln_g.weight\"",
         .message = "tensor \"transformer.ln_g.weight\": not part of the model in the config"},
        {"a shape turned round", "\"shape\":[24,8]", "\"shape\":[8,24]",
         .message = C_ATTN "has shape [8, 24]: the config expects [24, 8]"},
        {"a tensor of an optimiser that has none", "\"optimizer.mean.transformer.ln_f.weight\"",
         "\"optimizer.mean.transformer.ln_g.weight\"",
         .message = "tensor \"optimizer.mean.transformer.ln_g.weight\": not part of the model"},
    };
    check_rows(*state, rows, COUNT_OF(rows), UNSEALED, false);
}

static void settings_that_contradict_the_tensors_are_refused(void **state)
{
    static const Row rows[] = {
        {"another program's file", "posgpt 1", "posgpt 2", .message = "metadata \"format\": mis"},
        {"channels that no head divides", "n_head = 2", "n_head = 3",
         .message = "config:4: n_head = 3: does not divide n_embd = 8"},
        {"an unknown scheme", "pos = rope", "pos = ropy",
         .message = "config:2: pos = ropy: did you mean \"rope\"?"},
        {"a scheme with parameters of its own", "pos = rope", "pos =   t5", .message = "tensor \""},
        {"one more layer", "n_layer = 1", "n_layer = 2",
         .message = "tensor \"transformer.h.1.ln_1.weight\": missing"},
        {"no layer", "n_layer = 1", "n_layer = 0", .message = "config:3: n_layer = 0: expected"},
        {"fewer channels", "n_embd = 8", "n_embd = 4", .message = WTE "has shape [22, 8]: the con"},
        {"one character twice", "\"\\n .abef", "\"\\n .bbef",
         .message = "vocabulary: U+0062 behind U+0062: expected ascending"},
        {"unknown tokens", "\"tokens\":\"char\"", "\"tokens\":\"chat\"",
         .message = "metadata \"tokens\": missing or damaged: expected char, word or symbol"},
        {"no step", "\"step\":\"2\"", "\"step\":\"x\"", .message = "metadata \"step\""},
        {"no config", "\"config\":", "\"confic\":", .message = "metadata \"config\": missing"},
        {"no corpus", "\"corpus_sha256\"", "\"Corpus_sha256\"", .message = "metadata \"corpus_sh"},
    };
    check_rows(*state, rows, COUNT_OF(rows), UNSEALED, false);
}

/* --- good models, asked for what they cannot do --- */

static void prompts_that_the_model_cannot_read_are_refused(void **state)
{
    static const struct {
        const char *what, *words, *message;
    } rows[] = {
        {"a letter of no word", "--prompt|fox Q", "the prompt: character 'Q' (U+0051) at line 1"},
        {"in the second line", "--prompt|fox\n\xe2\x82\xac", "'\xe2\x82\xac' (U+20AC) at line 2"},
        {"an escape", "--prompt|\033[31m", "the prompt: character '?' (U+001B) at line 1: not in"},
        {"no UTF-8", "--prompt|fox \xff", "the prompt: byte 0xFF at line 1: expected UTF-8"},
    };
    Bench *bench = *state;
    size_t wrong = 0;
    good_model(bench);
    for (size_t r = 0; r < COUNT_OF(rows); r++)
        wrong += !is_refused(bench, rows[r].what, bench_text(bench, "sample|@/m|%s", rows[r].words),
                             2, (const char *const[MAX_PIECES]){rows[r].message});
    assert_int_equal(wrong, 0);
}

static void requests_at_the_border_are_answered(void **state)
{
    static const char *const rows[] = {
        "--prompt=",       "--temperature|0",  "--temperature|1e-300", "--temperature|100",
        "--top-k|1048576", "--top-p|0.000001", "--window|1",           "--window|1048576"};
    Bench *bench = *state;
    good_model(bench);
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        Outcome outcome = run_posgpt(bench, &(Setting){.seconds = BAD_INPUT_SECONDS},
                                     "sample|%s/m|--length|30|%s", bench->folder, rows[r]);
        assert_done(outcome);
        assert_int_equal(strlen(outcome.out), 30 + 1);
    }
}

/* Each weight is finite, but not what is computed with them. */
static void answers_that_are_no_numbers_are_not_given(void **state)
{
    const real largest = sizeof largest == sizeof(float) ? (real)FLT_MAX : (real)DBL_MAX;
    const Row row = {"too large a number", .number = largest};
    const Setting setting = {.seconds = BAD_INPUT_SECONDS};
    Bench *bench = *state;
    write_damaged(bench, bench_path(bench, "m/best.safetensors"), good_model(bench), &row,
                  UNSEALED);
    Outcome text = run_posgpt(bench, &setting, "sample|%s/m", bench->folder);
    Outcome loss = run_posgpt(bench, &setting, "eval|%s/m", bench->folder);
    assert_int_equal(text.code, 1);
    assert_contains(text.err, "posgpt: drawing token ");
    assert_contains(text.err, "expected a finite number");
    assert_int_equal(loss.code, 1);
    assert_contains(loss.err, "words.txt: the loss in windows of 8 is ");
    assert_contains(loss.err, "expected a finite number");
}

static void contexts_that_cannot_be_are_refused(void **state)
{
    static const struct {
        const char *what, *context, *message;
    } rows[] = {
        {"no context", "0", "--context = 0: \"0\": expected a whole number from 1 to"},
        {"a hole in a list", "8,,16", "--context = 8,,16: \"\": expected a whole number from 1"},
        {"a word in a list", "8,x", "--context = 8,x: \"x\": expected a whole number from 1 to"},
        {"more than can be", "9999999", "\"9999999\": expected a whole number from 1 to 1048576"},
    };
    Bench *bench = *state;
    size_t wrong = 0;
    good_model(bench);
    for (size_t r = 0; r < COUNT_OF(rows); r++)
        wrong += !is_refused(bench, rows[r].what,
                             bench_text(bench, "eval|@/m|--context|%s", rows[r].context), 2,
                             (const char *const[MAX_PIECES]){rows[r].message});
    assert_int_equal(wrong, 0);
}

static void weights_of_another_text_are_refused(void **state)
{
    Bench *bench = *state;
    good_model(bench);
    char text[400];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)('A' + i % 22); /* as many characters as the words have */
    write_test_file(bench_path(bench, "x.txt"), text, sizeof text);
    const char *words = tiny_out(bench, "|--init-from|@/m/best.safetensors|--data|@/x.txt");
    assert_true(is_refused(bench, "another text", words, 2,
                           (const char *const[MAX_PIECES]){
                               "@/m/best.safetensors: vocabulary: character 1 is '\\n': expected "
                               "'A', as in the corpus"}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(files_that_are_no_model_are_refused),
        bench_test(tensors_that_are_not_those_of_the_model_are_refused),
        bench_test(tensors_of_another_model_are_refused),
        bench_test(settings_that_contradict_the_tensors_are_refused),
        bench_test(prompts_that_the_model_cannot_read_are_refused),
        bench_test(requests_at_the_border_are_answered),
        bench_test(answers_that_are_no_numbers_are_not_given),
        bench_test(contexts_that_cannot_be_are_refused),
        bench_test(weights_of_another_text_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
