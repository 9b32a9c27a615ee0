/* test_trainer_looks.c: tests of src/train/trainer.c: a look at the validation split, what it
 * finds, and what it leaves alone. */
#include "support/training.h"

#include <math.h>
#include <string.h>

static void looking_does_not_disturb_training(void **state)
{
    Small *looking = small_run(*state, "dropout = 0.2\n"),
          *busy = small_run(*state, "dropout = 0.2\n");
    for (size_t step = 0; step < 6; step++) {
        take_steps(looking, 1);
        take_steps(busy, 1);
        assert_true(trainer_evaluate(&looking->trainer, NULL));
        assert_true(trainer_evaluate_training(&looking->trainer, NULL));
    }
    assert_same_state(looking, busy);
    assert_true(looking->trainer.progress.loss_sum == busy->trainer.progress.loss_sum);
}

/* A model that never trained, with the same values and no dropout, gets the same loss. */
static void a_look_depends_on_the_parameters_alone(void **state)
{
    const char *const tasks[] = {"dropout = 0.5\n", "dropout = 0.5\ncausal = no\n"};
    const char *const fresh[] = {"seed = 9\n", "seed = 9\ncausal = no\n"};
    for (size_t t = 0; t < COUNT_OF(tasks); t++) {
        Small *trained = small_run(*state, tasks[t]), *other = small_run(*state, fresh[t]);
        take_steps(trained, 5);
        memcpy(other->trainer.gpt.params.values, trained->trainer.gpt.params.values,
               trained->trainer.gpt.params.size * sizeof(real));
        Small *const runs[] = {trained, other, trained};
        for (size_t r = 0; r < COUNT_OF(runs); r++) {
            assert_true(trainer_evaluate(&runs[r]->trainer, NULL));
            assert_true(trainer_evaluate_training(&runs[r]->trainer, NULL));
        }
        const Progress *a = &trained->trainer.progress, *b = &other->trainer.progress;
        assert_true(a->val_loss == b->val_loss && a->train_loss == b->train_loss);
        assert_true(a->val_loss != a->train_loss);
    }
}

/* Every whole window of the validation split, character by character. */
static void the_validation_loss_is_that_of_the_whole_split(void **state)
{
    Training *training = *state;
    Small *run = small_run(training, "batch_size = 5\n");
    take_steps(run, 5);
    Tokens text = training->corpus.validation;
    size_t windows = (text.count - 1) / 16, V = training->corpus.vocab.size;
    double sum = 0;
    for (size_t w = 0; w < windows; w++) {
        GptInput input = {.tokens = text.at + w * 16,
                          .batch_size = 1,
                          .length = 16,
                          .positions = run->trainer.positions};
        Tape tape;
        assert_true(tape_init(&tape, false, NULL));
        const real *logits = gpt_forward(&run->trainer.gpt, &tape, &input)->data;
        for (size_t t = 0; t < 16; t++) {
            double total = 0;
            for (size_t v = 0; v < V; v++)
                total += exp((double)logits[t * V + v]);
            sum += log(total) - (double)logits[t * V + (size_t)text.at[w * 16 + t + 1]];
        }
        tape_free(&tape);
    }
    assert_true(trainer_evaluate(&run->trainer, NULL));
    assert_close(run->trainer.progress.val_loss, sum / (double)(windows * 16), 1e-5);
}

static void the_best_loss_is_the_lowest_that_was_seen(void **state)
{
    Small *run = small_run(*state, "max_iters = 60\n");
    const Progress *progress = &run->trainer.progress;
    assert_true(isnan(progress->val_loss) && isnan(progress->train_loss));
    double lowest = INFINITY;
    size_t lowest_at = 0;
    for (size_t look = 0; look < 12; look++) {
        if (look == 8) /* from here on it gets worse */
            run->config.learning_rate = run->config.min_lr = 0.5;
        assert_true(trainer_evaluate(&run->trainer, NULL));
        if (progress->val_loss < lowest) {
            lowest = progress->val_loss;
            lowest_at = progress->step;
        }
        assert_true(progress->best_loss == lowest);
        assert_int_equal(progress->best_step, lowest_at);
        take_steps(run, 3);
    }
    assert_in_range(lowest_at, 12, 27);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        training_test(looking_does_not_disturb_training),
        training_test(a_look_depends_on_the_parameters_alone),
        training_test(the_validation_loss_is_that_of_the_whole_split),
        training_test(the_best_loss_is_the_lowest_that_was_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
