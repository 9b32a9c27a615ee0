/* test_cope_op.c: tests of src/pos/cope_op.c.
 *
 * With z[i,n] = n for every query the bias of a pair is its position: what is between two whole
 * numbers is read from the straight line through them. So positions can be looked at. */
#include "support/check.h"

#include <math.h>

#include "pos/cope_op.h"
#include "support/attention_case.h"
#include "support/tape_rules.h"

typedef struct CopeCase {
    AttentionCase attention; /* for its queries and keys */
    Tensor *z;
    GradInput inputs[3]; /* q, k and z, or the tensor of both and z */
    size_t n_inputs;
} CopeCase;

static CopeCase cope_case(Fixture *f, AttentionShape shape, size_t last)
{
    CopeCase c = {.attention = attention_case(&f->arena, shape)};
    c.z = random_tensor(&f->arena, 7, SHAPE(shape.batch, shape.n_head, shape.n_query, last + 1));
    c.inputs[c.n_inputs++] = c.attention.inputs[c.attention.q_input];
    if (c.attention.k_input != c.attention.q_input)
        c.inputs[c.n_inputs++] = c.attention.inputs[c.attention.k_input];
    c.inputs[c.n_inputs++] = (GradInput){.name = "z", .x = c.z};
    return c;
}

static Tensor *bias_of_case(Tape *tape, void *context)
{
    CopeCase *c = context;
    return counted_bias(tape, &c->attention.heads, c->z);
}

static const AttentionShape shapes[] = {
    {.batch = 2, .n_head = 3, .n_query = 5, .n_key = 5, .head_size = 4},
    {.batch = 1, .n_head = 2, .n_query = 1, .n_key = 9, .head_size = 3},
    {.batch = 2, .n_head = 1, .n_query = 4, .n_key = 7, .head_size = 5},
    {.batch = 2, .n_head = 2, .n_query = 70, .n_key = 70, .head_size = 8}, /* two blocks */
    {.batch = 1, .n_head = 2, .n_query = 66, .n_key = 131, .head_size = 2},
    {.batch = 2, .n_head = 3, .n_query = 6, .n_key = 6, .head_size = 3, .layout = THREE_PARTS},
};

/* --- in plain loops --- */

/* Where the pair (i, j) of a head begins, its queries' z, and up to which key query i sees. */
typedef struct Row {
    size_t pair, z, seen;
    const real *q;
} Row;

static Row row_of(const CopeCase *c, size_t head, size_t i)
{
    const AttentionShape *s = &c->attention.shape;
    size_t row = head * s->n_query + i;
    return (Row){row * s->n_key, row * tensor_width(c->z), s->n_key - s->n_query + i + 1,
                 head_data(&c->attention.heads.q, head / s->n_head, head % s->n_head, i)};
}

static const real *key_of(const CopeCase *c, size_t head, size_t u)
{
    size_t n_head = c->attention.shape.n_head;
    return head_data(&c->attention.heads.k, head / n_head, head % n_head, u);
}

static double literal_gate(const CopeCase *c, const Row *row, size_t head, size_t u)
{
    size_t D = c->attention.shape.head_size;
    double score = 0;
    for (size_t d = 0; d < D; d++)
        score += (double)row->q[d] * (double)key_of(c, head, u)[d];
    return 1 / (1 + exp(-score / sqrt((double)D)));
}

/* Not clipped. */
static double literal_position(const CopeCase *c, const Row *row, size_t head, size_t j)
{
    double position = 0;
    for (size_t u = j; u < row->seen; u++)
        position += literal_gate(c, row, head, u);
    return position;
}

static double literal_bias(const CopeCase *c, const Row *row, size_t head, size_t j)
{
    const real *z = c->z->data + row->z;
    double p = fmin(literal_position(c, row, head, j), (double)(tensor_width(c->z) - 1));
    double share = p - floor(p);
    return (1 - share) * (double)z[(size_t)floor(p)] + share * (double)z[(size_t)ceil(p)];
}

typedef struct Gradients {
    double *dq, *dk, *dz; /* as the tensors stand */
} Gradients;

