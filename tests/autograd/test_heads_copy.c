/* test_heads_copy.c: tests of src/autograd/heads_copy.c. */
#include "support/check.h"

#include "autograd/ops.h"
#include "support/fixtures.h"
#include "support/gradcheck.h"
#include "support/tape_rules.h"

enum { B = 2, T = 3, H = 2, D = 2, C = H * D };

static Tensor *input(Fixture *f)
{
    return random_tensor(&f->arena, 1, SHAPE(B, T, 3 * C));
}

/* [B, T, C]: the queries, and the values twice; no keys. */
static Tensor *sum_of_copies(Tape *tape, void *context)
{
    Heads heads = split_heads(context, H), copies = heads_copy(tape, &heads);
    HeadView again = head_view_copy(tape, &heads.v);
    return add(tape, copies.q.x, add(tape, copies.v.x, again.x));
}

/* What stands side by side in x stands alone in the copies, in the same order. */
static void a_copy_has_the_vectors_of_its_view(void **state)
{
    Fixture *f = *state;
    Tensor *x = input(f);
    Heads heads = split_heads(x, H), copies = heads_copy(&f->tape, &heads);
    const HeadView *views[] = {&copies.q, &copies.k, &copies.v};
    for (size_t part = 0; part < 3; part++) {
        assert_int_equal(views[part]->x->rank, 3);
        assert_memory_equal(views[part]->x->shape, ((size_t[]){B, T, C}), 3 * sizeof(size_t));
        for (size_t n = 0; n < B * T; n++)
            for (size_t c = 0; c < C; c++) {
                real expected = x->data[n * 3 * C + part * C + c];
                assert_close(views[part]->x->data[n * C + c], expected, 0);
                assert_close(head_data(views[part], n / T, c / D, n % T)[c % D], expected, 0);
            }
    }
}

/* By hand: dy goes to the queries, twice to the values, and not to the keys. */
static void each_copy_gives_back_its_gradient(void **state)
{
    Fixture *f = *state;
    Tensor *x = input(f);
    const real *r = random_numbers(&f->arena, B * T * C, 2);
    tape_backward(&f->tape, weighted_sum(&f->tape, sum_of_copies(&f->tape, x), r));
    const double times[] = {1, 0, 2};
    for (size_t i = 0; i < tensor_size(x); i++) {
        size_t row = i / (3 * C), part = i % (3 * C) / C;
        assert_close(x->grad[i], times[part] * (double)r[row * C + i % C], 0);
    }
}

static void the_rules_of_the_tape_are_kept(void **state)
{
    Tensor *x = input(*state);
    GradInput inputs[] = {{.name = "x", .x = x}};
    assert_tape_rules(sum_of_copies, x, inputs, 1);
    assert_first_shares_are_set(sum_of_copies, x, inputs, 1);
}

static void a_constant_gets_no_gradient(void **state)
{
    Fixture *f = *state;
    Tensor *x = input(f);
    x->grad = NULL;
    const real *r = random_numbers(&f->arena, B * T * C, 2);
    tape_backward(&f->tape, weighted_sum(&f->tape, sum_of_copies(&f->tape, x), r));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(a_copy_has_the_vectors_of_its_view),
        fixture_test(each_copy_gives_back_its_gradient),
        fixture_test(the_rules_of_the_tape_are_kept),
        fixture_test(a_constant_gets_no_gradient),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
