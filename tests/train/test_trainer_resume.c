/* test_trainer_resume.c: tests of src/train/trainer.c: a run that was stopped goes on as if it had
 * not been, and nothing else is taken for that run. */
#include "support/training.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check_same_progress(const Progress *a, const Progress *b)
{
    assert_int_equal(a->step, b->step);
    assert_int_equal(a->best_step, b->best_step);
    assert_int_equal(a->loss_count, b->loss_count);
    assert_true(a->loss_sum == b->loss_sum && a->val_loss == b->val_loss &&
                a->best_loss == b->best_loss);
}

static void a_run_that_was_stopped_ends_with_the_same_bits(void **state)
{
    Training *training = *state;
    char *path = test_path(training->folder, "checkpoint.safetensors");
    for (size_t i = 0; i < pos_scheme_count; i++) {
        char settings[128];
        snprintf(settings, sizeof settings,
                 "dropout = 0.2\ngradient_accumulation_steps = 2\npos = %s\n", pos_names[i]);
        const size_t stops[] = {0, 1, 7, 12};
        Small *whole = small_run(training, settings), *part = small_run(training, settings);
        for (size_t s = 0; s < COUNT_OF(stops); s++) {
            take_steps(part, stops[s] - part->trainer.progress.step);
            take_steps(whole, stops[s] - whole->trainer.progress.step);
            assert_true(trainer_evaluate(&part->trainer, NULL));
            assert_true(trainer_evaluate(&whole->trainer, NULL));
            assert_true(trainer_save(&part->trainer, path, true, NULL));
            part = small_run(training, settings);
            assert_true(trainer_resume(&part->trainer, path, NULL));
            assert_same_state(part, whole);
            check_same_progress(&part->trainer.progress, &whole->trainer.progress);
        }
        take_steps(part, 8);
        take_steps(whole, 8);
        assert_same_state(part, whole);
        check_same_progress(&part->trainer.progress, &whole->trainer.progress);
    }
    free(path);
}

/* --- what is refused --- */

static real *initial_values(Training *training, const Small *run)
{
    const ParamList *params = &run->trainer.gpt.params;
    real *copy = arena_alloc(&training->arena, params->size, sizeof *copy);
    assert_non_null(copy);
    memcpy(copy, params->values, params->size * sizeof *copy);
    return copy;
}

static void a_checkpoint_of_another_config_is_refused_by_the_key(void **state)
{
    Training *training = *state;
    char *path = test_path(training->folder, "checkpoint.safetensors");
    Small *saved = small_run(training, "dropout = 0.2\n");
    take_steps(saved, 3);
    assert_true(trainer_save(&saved->trainer, path, true, NULL));
    static const struct {
        const char *settings, *key;
    } cases[] = {
        {"dropout = 0.2\npos = alibi\n", "pos"},
        {"dropout = 0.2\nn_layer = 1\n", "n_layer"},
        {"dropout = 0.2\nn_head = 4\n", "n_head"},
        {"dropout = 0.2\nn_embd = 36\n", "n_embd"},
        {"dropout = 0.2\nblock_size = 8\n", "block_size"},
        {"dropout = 0.1\n", "dropout"},
        {"dropout = 0.2\nbias = yes\n", "bias"},
        {"dropout = 0.2\ncausal = no\n", "causal"},
        {"dropout = 0.2\nseed = 2\n", "seed"},
        {"dropout = 0.2\nbatch_size = 8\n", "batch_size"},
        {"dropout = 0.2\ngradient_accumulation_steps = 2\n", "gradient_accumulation_steps"},
        {"dropout = 0.2\nlearning_rate = 0.02\n", "learning_rate"},
        {"dropout = 0.2\nmin_lr = 0.0002\n", "min_lr"},
        {"dropout = 0.2\nwarmup_iters = 3\n", "warmup_iters"},
        {"dropout = 0.2\nlr_decay_iters = 19\n", "lr_decay_iters"},
        {"dropout = 0.2\nweight_decay = 0\n", "weight_decay"},
        {"dropout = 0.2\nbeta1 = 0.8\n", "beta1"},
        {"dropout = 0.2\nbeta2 = 0.999\n", "beta2"},
        {"dropout = 0.2\ngrad_clip = 2\n", "grad_clip"},
        {"dropout = 0.2\nrope_base = 500\n", "rope_base"},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        Small *run = small_run(training, cases[c].settings);
        real *values = initial_values(training, run);
        char expected[512];
        Error error = {0};
        assert_false(trainer_resume(&run->trainer, path, &error));
        snprintf(expected, sizeof expected, "%s: %s differs from the run", path, cases[c].key);
        assert_contains(error.text, expected);
        assert_int_equal(error.kind, ERROR_REQUEST);
        assert_same_bits(run->trainer.gpt.params.values, values, run->trainer.gpt.params.size);
        assert_int_equal(run->trainer.progress.step, 0);
    }
    Small *same = small_run(training, "dropout = 0.2\neval_interval = 7\nlog_interval = 3\n"
                                      "sample_chars = 9\nthreads = 3\nname = x\nt5_gain = 3\n");
    assert_true(trainer_resume(&same->trainer, path, NULL)); /* what computes nothing may differ */
    assert_same_state(same, saved);
    free(path);
}

