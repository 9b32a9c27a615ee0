/* test_bad_numbers.c: tests of the program as a whole: training at the edge of what numbers can
 * be. Either it comes to its end, or it stops and says at which step and why; and no file it leaves
 * holds a number that is none. */
#include "support/bad_input.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "math/real.h"
#include "pos/pos.h"
#include "support/fixtures.h"
#include "train/safetensors.h"

typedef enum End { DONE = 0, STOPPED = 1, EITHER } End;

typedef struct Row {
    const char *what, *words;
    End end;
} Row;

/* --- what is left --- */

static size_t count_non_numbers(Bench *bench, const char *path)
{
    SafeFile file;
    size_t count = 0;
    if (!file_exists(path))
        return 0;
    assert_true(safetensors_read(&bench->arena, path, &file, NULL));
    for (size_t t = 0; t < file.n_tensors; t++) {
        const real *numbers = file.tensors[t].data;
        for (size_t i = 0; i < file.tensors[t].bytes / sizeof *numbers; i++)
            if (!isfinite(numbers[i]))
                count++;
    }
    return count;
}

static const char *out_file(Bench *bench, const char *run, const char *file)
{
    return file_of(bench, bench_text(bench, "out/%s", run), file);
}

/* Every number of the last row but "nan" for a training loss is one. */
static bool last_row_is_sound(Bench *bench, const char *run)
{
    const char *row = last_row(bench, bench_text(bench, "out/%s", run));
    return isfinite(cell(row, 2)) && isfinite(cell(row, 3)) && isfinite(cell(row, 4));
}

/* "posgpt: step 3: the loss is nan ...: expected ..." */
static bool says_why(Outcome outcome)
{
    return is_last_line(outcome.err, "posgpt: step ") && strstr(outcome.err, "expected") != NULL &&
           strstr(outcome.err, "-nan") == NULL && outcome.out[0] == '\0';
}

static bool ends_soundly(Bench *bench, const Row *row)
{
    const char *name = row->what;
    Outcome outcome =
        run_tiny_out(bench, NULL, bench_text(bench, "%s|--name|%s", row->words, name));
    bool sound = outcome.code == 0 ? row->end != STOPPED && last_row_is_sound(bench, name)
                                   : row->end != DONE && outcome.code == 1 && says_why(outcome);
    size_t others = count_non_numbers(bench, out_file(bench, name, "checkpoint.safetensors")) +
                    count_non_numbers(bench, out_file(bench, name, "best.safetensors"));
    if (!sound || others > 0)
        print_error("%s: exit code %d, %zu numbers are none; stderr:\n%s", name, outcome.code,
                    others, outcome.err);
    return sound && others == 0;
}

static void check_rows(Bench *bench, const Row *rows, size_t count)
{
    size_t wrong = 0;
    for (size_t r = 0; r < count; r++)
        wrong += !ends_soundly(bench, &rows[r]);
    assert_int_equal(wrong, 0);
}

/* --- settings --- */

static void any_settings_train_or_stop_with_the_reason(void **state)
{
    static const Row rows[] = {
        {"1000 times the learning rate", "|--learning-rate|3|--min-lr|3|--max-iters|30", EITHER},
        {"the largest one", "|--learning-rate|100|--min-lr|100|--max-iters|30", EITHER},
        {"not clipped", "|--learning-rate|100|--grad-clip|0|--max-iters|30", EITHER},
        {"pulled beyond zero",
         "|--learning-rate|100|--min-lr|100|--weight-decay|100|--max-iters|99", STOPPED},
        {"the smallest learning rate", "|--learning-rate|1e-12|--min-lr|0", DONE},
        {"a clip that leaves nothing", "|--grad-clip|1e-300", DONE},
        {"no memory", "|--beta1|0|--beta2|0|--max-iters|30", DONE},
        {"a long memory", "|--beta1|0.999999|--beta2|0.999999", DONE},
        {"hardly anything left", "|--dropout|0.99|--max-iters|30", DONE},
        {"one character to look at", "|--block-size|1|--batch-size|1", DONE},
        {"a step of many batches", "|--gradient-accumulation-steps|300", DONE},
        {"a position far away", "|--position-offset|1048576", DONE},
    };
    check_rows(*state, rows, COUNT_OF(rows));
}

