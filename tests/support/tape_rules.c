/* tape_rules.c: how the rules of a tape are checked. */
#include "support/tape_rules.h"

#include <string.h>

#include "math/parallel.h"

/* --- threads --- */

typedef struct Results {
    size_t count; /* y and the gradients of the inputs, one after the other */
    real *numbers;
} Results;

static size_t copy_to(real *numbers, const real *from, size_t n)
{
    memcpy(numbers, from, n * sizeof *numbers);
    return n;
}

static Results results_of(GradGraph graph, void *context, const GradInput inputs[], size_t n_inputs,
                          Tape *tape, Arena *arena)
{
    tape_reset(tape);
    Tensor *y = graph(tape, context);
    Results results = {.count = tensor_size(y)};
    real *r = arena_alloc(arena, results.count, sizeof *r);
    assert_non_null(r);
    upstream_gradients(r, results.count, 0);
    for (size_t i = 0; i < n_inputs; i++) {
        size_t size = tensor_size(inputs[i].x);
        memset(inputs[i].x->grad, 0, size * sizeof(real));
        results.count += size;
    }
    tape_backward(tape, weighted_sum(tape, y, r));
    results.numbers = arena_alloc(arena, results.count, sizeof *results.numbers);
    assert_non_null(results.numbers);
    size_t at = copy_to(results.numbers, y->data, tensor_size(y));
    for (size_t i = 0; i < n_inputs; i++)
        at += copy_to(results.numbers + at, inputs[i].x->grad, tensor_size(inputs[i].x));
    return results;
}

bool threads_agree(GradGraph graph, void *context, const GradInput inputs[], size_t n_inputs,
                   Error *error)
{
    const size_t threads[] = {1, 2, 3, 8};
    size_t threads_before = parallel_threads();
    Tape tape;
    Arena arena = {0};
    assert_true(tape_init(&tape, true, NULL));
    bool agree = true;
    Results alone = {0};
    for (size_t run = 0; run < 4 && agree; run++) {
        parallel_set_threads(threads[run]);
        Results results = results_of(graph, context, inputs, n_inputs, &tape, &arena);
        if (run == 0)
            alone = results;
        else if (memcmp(results.numbers, alone.numbers, results.count * sizeof(real)) != 0)
            agree = fail(error, "%zu threads give other bits than one", threads[run]);
    }
    parallel_set_threads(threads_before);
    tape_free(&tape);
    arena_free(&arena);
    return agree;
}

/* --- first shares --- */

/* Every number that the tape hands out from here on is a NaN until it is set. */
static void fill_with_nan(Tape *tape)
{
    size_t count = tape->numbers.used / sizeof(real);
    tape_reset(tape);
    memset(tape_numbers(tape, count), 0xff, count * sizeof(real));
    tape_reset(tape);
}

/* As if another node had made the inputs: their gradients are taken from the tape, and are new. */
static void take_gradients(const GradInput inputs[], size_t n_inputs, real *own[])
{
    for (size_t i = 0; i < n_inputs; i++) {
        own[i] = inputs[i].x->grad;
        inputs[i].x->grad = NULL;
        inputs[i].x->learns = true;
    }
}

static void put_back_gradients(const GradInput inputs[], size_t n_inputs, real *own[])
{
    for (size_t i = 0; i < n_inputs; i++) {
        inputs[i].x->grad = own[i];
        inputs[i].x->learns = inputs[i].x->grad_is_new = false;
    }
}

/* From inputs that stand outside of the tape to inputs on it. */
static bool compare_gradients(GradGraph graph, void *context, const GradInput inputs[],
                              size_t n_inputs, Tape *tape, Arena *arena, Error *error)
{
    real **own = arena_alloc(arena, n_inputs, sizeof *own);
    assert_non_null(own);
    results_of(graph, context, inputs, n_inputs, tape, arena);
    fill_with_nan(tape);
    take_gradients(inputs, n_inputs, own);
    Tensor *y = graph(tape, context);
    real *r = arena_alloc(arena, tensor_size(y), sizeof *r);
    assert_non_null(r);
    upstream_gradients(r, tensor_size(y), 0);
    tape_backward(tape, weighted_sum(tape, y, r));
    bool agree = true;
    for (size_t i = 0; i < n_inputs; i++)
        for (size_t n = 0; agree && n < tensor_size(inputs[i].x); n++)
            if (!(inputs[i].x->grad[n] == own[i][n])) /* a NaN differs; 0 and -0 do not */
                agree = fail(error, "%s: number %zu of a new gradient is %g, and added to 0 %g",
                             inputs[i].name, n, (double)inputs[i].x->grad[n], (double)own[i][n]);
    put_back_gradients(inputs, n_inputs, own);
    return agree;
}

