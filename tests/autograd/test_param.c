/* test_param.c: tests of src/autograd/param.c. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "autograd/param.h"
#include "support/fixtures.h"

static const Init zero = {INIT_CONSTANT, 0}, one = {INIT_CONSTANT, 1}, small = {INIT_NORMAL, 0.02};

/* A matrix, a vector and a single number, none of which fills its 64 bytes. */
typedef struct Model {
    ParamList list;
    Tensor *matrix, *vector, *number;
} Model;

static Model model_of_three(void)
{
    Model m = {0};
    m.matrix = param_add(&m.list, "layer.weight", SHAPE(5, 7), small, WEIGHT_DECAY);
    m.vector = param_add(&m.list, "layer.bias", SHAPE(3), one, NO_DECAY);
    m.number = param_add(&m.list, "gain", SHAPE(1), zero, NO_DECAY);
    assert_true(m.matrix && m.vector && m.number);
    assert_true(param_list_allocate(&m.list, NULL));
    return m;
}

static size_t aligned(size_t count)
{
    size_t per_line = 64 / sizeof(real);
    return (count + per_line - 1) / per_line * per_line;
}

static void parameters_lie_in_order_in_two_flat_buffers(void **state)
{
    (void)state;
    Model m = model_of_three();
    assert_int_equal(m.list.count, 3);
    assert_int_equal(m.list.n_numbers, 35 + 3 + 1);
    assert_int_equal(m.list.size, aligned(35) + aligned(3) + aligned(1));
    assert_ptr_equal(m.matrix->data, m.list.values);
    assert_ptr_equal(m.vector->data, m.list.values + aligned(35));
    assert_ptr_equal(m.number->data, m.list.values + aligned(35) + aligned(3));
    assert_ptr_equal(m.matrix->grad, m.list.gradients);
    assert_ptr_equal(m.vector->grad, m.list.gradients + aligned(35));
    assert_ptr_equal(m.number->grad, m.list.gradients + aligned(35) + aligned(3));
    for (const Param *param = m.list.first; param; param = param->next) {
        assert_int_equal((uintptr_t)param->tensor.data % 64, 0);
        assert_int_equal((uintptr_t)param->tensor.grad % 64, 0);
    }
    for (size_t i = 0; i < m.list.size; i++)
        assert_true(m.list.values[i] == 0 && m.list.gradients[i] == 0);
    param_list_free(&m.list);
}

static void a_frozen_parameter_has_a_start_and_no_gradient(void **state)
{
    (void)state;
    ParamList free_list = {0}, list = {0};
    Tensor *free_one = param_add(&free_list, "table", SHAPE(4, 5), small, WEIGHT_DECAY);
    Tensor *frozen = param_add(&list, "table", SHAPE(4, 5), small, FROZEN);
    Tensor *next = param_add(&list, "gain", SHAPE(1), one, NO_DECAY);
    assert_true(param_list_allocate(&free_list, NULL) && param_list_allocate(&list, NULL));
    param_list_initialise(&free_list, random_seed(1));
    param_list_initialise(&list, random_seed(1));
    assert_same_bits(frozen->data, free_one->data, 20);
    assert_true(free_one->grad && next->grad && !frozen->grad);
    assert_int_equal(list.count, 2);
    assert_int_equal(list.n_numbers, 1); /* that are learned */
    assert_int_equal(list.size, aligned(20) + aligned(1));
    param_list_free(&free_list);
    param_list_free(&list);
}

static void a_row_says_name_shape_start_and_decay(void **state)
{
    (void)state;
    Model m = model_of_three();
    const Param *param = m.list.first;
    assert_string_equal(param->name, "layer.weight");
    assert_int_equal(param->tensor.rank, 2);
    assert_int_equal(param->tensor.shape[0], 5);
    assert_int_equal(param->tensor.shape[1], 7);
    assert_int_equal(param->decay, WEIGHT_DECAY);
    assert_int_equal(param->init.kind, INIT_NORMAL);
    assert_close(param->init.value, 0.02, 0);
    assert_ptr_equal(&param->tensor, m.matrix);
    assert_string_equal(param->next->name, "layer.bias");
    assert_int_equal(param->next->decay, NO_DECAY);
    assert_ptr_equal(param->next->next, m.list.last);
    assert_null(m.list.last->next);
    param_list_free(&m.list);
}

static void a_parameter_is_found_by_its_whole_name(void **state)
{
    (void)state;
    Model m = model_of_three();
    assert_ptr_equal(param_find(&m.list, "layer.weight"), m.list.first);
    assert_ptr_equal(param_find(&m.list, "gain"), m.list.last);
    assert_null(param_find(&m.list, "layer"));
    assert_null(param_find(&m.list, "layer.weights"));
    assert_null(param_find(&m.list, ""));
    param_list_free(&m.list);
}

static void initial_values_leave_the_gaps_zero(void **state)
{
    (void)state;
    Model m = model_of_three();
    param_list_initialise(&m.list, random_seed(1));
    size_t n_nonzero = 0;
    for (size_t i = 0; i < m.list.size; i++)
        n_nonzero += m.list.values[i] != 0;
    assert_int_equal(n_nonzero, 35 + 3);
    for (size_t i = 0; i < 35; i++)
        assert_true(m.matrix->data[i] != 0);
    for (size_t i = 0; i < 3; i++)
        assert_true(m.vector->data[i] == 1);
    assert_true(m.number->data[0] == 0);
    param_list_free(&m.list);
}

