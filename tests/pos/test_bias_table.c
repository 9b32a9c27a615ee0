/* test_bias_table.c: tests of src/pos/bias_table.c. */
#include "support/check.h"

#include "pos/bias_table.h"
#include "support/fixtures.h"
#include "support/gradcheck.h"
#include "support/tape_rules.h"

enum { N_HEAD = 3, N_ROWS = 4 };

/* Some rule that is none of the schemes': it shares rows, and leaves row 3 without a distance. */
static size_t row_of(const Pos *pos, ptrdiff_t distance)
{
    assert_int_equal(pos->shape.n_head, N_HEAD);
    return (size_t)(distance * distance) % 3;
}

static double value(const Pos *pos, size_t h, ptrdiff_t distance)
{
    assert_int_equal(pos->shape.n_head, N_HEAD);
    return 100 * (double)h + (double)distance;
}

/* Numbers and distance enter by products and powers, so nothing cancels. */
static double curve(const Pos *pos, size_t h, const real *numbers, ptrdiff_t distance,
                    double slopes[MAX_CURVE_NUMBERS])
{
    assert_int_equal(pos->shape.n_head, N_HEAD);
    double a = (double)numbers[0], b = (double)numbers[1], d = (double)distance;
    slopes[0] = ((double)h + 1) * (b * d + 2 * a);
    slopes[1] = ((double)h + 1) * (a * d + 3 * b * b);
    slopes[2] = slopes[3] = d * d;
    return ((double)h + 1) * (a * b * d + a * a + b * b * b) +
           d * d * ((double)numbers[2] + (double)numbers[3]);
}

typedef struct TableCase {
    Pos pos;
    Tensor *weight;
    Positions queries, keys;
} TableCase;

/* Neither list is in order, and no two neighbours are one apart: distances are -8 ... 9. */
static TableCase table_case(Fixture *f)
{
    static const int queries[] = {7, 2, 10}, keys[] = {11, 2, 8, 5};
    return (TableCase){
        .pos = {.shape = {.n_head = N_HEAD}},
        .weight = random_tensor(&f->arena, 1, SHAPE(N_HEAD, N_ROWS)),
        .queries = {queries, 3},
        .keys = {keys, 4},
    };
}

static ScoreBias learned_bias(Tape *tape, const TableCase *c)
{
    return bias_learned(&c->pos, tape, c->weight, row_of, 2.5, c->queries, c->keys);
}

static ScoreBias curved_bias(Tape *tape, const TableCase *c)
{
    return bias_curve(&c->pos, tape, c->weight, curve, c->queries, c->keys);
}

static Tensor *curved_table(Tape *tape, void *context)
{
    return curved_bias(tape, context).by_distance;
}

static Tensor *learned_table(Tape *tape, void *context)
{
    return learned_bias(tape, context).by_distance;
}

static void it_has_a_column_for_each_distance_between_the_furthest_two(void **state)
{
    Fixture *f = *state;
    TableCase c = table_case(f);
    ScoreBias learned = learned_bias(&f->tape, &c);
    ScoreBias fixed = bias_fixed(&c.pos, &f->tape, value, c.queries, c.keys);
    ScoreBias curved = curved_bias(&f->tape, &c);
    const ScoreBias *const all[] = {&learned, &fixed, &curved};
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        assert_int_equal(all[i]->first_distance, 2 - 10);
        assert_int_equal(all[i]->by_distance->rank, 2);
        assert_int_equal(all[i]->by_distance->shape[0], N_HEAD);
        assert_int_equal(all[i]->by_distance->shape[1], (11 - 2) - (2 - 10) + 1);
        assert_null(all[i]->by_pair);
    }
}

static void a_learned_bias_is_gain_times_the_number_of_its_row(void **state)
{
    Fixture *f = *state;
    TableCase c = table_case(f);
    ScoreBias bias = learned_bias(&f->tape, &c);
    const size_t rows[] = {1, 1, 0, 1, 1, 0, 1, 1, 0, 1}; /* (8^2, 7^2, ..., 1, 0, 1) mod 3 */
    for (size_t h = 0; h < N_HEAD; h++)
        for (size_t column = 0; column < COUNT_OF(rows); column++)
            assert_close(bias.by_distance->data[h * 18 + column],
                         2.5 * (double)c.weight->data[h * N_ROWS + rows[column]], 1e-6);
}

