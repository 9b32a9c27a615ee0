/* test_cope_op.c: tests of src/pos/cope_op.c: the bias and its gradients. The positions behind them
 * are looked at in test_cope_op_positions.c. */
#include "support/check.h"

#include <math.h>

#include "support/cope_case.h"
#include "support/tape_rules.h"

static double literal_bias(const CopeCase *c, const CopeRow *row, size_t head, size_t j)
{
    const real *z = c->z->data + row->z;
    double p = fmin(cope_position(c, row, head, j), (double)(tensor_width(c->z) - 1));
    double share = p - floor(p);
    return (1 - share) * (double)z[(size_t)floor(p)] + share * (double)z[(size_t)ceil(p)];
}

typedef struct Gradients {
    double *dq, *dk, *dz; /* as the tensors stand */
} Gradients;

/* What the bias of one pair gives: to z, and through its position to the query and to each key that
 * was counted. */
static void add_pair(const CopeCase *c, const CopeRow *row, size_t head, size_t i, size_t j,
                     double dbias, Gradients *to)
{
    const Heads *heads = &c->attention.heads;
    size_t D = heads->q.head_size, b = head / heads->q.n_head, h = head % heads->q.n_head;
    const real *z = c->z->data + row->z;
    double p = cope_position(c, row, head, j), last = (double)(tensor_width(c->z) - 1);
    double clipped = fmin(p, last), share = clipped - floor(clipped);
    size_t below = (size_t)floor(clipped), above = (size_t)ceil(clipped);
    to->dz[row->z + below] += (1 - share) * dbias;
    to->dz[row->z + above] += share * dbias;
    if (p >= last)
        return;
    double dp = dbias * ((double)z[above] - (double)z[below]);
    for (size_t u = j; u < row->seen; u++) {
        double gate = cope_gate(c, row, head, u);
        double ds = dp * gate * (1 - gate) / sqrt((double)D);
        for (size_t d = 0; d < D; d++) {
            to->dq[head_place(&heads->q, b, h, i) + d] += ds * (double)cope_key(c, head, u)[d];
            to->dk[head_place(&heads->k, b, h, u) + d] += ds * (double)row->q[d];
        }
    }
}

static void check_case(Fixture *f, CopeCase *c)
{
    const AttentionShape *s = &c->attention.shape;
    Tensor *bias = cope_case_bias(&f->tape, c);
    assert_memory_equal(bias->shape, ((size_t[]){s->batch, s->n_head, s->n_query, s->n_key}),
                        4 * sizeof(size_t));
    const real *r = random_numbers(&f->arena, tensor_size(bias), 8);
    tape_backward(&f->tape, weighted_sum(&f->tape, bias, r));

    const Tensor *q = c->attention.heads.q.x, *k = c->attention.heads.k.x;
    double *expected = new_doubles(&f->arena, tensor_size(bias));
    Gradients to = {.dq = new_doubles(&f->arena, tensor_size(q)),
                    .dz = new_doubles(&f->arena, tensor_size(c->z))};
    to.dk = k == q ? to.dq : new_doubles(&f->arena, tensor_size(k));
    for (size_t head = 0; head < s->batch * s->n_head; head++)
        for (size_t i = 0; i < s->n_query; i++) {
            CopeRow row = cope_row(c, head, i);
            for (size_t j = 0; j < row.seen; j++) {
                expected[row.pair + j] = literal_bias(c, &row, head, j);
                add_pair(c, &row, head, i, j, (double)r[row.pair + j], &to);
            }
        }
    assert_numbers_close(bias->data, expected, tensor_size(bias)); /* 0 behind a query */
    assert_numbers_close(q->grad, to.dq, tensor_size(q));
    assert_numbers_close(k->grad, to.dk, tensor_size(k));
    assert_numbers_close(c->z->grad, to.dz, tensor_size(c->z));
}

/* Positions up to 2, of which many are clipped, and more than there are keys. */
static void it_and_its_gradients_are_as_in_plain_loops(void **state)
{
    Fixture *f = *state;
    for (size_t s = 0; s < n_cope_shapes; s++) {
        CopeCase clipped = cope_case(f, cope_shapes[s], 2),
                 whole = cope_case(f, cope_shapes[s], 140);
        check_case(f, &clipped);
        check_case(f, &whole);
    }
}