/* What the bias of one pair gives: to z, and through its position to the query and to each key that
 * was counted. */
static void add_pair(const CopeCase *c, const Row *row, size_t head, size_t i, size_t j,
                     double dbias, Gradients *to)
{
    const Heads *heads = &c->attention.heads;
    size_t D = heads->q.head_size, b = head / heads->q.n_head, h = head % heads->q.n_head;
    const real *z = c->z->data + row->z;
    double p = literal_position(c, row, head, j), last = (double)(tensor_width(c->z) - 1);
    double clipped = fmin(p, last), share = clipped - floor(clipped);
    size_t below = (size_t)floor(clipped), above = (size_t)ceil(clipped);
    to->dz[row->z + below] += (1 - share) * dbias;
    to->dz[row->z + above] += share * dbias;
    if (p >= last)
        return;
    double dp = dbias * ((double)z[above] - (double)z[below]);
    for (size_t u = j; u < row->seen; u++) {
        double gate = literal_gate(c, row, head, u);
        double ds = dp * gate * (1 - gate) / sqrt((double)D);
        for (size_t d = 0; d < D; d++) {
            to->dq[head_place(&heads->q, b, h, i) + d] += ds * (double)key_of(c, head, u)[d];
            to->dk[head_place(&heads->k, b, h, u) + d] += ds * (double)row->q[d];
        }
    }
}

static void check_case(Fixture *f, CopeCase *c)
{
    const AttentionShape *s = &c->attention.shape;
    Tensor *bias = bias_of_case(&f->tape, c);
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
            Row row = row_of(c, head, i);
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
    for (size_t s = 0; s < COUNT_OF(shapes); s++) {
        CopeCase clipped = cope_case(f, shapes[s], 2), whole = cope_case(f, shapes[s], 140);
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
            CopeCase c = cope_case(f, shapes[s], lasts[n]);
            for (size_t head = 0; head < shapes[s].batch * shapes[s].n_head; head++)
                for (size_t i = 0; i < shapes[s].n_query; i++) {
                    Row row = row_of(&c, head, i);
                    for (size_t j = 0; j < row.seen; j++) {
                        double p = literal_position(&c, &row, head, j);
                        assert_true(fabs(p - round(p)) > 0x1p-11);
                    }
                }
            for (size_t i = 0; i < c.n_inputs; i++)
                c.inputs[i].step = 0x1p-13;
            assert_gradients(bias_of_case, &c, c.inputs, c.n_inputs);
        }
}

/* --- properties --- */

/* z[i,n] = n */
static void make_positions_visible(CopeCase *c)
{
    size_t width = tensor_width(c->z);
    for (size_t i = 0; i < tensor_size(c->z); i++)
        c->z->data[i] = (real)(i % width);
}

/* All scores become `score`: each query and key is the same vector, one of them times a factor. */
static void make_scores(CopeCase *c, double score)
{
    const HeadView *views[] = {&c->attention.heads.q, &c->attention.heads.k};
    double length = sqrt(sqrt((double)views[0]->head_size)); /* of each: q.k / sqrt(D) = 1 */
    for (size_t v = 0; v < 2; v++)
        for (size_t i = 0; i < tensor_size(views[v]->x); i++)
            views[v]->x->data[i] =
                (real)(i % views[v]->head_size == 0 ? length * (v ? score : 1) : 0);
}

/* Then z is read at whole places: the bias is a number for each distance, to the last bit. */
static void with_open_gates_a_position_is_the_distance(void **state)
{
    Fixture *f = *state;
    const size_t lasts[] = {1, 3, 140};
    for (size_t s = 0; s < 5; s++)
        for (size_t n = 0; n < COUNT_OF(lasts); n++) {
            CopeCase c = cope_case(f, shapes[s], lasts[n]);
            make_scores(&c, 60); /* 1 - sigmoid(60) = 1e-26 */
            const real *bias = bias_of_case(&f->tape, &c)->data;
            for (size_t head = 0; head < shapes[s].batch * shapes[s].n_head; head++)
                for (size_t i = 0; i < shapes[s].n_query; i++) {
                    Row row = row_of(&c, head, i);
                    for (size_t j = 0; j < row.seen; j++) {
                        size_t p = row.seen - j; /* i - j + 1 */
                        p = p < lasts[n] ? p : lasts[n];
                        assert_close(bias[row.pair + j], c.z->data[row.z + p], 0);
                    }
                }
        }
}

