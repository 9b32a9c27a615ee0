/* tape.c: the list of nodes and the memory behind it. */
#include "autograd/tape.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

/* Enough for the nodes of 256 layers; taken from the system once, touched as needed. */
enum { NODE_BYTES = 4 * 1024 * 1024 };

bool tape_init(Tape *tape, bool gradients, Error *error)
{
    *tape = (Tape){.gradients = gradients};
    return arena_reserve(&tape->nodes, NODE_BYTES, error);
}

void tape_free(Tape *tape)
{
    arena_free(&tape->nodes);
    arena_free(&tape->numbers);
    *tape = (Tape){0};
}

void tape_measure_begin(Tape *tape)
{
    tape_reset(tape);
    tape->measuring = true;
    tape->measured = 0;
}

size_t tape_measure_end(Tape *tape)
{
    tape->measuring = false;
    tape_reset(tape);
    return tape->measured;
}

bool tape_reserve(Tape *tape, size_t bytes, Error *error)
{
    return arena_reserve(&tape->numbers, bytes, error);
}

void tape_reset(Tape *tape)
{
    tape->last = NULL;
    arena_reset(&tape->nodes);
    arena_reset(&tape->numbers);
}

/* Numbers that are zero, or undefined. While measuring there are none: NULL. */
static real *new_numbers(Tape *tape, size_t count, bool zero)
{
    if (tape->measuring) {
        size_t bytes = arena_size_of(count, sizeof(real));
        tape->measured = bytes > SIZE_MAX - tape->measured ? SIZE_MAX : tape->measured + bytes;
        return NULL;
    }
    real *numbers = zero ? arena_alloc(&tape->numbers, count, sizeof *numbers)
                         : arena_alloc_raw(&tape->numbers, count, sizeof *numbers);
    assert(numbers && "tape_reserve makes sure that there is memory");
    return numbers;
}

void *tape_struct(Tape *tape, size_t size)
{
    void *object = arena_alloc(&tape->nodes, 1, size);
    assert(object && "NODE_BYTES is enough");
    return object;
}

static Tensor *new_header(Tape *tape, size_t rank, const size_t shape[])
{
    assert(rank >= 1 && rank <= MAX_RANK);
    Tensor *x = tape_struct(tape, sizeof *x);
    x->rank = rank;
    memcpy(x->shape, shape, rank * sizeof *shape);
    return x;
}

Tensor *tape_constant(Tape *tape, size_t rank, const size_t shape[])
{
    Tensor *x = new_header(tape, rank, shape);
    x->data = new_numbers(tape, tensor_size(x), false);
    return x;
}

Tensor *tape_tensor(Tape *tape, size_t rank, const size_t shape[])
{
    Tensor *x = tape_constant(tape, rank, shape);
    x->grad = tape->gradients ? new_numbers(tape, tensor_size(x), true) : NULL;
    return x;
}

Tensor *tape_tensor_like(Tape *tape, const Tensor *x)
{
    return tape_tensor(tape, x->rank, x->shape);
}

Tensor *tape_reshape(Tape *tape, Tensor *x, size_t rank, const size_t shape[])
{
    Tensor *view = new_header(tape, rank, shape);
    assert(tensor_size(view) == tensor_size(x));
    view->data = x->data;
    view->grad = x->grad;
    return view;
}

real *tape_numbers(Tape *tape, size_t count)
{
    return new_numbers(tape, count, false);
}

void *tape_node(Tape *tape, size_t size, NodeFunction forward, NodeFunction backward)
{
    Node *node = tape_struct(tape, size);
    *node = (Node){forward, backward, tape->last};
    tape->last = node;
    return node;
}

void tape_run(Tape *tape, Node *node)
{
    if (!tape->measuring)
        node->forward(node);
}

void tape_backward(Tape *tape, Tensor *loss)
{
    assert(tape->gradients && !tape->measuring && tensor_size(loss) == 1);
    loss->grad[0] = 1;
    for (Node *node = tape->last; node; node = node->previous)
        node->backward(node);
}
