/* operation.c: an operation's gradients, measured and compared.
 *
 * With r, random numbers, for the gradient that reaches y, the gradient of an input is that of the
 * sum of r[i] y[i]. It is measured on the definition of y by a central difference of fourth order:
 *
 *     n = ( 8 (f(x + h) - f(x - h)) - (f(x + 2h) - f(x - 2h)) ) / 12 h
 */
#include <math.h>
#include <string.h>

#include "base/random.h"
#include "exercises/judge.h"

static const double STEP = 0x1p-10;

/* --- the sum of r y as an operation --- */

typedef struct Weighted {
    Node node;
    Tensor *y, *sum;
    const double *r;
} Weighted;

static void weighted_forward(Node *node)
{
    Weighted *op = (Weighted *)node;
    op->sum->data[0] = 0; /* nobody reads it */
}

static void weighted_backward(Node *node)
{
    Weighted *op = (Weighted *)node;
    grad_ready_to_add(op->y);
    for (size_t i = 0; i < tensor_size(op->y); i++)
        op->y->grad[i] += (real)op->r[i];
}

Tensor *judge_sum(Tape *tape, Tensor *y, const double *r)
{
    Weighted *op = tape_node(tape, sizeof *op, weighted_forward, weighted_backward);
    op->y = tape_input(tape, y);
    op->r = r;
    op->sum = tape_tensor(tape, 1, (size_t[]){1});
    tape_run(tape, &op->node);
    return op->sum;
}

/* --- an input on the tape: its gradient is new to the operation --- */

typedef struct Copy {
    Node node;
    Tensor *x, *y;
} Copy;

static void copy_forward(Node *node)
{
    Copy *op = (Copy *)node;
    memcpy(op->y->data, op->x->data, tensor_size(op->x) * sizeof(real));
}

static void copy_backward(Node *node)
{
    Copy *op = (Copy *)node;
    for (size_t i = 0; i < tensor_size(op->x); i++)
        op->x->grad[i] += op->y->grad[i];
}

Tensor *judge_copy(Tape *tape, Tensor *x)
{
    Copy *op = tape_node(tape, sizeof *op, copy_forward, copy_backward);
    op->x = tape_input(tape, x);
    op->y = tape_tensor_like(tape, x);
    tape_run(tape, &op->node);
    return op->y;
}

/* --- gradients --- */

typedef enum Way { AS_PARAMETERS, ON_THE_TAPE } Way;

static Tensor *run(Judge *judge, const Operation *op, Way way, const double *r)
{
    Tensor *inputs[MAX_INPUTS];
    tape_reset(&judge->tape);
    for (size_t i = 0; i < op->n_inputs; i++)
        inputs[i] = way == ON_THE_TAPE ? judge_copy(&judge->tape, op->inputs[i]) : op->inputs[i];
    Tensor *y = op->record(&judge->tape, inputs);
    tape_backward(&judge->tape, judge_sum(&judge->tape, y, r));
    return y;
}

static void clear_gradients(const Operation *op)
{
    for (size_t i = 0; i < op->n_inputs; i++)
        memset(op->inputs[i]->grad, 0, tensor_size(op->inputs[i]) * sizeof(real));
}

static double *measured_gradient(Judge *judge, const Operation *op, size_t input, const double *r)
{
    static const double steps[] = {-2, -1, 1, 2}, weights[] = {1, -8, 8, -1};
    const Tensor *const *shapes = (const Tensor *const *)op->inputs;
    size_t size = tensor_size(op->inputs[input]), size_y = op->rows * op->width;
    double *numbers[MAX_INPUTS], *y = judge_doubles(judge, size_y);
    double *gradient = judge_doubles(judge, size);
    for (size_t i = 0; i < op->n_inputs; i++)
        numbers[i] = judge_as_doubles(judge, op->inputs[i]->data, tensor_size(op->inputs[i]));
    for (size_t x = 0; x < size; x++) {
        double centre = numbers[input][x];
        for (size_t point = 0; point < 4; point++) {
            numbers[input][x] = centre + steps[point] * STEP;
            op->define(shapes, numbers, y);
            for (size_t i = 0; i < size_y; i++)
                gradient[x] += weights[point] * r[i] * y[i] / (12 * STEP);
        }
        numbers[input][x] = centre;
    }
    return gradient;
}