/* The bias has a bend at each whole position, where differences mean nothing: none of the positions
 * here is near to one. */
static void the_gradients_agree_with_differences(void **state)
{
    Fixture *f = *state;
    const size_t lasts[] = {1, 2, 12};
    for (size_t s = 0; s < 3; s++)
        for (size_t n = 0; n < COUNT_OF(lasts); n++) {
            CopeCase c = cope_case(f, cope_shapes[s], lasts[n]);
            for (size_t head = 0; head < cope_shapes[s].batch * cope_shapes[s].n_head; head++)
                for (size_t i = 0; i < cope_shapes[s].n_query; i++) {
                    CopeRow row = cope_row(&c, head, i);
                    for (size_t j = 0; j < row.seen; j++) {
                        double p = cope_position(&c, &row, head, j);
                        assert_true(fabs(p - round(p)) > 0x1p-11);
                    }
                }
            for (size_t i = 0; i < c.n_inputs; i++)
                c.inputs[i].step = 0x1p-13;
            assert_gradients(cope_case_bias, &c, c.inputs, c.n_inputs);
        }
}

static void queries_and_keys_may_be_constants(void **state)
{
    Fixture *f = *state;
    CopeCase both = cope_case(f, cope_shapes[0], 3), c = cope_case(f, cope_shapes[0], 3);
    Tensor *bias = cope_case_bias(&f->tape, &both);
    const real *r = random_numbers(&f->arena, tensor_size(bias), 3);
    tape_backward(&f->tape, weighted_sum(&f->tape, bias, r));
    for (size_t constant = 0; constant < 2; constant++) {
        real *grad = c.inputs[constant].x->grad;
        const Tensor *other = c.inputs[1 - constant].x;
        c.inputs[constant].x->grad = NULL;
        tape_backward(&f->tape, weighted_sum(&f->tape, cope_case_bias(&f->tape, &c), r));
        assert_same_bits(other->grad, both.inputs[1 - constant].x->grad, tensor_size(other));
        c.inputs[constant].x->grad = grad;
    }
}

/* Queries, keys and z all come from the tape, in memory that has been used. */
static Tensor *of_fresh_tensors(Tape *tape, void *context)
{
    const CopeCase *c = context;
    Heads heads = c->attention.heads;
    heads.q.x = heads.k.x = add(tape, heads.q.x, heads.q.x);
    return counted_bias(tape, &heads, add(tape, c->z, c->z));
}

static void a_gradient_in_used_memory_starts_anew(void **state)
{
    CopeCase c = cope_case(*state, cope_shapes[5], 4);
    for (size_t i = 0; i < c.n_inputs; i++)
        c.inputs[i].step = 0x1p-14;
    assert_gradients(of_fresh_tensors, &c, c.inputs, c.n_inputs);
}

static void the_rules_of_the_tape_are_kept(void **state)
{
    Fixture *f = *state;
    CopeCase sorted = cope_case(f, (AttentionShape){3, 3, 70, 75, 5, .causal = true}, 20);
    CopeCase parts =
        cope_case(f, (AttentionShape){3, 3, 70, 70, 5, .causal = true, .layout = THREE_PARTS}, 20);
    assert_tape_rules(cope_case_bias, &sorted, sorted.inputs, sorted.n_inputs);
    assert_first_shares_are_set(cope_case_bias, &sorted, sorted.inputs, sorted.n_inputs);
    assert_tape_rules(cope_case_bias, &parts, parts.inputs, parts.n_inputs);
    assert_first_shares_are_set(cope_case_bias, &parts, parts.inputs, parts.n_inputs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(it_and_its_gradients_are_as_in_plain_loops),
        fixture_test(the_gradients_agree_with_differences),
        fixture_test(queries_and_keys_may_be_constants),
        fixture_test(a_gradient_in_used_memory_starts_anew),
        fixture_test(the_rules_of_the_tape_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
