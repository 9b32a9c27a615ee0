/* test_heads.c: tests of src/autograd/heads.c. */
#include "support/check.h"

#include "autograd/ops.h"
#include "support/fixtures.h"
#include "support/gradcheck.h"
#include "support/tape_rules.h"

/* x [B, T, 3 H D], and three different maps that tell q, k and v apart. */
typedef struct Split {
    size_t batch, length, n_head, head_size;
    Tensor *x, *maps[3]; /* [D, D] */
} Split;

static Split split_of(Fixture *f, size_t batch, size_t length, size_t n_head, size_t head_size)
{
    Split s = {.batch = batch, .length = length, .n_head = n_head, .head_size = head_size};
    s.x = random_tensor(&f->arena, 1, SHAPE(batch, length, 3 * n_head * head_size));
    for (size_t part = 0; part < 3; part++)
        s.maps[part] = random_tensor(&f->arena, 2 + part, SHAPE(head_size, head_size));
    return s;
}

static Tensor *split_and_mapped(Tape *tape, void *context)
{
    const Split *s = context;
    Heads heads = split_heads(tape, s->x, s->n_head);
    Tensor *q = linear(tape, heads.q, s->maps[0], NULL),
           *k = linear(tape, heads.k, s->maps[1], NULL);
    return add(tape, add(tape, q, k), linear(tape, heads.v, s->maps[2], NULL));
}

/* Every number of x says where it belongs, in decimal: part, b, h, t, d. The place in x is counted
 * up as the header describes x: for each token first the queries of all heads, then keys, then
 * values. */
static void every_number_goes_to_its_part_head_and_place(void **state)
{
    Fixture *f = *state;
    Split s = split_of(f, 2, 5, 3, 4);
    real *x = s.x->data;
    for (size_t b = 0; b < 2; b++)
        for (size_t t = 0; t < 5; t++)
            for (size_t part = 0; part < 3; part++)
                for (size_t h = 0; h < 3; h++)
                    for (size_t d = 0; d < 4; d++)
                        *x++ = (real)(10000 * part + 1000 * b + 100 * h + 10 * t + d);
    Heads heads = split_heads(&f->tape, s.x, 3);
    const Tensor *parts[] = {heads.q, heads.k, heads.v};
    for (size_t part = 0; part < 3; part++) {
        assert_int_equal(parts[part]->rank, 4);
        assert_memory_equal(parts[part]->shape, ((size_t[]){2, 3, 5, 4}), 4 * sizeof(size_t));
        const real *y = parts[part]->data;
        for (size_t b = 0; b < 2; b++)
            for (size_t h = 0; h < 3; h++)
                for (size_t t = 0; t < 5; t++)
                    for (size_t d = 0; d < 4; d++, y++)
                        assert_close(*y, 10000 * part + 1000 * b + 100 * h + 10 * t + d, 0);
    }
}

/* The way back is the way there: with each number of q, k and v as its own gradient, x gets itself.
 */
static void every_gradient_goes_back_to_where_its_number_came_from(void **state)
{
    Fixture *f = *state;
    Split s = split_of(f, 3, 7, 2, 5);
    Heads heads = split_heads(&f->tape, s.x, 2);
    Tensor *q = weighted_sum(&f->tape, heads.q, heads.q->data);
    Tensor *k = weighted_sum(&f->tape, heads.k, heads.k->data);
    Tensor *v = weighted_sum(&f->tape, heads.v, heads.v->data);
    tape_backward(&f->tape, add(&f->tape, add(&f->tape, q, k), v));
    assert_same_bits(s.x->grad, s.x->data, tensor_size(s.x));
}

static void the_gradients_agree_with_differences(void **state)
{
    Split s = split_of(*state, 2, 3, 2, 3);
    GradInput inputs[] = {{.name = "x", .x = s.x}};
    assert_gradients(split_and_mapped, &s, inputs, 1);
}

static void a_constant_gets_no_gradient(void **state)
{
    Fixture *f = *state;
    Split s = split_of(f, 1, 2, 1, 1);
    s.x->grad = NULL;
    Tensor *y = split_and_mapped(&f->tape, &s);
    tape_backward(&f->tape, weighted_sum(&f->tape, y, (real[]){1, 1}));
    assert_true(s.maps[0]->grad[0] != 0);
}

static void the_rules_of_the_tape_are_kept(void **state)
{
    Split s = split_of(*state, 5, 33, 3, 7);
    GradInput inputs[] = {{.name = "x", .x = s.x}};
    assert_tape_rules(split_and_mapped, &s, inputs, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(every_number_goes_to_its_part_head_and_place),
        fixture_test(every_gradient_goes_back_to_where_its_number_came_from),
        fixture_test(the_gradients_agree_with_differences),
        fixture_test(a_constant_gets_no_gradient),
        fixture_test(the_rules_of_the_tape_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
