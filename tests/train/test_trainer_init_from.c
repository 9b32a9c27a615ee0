/* test_trainer_init_from.c: tests of src/train/trainer.c: runs that start from a file of
 * weights. */
#include "support/training.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Saves a run's weights as NAME in the folder; a config that starts from them, and `more`. */
static const char *start_from(Training *training, const Small *run, const char *name,
                              const char *more)
{
    Error error = {0};
    char *path = test_path(training->folder, name);
    if (!trainer_save(&run->trainer, path, false, &error))
        fail_msg("%s", error.text);
    const char *settings = text_format(&training->arena, "init_from = %s\n%s", path, more);
    assert_non_null(settings);
    free(path);
    return settings;
}

static bool init_from(Small *run, Error *error)
{
    const char *lacks = "?";
    bool ok = trainer_init_from(&run->trainer, &lacks, error);
    assert_true(!ok || lacks == NULL);
    return ok;
}

static void assert_same_weights(const Small *a, const Small *b)
{
    const ParamList *params = &a->trainer.gpt.params;
    assert_int_equal(params->size, b->trainer.gpt.params.size);
    assert_same_bits(params->values, b->trainer.gpt.params.values, params->size);
}

static void a_run_starts_from_the_weights_and_nothing_else(void **state)
{
    Training *training = *state;
    Small *first = small_run(training, "pos = learned\n");
    take_steps(first, 5);
    Small *second = small_run(
        training, start_from(training, first, "first", "pos = learned\nseed = 7\ndropout = 0.1\n"));
    assert_true(init_from(second, NULL));
    assert_same_weights(second, first);
    const AdamW *adamw = &second->trainer.adamw;
    assert_int_equal(adamw->steps, 0);
    assert_int_equal(second->trainer.progress.step, 0);
    for (size_t i = 0; i < adamw->size; i++)
        assert_true(adamw->mean[i] == 0 && adamw->square[i] == 0);
    take_steps(second, 1);
}

static void without_a_file_the_start_is_random(void **state)
{
    Small *a = small_run(*state, ""), *b = small_run(*state, "");
    const char *lacks = "?";
    assert_true(trainer_init_from(&a->trainer, &lacks, NULL));
    assert_null(lacks);
    assert_same_state(a, b);
}

static void a_run_that_goes_on_does_not_need_the_file(void **state)
{
    Training *training = *state;
    Small *first = small_run(training, "seed = 3\n");
    take_steps(first, 3);
    const char *settings = start_from(training, first, "first", "");
    char *weights = test_path(training->folder, "first"),
         *checkpoint = test_path(training->folder, "checkpoint");
    Small *whole = small_run(training, settings), *part = small_run(training, settings);
    assert_true(init_from(whole, NULL) && init_from(part, NULL));
    take_steps(whole, 4);
    take_steps(part, 2);
    assert_true(trainer_save(&part->trainer, checkpoint, true, NULL));
    assert_int_equal(unlink(weights), 0);
    part = small_run(training, settings);
    assert_true(trainer_resume(&part->trainer, checkpoint, NULL));
    take_steps(part, 2);
    assert_same_state(part, whole);
    free(weights);
    free(checkpoint);
}

static void a_file_that_does_not_fit_is_refused(void **state)
{
    Training *training = *state;
    Small *first = small_run(training, "");
    const struct {
        const char *more, *message;
    } cases[] = {
        {"n_embd = 16\n", "has shape [20, 32]: the config expects [20, 16]"},
        {"n_layer = 3\n", "tensor \"transformer.h.2.ln_1.weight\": missing"},
        {"n_layer = 1\n", "tensor \"transformer.h.1.ln_1.weight\": not part of the model"},
        {"pos = learned\n", "tensor \"transformer.wpe.weight\": missing"},
        {"causal = no\n", "has shape [20, 32]: the config expects [21, 32]"},
        {"init_from = nothing/there\n",
         "test:1: init_from = nothing/there: expected the path of a .safetensors file"},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        Error error = {0};
        bool other = strncmp(cases[c].more, "init_from", 9) == 0;
        const char *settings = start_from(training, first, "first", cases[c].more);
        Small *run = small_run(training, other ? cases[c].more : settings);
        assert_false(init_from(run, &error));
        assert_contains(error.text, cases[c].message);
        assert_int_equal(error.kind, ERROR_REQUEST);
    }
}

/* small_run trains on training->corpus; this one is another text. */
static void weights_of_another_vocabulary_are_refused(void **state)
{
    Training *training = *state;
    Corpus corpus;
    Error error = {0};
    char *path = test_path(training->folder, "latin.txt");
    char text[400];
    for (size_t i = 0; i < sizeof text; i++) /* 20 characters as well */
        text[i] = (char)('A' + i % 20);
    write_test_file(path, text, sizeof text);
    assert_true(corpus_load(&training->arena, path, VOCAB_CHARACTERS, &corpus, NULL));
    const char *settings = start_from(training, small_run(training, ""), "first", "");
    Small *run = try_small_run(training, &corpus, settings, &error);
    assert_non_null(run);
    assert_false(init_from(run, &error));
    assert_contains(error.text, "first: vocabulary: character 1 is '\\n': expected 'A', as in the "
                                "corpus");
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        training_test(a_run_starts_from_the_weights_and_nothing_else),
        training_test(without_a_file_the_start_is_random),
        training_test(a_run_that_goes_on_does_not_need_the_file),
        training_test(a_file_that_does_not_fit_is_refused),
        training_test(weights_of_another_vocabulary_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
