/* test_trainer_random_positions.c: tests of src/train/trainer.c: batches at random positions.
 *
 * Where a batch stood shows in a learned table: the rows of its positions have a gradient, and no
 * others. */
#include "support/training.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "math/parallel.h"

enum { T = 16, C = 32, L = 2 * T };

static const char learned[] = "pos = learned\nrandom_positions = 32\n";

/* The rows with a gradient as bits; how many there are. */
static size_t rows_of_last_step(const Small *run, uint32_t *rows)
{
    const Tensor *table = position_table(run);
    size_t count = 0;
    assert_int_equal(table->shape[0], L);
    *rows = 0;
    for (size_t row = 0; row < L; row++)
        if (row_has_gradient(table, row)) {
            *rows |= UINT32_C(1) << row;
            count++;
        }
    return count;
}

static void a_batch_stands_at_as_many_positions_as_it_has_tokens(void **state)
{
    Small *run = small_run(*state, learned);
    size_t times[L] = {0};
    for (size_t step = 0; step < 80; step++) {
        uint32_t rows;
        take_steps(run, 1);
        assert_int_equal(rows_of_last_step(run, &rows), T);
        for (size_t row = 0; row < L; row++)
            times[row] += rows >> row & 1;
    }
    for (size_t row = 0; row < L; row++)
        assert_in_range(times[row], 18, 62); /* of 40 each: five standard deviations */
}

static void where_it_stands_depends_on_seed_and_step_alone(void **state)
{
    Small *plain = small_run(*state, learned),
          *other = small_run(*state, "pos = learned\nrandom_positions = 32\nlearned_start = "
                                     "sinusoid\nn_layer = 1\nbatch_size = 2\ndropout = 0.1\n"),
          *seed = small_run(*state, "pos = learned\nrandom_positions = 32\nseed = 2\n");
    uint32_t before = 0;
    for (size_t step = 0; step < 10; step++) {
        uint32_t rows, of_other, of_seed;
        take_steps(plain, 1);
        take_steps(other, 1);
        take_steps(seed, 1);
        rows_of_last_step(plain, &rows);
        rows_of_last_step(other, &of_other);
        rows_of_last_step(seed, &of_seed);
        assert_int_equal(rows, of_other);
        assert_int_not_equal(rows, of_seed);
        assert_int_not_equal(rows, before);
        before = rows;
    }
}

/* Two batches of 16 of 32 meet 24 rows on average. */
static void each_batch_of_a_step_stands_elsewhere(void **state)
{
    Small *run = small_run(*state, "pos = learned\nrandom_positions = 32\n"
                                   "gradient_accumulation_steps = 2\n");
    uint32_t rows;
    take_steps(run, 1);
    assert_in_range(rows_of_last_step(run, &rows), T + 1, L);
}

/* Among as many positions as tokens there is one choice. */
static void a_choice_of_all_is_no_choice(void **state)
{
    for (size_t s = 0; s < pos_scheme_count; s++) {
        char settings[100];
        snprintf(settings, sizeof settings, "pos = %s\n", pos_schemes[s]->name);
        Small *plain = small_run(*state, settings);
        snprintf(settings, sizeof settings, "pos = %s\nrandom_positions = %d\n",
                 pos_schemes[s]->name, T);
        Small *all = small_run(*state, settings);
        take_steps(plain, 5);
        take_steps(all, 5);
        assert_same_state(plain, all);
        assert_true(trainer_evaluate(&plain->trainer, NULL));
        assert_true(trainer_evaluate(&all->trainer, NULL));
        assert_true(plain->trainer.progress.val_loss == all->trainer.progress.val_loss);
    }
}

/* No other draw is disturbed: not the batches, not dropout. */
static void who_looks_at_no_position_does_not_notice(void **state)
{
    static const char *const schemes[] = {"none"};
    for (size_t s = 0; s < COUNT_OF(schemes); s++) {
        char settings[100];
        snprintf(settings, sizeof settings, "pos = %s\ndropout = 0.1\n", schemes[s]);
        Small *plain = small_run(*state, settings);
        snprintf(settings, sizeof settings, "pos = %s\ndropout = 0.1\nrandom_positions = 500\n",
                 schemes[s]);
        Small *random = small_run(*state, settings);
        take_steps(plain, 10);
        take_steps(random, 10);
        assert_same_state(plain, random);
        assert_true(trainer_evaluate(&plain->trainer, NULL));
        assert_true(trainer_evaluate(&random->trainer, NULL));
        assert_true(plain->trainer.progress.val_loss == random->trainer.progress.val_loss);
    }
}

