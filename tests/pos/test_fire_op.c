/* test_fire_op.c: tests of src/pos/fire_op.c. */
#include "support/check.h"

#include <math.h>

#include "autograd/ops.h"
#include "pos/fire_op.h"
#include "support/model_case.h"
#include "support/tape_rules.h"

static const double FIRST_C = 0.2, FIRST_THRESHOLD = 12;

typedef struct ShareCase {
    Tensor *scale;
    Positions queries, keys;
} ShareCase;

/* The queries are the last of the keys, which stand `step` apart. */
static ShareCase share_case(Fixture *f, size_t n_query, size_t n_key, int first, int step)
{
    Positions keys = positions_from(&f->arena, first, step, n_key);
    return (ShareCase){
        .scale = tensor_of(&f->arena, (double[]){0.3, -0.4}, SHAPE(2)), /* L is 8.04 */
        .queries = {keys.at + (n_key - n_query), n_query},
        .keys = keys,
    };
}

static Tensor *shares(Tape *tape, void *context)
{
    const ShareCase *c = context;
    return shares_of_way(tape, c->scale, FIRST_C, FIRST_THRESHOLD, c->queries, c->keys);
}

static Tensor *twice_the_shares(Tape *tape, void *context)
{
    return add(tape, shares(tape, context), shares(tape, context));
}

/* Queries before the threshold and behind it, in a text and in one that is continued; keys on both
 * sides of their query. */
static ShareCase case_number(Fixture *f, size_t n)
{
    switch (n) {
    case 0:
        return share_case(f, 20, 20, 0, 1);
    case 1:
        return share_case(f, 4, 20, 3, 2);
    case 2:
        return share_case(f, 6, 6, 1000, 7);
    default:
        return share_case(f, 1, 3, 0, 1);
    }
}
enum { N_CASES = 4 };

static void shares_are_those_of_the_definition(void **state)
{
    Fixture *f = *state;
    const double c = FIRST_C * exp(0.3), threshold = FIRST_THRESHOLD * exp(-0.4);
    for (size_t n = 0; n < N_CASES; n++) {
        ShareCase s = case_number(f, n);
        const Tensor *x = shares(&f->tape, &s);
        assert_int_equal(x->rank, 2);
        assert_int_equal(x->shape[0], s.queries.count);
        assert_int_equal(x->shape[1], s.keys.count);
        for (size_t i = 0; i < s.queries.count; i++)
            for (size_t j = 0; j < s.keys.count; j++) {
                double query = s.queries.at[i], distance = fabs(s.keys.at[j] - query);
                double way = query < threshold ? threshold : query;
                assert_close(x->data[i * s.keys.count + j],
                             log(1 + c * distance) / log(1 + c * way), REAL_TOLERANCE);
            }
    }
}

static void the_gradients_agree_with_differences(void **state)
{
    Fixture *f = *state;
    for (size_t n = 0; n < N_CASES; n++) {
        ShareCase s = case_number(f, n);
        GradInput inputs[] = {{.name = "scale", .x = s.scale}};
        assert_gradients(shares, &s, inputs, 1);
        assert_gradients(twice_the_shares, &s, inputs, 1);
    }
}

static void a_constant_scale_gets_no_gradient(void **state)
{
    Fixture *f = *state;
    ShareCase s = share_case(f, 2, 2, 0, 1);
    Tensor *other = tensor_of(&f->arena, (double[]){1, 2, 3, 4}, SHAPE(2, 2));
    s.scale->grad = NULL;
    Tensor *y = add(&f->tape, shares(&f->tape, &s), other);
    tape_backward(&f->tape, weighted_sum(&f->tape, y, (real[]){1, 2, 3, 4}));
    assert_close(other->grad[3], 4, 0);
}

static void the_rules_of_the_tape_are_kept(void **state)
{
    ShareCase s = share_case(*state, 60, 70, 0, 3);
    GradInput inputs[] = {{.name = "scale", .x = s.scale}};
    assert_tape_rules(shares, &s, inputs, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(shares_are_those_of_the_definition),
        fixture_test(the_gradients_agree_with_differences),
        fixture_test(a_constant_scale_gets_no_gradient),
        fixture_test(the_rules_of_the_tape_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