static void a_run_can_be_prolonged_but_not_end_before_where_it_stands(void **state)
{
    Training *training = *state;
    char *path = test_path(training->folder, "checkpoint.safetensors");
    Small *saved = small_run(training, ""); /* of 20 steps */
    take_steps(saved, 8);
    assert_true(trainer_save(&saved->trainer, path, true, NULL));
    static const struct {
        const char *settings;
        bool refused;
    } cases[] = {{"max_iters = 40\n", false},
                 {"max_iters = 20\n", false},
                 {"max_iters = 9\n", false},
                 {"max_iters = 8\n", true},
                 {"max_iters = 2\n", true}};
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        Error error = {0};
        Small *run = small_run(training, cases[c].settings);
        assert_int_equal(trainer_resume(&run->trainer, path, &error), !cases[c].refused);
        assert_int_equal(run->trainer.progress.step, cases[c].refused ? 0 : 8);
        assert_int_equal(run->trainer.max_iters_before, cases[c].refused ? 0 : 20);
        if (!cases[c].refused)
            continue;
        assert_contains(error.text, "test:1: max_iters = ");
        assert_contains(error.text,
                        "has 8 steps already: expected more than that, or 20 as before");
        assert_int_equal(error.kind, ERROR_REQUEST);
    }
    free(path);
}

static void a_checkpoint_of_another_text_is_refused(void **state)
{
    Training *training = *state;
    char *path = test_path(training->folder, "checkpoint.safetensors");
    Small *saved = small_run(training, "");
    assert_true(trainer_save(&saved->trainer, path, true, NULL));
    Error error = {0};
    Small *run = try_small_run(training, &training->other, "", &error);
    assert_non_null(run);
    assert_true(vocab_equal(&training->other.vocab, &training->corpus.vocab)); /* or it is easy */
    assert_false(trainer_resume(&run->trainer, path, &error));
    assert_contains(error.text, path);
    assert_contains(error.text, "another text");
    assert_int_equal(error.kind, ERROR_REQUEST);
    free(path);
}

/* It claims the same text, but its token table has a row more, or fewer. */
static void a_checkpoint_of_another_vocabulary_is_refused(void **state)
{
    Training *training = *state;
    char *path = test_path(training->folder, "checkpoint.safetensors");
    static uint32_t characters[1000];
    Corpus larger = training->corpus;
    size_t size = larger.vocab.size++;
    assert_true(size + 1 < COUNT_OF(characters));
    memcpy(characters, larger.vocab.characters, size * sizeof *characters);
    characters[size] = characters[size - 1] + 1;
    larger.vocab.characters = characters;
    const Corpus *const corpora[] = {&training->corpus, &larger};
    for (size_t c = 0; c < 2; c++) {
        Error error = {0};
        Small *saved = try_small_run(training, corpora[c], "", &error),
              *run = try_small_run(training, corpora[1 - c], "", &error);
        assert_true(saved && run);
        real *values = initial_values(training, run);
        take_steps(saved, 1);
        assert_true(trainer_save(&saved->trainer, path, true, NULL));
        assert_false(trainer_resume(&run->trainer, path, &error));
        assert_contains(error.text, path);
        assert_contains(error.text, "another vocabulary");
        assert_int_equal(error.kind, ERROR_REQUEST);
        assert_same_bits(run->trainer.gpt.params.values, values, run->trainer.gpt.params.size);
    }
    free(path);
}

static void a_model_without_moments_cannot_go_on(void **state)
{
    Training *training = *state;
    char *path = test_path(training->folder, "best.safetensors");
    Small *saved = small_run(training, ""), *run = small_run(training, "seed = 1\n");
    take_steps(saved, 2);
    assert_true(trainer_save(&saved->trainer, path, false, NULL));
    Error error = {0};
    assert_false(trainer_resume(&run->trainer, path, &error));
    assert_contains(error.text, "optimizer.mean.");
    assert_int_equal(run->trainer.progress.step, 0);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        training_test(a_run_that_was_stopped_ends_with_the_same_bits),
        training_test(a_checkpoint_of_another_config_is_refused_by_the_key),
        training_test(a_run_can_be_prolonged_but_not_end_before_where_it_stands),
        training_test(a_checkpoint_of_another_text_is_refused),
        training_test(a_checkpoint_of_another_vocabulary_is_refused),
        training_test(a_model_without_moments_cannot_go_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
