/* test_adamw_schedule.c: tests of src/train/adamw.c: the learning rate, step by step. */
#include "support/check.h"

#include <math.h>

#include "support/fixtures.h"
#include "train/adamw.h"

/* nanoGPT's get_lr, as it stands in its train.py. */
static double get_lr(double it, double learning_rate, double min_lr, double warmup_iters,
                     double lr_decay_iters)
{
    if (it < warmup_iters)
        return learning_rate * (it + 1) / (warmup_iters + 1);
    if (it > lr_decay_iters)
        return min_lr;
    const double decay_ratio = (it - warmup_iters) / (lr_decay_iters - warmup_iters);
    const double coeff = 0.5 * (1.0 + cos(acos(-1) * decay_ratio));
    return min_lr + coeff * (learning_rate - min_lr);
}

static void the_schedule_is_that_of_nanogpt(void **state)
{
    (void)state;
    const Schedule schedules[] = {{1e-3, 1e-4, 100, 2000}, {6e-4, 0, 0, 50}, {1, 1, 7, 9}};
    for (size_t s = 0; s < COUNT_OF(schedules); s++) {
        const Schedule *it = &schedules[s];
        for (size_t step = 0; step <= it->end + 10; step++)
            assert_close(
                schedule_at(it, step),
                get_lr((double)step, it->peak, it->min, (double)it->warmup, (double)it->end),
                1e-12 * it->peak);
    }
}

static void the_corners_of_the_schedule_are_exact(void **state)
{
    (void)state;
    const Schedule schedule = {.peak = 0.5, .min = 0.125, .warmup = 9, .end = 109};
    assert_close(schedule_at(&schedule, 0), 0.05, 1e-15);
    assert_close(schedule_at(&schedule, 8), 0.45, 1e-15);
    assert_close(schedule_at(&schedule, 9), 0.5, 0);
    assert_close(schedule_at(&schedule, 9 + 50), (0.5 + 0.125) / 2, 1e-15);
    assert_close(schedule_at(&schedule, 109), 0.125, 0);
    assert_close(schedule_at(&schedule, 110), 0.125, 0);
    assert_close(schedule_at(&schedule, SIZE_MAX), 0.125, 0);
    for (size_t step = 0; step < 9; step++)
        assert_true(schedule_at(&schedule, step) < schedule_at(&schedule, step + 1));
    for (size_t step = 9; step < 109; step++)
        assert_true(schedule_at(&schedule, step) > schedule_at(&schedule, step + 1));
}

static void a_schedule_may_lack_a_part(void **state)
{
    (void)state;
    const Schedule no_warmup = {.peak = 2, .min = 1, .warmup = 0, .end = 4};
    assert_close(schedule_at(&no_warmup, 0), 2, 0);
    assert_close(schedule_at(&no_warmup, 2), 1.5, 1e-15);
    assert_close(schedule_at(&no_warmup, 4), 1, 0);
    const Schedule only_warmup = {.peak = 2, .min = 1, .warmup = 4, .end = 4};
    assert_close(schedule_at(&only_warmup, 3), 2 * 4.0 / 5, 1e-15);
    assert_close(schedule_at(&only_warmup, 4), 1, 0);
    const Schedule nothing = {.peak = 2, .min = 1, .warmup = 0, .end = 0};
    assert_close(schedule_at(&nothing, 0), 1, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_schedule_is_that_of_nanogpt),
        cmocka_unit_test(the_corners_of_the_schedule_are_exact),
        cmocka_unit_test(a_schedule_may_lack_a_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