static bool judge_forward(Judge *judge, const Operation *op, const Tensor *y)
{
    size_t size = op->rows * op->width;
    double *numbers[MAX_INPUTS], *expected = judge_doubles(judge, size);
    for (size_t i = 0; i < op->n_inputs; i++)
        numbers[i] = judge_as_doubles(judge, op->inputs[i]->data, tensor_size(op->inputs[i]));
    op->define((const Tensor *const *)op->inputs, numbers, expected);
    return judge_numbers(judge, (Numbers){.name = "y",
                                          .got = judge_as_doubles(judge, y->data, size),
                                          .expected = expected,
                                          .rows = op->rows,
                                          .width = op->width});
}

static Numbers gradient_of(Judge *judge, const Operation *op, size_t input, const double *expected)
{
    const Tensor *x = op->inputs[input];
    return (Numbers){.name = op->names[input],
                     .got = judge_as_doubles(judge, x->grad, tensor_size(x)),
                     .expected = expected,
                     .rows = x->rank == 1 ? 1 : tensor_rows(x),
                     .width = tensor_width(x)};
}

/* All gradients were right where zeros stood. Are they also where something stands already, and
 * where there is only garbage, which a first share must not be added to? */
static void judge_shares(Judge *judge, const Operation *op, double *const expected[],
                         const double *r)
{
    size_t wrong = judge->wrong;
    char words[DIAGNOSIS_SIZE];
    run(judge, op, AS_PARAMETERS, r);
    for (size_t i = 0; i < op->n_inputs; i++) {
        Numbers numbers = gradient_of(judge, op, i, expected[i]);
        double *twice = judge_doubles(judge, numbers.rows * numbers.width);
        for (size_t x = 0; x < numbers.rows * numbers.width; x++)
            twice[x] = 2 * expected[i][x];
        numbers.expected = twice;
        numbers.tolerance = 1e-4;
        if (!diagnose(&numbers, words))
            judge_say_wrong(judge, op->names[i],
                            "set where it should be added (+=): another share stood there");
    }
    for (int round = 0; judge->wrong == wrong && round < 2; round++) {
        clear_gradients(op); /* the second round finds on the tape what the first one left */
        run(judge, op, ON_THE_TAPE, r);
        for (size_t i = 0; i < op->n_inputs; i++) {
            Numbers numbers = gradient_of(judge, op, i, expected[i]);
            numbers.tolerance = 1e-4;
            if (!diagnose(&numbers, words))
                judge_say_wrong(judge, op->names[i],
                                "added to a gradient that is new (grad_is_new): the first share "
                                "must be set, for what stands there is garbage");
        }
    }
}

void judge_operation(Judge *judge, const Operation *op)
{
    size_t size = op->rows * op->width, wrong = judge->wrong;
    double *r = judge_doubles(judge, size), *expected[MAX_INPUTS];
    for (size_t i = 0; i < size; i++) {
        double u = 2 * random_uniform(random_seed(7), i) - 1;
        r[i] = u < 0 ? u - 0.5 : u + 0.5;
    }
    clear_gradients(op);
    judge_forward(judge, op, run(judge, op, AS_PARAMETERS, r));
    for (size_t i = 0; i < op->n_inputs; i++) {
        expected[i] = measured_gradient(judge, op, i, r);
        Numbers numbers = gradient_of(judge, op, i, expected[i]);
        if (op->guess)
            op->guess(judge, op, i, r, &numbers);
        judge_numbers(judge, numbers);
    }
    if (judge->wrong == wrong)
        judge_shares(judge, op, expected, r);
}
