/* test_adamw.c: tests of src/train/adamw.c: a step of the optimiser is the algorithm's, on any
 * number of threads; the length of a gradient, and its clip. The learning rate is in
 * test_adamw_schedule.c. */
#include "support/check.h"

#include <math.h>

#include "math/parallel.h"
#include "support/fixtures.h"
#include "train/adamw.h"

/* A matrix that is cut into several ranges, a vector, and a single number; only the first decays.
 * None of them fills its last 64 bytes. */
typedef struct Model {
    ParamList list;
    Tensor *matrix, *vector, *number;
} Model;

enum { MATRIX = 101 * 203, VECTOR = 37 };

static Model new_model(void)
{
    Model m = {0};
    const Init small = {INIT_NORMAL, 0.5};
    m.matrix = param_add(&m.list, "matrix", SHAPE(101, 203), small, WEIGHT_DECAY);
    m.vector = param_add(&m.list, "vector", SHAPE(VECTOR), small, NO_DECAY);
    m.number = param_add(&m.list, "number", SHAPE(1), small, NO_DECAY);
    assert_true(param_list_allocate(&m.list, NULL));
    param_list_initialise(&m.list, random_seed(1));
    return m;
}

/* Gradients of a step, from 1e-6 to 1; a tenth of them are 0. */
static void set_gradients(Model *m, uint64_t step)
{
    const RandomKey key = random_at(random_seed(2), step);
    uint64_t i = 0;
    for (Param *param = m->list.first; param; param = param->next)
        for (size_t n = 0; n < tensor_size(&param->tensor); n++, i += 4)
            param->tensor.grad[n] =
                random_uniform(key, i) < 0.1
                    ? 0
                    : (real)(random_normal(key, i + 1) * pow(10, -6 * random_uniform(key, i + 3)));
}

static AdamW new_adamw(Fixture *f, const Model *m, double beta1, double beta2, double decay)
{
    AdamW adamw;
    assert_true(adamw_init(&adamw, &f->arena, &m->list, beta1, beta2, decay, NULL));
    return adamw;
}

/* The algorithm of adamw.h, a number at a time, on doubles. */
typedef struct Slow {
    double *p, *m, *v; /* of one parameter */
    double beta1, beta2, decay;
} Slow;

static Slow slow_copy(Fixture *f, const Tensor *x, double beta1, double beta2, double decay)
{
    const size_t n = tensor_size(x);
    Slow slow = {new_doubles(&f->arena, n),
                 new_doubles(&f->arena, n),
                 new_doubles(&f->arena, n),
                 beta1,
                 beta2,
                 decay};
    for (size_t i = 0; i < n; i++)
        slow.p[i] = (double)x->data[i];
    return slow;
}

static void slow_step(Slow *s, const Tensor *x, double t, double rate, double scale)
{
    for (size_t i = 0; i < tensor_size(x); i++) {
        const double g = scale * (double)x->grad[i];
        s->m[i] = s->beta1 * s->m[i] + (1 - s->beta1) * g;
        s->v[i] = s->beta2 * s->v[i] + (1 - s->beta2) * g * g;
        const double mean = s->m[i] / (1 - pow(s->beta1, t));
        const double square = s->v[i] / (1 - pow(s->beta2, t));
        s->p[i] = s->p[i] - rate * (mean / (sqrt(square) + 1e-8) + s->decay * s->p[i]);
    }
}

static void assert_steps_are_the_algorithms(Fixture *f, double beta1, double beta2, double decay)
{
    Model m = new_model();
    AdamW adamw = new_adamw(f, &m, beta1, beta2, decay);
    Slow matrix = slow_copy(f, m.matrix, beta1, beta2, decay);
    Slow vector = slow_copy(f, m.vector, beta1, beta2, 0);
    Slow number = slow_copy(f, m.number, beta1, beta2, 0);
    for (uint64_t step = 0; step < 7; step++) {
        const double rate = 0.3 / (1 + (double)step), scale = step % 2 ? 1 : 0.25;
        set_gradients(&m, step);
        adamw_step(&adamw, &m.list, rate, scale);
        slow_step(&matrix, m.matrix, 1 + (double)step, rate, scale);
        slow_step(&vector, m.vector, 1 + (double)step, rate, scale);
        slow_step(&number, m.number, 1 + (double)step, rate, scale);
        assert_numbers_close(m.matrix->data, matrix.p, MATRIX);
        assert_numbers_close(m.vector->data, vector.p, VECTOR);
        assert_numbers_close(m.number->data, number.p, 1);
        assert_numbers_close(adamw.mean, matrix.m, MATRIX);
        assert_numbers_close(adamw.square, matrix.v, MATRIX);
    }
    assert_int_equal(adamw.steps, 7);
    param_list_free(&m.list);
}

