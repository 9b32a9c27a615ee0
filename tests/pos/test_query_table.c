/* test_query_table.c: tests of src/pos/query_table.c. */
#include "support/check.h"

#include <stdio.h>

#include "pos/query_table.h"
#include "support/model_case.h"
#include "support/tape_rules.h"

static const double SCALE = 2.5;

typedef struct TableCase {
    HeadView q;
    Tensor *vectors;
    GradInput inputs[2];
} TableCase;

/* Queries as the linear layer before attention leaves them, a third of a tensor; or alone. */
static TableCase table_case(Fixture *f, size_t batch, size_t n_head, size_t length,
                            size_t head_size, size_t rows, size_t parts)
{
    Tensor *x = random_tensor(&f->arena, 1, SHAPE(batch, length, parts * n_head * head_size));
    TableCase c = {.q = head_view(x, n_head, 0, parts),
                   .vectors = random_tensor(&f->arena, 2, SHAPE(rows, head_size))};
    c.inputs[0] = (GradInput){.name = "q", .x = x};
    c.inputs[1] = (GradInput){.name = "vectors", .x = c.vectors};
    return c;
}

static Tensor *table_of_case(Tape *tape, void *context)
{
    const TableCase *c = context;
    return query_table(tape, c->q, c->vectors, SCALE);
}

static void check_numbers(Fixture *f, const TableCase *c, const Tensor *z)
{
    size_t B = c->q.batch, H = c->q.n_head, T = c->q.length, D = c->q.head_size;
    size_t R = c->vectors->shape[0], n = 0;
    assert_int_equal(z->rank, 4);
    assert_memory_equal(z->shape, ((size_t[]){B, H, T, R}), 4 * sizeof(size_t));
    double *expected = new_doubles(&f->arena, B * H * T * R);
    for (size_t b = 0; b < B; b++)
        for (size_t h = 0; h < H; h++)
            for (size_t t = 0; t < T; t++)
                for (size_t r = 0; r < R; r++, n++)
                    for (size_t d = 0; d < D; d++)
                        expected[n] += SCALE * (double)head_data(&c->q, b, h, t)[d] *
                                       (double)c->vectors->data[r * D + d];
    assert_numbers_close(z->data, expected, n);
}

static void each_query_is_multiplied_with_each_vector(void **state)
{
    Fixture *f = *state;
    for (size_t parts = 1; parts <= 3; parts += 2) {
        TableCase small = table_case(f, 2, 3, 5, 4, 7, parts);
        TableCase large = table_case(f, 3, 2, 70, 33, 65, parts);
        TableCase least = table_case(f, 1, 1, 1, 1, 1, parts);
        check_numbers(f, &small, table_of_case(&f->tape, &small));
        check_numbers(f, &large, table_of_case(&f->tape, &large));
        check_numbers(f, &least, table_of_case(&f->tape, &least));
    }
}

static void the_gradients_agree_with_differences(void **state)
{
    Fixture *f = *state;
    for (size_t parts = 1; parts <= 3; parts += 2) {
        TableCase c = table_case(f, 2, 3, 4, 3, 5, parts);
        if (parts == 1) {
            assert_gradients(table_of_case, &c, c.inputs, 2);
            continue;
        }
        /* Of a tensor with three parts only the queries are read: the rest has a zero gradient. */
        tape_reset(&f->tape);
        Tensor *z = table_of_case(&f->tape, &c);
        tape_backward(&f->tape,
                      weighted_sum(&f->tape, z, random_numbers(&f->arena, tensor_size(z), 3)));
        const real *dx = c.inputs[0].x->grad;
        for (size_t i = 0; i < tensor_size(c.inputs[0].x); i++)
            assert_int_equal(dx[i] != 0, i % (3 * 9) < 9);
    }
}

/* The tensor of the queries comes from the tape, and its gradient begins with what this operation
 * gives, or goes on with it. */
static Tensor *of_a_fresh_tensor(Tape *tape, void *context)
{
    const TableCase *c = context;
    Tensor *x = tape_reshape(tape, c->q.x, c->q.x->rank, c->q.x->shape);
    x = add(tape, x, x);
    HeadView q = c->q;
    q.x = x;
    return query_table(tape, q, c->vectors, SCALE);
}

static void a_gradient_in_used_memory_starts_anew(void **state)
{
    Fixture *f = *state;
    TableCase c = table_case(f, 2, 2, 4, 3, 5, 3);
    assert_gradients(of_a_fresh_tensor, &c, c.inputs, 2);
}

static void queries_and_vectors_may_be_constants(void **state)
{
    Fixture *f = *state;
    TableCase both = table_case(f, 2, 2, 4, 3, 5, 1), c = table_case(f, 2, 2, 4, 3, 5, 1);
    Tensor *z = table_of_case(&f->tape, &both);
    const real *r = random_numbers(&f->arena, tensor_size(z), 3);
    tape_backward(&f->tape, weighted_sum(&f->tape, z, r));
    for (size_t constant = 0; constant < 2; constant++) {
        real *grad = c.inputs[constant].x->grad;
        const Tensor *other = c.inputs[1 - constant].x;
        c.inputs[constant].x->grad = NULL;
        tape_backward(&f->tape, weighted_sum(&f->tape, table_of_case(&f->tape, &c), r));
        assert_same_bits(other->grad, both.inputs[1 - constant].x->grad, tensor_size(other));
        c.inputs[constant].x->grad = grad;
    }
}

static void the_rules_of_the_tape_are_kept(void **state)
{
    TableCase c = table_case(*state, 3, 3, 70, 9, 17, 3);
    assert_tape_rules(table_of_case, &c, c.inputs, 2);
    assert_first_shares_are_set(table_of_case, &c, c.inputs, 2);
}

static void each_layer_has_a_table_of_its_own_that_starts_at_zero(void **state)
{
    (void)state;
    Pos pos = {.scheme = pos_find("shaw"), .shape = {.n_layer = 3, .n_head = 2, .n_embd = 10}};
    ParamList params = {0};
    Tensor **tables = query_tables(&pos, &params, 7, NULL);
    assert_non_null(tables);
    assert_int_equal(params.count, 3);
    for (size_t layer = 0; layer < 3; layer++) {
        char name[64];
        snprintf(name, sizeof name, "transformer.h.%zu.attn.shaw.weight", layer);
        const Param *param = param_find(&params, name);
        assert_non_null(param);
        assert_ptr_equal(&param->tensor, tables[layer]);
        assert_int_equal(tables[layer]->rank, 2);
        assert_memory_equal(tables[layer]->shape, ((size_t[]){7, 5}), 2 * sizeof(size_t));
        assert_true(param->init.kind == INIT_CONSTANT && param->init.value == 0);
        assert_int_equal(param->decay, WEIGHT_DECAY);
    }
    param_list_free(&params);
    pos_free(&pos);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(each_query_is_multiplied_with_each_vector),
        fixture_test(the_gradients_agree_with_differences),
        fixture_test(a_gradient_in_used_memory_starts_anew),
        fixture_test(queries_and_vectors_may_be_constants),
        fixture_test(the_rules_of_the_tape_are_kept),
        cmocka_unit_test(each_layer_has_a_table_of_its_own_that_starts_at_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
