/* tape.c: the list of nodes and the memory behind it. */
#include "autograd/tape.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

/* Enough for the nodes of 256 layers; taken from the system once, touched as needed. */
enum { NODE_BYTES = 16 * 1024 * 1024 };

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

bool tape_reserve(Tape *tape, size_t bytes, Error *error)
{
    return arena_reserve(&tape->numbers, bytes, error);
}

void tape_reset(Tape *tape)
{
    tape->last = NULL;
    tape->free = NULL;
    arena_reset(&tape->nodes);
    arena_reset(&tape->numbers);
}

real *tape_numbers(Tape *tape, size_t count)
{
    if (tape->measuring) {
        size_t bytes = arena_size_of(count, sizeof(real));
        tape->measured = bytes > SIZE_MAX - tape->measured ? SIZE_MAX : tape->measured + bytes;
        return NULL;
    }
    real *numbers = arena_alloc_raw(&tape->numbers, count, sizeof *numbers);
    assert(numbers && "tape_reserve makes sure that there is memory");
    return numbers;
}

void *tape_struct(Tape *tape, size_t size)
{
    void *object = arena_alloc(&tape->nodes, 1, size);
    assert(object && "NODE_BYTES is enough");
    return object;
}

/* --- recording --- */

void *tape_node(Tape *tape, size_t size, NodeFunction forward, NodeFunction backward)
{
    Node *node = tape_struct(tape, size);
    *node = (Node){.forward = forward, .backward = backward, .previous = tape->last};
    tape->last = node;
    return node;
}

static void add_link(Tape *tape, TensorLink **list, Tensor *x)
{
    TensorLink *link = tape_struct(tape, sizeof *link);
    *link = (TensorLink){.x = x, .next = *list};
    *list = link;
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
    x->data = tape_numbers(tape, tensor_size(x));
    return x;
}

Tensor *tape_tensor(Tape *tape, size_t rank, const size_t shape[])
{
    Tensor *x = tape_constant(tape, rank, shape);
    x->learns = tape->gradients;
    if (x->learns && tape->last)
        add_link(tape, &tape->last->outputs, x);
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
    view->learns = x->learns;
    view->base = x->base ? x->base : x;
    return view;
}

Tensor *tape_input(Tape *tape, Tensor *x)
{
    if (x && x->learns)
        add_link(tape, &tape->last->inputs, x);
    return x;
}

Tensor *tape_over(Tape *tape, Tensor *x)
{
    Tensor *y = tape_reshape(tape, tape_input(tape, x), x->rank, x->shape);
    if (y->learns)
        add_link(tape, &tape->last->outputs, y);
    return y;
}

void tape_run(Tape *tape, Node *node)
{
    if (!tape->measuring)
        node->forward(node);
}

/* --- backward --- */

/* In a measuring pass a gradient has no memory, but it must not look absent. */
static real no_memory;

static real *take_gradient(Tape *tape, size_t count)
{
    for (TensorLink **at = &tape->free; *at; at = &(*at)->next_free)
        if (tensor_size((*at)->x) == count) {
            real *gradient = (*at)->free_gradient;
            *at = (*at)->next_free;
            return gradient;
        }
    real *gradient = tape_numbers(tape, count);
    return gradient ? gradient : &no_memory;
}

/* A view has the gradient of the tensor whose numbers it shows. */
static Tensor *base_of(Tensor *x)
{
    return x->base ? x->base : x;
}

/* Did any output of the node get a gradient? Then the others have one too: zero. */
static bool begin_outputs(Tape *tape, const Node *node)
{
    bool any = false;
    for (TensorLink *link = node->outputs; link; link = link->next)
        any = any || link->x->grad;
    for (TensorLink *link = node->outputs; any && link; link = link->next) {
        Tensor *y = base_of(link->x);
        if (!y->grad) {
            y->grad = take_gradient(tape, tensor_size(y));
            if (!tape->measuring)
                memset(y->grad, 0, tensor_size(y) * sizeof *y->grad);
        }
        link->x->grad = y->grad;
    }
    return any;
}

/* Gives each input of a node a gradient, if it has none, and says in grad_is_new whether the node's
 * backward is the first to give it a share, and may set it. A tensor that the node reads twice
 * cannot be set twice: its gradient is cleared here, and both shares are added. */
static void begin_inputs(Tape *tape, const Node *node)
{
    for (TensorLink *link = node->inputs; link; link = link->next)
        base_of(link->x)->grad_is_new = false;
    for (TensorLink *link = node->inputs; link; link = link->next) {
        Tensor *base = base_of(link->x);
        if (!base->grad) {
            base->grad = take_gradient(tape, tensor_size(base));
            base->grad_is_new = true;
        } else if (base->grad_is_new) {
            if (!tape->measuring)
                grad_ready_to_add(base);
            base->grad_is_new = false;
        }
    }
    for (TensorLink *link = node->inputs; link; link = link->next) {
        link->x->grad = base_of(link->x)->grad;
        link->x->grad_is_new = base_of(link->x)->grad_is_new;
    }
}

/* The gradient of an output has done its work; one in the place of an input is that input's. */
static void end_outputs(Tape *tape, const Node *node)
{
    for (TensorLink *link = node->outputs; link; link = link->next) {
        if (link->x->grad && !link->x->base) {
            link->free_gradient = link->x->grad;
            link->next_free = tape->free;
            tape->free = link;
        }
        link->x->grad = NULL;
    }
}

/* From the end to the beginning. In a measuring pass gradients are taken and given back, and
 * nothing is computed. */
static void play_backwards(Tape *tape)
{
    for (Node *node = tape->last; node; node = node->previous) {
        if (!begin_outputs(tape, node))
            continue;
        begin_inputs(tape, node);
        if (!tape->measuring)
            node->backward(node);
        end_outputs(tape, node);
    }
}

void tape_backward(Tape *tape, Tensor *loss)
{
    assert(tape->gradients && !tape->measuring && tensor_size(loss) == 1);
    loss->grad = take_gradient(tape, 1);
    loss->grad[0] = 1;
    play_backwards(tape);
}

/* --- measuring --- */

void tape_measure_begin(Tape *tape)
{
    tape_reset(tape);
    tape->measuring = true;
    tape->measured = 0;
}

size_t tape_measure_end(Tape *tape)
{
    if (tape->gradients && tape->last && tape->last->outputs) {
        Tensor *loss = tape->last->outputs->x;
        loss->grad = take_gradient(tape, tensor_size(loss));
        play_backwards(tape);
    }
    tape->measuring = false;
    tape_reset(tape);
    return tape->measured;
}
