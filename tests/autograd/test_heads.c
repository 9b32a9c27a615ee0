/* test_heads.c: tests of src/autograd/heads.h and heads.c. */
#include "support/check.h"

#include "autograd/heads.h"
#include "support/fixtures.h"

enum { B = 2, T = 5, H = 3, D = 4 };

/* Every number says where it belongs, in decimal: part, b, h, t, d. The place in x is counted up as
 * the header describes x: for each token first the queries of all heads, then keys, then values. */
static Tensor *numbered(Arena *arena)
{
    Tensor *tensor = new_tensor(arena, SHAPE(B, T, 3 * H * D));
    real *x = tensor->data;
    for (size_t b = 0; b < B; b++)
        for (size_t t = 0; t < T; t++)
            for (size_t part = 0; part < 3; part++)
                for (size_t h = 0; h < H; h++)
                    for (size_t d = 0; d < D; d++)
                        *x++ = (real)(10000 * part + 1000 * b + 100 * h + 10 * t + d);
    return tensor;
}

static void each_vector_is_found_in_its_part_head_and_place(void **state)
{
    Fixture *f = *state;
    Heads heads = split_heads(numbered(&f->arena), H);
    const HeadView *parts[] = {&heads.q, &heads.k, &heads.v};
    for (size_t part = 0; part < 3; part++) {
        const HeadView *view = parts[part];
        assert_int_equal(view->batch, B);
        assert_int_equal(view->n_head, H);
        assert_int_equal(view->length, T);
        assert_int_equal(view->head_size, D);
        assert_int_equal(head_view_size(view), B * H * T * D);
        for (size_t b = 0; b < B; b++)
            for (size_t h = 0; h < H; h++)
                for (size_t t = 0; t < T; t++)
                    for (size_t d = 0; d < D; d++)
                        assert_close(head_data(view, b, h, t)[d],
                                     10000 * part + 1000 * b + 100 * h + 10 * t + d, 0);
    }
}

/* Where a number stands its gradient stands too. */
static void a_gradient_has_the_place_of_its_number(void **state)
{
    Fixture *f = *state;
    Heads heads = split_heads(numbered(&f->arena), H);
    for (size_t t = 0; t < T; t++)
        assert_int_equal(head_grad(&heads.k, 1, 2, t) - heads.k.x->grad,
                         head_data(&heads.k, 1, 2, t) - heads.k.x->data);
}

static void three_different_parts_fill_a_tensor(void **state)
{
    Fixture *f = *state;
    Tensor *x = numbered(&f->arena), *other = numbered(&f->arena);
    Heads heads = split_heads(x, H);
    assert_true(heads_fill(&heads, x));
    assert_false(heads_fill(&heads, other));
    heads.k = split_heads(other, H).k; /* a scheme has taken k away */
    assert_false(heads_fill(&heads, x));
    assert_false(heads_fill(&heads, other));
    heads.k = heads.q; /* two shares for the queries, none for the keys */
    assert_false(heads_fill(&heads, x));
    Tensor *alone = new_tensor(&f->arena, SHAPE(B, T, H * D));
    heads.k = head_view(alone, H, 0, 1);
    assert_true(heads_fill(&heads, alone));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(each_vector_is_found_in_its_part_head_and_place),
        fixture_test(a_gradient_has_the_place_of_its_number),
        fixture_test(three_different_parts_fill_a_tensor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
