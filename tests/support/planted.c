/* planted.c: an operation with a fault. */
#include "support/planted.h"

#include <math.h>

#include "math/parallel.h"

typedef struct Planted {
    Node node;
    Tape *tape;
    Tensor *x, *w, *y;
    Fault fault;
} Planted;

static void planted_forward(Node *node)
{
    Planted *op = (Planted *)node;
    for (size_t i = 0; i < SIDE; i++)
        for (size_t j = 0; j < SIDE; j++) {
            real x = op->x->data[i * SIDE + j], w = op->w->data[j * SIDE + i];
            op->y->data[i * SIDE + j] = 3 * x * w + x * x;
        }
    if (op->fault == NAN_IN_FORWARD)
        op->y->data[0] = (real)NAN;
    if (op->fault == THREADS_IN_RESULT)
        op->y->data[0] += (real)parallel_threads();
    if (op->fault == MEMORY_IN_FORWARD)
        tape_numbers(op->tape, 1);
}

/* What is added to dx. */
static real share_of_x(const Planted *op, size_t i, size_t j)
{
    real x = op->x->data[i * SIDE + j], w = op->w->data[j * SIDE + i];
    real dy = op->y->grad[i * SIDE + j];
    bool last = i == SIDE - 1 && j == SIDE - 1;
    switch (op->fault) {
    case FLIPPED_SIGN:
        return -(3 * w + 2 * x) * dy;
    case TRANSPOSED:
        return (3 * op->w->data[i * SIDE + j] + 2 * x) * dy;
    case MISSING_SCALE:
        return (w + 2 * x) * dy;
    case DROPPED_TERM:
        return 3 * w * dy;
    case NO_GRADIENT:
        return 0;
    case NOT_A_NUMBER:
        return last ? (real)NAN : (3 * w + 2 * x) * dy;
    case INFINITE:
        return last ? (real)INFINITY : (3 * w + 2 * x) * dy;
    case ONE_WRONG_ENTRY:
        return (3 * w + 2 * x) * dy + (last ? (real)1e-5 : 0);
    case SLIGHTLY_WRONG:
        return (3 * w + 2 * x) * dy * (real)1.000001;
    default:
        return (3 * w + 2 * x) * dy;
    }
}

static void planted_backward(Node *node)
{
    Planted *op = (Planted *)node;
    for (size_t i = 0; i < SIDE; i++)
        for (size_t j = 0; j < SIDE; j++) {
            real *dx = op->x->grad + i * SIDE + j;
            *dx = (op->fault == OVERWRITTEN ? 0 : *dx) + share_of_x(op, i, j);
            op->w->grad[j * SIDE + i] += 3 * op->x->data[i * SIDE + j] * op->y->grad[i * SIDE + j];
        }
    if (op->fault == MEMORY_IN_BACKWARD)
        tape_numbers(op->tape, 1);
}

Tensor *planted(Tape *tape, void *context)
{
    const Plan *plan = context;
    Planted *op = tape_node(tape, sizeof *op, planted_forward, planted_backward);
    op->tape = tape;
    op->x = plan->x;
    op->w = plan->w;
    op->fault = plan->fault;
    op->y = tape_tensor(tape, SHAPE(SIDE, SIDE));
    tape_run(tape, &op->node);
    return op->y;
}

Plan plan_of(Fixture *f, Fault fault)
{
    Plan plan = {.fault = fault};
    plan.x = random_tensor(&f->arena, 1, SHAPE(SIDE, SIDE));
    plan.w = random_tensor(&f->arena, 2, SHAPE(SIDE, SIDE));
    plan.inputs[0] = (GradInput){.name = "x", .x = plan.x};
    plan.inputs[1] = (GradInput){.name = "w", .x = plan.w};
    return plan;
}
