/* test_trainer_exact.c: tests of src/train/trainer.c: what makes two runs comparable. The same seed
 * gives the same bits, and schemes share everything but the scheme. */
#include "support/training.h"

#include <stdio.h>
#include <string.h>

#include "math/parallel.h"

/* Wide enough that the big loops, and the update of a matrix, are shared out; clipped at each step,
 * so that the norm takes part. */
#define WIDE                                                                                       \
    "n_embd = 48\nblock_size = 32\ndropout = 0.2\n"                                                \
    "gradient_accumulation_steps = 2\ngrad_clip = 0.1\n"

static void the_number_of_threads_changes_no_bit(void **state)
{
    Small *alone = small_run(*state, WIDE);
    take_steps(alone, 20);
    const size_t threads[] = {2, 3, 8};
    for (size_t t = 0; t < COUNT_OF(threads); t++) {
        parallel_set_threads(threads[t]);
        Small *together = small_run(*state, WIDE);
        take_steps(together, 20);
        assert_same_state(alone, together);
        assert_true(alone->trainer.grad_norm == together->trainer.grad_norm);
        assert_true(trainer_evaluate(&alone->trainer, NULL));
        assert_true(trainer_evaluate(&together->trainer, NULL));
        assert_true(alone->trainer.progress.val_loss == together->trainer.progress.val_loss);
    }
}

static void the_same_seed_repeats_a_run(void **state)
{
    Small *a = small_run(*state, "dropout = 0.2\nseed = 7\n"),
          *b = small_run(*state, "dropout = 0.2\nseed = 7\n");
    take_steps(a, 20);
    take_steps(b, 20);
    assert_same_state(a, b);
    assert_true(a->trainer.progress.loss_sum == b->trainer.progress.loss_sum);
}

static size_t batch_bytes(const Small *run)
{
    return run->trainer.batch.batch_size * run->trainer.batch.block_size * sizeof(int);
}

static bool same_batches(const Small *a, const Small *b)
{
    const Batch *of_a = &a->trainer.batch, *of_b = &b->trainer.batch;
    return memcmp(of_a->inputs, of_b->inputs, batch_bytes(a)) == 0 &&
           memcmp(of_a->targets, of_b->targets, batch_bytes(a)) == 0;
}

static void another_seed_has_other_values_and_other_batches(void **state)
{
    Small *a = small_run(*state, "seed = 1\n"), *b = small_run(*state, "seed = 2\n");
    for (Param *p = a->trainer.gpt.params.first, *q = b->trainer.gpt.params.first; p;
         p = p->next, q = q->next)
        if (p->init.kind == INIT_NORMAL)
            assert_memory_not_equal(p->tensor.data, q->tensor.data,
                                    tensor_size(&p->tensor) * sizeof(real));
    take_steps(a, 1);
    take_steps(b, 1);
    assert_false(same_batches(a, b));
}

/* With a learning rate of 0 the model stands still, and in a text that is one window long every
 * batch is the same: only the masks are left to differ. */
static Small *standing_run(Training *training, double dropout, const char *settings)
{
    Tokens window = {training->corpus.train.at, 16 + 1};
    training->corpus.train = window;
    Small *run = small_run(training, settings);
    run->config.learning_rate = run->config.min_lr = 0;
    run->config.dropout = run->trainer.gpt.config.dropout = dropout;
    return run;
}

static void each_step_and_each_batch_has_masks_of_its_own(void **state)
{
    Small *still = standing_run(*state, 0, ""), *dropping = standing_run(*state, 0.2, ""),
          *twice = standing_run(*state, 0.2, "gradient_accumulation_steps = 2\n");
    double first = 0;
    for (size_t step = 1; step <= 3; step++) {
        Small *const runs[] = {still, dropping, twice};
        double before[3], loss[3];
        for (size_t r = 0; r < 3; r++) {
            before[r] = runs[r]->trainer.progress.loss_sum;
            take_steps(runs[r], 1);
            loss[r] = runs[r]->trainer.progress.loss_sum - before[r];
        }
        assert_close(loss[0], still->trainer.progress.loss_sum / (double)step, 1e-12);
        assert_true(loss[1] != first);
        first = step == 1 ? loss[1] : first;
        assert_true(loss[2] != 2 * loss[1]);
    }
}

/* --- between schemes --- */

static Small *run_of_scheme(Training *training, size_t scheme, const char *settings)
{
    char text[256];
    snprintf(text, sizeof text, "pos = %s\ndropout = 0.2\n%s", pos_schemes[scheme]->name, settings);
    return small_run(training, text);
}

