/* test_embedding.c: tests of src/autograd/embedding.c. */
#include "support/check.h"

#include "autograd/ops.h"
#include "support/fixtures.h"
#include "support/gradcheck.h"
#include "support/tape_rules.h"

typedef struct Lookup {
    Tensor *table;
    const int *index;
    size_t n;
} Lookup;

static Tensor *lookup(Tape *tape, void *context)
{
    const Lookup *l = context;
    return embedding(tape, l->table, l->index, l->n);
}

static void each_row_is_the_one_its_index_names(void **state)
{
    Fixture *f = *state;
    const double table[] = {0, 1, 10, 11, 20, 21}; /* [3, 2] */
    const double expected[] = {20, 21, 0, 1, 20, 21, 10, 11};
    const int index[] = {2, 0, 2, 1};
    const Tensor *y = embedding(&f->tape, tensor_of(&f->arena, table, SHAPE(3, 2)), index, 4);
    assert_int_equal(y->rank, 2);
    assert_int_equal(y->shape[0], 4);
    assert_int_equal(y->shape[1], 2);
    for (size_t i = 0; i < 8; i++)
        assert_close(y->data[i], expected[i], 0);
}

/* Row 2 is used twice, row 1 never. By hand: dtable[2] = dy[0] + dy[2]. */
static void a_row_collects_the_gradients_of_all_its_uses(void **state)
{
    Fixture *f = *state;
    const int index[] = {2, 0, 2};
    const real r[] = {1, 2, 3, 4, 50, 60};
    const double expected[] = {3, 4, 0, 0, 51, 62};
    Tensor *table = random_tensor(&f->arena, 1, SHAPE(3, 2));
    tape_backward(&f->tape, weighted_sum(&f->tape, embedding(&f->tape, table, index, 3), r));
    for (size_t i = 0; i < 6; i++)
        assert_close(table->grad[i], expected[i], 0);
}

static void the_gradient_agrees_with_differences(void **state)
{
    Fixture *f = *state;
    const int index[] = {4, 1, 1, 0, 4, 1, 2, 2, 0}; /* never 3 */
    Lookup l = {random_tensor(&f->arena, 1, SHAPE(5, 7)), index, COUNT_OF(index)};
    GradInput inputs[] = {{.name = "table", .x = l.table}};
    assert_gradients(lookup, &l, inputs, 1);
}

enum { ROWS = 23, WIDTH = 131, PLACES = 500 }; /* nine ranges of columns */

static Lookup large_lookup(Fixture *f)
{
    int *index = arena_alloc(&f->arena, PLACES, sizeof *index);
    assert_non_null(index);
    for (int n = 0; n < PLACES; n++)
        index[n] = n * n % ROWS;
    return (Lookup){random_tensor(&f->arena, 1, SHAPE(ROWS, WIDTH)), index, PLACES};
}

static void a_large_table_is_as_in_plain_loops(void **state)
{
    Fixture *f = *state;
    Lookup l = large_lookup(f);
    const real *r = random_numbers(&f->arena, PLACES * WIDTH, 2);
    double *expected = new_doubles(&f->arena, ROWS * WIDTH);
    Tensor *y = lookup(&f->tape, &l);
    tape_backward(&f->tape, weighted_sum(&f->tape, y, r));
    for (size_t n = 0; n < PLACES; n++)
        for (size_t c = 0; c < WIDTH; c++) {
            size_t place = (size_t)l.index[n] * WIDTH + c;
            expected[place] += (double)r[n * WIDTH + c];
            assert_true(y->data[n * WIDTH + c] == l.table->data[place]);
        }
    assert_numbers_close(l.table->grad, expected, ROWS * WIDTH);
}

static void the_rules_of_the_tape_are_kept(void **state)
{
    Lookup l = large_lookup(*state);
    GradInput inputs[] = {{.name = "table", .x = l.table}};
    assert_tape_rules(lookup, &l, inputs, 1);
    assert_first_shares_are_set(lookup, &l, inputs, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(each_row_is_the_one_its_index_names),
        fixture_test(a_row_collects_the_gradients_of_all_its_uses),
        fixture_test(a_large_table_is_as_in_plain_loops),
        fixture_test(the_gradient_agrees_with_differences),
        fixture_test(the_rules_of_the_tape_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