bool first_shares_are_set(GradGraph graph, void *context, const GradInput inputs[], size_t n_inputs,
                          Error *error)
{
    Tape tape;
    Arena arena = {0};
    assert_true(tape_init(&tape, true, NULL));
    bool agree = compare_gradients(graph, context, inputs, n_inputs, &tape, &arena, error);
    tape_free(&tape);
    arena_free(&arena);
    return agree;
}

/* --- memory --- */

/* Records the graph and a loss; `r` holds enough numbers for any y, or is NULL to only measure. */
static Tensor *graph_with_loss(GradGraph graph, void *context, Tape *tape, const real *r,
                               size_t *size)
{
    Tensor *y = graph(tape, context);
    *size = tensor_size(y);
    return weighted_sum(tape, y, r);
}

/* The gradients of a backward pass were measured too, so a forward pass leaves room for them. */
static bool run_within(GradGraph graph, void *context, Tape *tape, size_t bytes, const real *r,
                       Error *error)
{
    size_t size;
    Tensor *loss = graph_with_loss(graph, context, tape, r, &size);
    size_t used = tape->numbers.used, node_bytes = tape->nodes.used;
    if (tape->gradients ? used > bytes : used != bytes)
        return fail(error, "%zu bytes were measured, and %zu used", bytes, used);
    if (tape->gradients)
        tape_backward(tape, loss);
    if (tape->numbers.used != bytes)
        return fail(error, "%zu bytes were measured, and %zu used by the end of the backward pass",
                    bytes, tape->numbers.used);
    return tape->nodes.used == node_bytes || fail(error, "the backward pass makes nodes");
}

static bool measure_and_run(GradGraph graph, void *context, Tape *tape, Arena *arena, Error *error)
{
    size_t size;
    tape_measure_begin(tape);
    graph_with_loss(graph, context, tape, NULL, &size);
    size_t bytes = tape_measure_end(tape);
    if (tape->numbers.blocks != NULL)
        return fail(error, "measuring takes memory");
    real *r = arena_alloc(arena, size, sizeof *r);
    assert_true(r != NULL && tape_reserve(tape, bytes, NULL));
    const ArenaBlock *numbers = tape->numbers.blocks, *nodes = tape->nodes.blocks;
    for (int round = 0; round < 2; round++) {
        if (!run_within(graph, context, tape, bytes, r, error))
            return false;
        if (tape->numbers.blocks != numbers || tape->nodes.blocks != nodes)
            return fail(error, "a block of memory was asked for");
        tape_reset(tape);
    }
    return true;
}

bool memory_is_as_measured(GradGraph graph, void *context, Error *error)
{
    bool good = true;
    for (int gradients = 0; gradients < 2 && good; gradients++) {
        Tape tape;
        Arena arena = {0};
        assert_true(tape_init(&tape, gradients == 1, NULL));
        good = measure_and_run(graph, context, &tape, &arena, error);
        tape_free(&tape);
        arena_free(&arena);
    }
    return good;
}

void check_tape_rules(GradGraph graph, void *context, const GradInput inputs[], size_t n_inputs,
                      const char *file, int line)
{
    Error error = {0};
    if (threads_agree(graph, context, inputs, n_inputs, &error) &&
        memory_is_as_measured(graph, context, &error))
        return;
    print_error("%s\n", error.text);
    _fail(file, line);
}

void check_first_shares(GradGraph graph, void *context, const GradInput inputs[], size_t n_inputs,
                        const char *file, int line)
{
    Error error = {0};
    if (first_shares_are_set(graph, context, inputs, n_inputs, &error))
        return;
    print_error("%s\n", error.text);
    _fail(file, line);
}
