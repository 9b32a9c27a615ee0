/* test_trainer.c: tests of src/train/trainer.c: what a step does, and what is refused. Looks at the
 * validation split are in test_trainer_looks.c, what makes two runs equal in test_trainer_exact.c,
 * going on in test_trainer_resume.c. */
#include "support/training.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "data/entropy.h"

static size_t size_of(const Small *run)
{
    return run->trainer.gpt.params.size;
}

static real *copy_of(Training *training, const real *numbers, size_t n)
{
    real *copy = arena_alloc(&training->arena, n, sizeof *copy);
    assert_non_null(copy);
    memcpy(copy, numbers, n * sizeof *copy);
    return copy;
}

static double length_of(const real *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)x[i] * (double)x[i];
    return sqrt(sum);
}

/* --- a step --- */

/* The gradient of the batch that the trainer drew last, put in place of the one that is there. */
static double gradient_of_last_batch(Trainer *trainer)
{
    GptInput input = {.tokens = trainer->batch.inputs,
                      .batch_size = trainer->batch.batch_size,
                      .length = trainer->batch.block_size,
                      .positions = trainer->positions};
    param_list_zero_gradients(&trainer->gpt.params);
    tape_reset(&trainer->tape);
    Tensor *loss = cross_entropy(&trainer->tape, gpt_forward(&trainer->gpt, &trainer->tape, &input),
                                 trainer->batch.targets, NULL);
    tape_backward(&trainer->tape, loss);
    return (double)loss->data[0];
}

/* A step on one batch leaves its gradient behind, and so does one on two, whose second batch is
 * still there. A learning rate of 0 keeps the models where they are. */
static void two_batches_make_one_step_on_the_mean_of_their_gradients(void **state)
{
    Training *training = *state;
    Small *one = small_run(training, "grad_clip = 0\n"),
          *two = small_run(training, "grad_clip = 0\ngradient_accumulation_steps = 2\n");
    size_t n = size_of(one);
    one->config.learning_rate = two->config.learning_rate = 0;
    one->config.min_lr = two->config.min_lr = 0;
    take_steps(one, 1);
    take_steps(two, 1);
    real *first = copy_of(training, one->trainer.gpt.params.gradients, n);
    real *mean = copy_of(training, two->trainer.adamw.mean, n);
    double first_loss = one->trainer.progress.loss_sum;
    double second_loss = gradient_of_last_batch(&two->trainer);
    const real *second = two->trainer.gpt.params.gradients;
    double *expected = new_doubles(&training->arena, n);
    for (size_t i = 0; i < n; i++)
        expected[i] = ((double)first[i] + (double)second[i]) / 2;
    double norm = 0;
    for (size_t i = 0; i < n; i++)
        norm += expected[i] * expected[i];
    assert_close(two->trainer.grad_norm, sqrt(norm), 1e-5 * sqrt(norm));
    for (size_t i = 0; i < n; i++)
        expected[i] *= 1 - 0.9; /* what AdamW's mean takes of its first gradient */
    assert_numbers_close(mean, expected, n);
    assert_int_equal(two->trainer.progress.step, 1);
    assert_int_equal(two->trainer.progress.loss_count, 2);
    assert_close(two->trainer.progress.loss_sum, first_loss + second_loss, 1e-5);
    assert_true(fabs(first_loss - second_loss) > 1e-4); /* they were two batches */
}

/* AdamW's mean after one step is (1 - beta1) times the gradient that it was given. */
static void the_gradient_is_clipped_to_its_longest_length(void **state)
{
    Training *training = *state;
    const double clips[] = {0, 1e-3, 0.05, 1e6};
    for (size_t c = 0; c < COUNT_OF(clips); c++) {
        Small *run = small_run(training, "");
        run->config.grad_clip = clips[c];
        take_steps(run, 1);
        size_t n = size_of(run);
        const real *gradient = run->trainer.gpt.params.gradients;
        double length = length_of(gradient, n);
        double *expected = new_doubles(&training->arena, n);
        double shorter = clips[c] > 0 && clips[c] < length ? clips[c] / length : 1;
        for (size_t i = 0; i < n; i++)
            expected[i] = (1 - 0.9) * shorter * (double)gradient[i];
        assert_numbers_close(run->trainer.adamw.mean, expected, n);
        assert_close(run->trainer.grad_norm, length, 1e-5 * length); /* before clipping */
        assert_true((shorter < 1) == (c == 1 || c == 2));
    }
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), n = strlen(end);
    return length >= n && strcmp(text + length - n, end) == 0;
}

/* Of the model without a scheme, nanoGPT's rule: matrices and tables decay, biases and the scales
 * of layer norms do not. */
static bool should_decay(const char *name)
{
    return !ends_with(name, ".bias") && strstr(name, "ln_") == NULL;
}

