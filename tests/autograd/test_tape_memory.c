/* test_tape_memory.c: tests of src/autograd/tape.c: the tensors and structs of a tape, the memory
 * they take, and the pass that measures it. */
#include "support/check.h"

#include <string.h>

#include "support/fixtures.h"
#include "support/gradcheck.h"
#include "support/square.h"
#include "support/tape_rules.h"

typedef struct Pair {
    Node node;
    Tensor *x, *y;
} Pair;

/* The memory of the round before is full of other numbers. */
static void new_structs_are_zero_in_used_memory(void **state)
{
    Fixture *f = *state;
    for (int round = 0; round < 3; round++) {
        Pair *op = tape_node(&f->tape, sizeof *op, NULL, NULL);
        unsigned char *object = tape_struct(&f->tape, 100);
        for (size_t byte = 0; byte < 100; byte++)
            assert_int_equal(object[byte], 0);
        assert_true(!op->x && !op->y);
        memset(object, 0xee, 100);
        memset(&op->x, 0xee, sizeof *op - sizeof op->node);
        tape_reset(&f->tape);
    }
}

static void a_chain_of_any_length_takes_the_room_of_two_gradients(void **state)
{
    Fixture *f = *state;
    Tensor *x = random_tensor(&f->arena, 1, SHAPE(100));
    for (size_t n = 2; n < 20; n++) {
        tape_measure_begin(&f->tape);
        squares(&f->tape, x, n);
        assert_int_equal(tape_measure_end(&f->tape), (n + 2) * arena_size_of(100, sizeof(real)));
    }
}

static void a_tensor_has_the_shape_that_was_asked_for(void **state)
{
    Fixture *f = *state;
    const Tensor *x = tape_tensor(&f->tape, SHAPE(2, 3, 4, 5)), *y = tape_tensor_like(&f->tape, x);
    assert_int_equal(x->rank, 4);
    assert_memory_equal(x->shape, ((size_t[]){2, 3, 4, 5}), sizeof x->shape);
    assert_int_equal(y->rank, 4);
    assert_memory_equal(y->shape, x->shape, sizeof x->shape);
    assert_ptr_not_equal(y->data, x->data);
    assert_int_equal(tensor_size(x), 120);
    assert_int_equal(tensor_width(x), 5);
    assert_int_equal(tensor_rows(x), 24);
    const Tensor *constant = tape_constant(&f->tape, SHAPE(3));
    assert_non_null(constant->data);
    assert_null(constant->grad);
}

static void a_reshaped_tensor_is_the_same_numbers_and_gradients(void **state)
{
    Fixture *f = *state;
    Tensor *x = random_tensor(&f->arena, 1, SHAPE(6, 4));
    const Tensor *view = tape_reshape(&f->tape, x, SHAPE(2, 3, 4));
    assert_ptr_equal(view->data, x->data);
    assert_ptr_equal(view->grad, x->grad);
    assert_int_equal(view->rank, 3);
    assert_memory_equal(view->shape, ((size_t[]){2, 3, 4}), 3 * sizeof(size_t));
    assert_int_equal(x->rank, 2);
}

static void without_gradients_no_tensor_learns_or_takes_the_room_of_one(void **state)
{
    Fixture *f = *state;
    Tape tape;
    assert_true(tape_init(&tape, false, NULL));
    Tensor *x = tensor_of(&f->arena, (double[]){3}, SHAPE(1)), *y = square(&tape, x);
    assert_close(y->data[0], 9, 0);
    assert_false(y->learns);
    assert_true(square(&f->tape, x)->learns);
    tape_measure_begin(&tape);
    square(&tape, x);
    assert_int_equal(tape_measure_end(&tape), arena_size_of(1, sizeof(real))); /* y alone */
    tape_free(&tape);
}

static void measuring_counts_the_bytes_and_computes_nothing(void **state)
{
    Fixture *f = *state;
    char log[32] = "";
    Tensor *x = random_tensor(&f->arena, 1, SHAPE(5, 7));
    for (int round = 0; round < 2; round++) {
        tape_measure_begin(&f->tape);
        Tensor *y = logged_square(&f->tape, x, log, 'a');
        assert_int_equal(tensor_size(y), 35);
        tape_constant(&f->tape, SHAPE(100));
        tape_numbers(&f->tape, 1);
        tape_reshape(&f->tape, y, SHAPE(35));
        size_t expected = 2 * arena_size_of(35, sizeof(real)) + /* y and its gradient */
                          arena_size_of(100, sizeof(real)) + arena_size_of(1, sizeof(real));
        assert_int_equal(tape_measure_end(&f->tape), expected);
        assert_string_equal(log, "");
        assert_null(f->tape.last);
        assert_null(f->tape.numbers.blocks);
        assert_int_equal(f->tape.nodes.used, 0);
    }
    assert_true(square(&f->tape, x)->data != NULL); /* and now it computes again */
}

static void measuring_what_no_memory_holds_gives_the_largest_number(void **state)
{
    Fixture *f = *state;
    tape_measure_begin(&f->tape);
    for (int i = 0; i < 3; i++)
        tape_numbers(&f->tape, SIZE_MAX / sizeof(real) / 2);
    assert_true(tape_measure_end(&f->tape) == SIZE_MAX);
    tape_measure_begin(&f->tape);
    tape_numbers(&f->tape, SIZE_MAX / sizeof(real) + 2); /* as bytes: wraps to 4 or 8 */
    assert_true(tape_measure_end(&f->tape) == SIZE_MAX);
    const size_t half = (size_t)1 << (4 * sizeof(size_t)); /* of the bits: its square wraps to 0 */
    tape_measure_begin(&f->tape);
    const Tensor *x = tape_constant(&f->tape, SHAPE(3, half, 1, half));
    assert_true(tensor_size(x) == SIZE_MAX);
    assert_true(tape_measure_end(&f->tape) == SIZE_MAX);
    Error error = {0};
    assert_false(tape_reserve(&f->tape, SIZE_MAX, &error));
    assert_contains(error.text, "out of memory");
}

static Tensor *chain(Tape *tape, void *context)
{
    Tensor *y = square(tape, tape_reshape(tape, square(tape, context), SHAPE(300, 100)));
    tape_numbers(tape, 7777);
    return y;
}

static void a_run_takes_the_memory_that_was_measured(void **state)
{
    Fixture *f = *state;
    Tensor *x = random_tensor(&f->arena, 1, SHAPE(100, 300));
    GradInput inputs[] = {{.name = "x", .x = x}};
    assert_tape_rules(chain, x, inputs, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(new_structs_are_zero_in_used_memory),
        fixture_test(a_chain_of_any_length_takes_the_room_of_two_gradients),
        fixture_test(a_tensor_has_the_shape_that_was_asked_for),
        fixture_test(a_reshaped_tensor_is_the_same_numbers_and_gradients),
        fixture_test(without_gradients_no_tensor_learns_or_takes_the_room_of_one),
        fixture_test(measuring_counts_the_bytes_and_computes_nothing),
        fixture_test(measuring_what_no_memory_holds_gives_the_largest_number),
        fixture_test(a_run_takes_the_memory_that_was_measured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
