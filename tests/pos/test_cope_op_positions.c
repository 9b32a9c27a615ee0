/* test_cope_op_positions.c: tests of src/pos/cope_op.c: where keys stand, and what is read there.
 *
 * With z[i,n] = n for every query the bias of a pair is its position: what is between two whole
 * numbers is read from the straight line through them. So positions can be looked at. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "support/cope_case.h"

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
            CopeCase c = cope_case(f, cope_shapes[s], lasts[n]);
            make_scores(&c, 60); /* 1 - sigmoid(60) = 1e-26 */
            const real *bias = cope_case_bias(&f->tape, &c)->data;
            for (size_t head = 0; head < cope_shapes[s].batch * cope_shapes[s].n_head; head++)
                for (size_t i = 0; i < cope_shapes[s].n_query; i++) {
                    CopeRow row = cope_row(&c, head, i);
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
    CopeCase c = cope_case(f, cope_shapes[0], LAST);
    make_scores(&c, 60);
    for (size_t i = 0; i < tensor_size(c.z); i += LAST + 1)
        c.z->data[i] = (real)NAN;
    const Tensor *bias = cope_case_bias(&f->tape, &c);
    for (size_t i = 0; i < tensor_size(bias); i++)
        assert_true(!isnan(bias->data[i]));
}

static void with_closed_gates_every_key_is_at_position_0(void **state)
{
    Fixture *f = *state;
    for (size_t s = 0; s < 5; s++) {
        CopeCase c = cope_case(f, cope_shapes[s], 3);
        make_scores(&c, -60);
        const real *bias = cope_case_bias(&f->tape, &c)->data;
        for (size_t head = 0; head < cope_shapes[s].batch * cope_shapes[s].n_head; head++)
            for (size_t i = 0; i < cope_shapes[s].n_query; i++) {
                CopeRow row = cope_row(&c, head, i);
                for (size_t j = 0; j < row.seen; j++)
                    assert_close(bias[row.pair + j], c.z->data[row.z], 0);
            }
    }
}

/* And from one key to the next by at most 1: each adds its gate. */
static void positions_grow_with_the_way_back_and_end_at_the_last(void **state)
{
    Fixture *f = *state;
    for (size_t s = 0; s < n_cope_shapes; s++)
        for (size_t last = 3; last <= 140; last += 137) {
            CopeCase c = cope_case(f, cope_shapes[s], last);
            make_positions_visible(&c);
            const real *bias = cope_case_bias(&f->tape, &c)->data;
            double most = 0;
            for (size_t head = 0; head < cope_shapes[s].batch * cope_shapes[s].n_head; head++)
                for (size_t i = 0; i < cope_shapes[s].n_query; i++) {
                    CopeRow row = cope_row(&c, head, i);
                    double nearer = 0;
                    for (size_t j = row.seen; j-- > 0;) {
                        double p = (double)bias[row.pair + j], rounding = 1e-6 * p;
                        assert_true(p >= nearer - rounding && p <= nearer + 1 + rounding);
                        assert_close(p, fmin(cope_position(&c, &row, head, j), (double)last),
                                     1e-5 * (1 + p));
                        nearer = p;
                    }
                    most = fmax(most, nearer);
                }
            if (last == 3 && cope_shapes[s].n_key >= 70)
                assert_close(most, last, 0);
        }
}

/* Halfway between two whole positions the bias is halfway between their numbers. */
static void between_two_positions_the_bias_is_a_mixture(void **state)
{
    Fixture *f = *state;
    CopeCase c = cope_case(f, (AttentionShape){1, 1, 1, 3, 2, .causal = true}, 4);
    make_scores(&c, 0); /* each gate is 1/2 */
    const real *bias = cope_case_bias(&f->tape, &c)->data, *z = c.z->data;
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
    const real *all = cope_case_bias(&f->tape, &c)->data;
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
    const real *before = cope_case_bias(&f->tape, &c)->data;
    c.attention.heads.k.x->data[2 * 3] = (real)NAN; /* key 2 */
    Tensor *bias = cope_case_bias(&f->tape, &c);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(with_open_gates_a_position_is_the_distance),
        fixture_test(a_clipped_position_reads_nothing_beside_its_row),
        fixture_test(with_closed_gates_every_key_is_at_position_0),
        fixture_test(positions_grow_with_the_way_back_and_end_at_the_last),
        fixture_test(between_two_positions_the_bias_is_a_mixture),
        fixture_test(fewer_queries_or_keys_change_no_bit),
        fixture_test(a_nan_stays_in_the_rows_that_count_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