static void steps_are_those_of_the_algorithm(void **state)
{
    assert_steps_are_the_algorithms(*state, 0.9, 0.99, 0);
    assert_steps_are_the_algorithms(*state, 0.9, 0.95, 0.5);
    assert_steps_are_the_algorithms(*state, 0, 0, 0.1); /* no memory */
    assert_steps_are_the_algorithms(*state, 0.99, 0.999, 2);
}

/* With gradients g and then -g, computed by hand for beta1 = 1/2, beta2 = 3/4:
 *     step 1: m = g/2, m' = g;  v = g^2/4, v' = g^2;  p moves by -rate * sign(g)
 *     step 2: m = g/4 - g/2 = -g/4, m' = -g/3;  v = 3/16 g^2 + 4/16 g^2, v' = g^2;  by +rate/3 */
static void the_first_steps_are_as_computed_by_hand(void **state)
{
    Fixture *f = *state;
    const double gradients[] = {5, -0.125};
    for (size_t i = 0; i < 2; i++) {
        Model m = new_model();
        AdamW adamw = new_adamw(f, &m, 0.5, 0.75, 0);
        m.number->data[0] = 1;
        m.number->grad[0] = (real)gradients[i];
        adamw_step(&adamw, &m.list, 0.25, 1);
        const double sign = gradients[i] > 0 ? 1 : -1;
        assert_close(m.number->data[0], 1 - sign * 0.25, 1e-6);
        m.number->grad[0] = (real)-gradients[i];
        adamw_step(&adamw, &m.list, 0.25, 1);
        assert_close(m.number->data[0], 1 - sign * 0.25 * (1 - 1.0 / 3), 1e-6);
        param_list_free(&m.list);
    }
}

/* Without a gradient, m' / (sqrt(v') + 1e-8) is 0, and decay is all that happens. */
static void decay_pulls_matrices_and_nothing_else(void **state)
{
    Fixture *f = *state;
    Model m = new_model(), before = new_model();
    AdamW adamw = new_adamw(f, &m, 0.9, 0.99, 0.5);
    adamw_step(&adamw, &m.list, 0.125, 1);
    double *expected = new_doubles(&f->arena, MATRIX);
    for (size_t i = 0; i < MATRIX; i++)
        expected[i] = (1 - 0.125 * 0.5) * (double)before.matrix->data[i];
    assert_numbers_close(m.matrix->data, expected, MATRIX);
    assert_same_bits(m.vector->data, before.vector->data, VECTOR);
    assert_same_bits(m.number->data, before.number->data, 1);
    param_list_free(&m.list);
    param_list_free(&before.list);
}

static void a_frozen_parameter_stays_as_it_is(void **state)
{
    Fixture *f = *state;
    Model m = {0};
    Tensor *frozen = param_add(&m.list, "frozen", SHAPE(VECTOR), (Init){INIT_CONSTANT, 1}, FROZEN);
    m.vector = param_add(&m.list, "vector", SHAPE(VECTOR), (Init){INIT_CONSTANT, 1}, WEIGHT_DECAY);
    assert_true(param_list_allocate(&m.list, NULL));
    param_list_initialise(&m.list, random_seed(1));
    AdamW adamw = new_adamw(f, &m, 0.9, 0.99, 0.5);
    adamw_step(&adamw, &m.list, 0.125, 1);
    for (size_t i = 0; i < VECTOR; i++) {
        assert_close(frozen->data[i], 1, 0);
        assert_close(m.vector->data[i], 1 - 0.125 * 0.5, 0);
    }
    param_list_free(&m.list);
}

static void assert_gaps_are_zero(const ParamList *list, const real *flat)
{
    size_t end = 0;
    for (const Param *param = list->first; param; param = param->next) {
        const size_t start = (size_t)(param->tensor.data - list->values);
        for (size_t i = end; i < start; i++)
            assert_true(flat[i] == 0);
        end = start + tensor_size(&param->tensor);
    }
    assert_true(end < list->size);
    for (size_t i = end; i < list->size; i++)
        assert_true(flat[i] == 0);
}

static void the_gaps_between_parameters_stay_zero(void **state)
{
    Model m = new_model();
    AdamW adamw = new_adamw(*state, &m, 0.9, 0.99, 0.5);
    assert_int_equal(adamw.size, m.list.size);
    for (uint64_t step = 0; step < 3; step++) {
        set_gradients(&m, step);
        adamw_step(&adamw, &m.list, 0.1, 1);
    }
    assert_gaps_are_zero(&m.list, m.list.values);
    assert_gaps_are_zero(&m.list, adamw.mean);
    assert_gaps_are_zero(&m.list, adamw.square);
    param_list_free(&m.list);
}