/* All positions are whole and at least 1, so z[i,0] is not needed. In each row it is a NaN, which
 * would show in the row before it as well if that read on behind its end. */
static void a_clipped_position_reads_nothing_beside_its_row(void **state)
{
    Fixture *f = *state;
    enum { LAST = 3 };
    CopeCase c = cope_case(f, shapes[0], LAST);
    make_scores(&c, 60);
    for (size_t i = 0; i < tensor_size(c.z); i += LAST + 1)
        c.z->data[i] = (real)NAN;
    const Tensor *bias = bias_of_case(&f->tape, &c);
    for (size_t i = 0; i < tensor_size(bias); i++)
        assert_true(!isnan(bias->data[i]));
}

static void with_closed_gates_every_key_is_at_position_0(void **state)
{
    Fixture *f = *state;
    for (size_t s = 0; s < 5; s++) {
        CopeCase c = cope_case(f, shapes[s], 3);
        make_scores(&c, -60);
        const real *bias = bias_of_case(&f->tape, &c)->data;
        for (size_t head = 0; head < shapes[s].batch * shapes[s].n_head; head++)
            for (size_t i = 0; i < shapes[s].n_query; i++) {
                Row row = row_of(&c, head, i);
                for (size_t j = 0; j < row.seen; j++)
                    assert_close(bias[row.pair + j], c.z->data[row.z], 0);
            }
    }
}

/* And from one key to the next by at most 1: each adds its gate. */
static void positions_grow_with_the_way_back_and_end_at_the_last(void **state)
{
    Fixture *f = *state;
    for (size_t s = 0; s < COUNT_OF(shapes); s++)
        for (size_t last = 3; last <= 140; last += 137) {
            CopeCase c = cope_case(f, shapes[s], last);
            make_positions_visible(&c);
            const real *bias = bias_of_case(&f->tape, &c)->data;
            double most = 0;
            for (size_t head = 0; head < shapes[s].batch * shapes[s].n_head; head++)
                for (size_t i = 0; i < shapes[s].n_query; i++) {
                    Row row = row_of(&c, head, i);
                    double nearer = 0;
                    for (size_t j = row.seen; j-- > 0;) {
                        double p = (double)bias[row.pair + j], rounding = 1e-6 * p;
                        assert_true(p >= nearer - rounding && p <= nearer + 1 + rounding);
                        assert_close(p, fmin(literal_position(&c, &row, head, j), (double)last),
                                     1e-5 * (1 + p));
                        nearer = p;
                    }
                    most = fmax(most, nearer);
                }
            if (last == 3 && shapes[s].n_key >= 70)
                assert_close(most, last, 0);
        }
}

/* Halfway between two whole positions the bias is halfway between their numbers. */
static void between_two_positions_the_bias_is_a_mixture(void **state)
{
    Fixture *f = *state;
    CopeCase c = cope_case(f, (AttentionShape){1, 1, 1, 3, 2, .causal = true}, 4);
    make_scores(&c, 0); /* each gate is 1/2 */
    const real *bias = bias_of_case(&f->tape, &c)->data, *z = c.z->data;
    assert_close(bias[2], (z[0] + z[1]) / 2, 1e-7);
    assert_close(bias[1], z[1], 0);
    assert_close(bias[0], (z[1] + z[2]) / 2, 1e-7);
}

/* Rows of the whole, whatever stands before: the last queries alone, as a cache asks for them, and
 * without the first keys, as in a window. */