/* Over n numbers the mean of normal ones is off by 1/sqrt(n), their variance by sqrt(2/n), standard
 * deviations of which five are allowed. */
static void normal_values_have_mean_0_and_the_deviation_asked_for(void **state)
{
    (void)state;
    enum { N = 40000 };
    ParamList list = {0};
    const Tensor *x = param_add(&list, "x", SHAPE(200, 200), small, WEIGHT_DECAY);
    assert_true(param_list_allocate(&list, NULL));
    param_list_initialise(&list, random_seed(1));
    double sum = 0, squares = 0;
    for (size_t i = 0; i < N; i++) {
        double z = (double)x->data[i] / 0.02;
        sum += z;
        squares += z * z;
    }
    assert_close(sum / N, 0, 5 / sqrt(N));
    assert_close(squares / N, 1, 5 * sqrt(2.0 / N));
    param_list_free(&list);
}

static void initial_values_depend_on_key_and_name_alone(void **state)
{
    (void)state;
    Model m = model_of_three();
    ParamList list = {0}; /* other neighbours, another order, another shape of the same size */
    param_add(&list, "position", SHAPE(11), small, WEIGHT_DECAY);
    const Tensor *other_name = param_add(&list, "layer.weighu", SHAPE(5, 7), small, WEIGHT_DECAY);
    const Tensor *same_name = param_add(&list, "layer.weight", SHAPE(35), small, NO_DECAY);
    assert_true(param_list_allocate(&list, NULL));
    param_list_initialise(&m.list, random_seed(1));
    param_list_initialise(&list, random_seed(1));
    assert_same_bits(same_name->data, m.matrix->data, 35);
    for (size_t i = 0; i < 35; i++)
        assert_true(other_name->data[i] != m.matrix->data[i]);
    param_list_initialise(&list, random_seed(2));
    for (size_t i = 0; i < 35; i++)
        assert_true(same_name->data[i] != m.matrix->data[i]);
    param_list_free(&m.list);
    param_list_free(&list);
}

static void zeroing_reaches_every_gradient_and_no_value(void **state)
{
    (void)state;
    Model m = model_of_three();
    for (size_t i = 0; i < m.list.size; i++)
        m.list.values[i] = m.list.gradients[i] = 5;
    param_list_zero_gradients(&m.list);
    for (size_t i = 0; i < m.list.size; i++)
        assert_true(m.list.values[i] == 5 && m.list.gradients[i] == 0);
    param_list_free(&m.list);
}

static void a_name_may_fill_its_field(void **state)
{
    (void)state;
    ParamList list = {0};
    char name[PARAM_NAME_SIZE];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    assert_non_null(param_add(&list, name, SHAPE(2), one, NO_DECAY));
    assert_string_equal(list.first->name, name);
    assert_non_null(param_find(&list, name));
    param_list_free(&list);
}

static void more_numbers_than_memory_holds_are_refused(void **state)
{
    (void)state;
    ParamList list = {0};
    Error error = {0};
    size_t huge[] = {(size_t)1 << 31, (size_t)1 << 30};
    assert_non_null(param_add(&list, "huge", 2, huge, zero, NO_DECAY));
    assert_false(param_list_allocate(&list, &error));
    assert_contains(error.text, "out of memory: 2305843009213693952 parameters");
    assert_int_equal(error.kind, ERROR_WORK);
    param_list_free(&list);
}

static void a_freed_list_is_empty_and_can_be_used_again(void **state)
{
    (void)state;
    Model m = model_of_three();
    param_list_free(&m.list);
    assert_true(m.list.count == 0 && m.list.n_numbers == 0 && !m.list.first && !m.list.values);
    assert_non_null(param_add(&m.list, "gain", SHAPE(1), one, NO_DECAY));
    assert_true(param_list_allocate(&m.list, NULL));
    param_list_initialise(&m.list, random_seed(1));
    assert_true(m.list.values[0] == 1);
    param_list_free(&m.list);
}

static void an_empty_list_is_a_list(void **state)
{
    (void)state;
    ParamList list = {0};
    assert_true(param_list_allocate(&list, NULL));
    assert_int_equal(list.size, 0);
    param_list_initialise(&list, random_seed(1));
    param_list_zero_gradients(&list);
    param_list_free(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parameters_lie_in_order_in_two_flat_buffers),
        cmocka_unit_test(a_frozen_parameter_has_a_start_and_no_gradient),
        cmocka_unit_test(a_row_says_name_shape_start_and_decay),
        cmocka_unit_test(a_parameter_is_found_by_its_whole_name),
        cmocka_unit_test(initial_values_leave_the_gaps_zero),
        cmocka_unit_test(normal_values_have_mean_0_and_the_deviation_asked_for),
        cmocka_unit_test(initial_values_depend_on_key_and_name_alone),
        cmocka_unit_test(zeroing_reaches_every_gradient_and_no_value),
        cmocka_unit_test(a_name_may_fill_its_field),
        cmocka_unit_test(more_numbers_than_memory_holds_are_refused),
        cmocka_unit_test(a_freed_list_is_empty_and_can_be_used_again),
        cmocka_unit_test(an_empty_list_is_a_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
