/* test_shaw_op.c: tests of src/pos/shaw_op.c. */
#include "support/check.h"

#include "pos/shaw_op.h"
#include "support/model_case.h"
#include "support/tape_rules.h"

enum { B = 2, H = 3 };

typedef struct PickCase {
    Tensor *z;
    int left, right;
    bool causal;
    Positions queries, keys;
} PickCase;

/* The queries are the last of the keys, which stand `step` apart. */
static PickCase pick_case(Fixture *f, size_t n_query, size_t n_key, int step, int left, int right,
                          bool causal)
{
    Positions keys = positions_from(&f->arena, 3, step, n_key);
    return (PickCase){
        .z = random_tensor(&f->arena, 1, SHAPE(B, H, n_query, (size_t)(left + 1 + right))),
        .left = left,
        .right = right,
        .causal = causal,
        .queries = {keys.at + (n_key - n_query), n_query},
        .keys = keys,
    };
}

static Tensor *bias_of_case(Tape *tape, void *context)
{
    const PickCase *c = context;
    return picked_bias(tape, c->z, c->left, c->causal, c->queries, c->keys);
}

static void check_case(Fixture *f, PickCase c)
{
    Tensor *bias = bias_of_case(&f->tape, &c);
    size_t n_query = c.queries.count, n_key = c.keys.count, width = tensor_width(c.z), n = 0;
    assert_memory_equal(bias->shape, ((size_t[]){B, H, n_query, n_key}), 4 * sizeof(size_t));
    const real *r = random_numbers(&f->arena, tensor_size(bias), 2);
    tape_backward(&f->tape, weighted_sum(&f->tape, bias, r));
    double *dz = new_doubles(&f->arena, tensor_size(c.z));
    for (size_t row = 0; row < B * H * n_query; row++)
        for (size_t j = 0; j < n_key; j++, n++) {
            size_t i = row % n_query;
            int distance = c.keys.at[j] - c.queries.at[i], nearest = -c.left;
            while (nearest < c.right && nearest < distance)
                nearest++;
            size_t place = row * width + (size_t)(nearest + c.left);
            bool hidden = c.causal && j > n_key - n_query + i;
            assert_close(bias->data[n], hidden ? 0 : c.z->data[place], 0);
            dz[place] += hidden ? 0 : (double)r[n];
        }
    assert_numbers_close(c.z->grad, dz, tensor_size(c.z));
}

static void each_pair_has_the_number_of_its_distance(void **state)
{
    Fixture *f = *state;
    for (int step = 1; step <= 3; step += 2) {
        check_case(f, pick_case(f, 5, 5, step, 3, 0, true));
        check_case(f, pick_case(f, 5, 5, step, 3, 3, false));
        check_case(f, pick_case(f, 5, 5, step, 1, 2, true));
        check_case(f, pick_case(f, 1, 9, step, 4, 0, true));
        check_case(f, pick_case(f, 3, 9, step, 4, 4, false));
        check_case(f, pick_case(f, 5, 5, step, 0, 0, true)); /* one row for all */
        check_case(f, pick_case(f, 70, 90, step, 16, 0, true));
        check_case(f, pick_case(f, 70, 90, step, 300, 300, false));
    }
}

static void the_gradients_agree_with_differences(void **state)
{
    Fixture *f = *state;
    PickCase causal = pick_case(f, 4, 6, 1, 2, 0, true);
    PickCase both = pick_case(f, 4, 6, 2, 3, 3, false);
    GradInput of_causal = {.name = "z", .x = causal.z}, of_both = {.name = "z", .x = both.z};
    assert_gradients(bias_of_case, &causal, &of_causal, 1);
    assert_gradients(bias_of_case, &both, &of_both, 1);
}

static void numbers_may_be_constants(void **state)
{
    Fixture *f = *state;
    PickCase c = pick_case(f, 4, 6, 1, 2, 0, true);
    c.z->grad = NULL;
    Tensor *bias = bias_of_case(&f->tape, &c);
    const real *r = random_numbers(&f->arena, tensor_size(bias), 2);
    tape_backward(&f->tape, weighted_sum(&f->tape, bias, r));
    assert_null(c.z->grad);
}

static void the_rules_of_the_tape_are_kept(void **state)
{
    PickCase c = pick_case(*state, 70, 90, 1, 16, 0, true);
    GradInput input = {.name = "z", .x = c.z};
    assert_tape_rules(bias_of_case, &c, &input, 1);
    assert_first_shares_are_set(bias_of_case, &c, &input, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(each_pair_has_the_number_of_its_distance),
        fixture_test(the_gradients_agree_with_differences),
        fixture_test(numbers_may_be_constants),
        fixture_test(the_rules_of_the_tape_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
