/* test_trainer_offset.c: tests of src/train/trainer.c: batches that stand at a random position.
 *
 * Where a batch stood shows in a learned table: the rows of its positions have a gradient, and no
 * others. */
#include "support/training.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { T = 16, C = 32, OFFSET = 5, ROWS = T + OFFSET };

/* The first row with a gradient; it and the T - 1 behind it must be all that have one. */
static size_t place_of_last_batch(const Small *run)
{
    const Tensor *table = position_table(run);
    size_t first = 0;
    assert_int_equal(table->shape[0], ROWS);
    while (first < ROWS && !row_has_gradient(table, first))
        first++;
    for (size_t row = 0; row < ROWS; row++)
        assert_int_equal(row_has_gradient(table, row), row >= first && row < first + T);
    return first;
}

static void a_batch_stands_at_every_place_up_to_the_offset(void **state)
{
    Small *run = small_run(*state, "pos = learned\nposition_offset = 5\n");
    size_t times[OFFSET + 1] = {0};
    for (size_t step = 0; step < 120; step++) {
        take_steps(run, 1);
        times[place_of_last_batch(run)]++;
    }
    for (size_t place = 0; place <= OFFSET; place++)
        assert_in_range(times[place], 5, 40); /* of 20 each: five standard deviations */
}

static void where_a_batch_stands_depends_on_seed_and_step_alone(void **state)
{
    Small *plain = small_run(*state, "pos = learned\nposition_offset = 5\n"),
          *other = small_run(*state, "pos = learned\nposition_offset = 5\nlearned_start = "
                                     "sinusoid\nn_layer = 1\nbatch_size = 2\n"),
          *seed = small_run(*state, "pos = learned\nposition_offset = 5\nseed = 2\n");
    size_t n_differ = 0;
    for (size_t step = 0; step < 20; step++) {
        take_steps(plain, 1);
        take_steps(other, 1);
        take_steps(seed, 1);
        assert_int_equal(place_of_last_batch(plain), place_of_last_batch(other));
        n_differ += place_of_last_batch(plain) != place_of_last_batch(seed);
    }
    assert_in_range(n_differ, 5, 20);
}

/* Schemes that know distances alone do not notice; the batches are the same. */
static void the_offset_changes_nothing_else(void **state)
{
    Small *at_0 = small_run(*state, "pos = alibi\n"),
          *moving = small_run(*state, "pos = alibi\nposition_offset = 5\n");
    take_steps(at_0, 20);
    take_steps(moving, 20);
    assert_same_state(at_0, moving);
}

/* A step at a place is a step of the model whose table begins there. */
static void the_positions_are_those_of_the_place(void **state)
{
    Training *training = *state;
    Small *run = small_run(training, "pos = learned\nposition_offset = 5\n");
    Trainer *trainer = &run->trainer;
    take_steps(run, 1);
    size_t n = trainer->gpt.params.size, first = place_of_last_batch(run);
    real *gradient = arena_alloc(&training->arena, n, sizeof *gradient);
    assert_non_null(gradient);
    memcpy(gradient, trainer->gpt.params.gradients, n * sizeof *gradient);

    Small *again = small_run(training, "pos = learned\nposition_offset = 5\n");
    int at[T];
    for (size_t t = 0; t < T; t++)
        at[t] = (int)(first + t);
    GptInput input = {.tokens = trainer->batch.inputs,
                      .batch_size = trainer->batch.batch_size,
                      .length = T,
                      .positions = {at, T}};
    Tape *tape = &again->trainer.tape;
    param_list_zero_gradients(&again->trainer.gpt.params);
    tape_reset(tape);
    tape_backward(tape, cross_entropy(tape, gpt_forward(&again->trainer.gpt, tape, &input),
                                      trainer->batch.targets, NULL));
    assert_same_bits(again->trainer.gpt.params.gradients, gradient, n);
}

/* Rows that no look needs may hold anything. */
static void losses_are_measured_at_0(void **state)
{
    Small *run = small_run(*state, "pos = learned\nposition_offset = 5\n");
    take_steps(run, 5);
    assert_true(trainer_evaluate(&run->trainer, NULL));
    double loss = run->trainer.progress.val_loss;
    Tensor *table = position_table(run);
    for (size_t i = T * C; i < ROWS * C; i++)
        table->data[i] = (real)NAN;
    assert_true(trainer_evaluate(&run->trainer, NULL));
    assert_true(run->trainer.progress.val_loss == loss);
    table->data[T * C - 1] = (real)NAN;
    assert_false(trainer_evaluate(&run->trainer, NULL));
}

static void a_run_goes_on_at_the_same_places(void **state)
{
    Training *training = *state;
    const char *settings = "pos = learned\nposition_offset = 5\n";
    char *path = test_path(training->folder, "checkpoint.safetensors");
    Small *whole = small_run(training, settings), *part = small_run(training, settings);
    take_steps(whole, 12);
    take_steps(part, 5);
    assert_true(trainer_save(&part->trainer, path, true, NULL));
    part = small_run(training, settings);
    assert_true(trainer_resume(&part->trainer, path, NULL));
    take_steps(part, 7);
    assert_same_state(part, whole);
    free(path);
}

/* Clip and decay leave it alone too, and a checkpoint brings it back. */
static void a_frozen_table_stays_as_it_started(void **state)
{
    Training *training = *state;
    const char *settings = "pos = learned\nlearned_start = frozen\nweight_decay = 0.5\n";
    char *path = test_path(training->folder, "checkpoint.safetensors");
    Small *start = small_run(training, settings), *run = small_run(training, settings);
    take_steps(run, 20);
    assert_same_bits(position_table(run)->data, position_table(start)->data, T * C);
    assert_true(trainer_save(&run->trainer, path, true, NULL));
    start->trainer.gpt.wte->data[0] += 1; /* whatever it held */
    position_table(start)->data[0] += 1;
    assert_true(trainer_resume(&start->trainer, path, NULL));
    assert_same_state(start, run);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        training_test(a_batch_stands_at_every_place_up_to_the_offset),
        training_test(where_a_batch_stands_depends_on_seed_and_step_alone),
        training_test(the_offset_changes_nothing_else),
        training_test(the_positions_are_those_of_the_place),
        training_test(losses_are_measured_at_0),
        training_test(a_run_goes_on_at_the_same_places),
        training_test(a_frozen_table_stays_as_it_started),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