/* One layer, one head, two channels: the two halves of a rotary pair. */
static void the_smallest_model_of_each_scheme_trains(void **state)
{
    Bench *bench = *state;
    for (size_t s = 0; s < pos_scheme_count; s++) {
        const char *name = pos_names[s];
        const char *words = text_format(&bench->arena, "|--pos|%s|--n-embd|2|--n-head|1", name);
        check_rows(bench, &(Row){name, words, DONE}, 1);
    }
}

/* Of the letter there is nothing to learn, so the loss comes near 0. */
static void a_text_of_nearly_one_letter_trains(void **state)
{
    static const Row row = {"nearly one letter", "|--data|@/a.txt|--max-iters|30", DONE};
    Bench *bench = *state;
    char text[2000];
    memset(text, 'a', sizeof text);
    text[1000] = 'b';
    write_test_file(bench_path(bench, "a.txt"), text, sizeof text);
    assert_true(ends_soundly(bench, &row));
    assert_true(cell(last_row(bench, "out/nearly one letter"), 2) < 0.5);
}

/* --- weights --- */

/* Multiplies the weights of the tensors whose name holds `part`. The file has no checksum then. */
static void write_scaled(Bench *bench, SafeFile file, const char *part, double factor)
{
    SafeText *texts = arena_alloc(&bench->arena, file.n_metadata, sizeof *texts);
    assert_non_null(texts);
    size_t n_texts = 0;
    for (size_t m = 0; m < file.n_metadata; m++)
        if (strcmp(file.metadata[m].key, "checksum") != 0)
            texts[n_texts++] = file.metadata[m];
    for (size_t t = 0; t < file.n_tensors; t++) {
        SafeTensor *tensor = &file.tensors[t];
        size_t count = tensor->bytes / sizeof(real);
        real *numbers = arena_alloc_raw(&bench->arena, count, sizeof *numbers);
        assert_non_null(numbers);
        memcpy(numbers, tensor->data, tensor->bytes);
        for (size_t i = 0; i < count && strstr(tensor->name, part) != NULL; i++)
            numbers[i] *= (real)factor;
        tensor->data = numbers;
    }
    file.metadata = texts;
    file.n_metadata = n_texts;
    assert_true(safetensors_write(bench_path(bench, "start.safetensors"), &file, NULL));
}

static void any_weights_train_or_stop_with_the_reason(void **state)
{
    static const struct {
        const char *part;
        double factor;
    } rows[] = {{"", 1e5},     {"", 1e15},     {"", 1e30},     {"wte", 1e30},
                {"mlp", 1e30}, {"attn", 1e30}, {"ln_f", 1e18}, {"ln_f", 1e30}};
    Bench *bench = *state;
    size_t wrong = 0;
    assert_done(run_tiny_out(bench, NULL, "|--name|m"));
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        SafeFile file;
        const char *name = bench_text(bench, "%s times %g", rows[r].part, rows[r].factor);
        assert_true(
            safetensors_read(&bench->arena, out_file(bench, "m", "best.safetensors"), &file, NULL));
        write_scaled(bench, file, rows[r].part, rows[r].factor);
        const Row row = {name[0] == ' ' ? name + 1 : name,
                         "|--init-from|@/start.safetensors|--grad-clip|0|--max-iters|5", EITHER};
        wrong += !ends_soundly(bench, &row);
    }
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(any_settings_train_or_stop_with_the_reason),
        bench_test(the_smallest_model_of_each_scheme_trains),
        bench_test(a_text_of_nearly_one_letter_trains),
        bench_test(any_weights_train_or_stop_with_the_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
