/* gradcheck.c: how gradients are compared with differences.
 *
 * The differences are taken of each number of y by itself and weighted then. A difference of the
 * weighted sum would also hold the rounding errors of all those numbers of y that do not depend on
 * the entry at hand. */
#include "support/gradcheck.h"

#include <math.h>
#include <string.h>

#include "base/random.h"

static const double DEFAULT_STEP = 0x1p-10, RELATIVE = 1e-7, ABSOLUTE = 1e-9;

/* --- the loss --- */

typedef struct WeightedSum {
    Node node;
    Tensor *y, *sum;
    const real *r;
} WeightedSum;

static void weighted_sum_forward(Node *node)
{
    WeightedSum *op = (WeightedSum *)node;
    double sum = 0;
    for (size_t i = 0; i < tensor_size(op->y); i++)
        sum += (double)op->r[i] * (double)op->y->data[i];
    op->sum->data[0] = (real)sum;
}

static void weighted_sum_backward(Node *node)
{
    WeightedSum *op = (WeightedSum *)node;
    grad_ready_to_add(op->y);
    for (size_t i = 0; i < tensor_size(op->y); i++)
        op->y->grad[i] += op->sum->grad[0] * op->r[i];
}

Tensor *weighted_sum(Tape *tape, Tensor *y, const real *r)
{
    WeightedSum *op = tape_node(tape, sizeof *op, weighted_sum_forward, weighted_sum_backward);
    op->y = tape_input(tape, y);
    op->r = r;
    op->sum = tape_tensor(tape, 1, (size_t[]){1});
    tape_run(tape, &op->node);
    return op->sum;
}

void upstream_gradients(real *r, size_t n, uint64_t seed)
{
    RandomKey key = random_seed(seed);
    for (size_t i = 0; i < n; i++) {
        double u = 2 * random_uniform(key, i) - 1;
        r[i] = (real)(u < 0 ? u - 0.5 : u + 0.5);
    }
}

/* --- gradients against differences --- */

typedef struct Check {
    GradGraph graph;
    void *context;
    Tape tape;
    Arena arena;  /* everything below */
    size_t size;  /* of y */
    real *r;      /* [size] */
    double *y[4]; /* [size]: y at x - 2h, x - h, x + h, x + 2h */
    double **a;   /* for each input its gradient by backward */
    double *n;    /* that of one input by differences */
    Error *error;
} Check;

static double *new_numbers(Check *check, size_t n)
{
    double *numbers = arena_alloc(&check->arena, n, sizeof *numbers);
    assert_non_null(numbers);
    return numbers;
}

static void zero_gradients(const GradInput inputs[], size_t n_inputs)
{
    for (size_t i = 0; i < n_inputs; i++)
        memset(inputs[i].x->grad, 0, tensor_size(inputs[i].x) * sizeof(real));
}

/* Records y and its loss on the tape, and adds to the gradients of the inputs. Makes r the first
 * time. */
static Tensor *forward_and_backward(Check *check, uint64_t seed)
{
    tape_reset(&check->tape);
    Tensor *y = check->graph(&check->tape, check->context);
    if (check->r == NULL) {
        check->size = tensor_size(y);
        check->r = arena_alloc(&check->arena, check->size, sizeof *check->r);
        assert_non_null(check->r);
        upstream_gradients(check->r, check->size, seed);
    }
    tape_backward(&check->tape, weighted_sum(&check->tape, y, check->r));
    return y;
}

static bool backward_once_and_twice(Check *check, const GradInput inputs[], size_t n_inputs,
                                    uint64_t seed)
{
    zero_gradients(inputs, n_inputs);
    forward_and_backward(check, seed);
    check->a = arena_alloc(&check->arena, n_inputs, sizeof *check->a);
    assert_non_null(check->a);
    for (size_t i = 0; i < n_inputs; i++) {
        check->a[i] = new_numbers(check, tensor_size(inputs[i].x));
        for (size_t entry = 0; entry < tensor_size(inputs[i].x); entry++)
            check->a[i][entry] = (double)inputs[i].x->grad[entry];
    }
    forward_and_backward(check, seed);
    for (size_t i = 0; i < n_inputs; i++) {
        const double *a = check->a[i];
        double largest = 0;
        for (size_t entry = 0; entry < tensor_size(inputs[i].x); entry++)
            largest = fmax(largest, fabs(a[entry]));
        for (size_t entry = 0; entry < tensor_size(inputs[i].x); entry++) {
            double twice = (double)inputs[i].x->grad[entry];
            if (!(fabs(twice - 2 * a[entry]) <= ABSOLUTE * largest))
                return fail(check->error, "%s[%zu]: %.17g after one backward, %.17g after two",
                            inputs[i].name, entry, a[entry], twice);
        }
    }
    return true;
}