static void a_new_optimiser_has_done_nothing(void **state)
{
    Model m = new_model();
    AdamW adamw = new_adamw(*state, &m, 0.9, 0.99, 0.5);
    assert_int_equal(adamw.steps, 0);
    for (size_t i = 0; i < m.list.size; i++)
        assert_true(adamw.mean[i] == 0 && adamw.square[i] == 0);
    param_list_free(&m.list);
}

/* --- length and clip --- */

static void the_norm_is_the_root_of_the_sum_of_squares(void **state)
{
    Model m = new_model();
    AdamW adamw = new_adamw(*state, &m, 0.9, 0.99, 0);
    assert_close(adamw_gradient_norm(&adamw, &m.list), 0, 0);
    m.matrix->grad[MATRIX - 1] = 3;
    m.number->grad[0] = -4;
    assert_close(adamw_gradient_norm(&adamw, &m.list), 5, 1e-6);
    set_gradients(&m, 0);
    double sum = 0;
    for (const Param *param = m.list.first; param; param = param->next)
        for (size_t i = 0; i < tensor_size(&param->tensor); i++)
            sum += (double)param->tensor.grad[i] * (double)param->tensor.grad[i];
    assert_close(adamw_gradient_norm(&adamw, &m.list), sqrt(sum), REAL_TOLERANCE * sqrt(sum));
    m.vector->grad[5] = (real)NAN;
    assert_true(isnan(adamw_gradient_norm(&adamw, &m.list)));
    param_list_free(&m.list);
}

static void a_clip_shortens_what_is_too_long(void **state)
{
    (void)state;
    assert_close(clip_scale(4, 1), 0.25, 0);
    assert_close(clip_scale(0.5, 1), 1, 0);
    assert_close(clip_scale(1, 1), 1, 0);
    assert_close(clip_scale(0, 1), 1, 0);
    assert_close(clip_scale(1e9, 0), 1, 0); /* no limit */
}

/* Clipped, a gradient of any greater length does the same. */
static void a_clipped_gradient_has_the_length_of_the_clip(void **state)
{
    Model m = new_model();
    AdamW adamw = new_adamw(*state, &m, 0, 0, 0); /* the mean is the last gradient */
    set_gradients(&m, 0);
    const double norm = adamw_gradient_norm(&adamw, &m.list);
    assert_true(norm > 1);
    adamw_step(&adamw, &m.list, 0.1, clip_scale(norm, 0.75));
    double sum = 0;
    for (size_t i = 0; i < adamw.size; i++)
        sum += (double)adamw.mean[i] * (double)adamw.mean[i];
    assert_close(sqrt(sum), 0.75, 0.75 * REAL_TOLERANCE);
    param_list_free(&m.list);
}

/* --- threads --- */

static void any_number_of_threads_gives_the_same_bits(void **state)
{
    Fixture *f = *state;
    Model one = {0};
    AdamW first = {0};
    const size_t threads[] = {1, 2, 3, 8};
    for (size_t n = 0; n < COUNT_OF(threads); n++) {
        Model m = new_model();
        AdamW adamw = new_adamw(f, &m, 0.9, 0.99, 0.1);
        parallel_set_threads(threads[n]);
        for (uint64_t step = 0; step < 3; step++) {
            set_gradients(&m, step);
            const double norm = adamw_gradient_norm(&adamw, &m.list);
            adamw_step(&adamw, &m.list, 0.01, clip_scale(norm, 1));
        }
        if (n == 0) {
            one = m;
            first = adamw;
            continue;
        }
        assert_same_bits(m.list.values, one.list.values, m.list.size);
        assert_same_bits(adamw.mean, first.mean, adamw.size);
        assert_same_bits(adamw.square, first.square, adamw.size);
        assert_true(adamw_gradient_norm(&adamw, &m.list) == adamw_gradient_norm(&first, &one.list));
        param_list_free(&m.list);
    }
    param_list_free(&one.list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(steps_are_those_of_the_algorithm),
        fixture_test(the_first_steps_are_as_computed_by_hand),
        fixture_test(decay_pulls_matrices_and_nothing_else),
        fixture_test(a_frozen_parameter_stays_as_it_is),
        fixture_test(the_gaps_between_parameters_stay_zero),
        fixture_test(a_new_optimiser_has_done_nothing),
        fixture_test(the_norm_is_the_root_of_the_sum_of_squares),
        cmocka_unit_test(a_clip_shortens_what_is_too_long),
        fixture_test(a_clipped_gradient_has_the_length_of_the_clip),
        fixture_test(any_number_of_threads_gives_the_same_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