static void threads_change_nothing(void **state)
{
    static const char *const schemes[] = {"learned", "relative", "rope"};
    for (size_t s = 0; s < COUNT_OF(schemes); s++) {
        char settings[100];
        snprintf(settings, sizeof settings, "pos = %s\nrandom_positions = 100\n", schemes[s]);
        Small *runs[2];
        for (size_t r = 0; r < 2; r++) {
            parallel_set_threads(r == 0 ? 1 : 3);
            runs[r] = small_run(*state, settings);
            take_steps(runs[r], 5);
            assert_true(trainer_evaluate(&runs[r]->trainer, NULL));
        }
        assert_same_state(runs[0], runs[1]);
        assert_true(runs[0]->trainer.progress.val_loss == runs[1]->trainer.progress.val_loss);
    }
}

static void a_run_goes_on_at_the_same_positions(void **state)
{
    Training *training = *state;
    char *path = test_path(training->folder, "checkpoint.safetensors");
    Small *whole = small_run(training, learned), *part = small_run(training, learned);
    take_steps(whole, 12);
    take_steps(part, 5);
    assert_true(trainer_save(&part->trainer, path, true, NULL));
    part = small_run(training, learned);
    assert_true(trainer_resume(&part->trainer, path, NULL));
    take_steps(part, 7);
    assert_same_state(part, whole);
    Small *other = small_run(training, "pos = relative\nrandom_positions = 33\n");
    Error error = {0};
    assert_false(trainer_resume(&other->trainer, path, &error));
    free(path);
}

/* A look needs the rows at which a window stands after training, and no others. */
static void losses_are_measured_where_the_seed_says(void **state)
{
    Small *run = small_run(*state, learned);
    int at[T];
    bool needed[L] = {false};
    take_steps(run, 5);
    assert_true(trainer_evaluate(&run->trainer, NULL));
    double loss = run->trainer.progress.val_loss;
    placement_fill(placement_of(&run->config), at, T);
    for (size_t t = 0; t < T; t++)
        needed[at[t]] = true;
    for (size_t row = 0; row < L; row++) {
        real *first = &position_table(run)->data[row * C], kept = *first;
        *first = (real)NAN;
        assert_int_equal(trainer_evaluate(&run->trainer, NULL), !needed[row]);
        *first = kept;
    }
    assert_true(trainer_evaluate(&run->trainer, NULL));
    assert_true(run->trainer.progress.val_loss == loss);
}

/* However far apart the tokens stand. */
static void steps_take_the_memory_that_was_reserved(void **state)
{
    for (size_t s = 0; s < pos_scheme_count; s++) {
        char settings[100];
        snprintf(settings, sizeof settings, "pos = %s\nrandom_positions = 3000\n",
                 pos_schemes[s]->name);
        Small *run = small_run(*state, settings);
        const Tape *tape = &run->trainer.tape, *looking = &run->trainer.evaluator.tape;
        const ArenaBlock *numbers = tape->numbers.blocks, *of_looking = looking->numbers.blocks;
        take_steps(run, 3);
        assert_true(trainer_evaluate(&run->trainer, NULL));
        assert_ptr_equal(tape->numbers.blocks, numbers);
        assert_ptr_equal(looking->numbers.blocks, of_looking);
        assert_in_range(tape->numbers.peak, 1, run->trainer.memory.step);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        training_test(a_batch_stands_at_as_many_positions_as_it_has_tokens),
        training_test(where_it_stands_depends_on_seed_and_step_alone),
        training_test(each_batch_of_a_step_stands_elsewhere),
        training_test(a_choice_of_all_is_no_choice),
        training_test(who_looks_at_no_position_does_not_notice),
        training_test(threads_change_nothing),
        training_test(a_run_goes_on_at_the_same_positions),
        training_test(losses_are_measured_where_the_seed_says),
        training_test(steps_take_the_memory_that_was_reserved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
