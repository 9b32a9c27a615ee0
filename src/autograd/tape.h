/* tape.h: the record of what was computed, played backwards to get gradients.
 *
 * Each operation appends a node to the tape: which function computes it, which one takes a gradient
 * back through it, and pointers to its inputs and its output. The forward function runs at once.
 * tape_backward starts from d loss / d loss = 1 and calls the backward functions from the last
 * node to the first; each adds (+=) its share to the gradients of its inputs. That is the chain
 * rule, one link at a time:
 *
 *     y = f(x)      recorded going forward
 *     x.grad += (dy/dx)^T y.grad      going back
 *
 * A new operation is a struct that starts with a Node, and three functions:
 *
 *     typedef struct Double { Node node; Tensor *x, *y; } Double;
 *     static void double_forward(Node *node)  { Double *op = (Double *)node;  y = 2 x }
 *     static void double_backward(Node *node) { Double *op = (Double *)node;  dx (+)= 2 dy }
 *     Tensor *double_it(Tape *tape, Tensor *x)
 *     {
 *         Double *op = tape_node(tape, sizeof *op, double_forward, double_backward);
 *         op->x = tape_input(tape, x);
 *         op->y = tape_tensor_like(tape, x);
 *         tape_run(tape, &op->node);
 *         return op->y;
 *     }
 *
 * ((+)= sets the first share that a gradient gets, and adds the others: grad_is_new of tensor.h.)
 *
 * All tensors of a tape live in its memory and are gone at the next tape_reset. A gradient lives
 * shorter still: from the first operation that gives it a share to the one that computed its
 * tensor, which is the last to need it. Then its memory serves the next gradient of that size. So a
 * backward pass takes the room of a few gradients, not of all, and those few stay in the cache.
 *
 * How much memory a model takes is found by running it once on a tape that only measures: every
 * tensor is counted, none is computed. After tape_reserve with that number, no step asks the system
 * for memory.
 */
#ifndef AUTOGRAD_TAPE_H
#define AUTOGRAD_TAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "autograd/tensor.h"
#include "base/arena.h"

typedef struct Node Node;
typedef void (*NodeFunction)(Node *node);

/* The inputs of a node are a list of these, and so are its outputs. When the gradient of an output
 * has done its work, its memory is kept here for a later one, in the tape's list of free ones. */
typedef struct TensorLink {
    Tensor *x;
    struct TensorLink *next;
    real *free_gradient; /* room for as many numbers as x has */
    struct TensorLink *next_free;
} TensorLink;

struct Node {
    NodeFunction forward, backward;
    Node *previous; /* recorded before this one */
    TensorLink *inputs, *outputs;
};

typedef struct Tape {
    Node *last;
    bool gradients;   /* is there a backward pass to come? Otherwise no tensor gets a gradient */
    bool measuring;   /* count memory instead of computing */
    size_t measured;  /* bytes counted */
    TensorLink *free; /* memory for the gradients to come */
    Arena nodes;      /* nodes and the headers of tensors: small */
    Arena numbers;    /* data, gradients, scratch: all of the bulk */
} Tape;

bool tape_init(Tape *tape, bool gradients, Error *error);
void tape_free(Tape *tape);

/* Between these two, operations are recorded but not computed. The second returns the bytes that
 * their numbers would take, with those of a backward pass from the last one, and leaves the tape
 * empty. */
void tape_measure_begin(Tape *tape);
size_t tape_measure_end(Tape *tape);

/* Takes that many bytes from the system at once. */
bool tape_reserve(Tape *tape, size_t bytes, Error *error);

/* Forgets every node and tensor; the memory stays for the next round. */
void tape_reset(Tape *tape);

/* A new node of `size` bytes, all zero behind its Node. Its backward runs if a gradient has reached
 * a tensor that it computes; for a node that only computes constants, it may be NULL. */
void *tape_node(Tape *tape, size_t size, NodeFunction forward, NodeFunction backward);

/* Says that the newest node reads x (NULL: nothing), and returns x. When the node's backward runs,
 * x->grad is there, unless x is a constant, and x->grad_is_new says whether it is the first to give
 * it a share. */
Tensor *tape_input(Tape *tape, Tensor *x);

/* A new tensor that the newest node computes. Its data are undefined until then. */
Tensor *tape_tensor(Tape *tape, size_t rank, const size_t shape[]);
Tensor *tape_tensor_like(Tape *tape, const Tensor *x);

/* A tensor without a gradient: a constant. Whoever makes it fills it, in a node's forward. */
Tensor *tape_constant(Tape *tape, size_t rank, const size_t shape[]);

/* A tensor that the newest node computes in the place of x, whose numbers it reads: in the same
 * memory, and so it is with their gradients. The node's backward finds the gradient of what came
 * out, and leaves that of what went in. The old numbers are gone: for whoever reads x afterwards,
 * backward functions included. */
Tensor *tape_over(Tape *tape, Tensor *x);

/* The same numbers (and the same gradient) seen in another shape of the same size. */
Tensor *tape_reshape(Tape *tape, Tensor *x, size_t rank, const size_t shape[]);

/* Numbers without gradient: what forward saves for backward, or scratch. Undefined at first. */
real *tape_numbers(Tape *tape, size_t count);

/* A small struct, all zero, that lives as long as the tensors around it. */
void *tape_struct(Tape *tape, size_t size);

/* Computes a node that is complete (or does nothing, when measuring). */
void tape_run(Tape *tape, Node *node);

/* Adds d loss / d x to the gradient of every x outside of the tape that the loss (a tensor of one
 * number) came from. Afterwards the tensors of the tape have no gradient. */
void tape_backward(Tape *tape, Tensor *loss);

#endif