static void fewer_queries_or_keys_change_no_bit(void **state)
{
    Fixture *f = *state;
    enum { T = 70, D = 8, LAST = 9, GONE = 13 };
    CopeCase c = cope_case(f, (AttentionShape){1, 1, T, T, D, .causal = true}, LAST);
    const real *all = bias_of_case(&f->tape, &c)->data;
    for (size_t n = 1; n < T - GONE; n++) {
        HeadView q = c.attention.heads.q, k = c.attention.heads.k;
        q.start += (T - n) * D;
        q.length = n;
        k.start += GONE * D;
        k.length -= GONE;
        Tensor *z = tape_constant(&f->tape, SHAPE(1, 1, n, LAST + 1));
        memcpy(z->data, c.z->data + (T - n) * (LAST + 1), n * (LAST + 1) * sizeof(real));
        const Heads heads = {q, k, k};
        const real *some = counted_bias(&f->tape, &heads, z)->data;
        for (size_t i = 0; i < n; i++)
            assert_same_bits(some + i * (T - GONE), all + (T - n + i) * T + GONE,
                             T - n + i + 1 - GONE);
    }
}

static void a_nan_stays_in_the_rows_that_count_it(void **state)
{
    Fixture *f = *state;
    enum { T = 6, LAST = 2 };
    CopeCase c = cope_case(f, (AttentionShape){1, 1, T, T, 3, .causal = true}, LAST);
    const real *before = bias_of_case(&f->tape, &c)->data;
    c.attention.heads.k.x->data[2 * 3] = (real)NAN; /* key 2 */
    Tensor *bias = bias_of_case(&f->tape, &c);
    for (size_t i = 0; i < T; i++)
        for (size_t j = 0; j < T; j++)
            if (i < 2 || j > 2)
                assert_same_bits(bias->data + i * T + j, before + i * T + j, 1);
            else /* nowhere: read at the last position, not beside the table */
                assert_close(bias->data[i * T + j], c.z->data[i * (LAST + 1) + LAST], 0);
    const real *r = random_numbers(&f->arena, T * T, 1);
    tape_backward(&f->tape, weighted_sum(&f->tape, bias, r));
    assert_true(isnan(c.attention.heads.q.x->grad[5 * 3]));
    assert_true(!isnan(c.attention.heads.q.x->grad[1 * 3 + 1]));
}

static void queries_and_keys_may_be_constants(void **state)
{
    Fixture *f = *state;
    CopeCase both = cope_case(f, shapes[0], 3), c = cope_case(f, shapes[0], 3);
    Tensor *bias = bias_of_case(&f->tape, &both);
    const real *r = random_numbers(&f->arena, tensor_size(bias), 3);
    tape_backward(&f->tape, weighted_sum(&f->tape, bias, r));
    for (size_t constant = 0; constant < 2; constant++) {
        real *grad = c.inputs[constant].x->grad;
        const Tensor *other = c.inputs[1 - constant].x;
        c.inputs[constant].x->grad = NULL;
        tape_backward(&f->tape, weighted_sum(&f->tape, bias_of_case(&f->tape, &c), r));
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
    CopeCase c = cope_case(*state, shapes[5], 4);
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
    assert_tape_rules(bias_of_case, &sorted, sorted.inputs, sorted.n_inputs);
    assert_tape_rules(bias_of_case, &parts, parts.inputs, parts.n_inputs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(it_and_its_gradients_are_as_in_plain_loops),
        fixture_test(the_gradients_agree_with_differences),
        fixture_test(with_open_gates_a_position_is_the_distance),
        fixture_test(a_clipped_position_reads_nothing_beside_its_row),
        fixture_test(with_closed_gates_every_key_is_at_position_0),
        fixture_test(positions_grow_with_the_way_back_and_end_at_the_last),
        fixture_test(between_two_positions_the_bias_is_a_mixture),
        fixture_test(fewer_queries_or_keys_change_no_bit),
        fixture_test(a_nan_stays_in_the_rows_that_count_it),
        fixture_test(queries_and_keys_may_be_constants),
        fixture_test(a_gradient_in_used_memory_starts_anew),
        fixture_test(the_rules_of_the_tape_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