static void only_matrices_and_tables_decay(void **state)
{
    Small *kept = small_run(*state, "pos = none\nbias = yes\nweight_decay = 0\n"),
          *decayed = small_run(*state, "pos = none\nbias = yes\nweight_decay = 0.5\n");
    for (Param *p = kept->trainer.gpt.params.first, *q = decayed->trainer.gpt.params.first; p;
         p = p->next, q = q->next)
        for (size_t i = 0; i < tensor_size(&p->tensor); i++) /* none of them 0 */
            p->tensor.data[i] = q->tensor.data[i] += (real)0.25;
    Param *start = small_run(*state, "pos = none\nbias = yes\n")->trainer.gpt.params.first;
    take_steps(kept, 1);
    take_steps(decayed, 1);
    double rate = decayed->trainer.learning_rate;
    assert_close(rate, 0.01 / 3, 1e-15); /* the first of 2 steps of warm-up */
    for (Param *p = kept->trainer.gpt.params.first, *q = decayed->trainer.gpt.params.first; p;
         p = p->next, q = q->next, start = start->next) {
        size_t n = tensor_size(&p->tensor);
        if (!should_decay(p->name))
            assert_same_bits(q->tensor.data, p->tensor.data, n);
        for (size_t i = 0; i < n && should_decay(p->name); i++) {
            double before = (double)start->tensor.data[i] + 0.25;
            double pulled = (double)p->tensor.data[i] - (double)q->tensor.data[i];
            assert_close(pulled, rate * 0.5 * before, 1e-6);
        }
    }
}

/* Warm-up over 2 steps, then half a cosine to min_lr at step 20. */
static void the_learning_rate_follows_the_schedule(void **state)
{
    Small *run = small_run(*state, "min_lr = 0.001\n");
    for (size_t step = 0; step < 20; step++) {
        take_steps(run, 1);
        double share = ((double)step - 2) / 18;
        double expected = step < 2 ? 0.01 * (double)(step + 1) / 3
                                   : 0.001 + 0.009 * (1 + cos(3.14159265358979 * share)) / 2;
        assert_close(run->trainer.learning_rate, expected, 1e-12);
    }
}

static double validation_loss(Small *run)
{
    assert_true(trainer_evaluate(&run->trainer, NULL));
    return run->trainer.progress.val_loss;
}

/* From that of a reader who knows nothing to less than that of one who has counted the
 * characters. */
static void the_loss_falls(void **state)
{
    Training *training = *state;
    const char *const tasks[] = {"max_iters = 60\n",
                                 "causal = no\nmax_iters = 400\nbatch_size = 16\n"};
    double counted;
    assert_true(
        entropy_unigram(training->corpus.validation, training->corpus.vocab.size, &counted, NULL));
    for (size_t t = 0; t < COUNT_OF(tasks); t++) {
        Small *run = small_run(training, tasks[t]);
        double nothing = log((double)run->trainer.gpt.config.vocab_size);
        assert_close(validation_loss(run), nothing, 0.1);
        take_steps(run, run->config.max_iters);
        assert_true(validation_loss(run) < counted - 0.1);
    }
}

static void a_model_that_sees_both_sides_guesses_hidden_characters(void **state)
{
    Training *training = *state;
    Small *run = small_run(training, "causal = no\n");
    int mask = (int)training->corpus.vocab.size;
    assert_int_equal(run->trainer.gpt.config.vocab_size, mask + 1);
    size_t hidden = 0, shown = 0;
    for (size_t step = 0; step < 10; step++) {
        take_steps(run, 1);
        for (size_t i = 0; i < 4 * 16; i++) {
            bool is_hidden = run->trainer.batch.inputs[i] == mask;
            assert_int_equal(run->trainer.batch.targets[i] != NO_TARGET, is_hidden);
            assert_true(run->trainer.batch.targets[i] < mask); /* never to be guessed itself */
            *(is_hidden ? &hidden : &shown) += 1;
        }
    }
    assert_close((double)hidden / (double)(hidden + shown), MASK_RATE, 0.06); /* 4 sigma of 640 */
}

/* --- where a step fails --- */

#ifdef REAL_IS_DOUBLE
static const double FAR_TOO_LARGE = 1e300;
#else
static const double FAR_TOO_LARGE = 1e30;
#endif

