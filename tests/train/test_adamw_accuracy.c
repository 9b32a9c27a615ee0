/* test_adamw_accuracy.c: how far a step of src/train/adamw.c, with its clip, is from the algorithm
 * of adamw.h computed in long double; the bounds are explained in accuracy.h. */
#include "support/accuracy.h"

#include "support/fixtures.h"
#include "train/adamw.h"

enum { SIZE = 1 << 16 };

typedef struct Model {
    ParamList list;
    AdamW adamw;
    Tensor *x;
} Model;

/* Numbers of either sign and of sizes 10^lowest to 10^highest. */
static void fill_sizes(real *x, uint64_t seed, double lowest, double highest)
{
    for (uint64_t i = 0; i < SIZE; i++) {
        double size = pow(10, lowest + (highest - lowest) * random_uniform(random_seed(seed), i));
        x[i] = (real)(i % 2 ? size : -size);
    }
}

/* A model as if after `steps` steps: the moments are of the sizes that such gradients make. */
static Model model_after(Fixture *f, size_t steps, double beta1, double beta2)
{
    Model m = {.adamw = {0}};
    m.x = param_add(&m.list, "x", SHAPE(SIZE), (Init){INIT_NORMAL, 1}, WEIGHT_DECAY);
    assert_true(param_list_allocate(&m.list, NULL));
    assert_true(adamw_init(&m.adamw, &f->arena, &m.list, beta1, beta2, 0.1, NULL));
    fill_sizes(m.x->data, 1, -6, 1);
    fill_sizes(m.x->grad, 2, -14, 6);
    m.adamw.steps = steps;
    if (steps == 0)
        return m;
    fill_sizes(m.adamw.mean, 3, -14, 6);
    for (size_t i = 0; i < SIZE; i++)
        m.adamw.square[i] = m.adamw.mean[i] * m.adamw.mean[i];
    return m;
}

/* 1 - beta^t of the step after `steps` steps. */
static long double bias(double beta, size_t steps)
{
    return 1 - pow((long double)beta, (long double)steps + 1);
}

/* What is lost in the difference of 1 and a rounded number, relative to the difference: 1 - beta,
 * where beta has become a real, and 1 - beta^t, where the power is a double. */
static double lost(double beta)
{
    return fabs((double)((real)beta - (long double)beta)) / (UNIT * (1 - beta));
}

static double lost_of_bias(double beta, size_t steps)
{
    return 0x1p-53 / (UNIT * (double)bias(beta, steps));
}

/* One parameter before a step or after it, and after it what of each is lost in UNITs. */
typedef struct Number {
    long double p, m, v;
    double of_p, of_m, of_v;
} Number;

typedef struct Step {
    double rate, scale, beta1, beta2, decay;
    size_t steps; /* before */
} Step;

/* What a step loses.
 *   m: beta1 m          beta1's rounding and the product's: 2, and 1 for the sum
 *      (1 - beta1) g    g's own 2 (the scale's rounding and its product), the product and the sum:
 *                       4; and what 1 - beta1 lost
 *   v: the same with g squared, all terms positive: 7 at most, and what 1 - beta2 lost
 *   length: half of v's and of its factor's 2; the root, epsilon's rounding and the sum: 3
 *   p: the rate's rounding, a product and the quotient are 3, decay's 2; their sum 1, p's own 1 */
static Number exact_step(const Step *s, Number old, long double gradient)
{
    long double g = s->scale * gradient, kept = s->beta1 * old.m, share = (1.0L - s->beta1) * g;
    Number next = {.m = kept + share, .v = s->beta2 * old.v + (1.0L - s->beta2) * g * g};
    next.of_m = 3 * fabs((double)kept) + (4 + lost(s->beta1)) * fabs((double)share);
    next.of_v = (7 + lost(s->beta2)) * (double)next.v;

    long double rate = s->rate / bias(s->beta1, s->steps);
    long double length = sqrt(next.v / bias(s->beta2, s->steps)) + 1e-8L;
    double of_length = (7 + lost(s->beta2) + 2 + lost_of_bias(s->beta2, s->steps)) / 2 + 3;
    long double step = rate * next.m / length, decay = (long double)s->rate * s->decay * old.p;
    next.p = old.p - step - decay;
    next.of_p = (double)(rate / length) * next.of_m +
                (of_length + 3 + lost_of_bias(s->beta1, s->steps) + 1) * fabs((double)step) +
                3 * fabs((double)decay) + fabs((double)next.p);
    return next;
}

static void assert_step_is_right(Fixture *f, size_t steps, double beta1, double beta2, double clip)
{
    Model m = model_after(f, steps, beta1, beta2);
    Number *old = arena_alloc(&f->arena, SIZE, sizeof *old);
    assert_non_null(old);
    for (size_t i = 0; i < SIZE; i++)
        old[i] = (Number){.p = m.x->data[i], .m = m.adamw.mean[i], .v = m.adamw.square[i]};
    double scale = clip_scale(adamw_gradient_norm(&m.adamw, &m.list), clip);
    Step step = {0.003, scale, beta1, beta2, m.adamw.weight_decay, steps};
    adamw_step(&m.adamw, &m.list, step.rate, step.scale);
    for (size_t i = 0; i < SIZE; i++) {
        Number exact = exact_step(&step, old[i], m.x->grad[i]);
        assert_within_units(m.adamw.mean[i], exact.m, exact.of_m);
        assert_within_units(m.adamw.square[i], exact.v, exact.of_v);
        assert_within_units(m.x->data[i], exact.p, exact.of_p);
    }
    param_list_free(&m.list);
}

/* Betas with few binary digits are exact in a real, so that only the arithmetic is left. */
static void a_step_is_within_its_bound(void **state)
{
    const size_t steps[] = {0, 1, 10, 2000};
    for (size_t s = 0; s < COUNT_OF(steps); s++) {
        assert_step_is_right(*state, steps[s], 0.875, 0.96875, 0);
        assert_step_is_right(*state, steps[s], 0.875, 0.96875, 1);
    }
}

static void a_step_with_the_usual_betas_is_within_its_bound(void **state)
{
    const size_t steps[] = {0, 1, 10, 2000};
    for (size_t s = 0; s < COUNT_OF(steps); s++) {
        assert_step_is_right(*state, steps[s], 0.9, 0.99, 1);
        assert_step_is_right(*state, steps[s], 0.9, 0.999, 1);
    }
}

/* Each range of 8192 squares is summed as a real, with at most 8192 / 8 additions and 16 more on
 * the way of each; the root halves that. */
static void the_norm_is_within_its_bound(void **state)
{
    Fixture *f = *state;
    Model m = model_after(f, 0, 0.9, 0.99);
    for (int power = -8; power <= 6; power++) {
        fill_sizes(m.x->grad, (uint64_t)(power + 20), power - 1, power);
        long double sum = 0;
        for (size_t i = 0; i < SIZE; i++)
            sum += (long double)m.x->grad[i] * (long double)m.x->grad[i];
        const double exact = (double)sqrt(sum), norm = adamw_gradient_norm(&m.adamw, &m.list);
        assert_close(norm, exact, UNIT * exact * (8192 / 8 + 16 + 3) / 2);
        assert_within_ulp(clip_scale(norm, 1e-9), (long double)1e-9 / norm, 0.5);
    }
    param_list_free(&m.list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(a_step_is_within_its_bound),
        fixture_test(a_step_with_the_usual_betas_is_within_its_bound),
        fixture_test(the_norm_is_within_its_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