static bool refuses(size_t scheme, const char *settings)
{
    return pos_schemes[scheme]->causal_only && strstr(settings, "causal = no");
}

static void parameters_that_two_schemes_share_start_the_same(void **state)
{
    Training *training = *state;
    Small *runs[MAX_POS_SCHEMES];
    for (size_t i = 0; i < pos_scheme_count; i++)
        runs[i] = run_of_scheme(training, i, "bias = yes\n");
    for (size_t i = 0; i < pos_scheme_count; i++)
        for (size_t j = 0; j < i; j++) {
            size_t common = 0;
            for (Param *p = runs[i]->trainer.gpt.params.first; p; p = p->next) {
                const Param *q = param_find(&runs[j]->trainer.gpt.params, p->name);
                if (q == NULL)
                    continue;
                assert_same_bits(p->tensor.data, q->tensor.data, tensor_size(&p->tensor));
                common++;
            }
            /* wte, ln_f with its bias, and 12 to each layer */
            assert_true(common >= 3 + 2 * 12);
        }
}

static void every_scheme_sees_the_same_batches(void **state)
{
    const char *const settings[] = {"", "causal = no\n", "gradient_accumulation_steps = 3\n"};
    for (size_t s = 0; s < COUNT_OF(settings); s++) {
        Small *runs[MAX_POS_SCHEMES];
        size_t n_runs = 0;
        for (size_t i = 0; i < pos_scheme_count; i++)
            if (!refuses(i, settings[s]))
                runs[n_runs++] = run_of_scheme(*state, i, settings[s]);
        for (size_t step = 0; step < 4; step++)
            for (size_t i = 0; i < n_runs; i++) {
                take_steps(runs[i], 1);
                assert_true(same_batches(runs[0], runs[i]));
            }
    }
}

/* Sets the parameters that only this scheme has to 0. */
static void clear_own_parameters(Small *run, const Small *control)
{
    for (Param *p = run->trainer.gpt.params.first; p; p = p->next)
        if (param_find(&control->trainer.gpt.params, p->name) == NULL)
            memset(p->tensor.data, 0, tensor_size(&p->tensor) * sizeof(real));
}

/* A scheme says nothing where every token stands at position 0 (a rotation by 0, a distance of 0)
 * and what it has learned is 0. Then it computes what the control does, to the last bit, unless
 * anything else differs: a batch, a mask, an initial value, a rate, a decay. */
static void a_scheme_that_says_nothing_trains_like_none(void **state)
{
    static const int zeros[16];
    const char *const settings[] = {"grad_clip = 0\n", "grad_clip = 0\ncausal = no\n"};
    for (size_t s = 0; s < COUNT_OF(settings); s++) {
        Small *none = run_of_scheme(*state, 0, settings[s]);
        assert_string_equal(pos_schemes[0]->name, "none");
        take_steps(none, 5);
        for (size_t i = 1; i < pos_scheme_count; i++) {
            if (refuses(i, settings[s]))
                continue;
            Small *run = run_of_scheme(*state, i, settings[s]);
            run->trainer.positions = (Positions){zeros, 16};
            for (size_t step = 0; step < 5; step++) {
                clear_own_parameters(run, none);
                take_steps(run, 1);
            }
            for (Param *p = none->trainer.gpt.params.first; p; p = p->next) {
                const Param *q = param_find(&run->trainer.gpt.params, p->name);
                assert_non_null(q);
                assert_same_bits(q->tensor.data, p->tensor.data, tensor_size(&p->tensor));
            }
            assert_true(run->trainer.progress.loss_sum == none->trainer.progress.loss_sum);
        }
    }
}

/* The other way round: at their own positions schemes do differ, each from each. */
static void schemes_that_speak_train_differently(void **state)
{
    double sums[MAX_POS_SCHEMES];
    for (size_t i = 0; i < pos_scheme_count; i++) {
        Small *run = run_of_scheme(*state, i, "");
        take_steps(run, 5);
        sums[i] = run->trainer.progress.loss_sum;
        for (size_t j = 0; j < i; j++)
            assert_true(sums[i] != sums[j]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        training_test(the_number_of_threads_changes_no_bit),
        training_test(the_same_seed_repeats_a_run),
        training_test(another_seed_has_other_values_and_other_batches),
        training_test(each_step_and_each_batch_has_masks_of_its_own),
        training_test(parameters_that_two_schemes_share_start_the_same),
        training_test(every_scheme_sees_the_same_batches),
        training_test(a_scheme_that_says_nothing_trains_like_none),
        training_test(schemes_that_speak_train_differently),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