static void a_step_that_fails_changes_nothing_and_says_where(void **state)
{
    Training *training = *state;
    Small *run = small_run(training, "grad_clip = 0\nweight_decay = 0\n"
                                     "gradient_accumulation_steps = 2\n");
    run->config.learning_rate = FAR_TOO_LARGE;
    take_steps(run, 1); /* the gradient was still a number */
    size_t n = size_of(run);
    real *values = copy_of(training, run->trainer.gpt.params.values, n),
         *mean = copy_of(training, run->trainer.adamw.mean, n),
         *square = copy_of(training, run->trainer.adamw.square, n);
    Progress before = run->trainer.progress;
    Error error = {0};
    assert_false(trainer_step(&run->trainer, &error));
    assert_same_bits(run->trainer.gpt.params.values, values, n);
    assert_same_bits(run->trainer.adamw.mean, mean, n);
    assert_same_bits(run->trainer.adamw.square, square, n);
    assert_int_equal(run->trainer.adamw.steps, 1);
    assert_memory_equal(&run->trainer.progress, &before, sizeof before);
    assert_int_equal(error.kind, ERROR_WORK);
    char rate[64];
    snprintf(rate, sizeof rate, "learning rate of %g", FAR_TOO_LARGE * 2 / 3);
    assert_contains(error.text, "step 2: the loss is ");
    assert_contains(error.text, "the gradient's norm ");
    assert_contains(error.text, rate);
    assert_contains(error.text, "; a smaller learning_rate may help");
    assert_false(trainer_step(&run->trainer, NULL));
}

static void a_validation_loss_that_is_no_number_is_a_failure(void **state)
{
    Small *run = small_run(*state, "");
    assert_true(trainer_evaluate(&run->trainer, NULL));
    Progress before = run->trainer.progress;
    run->trainer.gpt.wte->data[3] = NAN;
    Error error = {0};
    assert_false(trainer_evaluate(&run->trainer, &error));
    assert_int_equal(error.kind, ERROR_WORK);
    assert_contains(error.text, "step 0");
    assert_memory_equal(&run->trainer.progress, &before, sizeof before);
    assert_false(trainer_evaluate(&run->trainer, NULL));
}

/* The NaN that 0/0 makes on some processors has a sign, which is of no use to anybody. */
static void a_loss_that_is_no_number_from_the_start_is_not_blamed_on_the_learning_rate(void **state)
{
    Small *run = small_run(*state, "pos = alibi\n");
    run->trainer.gpt.wte->data[3] = (real)copysign(NAN, -1);
    for (int from_weights = 0; from_weights < 2; from_weights++) {
        Error looked = {0}, stepped = {0};
        assert_false(trainer_evaluate(&run->trainer, &looked));
        assert_false(trainer_step(&run->trainer, &stepped));
        assert_contains(looked.text, "step 0: the validation loss is nan: expected a number; ");
        assert_contains(stepped.text, "step 1: the loss is nan and the gradient's norm nan, ");
        assert_contains(looked.text, "pos = alibi");
        assert_contains(stepped.text, "pos = alibi");
        assert_int_equal(strstr(looked.text, "init_from = a.safetensors") != NULL, from_weights);
        assert_null(strstr(looked.text, "learning_rate"));
        assert_null(strstr(stepped.text, "learning_rate"));
        run->config.init_from = "a.safetensors";
    }
}

/* More than there are addresses: a program that asked the system first would run out of memory, and
 * would say that instead. */
static void a_model_that_cannot_fit_is_refused_before_it_is_made(void **state)
{
    Training *training = *state;
    const char *const settings[] = {
        "n_layer = 256\nn_embd = 65536\n",
        "batch_size = 65536\nblock_size = 1048576\nn_embd = 256\n",
        "batch_size = 65536\nblock_size = 1048576\nn_embd = 65536\nn_layer = 256\n",
        "pos = learned\nlearned_length = 1048576\nn_embd = 65536\nn_layer = 200\n",
    };
    for (size_t s = 0; s < COUNT_OF(settings); s++) {
        Error error = {0};
        assert_null(try_small_run(training, &training->corpus, settings[s], &error));
        assert_contains(error.text, "to train, and this machine has ");
        assert_contains(error.text, "expected smaller");
        assert_int_equal(error.kind, ERROR_REQUEST);
    }
}

static void the_memory_that_was_announced_is_what_a_step_takes(void **state)
{
    Small *run = small_run(*state, "dropout = 0.2\n");
    take_steps(run, 2);
    assert_int_equal(run->trainer.tape.numbers.peak, run->trainer.memory.step);
    assert_true(trainer_evaluate(&run->trainer, NULL));
    assert_int_equal(run->trainer.evaluator.tape.numbers.peak, run->trainer.memory.evaluation);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        training_test(two_batches_make_one_step_on_the_mean_of_their_gradients),
        training_test(the_gradient_is_clipped_to_its_longest_length),
        training_test(only_matrices_and_tables_decay),
        training_test(the_learning_rate_follows_the_schedule),
        training_test(the_loss_falls),
        training_test(a_model_that_sees_both_sides_guesses_hidden_characters),
        training_test(a_step_that_fails_changes_nothing_and_says_where),
        training_test(a_validation_loss_that_is_no_number_is_a_failure),
        training_test(a_loss_that_is_no_number_from_the_start_is_not_blamed_on_the_learning_rate),
        training_test(a_model_that_cannot_fit_is_refused_before_it_is_made),
        training_test(the_memory_that_was_announced_is_what_a_step_takes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