static void a_fixed_bias_is_its_value_and_learns_nothing(void **state)
{
    Fixture *f = *state;
    TableCase c = table_case(f);
    ScoreBias bias = bias_fixed(&c.pos, &f->tape, value, c.queries, c.keys);
    assert_null(bias.by_distance->grad);
    for (size_t h = 0; h < N_HEAD; h++)
        for (size_t column = 0; column < 18; column++)
            assert_close(bias.by_distance->data[h * 18 + column],
                         100 * (double)h + (double)column - 8, 0);
}

static void a_curve_is_its_value_at_the_numbers_of_its_head(void **state)
{
    Fixture *f = *state;
    TableCase c = table_case(f);
    ScoreBias bias = curved_bias(&f->tape, &c);
    double slopes[MAX_CURVE_NUMBERS];
    for (size_t h = 0; h < N_HEAD; h++)
        for (size_t column = 0; column < 18; column++)
            assert_close(
                bias.by_distance->data[h * 18 + column],
                (real)curve(&c.pos, h, c.weight->data + h * N_ROWS, (ptrdiff_t)column - 8, slopes),
                0);
}

/* A single query, as in sampling: its distances are 0 and back. */
static void one_query_sees_the_distances_behind_it(void **state)
{
    Fixture *f = *state;
    TableCase c = table_case(f);
    c.queries = (Positions){(const int[]){5}, 1};
    c.keys = (Positions){(const int[]){2, 3, 4, 5}, 4};
    ScoreBias bias = bias_fixed(&c.pos, &f->tape, value, c.queries, c.keys);
    assert_int_equal(bias.first_distance, -3);
    assert_int_equal(bias.by_distance->shape[1], 4);
}

/* Of the distances -8 ... 9 six (-6 -3 0 3 6 9) have row 0, the other twelve row 1. */
static void a_number_collects_the_gradients_of_all_its_distances(void **state)
{
    Fixture *f = *state;
    TableCase c = table_case(f);
    Tensor *table = learned_table(&f->tape, &c);
    real r[N_HEAD * 18];
    for (size_t i = 0; i < COUNT_OF(r); i++)
        r[i] = (real)(i / 18 + 1); /* head h: h + 1 */
    tape_backward(&f->tape, weighted_sum(&f->tape, table, r));
    for (size_t h = 0; h < N_HEAD; h++) {
        const double expected[N_ROWS] = {6, 12, 0, 0};
        for (size_t row = 0; row < N_ROWS; row++)
            assert_close(c.weight->grad[h * N_ROWS + row], 2.5 * (double)(h + 1) * expected[row],
                         1e-4);
    }
}

static void the_gradients_agree_with_differences(void **state)
{
    TableCase c = table_case(*state);
    GradInput input = {.name = "weight", .x = c.weight};
    assert_gradients(learned_table, &c, &input, 1);
    assert_gradients(curved_table, &c, &input, 1);
}

static void the_rules_of_the_tape_are_kept(void **state)
{
    TableCase c = table_case(*state);
    GradInput input = {.name = "weight", .x = c.weight};
    assert_tape_rules(learned_table, &c, &input, 1);
    assert_tape_rules(curved_table, &c, &input, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(it_has_a_column_for_each_distance_between_the_furthest_two),
        fixture_test(a_learned_bias_is_gain_times_the_number_of_its_row),
        fixture_test(a_fixed_bias_is_its_value_and_learns_nothing),
        fixture_test(a_curve_is_its_value_at_the_numbers_of_its_head),
        fixture_test(one_query_sees_the_distances_behind_it),
        fixture_test(a_number_collects_the_gradients_of_all_its_distances),
        fixture_test(the_gradients_agree_with_differences),
        fixture_test(the_rules_of_the_tape_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
