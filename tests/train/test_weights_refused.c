/* test_weights_refused.c: tests of src/train/weights.c: files that do not fit the model, or hold
 * what is no number, are refused by name. */
#include "support/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/checkpoint_case.h"
#include "support/fixtures.h"
#include "support/weights_case.h"
#include "train/weights.h"

static void every_parameter_must_be_there(void **state)
{
    CheckpointCase *m = *state;
    for (const Param *p = m->gpt.params.first; p; p = p->next) {
        char message[128];
        SafeFile file = bare_contents(m);
        *tensor_named(&file, p->name) = file.tensors[file.n_tensors - 1];
        file.n_tensors--;
        write_contents(m, &file);
        snprintf(message, sizeof message, "tensor \"%s\": missing", p->name);
        assert_not_loaded(m, ERROR_REQUEST, message);
    }
}

static void a_shape_that_does_not_fit_is_named(void **state)
{
    CheckpointCase *m = *state;
    SafeFile file = bare_contents(m);
    memcpy(tensor_named(&file, "transformer.h.1.mlp.c_fc.weight")->shape, (size_t[]){8, 32},
           2 * sizeof(size_t));
    write_contents(m, &file);
    assert_not_loaded(m, ERROR_REQUEST,
                      "tensor \"transformer.h.1.mlp.c_fc.weight\": has shape [8, 32]: the config "
                      "expects [32, 8]");
}

static void a_number_that_is_none_is_named(void **state)
{
    CheckpointCase *m = *state;
    const struct {
        size_t i;
        double value;
        const char *message;
    } cases[] = {
        {0, NAN, "number 1 of 48 is nan: expected finite numbers"},
        {47, INFINITY, "number 48 of 48 is inf: expected finite numbers"},
        {13, -INFINITY, "number 14 of 48 is -inf: expected finite numbers"},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        char message[128];
        write_checkpoint(m, true);
        SafeFile file = contents_of(m);
        set_number(m, &file, TOKEN_TABLE, cases[c].i, cases[c].value);
        text_named(&file, "checksum")->key = "checksum of other bytes";
        write_contents(m, &file);
        snprintf(message, sizeof message, "tensor \"" TOKEN_TABLE "\": %s", cases[c].message);
        assert_not_loaded(m, ERROR_WORK, message);
        assert_refused(m, message); /* as a model to be asked, too */
    }
}

static void a_moment_that_is_no_number_is_named(void **state)
{
    CheckpointCase *m = *state;
    const char name[] = "optimizer.square.transformer.ln_f.weight";
    write_checkpoint(m, true);
    SafeFile file = contents_of(m);
    set_number(m, &file, name, 2, NAN);
    text_named(&file, "checksum")->key = "checksum of other bytes";
    write_contents(m, &file);
    assert_loads(m, "no checksum");
    assert_true(open_saved(m));
    assert_false(saved_model_moments(&m->saved, m->path, &m->adamw, &m->error));
    assert_contains(m->error.text, name);
    assert_contains(m->error.text, "number 3 of 8 is nan");
    assert_int_equal(m->error.kind, ERROR_WORK);
}

/* What is finite in the file and not here is no number either. */
static void a_number_too_large_for_this_build_is_named(void **state)
{
    CheckpointCase *m = *state;
    SafeFile file = bare_contents(m);
    double numbers[8] = {1, 2, 1e300, 4, 5, 6, 7, 8};
    SafeTensor *ln_f = tensor_named(&file, "transformer.ln_f.weight"), first = file.tensors[0];
    *ln_f = (SafeTensor){ln_f->name, "F64", 1, {8}, numbers, sizeof numbers};
    file.tensors[0] = *ln_f; /* larger numbers come first */
    *ln_f = first;
    write_contents(m, &file);
    if (sizeof(real) == 4) {
        assert_not_loaded(m, ERROR_WORK,
                          "tensor \"transformer.ln_f.weight\": number 3 of 8 is inf");
        return;
    }
    Gpt gpt;
    const char *lacks;
    assert_true(load_weights(m, &gpt, &lacks));
    assert_true((double)gpt.ln_f_weight->data[2] == 1e300);
    gpt_free(&gpt);
}

static void another_vocabulary_is_refused(void **state)
{
    CheckpointCase *m = *state; /* \n, space, a, é, த, 😀 */
    const struct {
        const char *tokens, *text, *message;
        ErrorKind kind;
    } cases[] = {
        {"char", "\n aéத", "vocabulary: 5 characters: expected 6 characters, as in the corpus",
         ERROR_REQUEST},
        {"char", "\n aéத😀😁", "vocabulary: 7 characters: expected 6 characters", ERROR_REQUEST},
        {"char", "\n abத😀", "vocabulary: character 4 is 'b': expected 'é', as in the corpus",
         ERROR_REQUEST},
        {"char", "\n aéத😁", "vocabulary: character 6 is '😁': expected '😀'", ERROR_REQUEST},
        {"word", "a\nb\nc\nd\ne\nf\n", "vocabulary: 6 words: expected 6 characters", ERROR_REQUEST},
        {"char", "ba", "vocabulary: U+0061 behind U+0062: expected ascending order", ERROR_WORK},
        {"bytes", "ab", "metadata \"tokens\": missing or damaged", ERROR_WORK},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        SafeFile file = bare_contents(m);
        SafeText texts[] = {{"vocabulary", cases[c].text, strlen(cases[c].text)},
                            {"tokens", cases[c].tokens, strlen(cases[c].tokens)}};
        file.metadata = texts;
        file.n_metadata = 2;
        write_contents(m, &file);
        assert_not_loaded(m, cases[c].kind, cases[c].message);
    }
}

/* In messages they look alike. */
static void words_with_the_same_long_beginning_are_told_apart(void **state)
{
#define LONG "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"
    CheckpointCase *m = *state;
    static const char own[] = "a\nb\nc\nd\ne\nf" LONG "y\n";
    SafeFile file = bare_contents(m);
    SafeText texts[] = {{"vocabulary", own, strlen(own)}, {"tokens", "symbol", 6}};
    file.metadata = texts;
    file.n_metadata = 2;
    write_contents(m, &file);
    for (size_t same = 0; same < 2; same++) {
        const char *const words[] = {"a", "b", "c", "d", "e", same ? "f" LONG "y" : "f" LONG "z"};
        assert_true(vocab_of_words(&m->arena, words, COUNT_OF(words), &m->vocab, NULL));
        if (same)
            assert_loads(m, "no checksum");
        else
            assert_not_loaded(m, ERROR_REQUEST, "vocabulary: symbol 6 is 'fabc");
    }
#undef LONG
}

static void what_is_no_file_of_tensors_is_refused(void **state)
{
    CheckpointCase *m = *state;
    assert_not_loaded(m, ERROR_WORK, "No such file or directory");
    write_test_file(m->path, "a text file", 11);
    assert_not_loaded(m, ERROR_WORK, "header of ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_A_MODEL(every_parameter_must_be_there),
        WITH_A_MODEL(a_shape_that_does_not_fit_is_named),
        WITH_A_MODEL(a_number_that_is_none_is_named),
        WITH_A_MODEL(a_moment_that_is_no_number_is_named),
        WITH_A_MODEL(a_number_too_large_for_this_build_is_named),
        WITH_A_MODEL(another_vocabulary_is_refused),
        WITH_A_MODEL(words_with_the_same_long_beginning_are_told_apart),
        WITH_A_MODEL(what_is_no_file_of_tensors_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