static double difference(Check *check, real *number, double step)
{
    real centre = *number;
    for (int point = 0; point < 4; point++) {
        *number = (real)((double)centre + (point < 2 ? point - 2 : point - 1) * step);
        tape_reset(&check->tape);
        const Tensor *y = check->graph(&check->tape, check->context);
        for (size_t i = 0; i < check->size; i++)
            check->y[point][i] = (double)y->data[i];
    }
    *number = centre;
    double sum = 0;
    for (size_t i = 0; i < check->size; i++)
        sum += (double)check->r[i] *
               (8 * (check->y[2][i] - check->y[1][i]) - (check->y[3][i] - check->y[0][i]));
    return sum / (12 * step);
}

static double step_of(const GradInput *input)
{
    return input->step > 0 ? input->step : DEFAULT_STEP;
}

static bool agree(double a, double n, double largest)
{
    double bound = RELATIVE * fmax(fabs(a), fabs(n)) + ABSOLUTE * largest;
    return isfinite(bound) && fabs(a - n) <= bound;
}

/* Past the kinks that a shorter step stays in front of. */
static bool agree_nearby(Check *check, const GradInput *input, size_t entry, double a,
                         double largest)
{
    return agree(a, difference(check, input->x->data + entry, step_of(input) / 8), largest) ||
           agree(a, difference(check, input->x->data + entry, step_of(input) / 64), largest);
}

static bool compare(Check *check, const GradInput *input, const double *a, const double *n)
{
    size_t size = tensor_size(input->x);
    double largest = 0;
    for (size_t entry = 0; entry < size; entry++)
        largest = fmax(largest, fmax(fabs(a[entry]), fabs(n[entry])));
    if (largest == 0 && !input->vanishes)
        return fail(check->error, "%s: zero everywhere, so nothing was checked", input->name);
    for (size_t entry = 0; entry < size; entry++) {
        bool good = input->vanishes ? fabs(a[entry]) <= ABSOLUTE && fabs(n[entry]) <= ABSOLUTE
                                    : agree(a[entry], n[entry], largest);
        good = good || (input->kinks && agree_nearby(check, input, entry, a[entry], largest));
        if (!good)
            return fail(check->error, "%s[%zu]: analytic %.17g, numeric %.17g (largest: %.3g)",
                        input->name, entry, a[entry], n[entry], largest);
    }
    return true;
}

static bool check_inputs(Check *check, const GradInput inputs[], size_t n_inputs, uint64_t seed)
{
    if (!backward_once_and_twice(check, inputs, n_inputs, seed))
        return false;
    for (int point = 0; point < 4; point++)
        check->y[point] = new_numbers(check, check->size);
    for (size_t i = 0; i < n_inputs; i++) {
        const Tensor *x = inputs[i].x;
        check->n = new_numbers(check, tensor_size(x));
        for (size_t entry = 0; entry < tensor_size(x); entry++)
            check->n[entry] = difference(check, x->data + entry, step_of(&inputs[i]));
        if (!compare(check, &inputs[i], check->a[i], check->n))
            return false;
    }
    return true;
}

bool gradcheck(GradGraph graph, void *context, const GradInput inputs[], size_t n_inputs,
               uint64_t seed, Error *error)
{
    Check check = {.graph = graph, .context = context, .error = error};
    assert_true(n_inputs > 0 && tape_init(&check.tape, true, NULL));
    bool good = check_inputs(&check, inputs, n_inputs, seed);
    zero_gradients(inputs, n_inputs);
    tape_free(&check.tape);
    arena_free(&check.arena);
    return good;
}

void check_gradients(GradGraph graph, void *context, const GradInput inputs[], size_t n_inputs,
                     const char *file, int line)
{
#ifndef REAL_IS_DOUBLE
    (void)graph, (void)context, (void)inputs, (void)n_inputs;
    _skip(file, line);
#else
    for (uint64_t seed = 0; seed < 3; seed++) {
        Error error = {0};
        if (gradcheck(graph, context, inputs, n_inputs, seed, &error))
            continue;
        print_error("seed %d: %s\n", (int)seed, error.text);
        _fail(file, line);
    }
#endif
}
