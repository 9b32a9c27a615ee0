/* rotation.c: turning as an operation on the tape.
 *
 *     y = R(m) x                          m: the position of the vector's token
 *     dx = R(m)^T dy = R(-m) dy           (y = factor R(m) x: dx has the factor, too)
 *
 * The derivative of a linear map is its transpose; the transpose of a turn changes the sign of the
 * sine, which is the turn the other way round. Angles are not learned: nothing flows into them.
 *
 * With a growth, the cosine and sine of a plane are multiplied by f = exp(m growth[i]). Then y is
 * f R(m) x and dx = f R(-m) dy: the transpose leaves a factor as it is.
 */
#include "pos/rotation.h"

#include <assert.h>

#include "math/parallel.h"

const char *const pairing_names[] = {"interleaved", "half", NULL};

/* --- angles --- */

struct Angles {
    Node node;
    const Rotation *rotation;
    Positions positions;
    double factor;
    real *cosines, *sines; /* [T, planes], times the factor and the growth */
};

static void angles_forward(Node *node)
{
    Angles *op = (Angles *)node;
    const Rotation *rotation = op->rotation;
    size_t planes = rotation->planes;
    for (size_t i = 0; i < planes; i++)
        for (size_t t = 0; t < op->positions.count; t++) {
            double m = op->positions.at[t], angle = m * rotation->theta[i];
            double grown = rotation->growth ? exp(m * rotation->growth[i]) : 1;
            op->cosines[t * planes + i] = (real)(op->factor * grown * cos(angle));
            op->sines[t * planes + i] = (real)(op->factor * grown * sin(angle));
        }
}

Angles *angles_at(Tape *tape, const Rotation *rotation, Positions positions)
{
    Angles *op = tape_node(tape, sizeof *op, angles_forward, NULL);
    op->rotation = rotation;
    op->positions = positions;
    op->factor = rotation->factor == 0 ? 1 : rotation->factor;
    op->cosines = tape_numbers(tape, positions.count * rotation->planes);
    op->sines = tape_numbers(tape, positions.count * rotation->planes);
    tape_run(tape, &op->node);
    return op;
}

/* --- turning --- */

enum { PARTS = 3 }; /* queries, keys, values */

typedef struct Turn {
    Node node;
    const Angles *angles[PARTS]; /* NULL: not turned */
    Heads x, y;
} Turn;

/* Turns the pairs of one vector forward (direction 1) or back (-1): to = R from, or to += R from.
 * The two channels of plane i are i * step and i * step + apart. */
static inline void turn(const real *restrict from, real *restrict to, const real *restrict c,
                        const real *restrict s, size_t planes, size_t step, size_t apart,
                        real direction, bool add)
{
    for (size_t i = 0; i < planes; i++) {
        real a = from[i * step], b = from[i * step + apart], sine = direction * s[i];
        real *first = to + i * step, *second = first + apart;
        *first = (add ? *first : 0) + (a * c[i] - b * sine);
        *second = (add ? *second : 0) + (a * sine + b * c[i]);
    }
}

/* Channels that are in no plane. */
static inline void pass(const real *restrict from, real *restrict to, size_t count, real factor,
                        bool add)
{
    for (size_t c = 0; c < count; c++)
        to[c] = add ? to[c] + factor * from[c] : factor * from[c];
}

/* One vector, of D channels, whose token is the t-th of its sequence. */
static inline void turn_vector(const Angles *angles, size_t t, const real *from, real *to, size_t D,
                               bool backward, bool add)
{
    if (!angles) {
        pass(from, to, D, 1, add);
        return;
    }
    size_t planes = angles->rotation->planes;
    const real *c = angles->cosines + t * planes, *s = angles->sines + t * planes;
    real direction = backward ? -1 : 1;
    if (angles->rotation->pairing == INTERLEAVED)
        turn(from, to, c, s, planes, 2, 1, direction, add);
    else
        turn(from, to, c, s, planes, 1, planes, direction, add);
    pass(from + 2 * planes, to + 2 * planes, D - 2 * planes, (real)angles->factor, add);
}

/* One part of the tokens begin ... end - 1 of the whole batch. */
static inline void turn_part(const Angles *angles, const HeadView *x, const HeadView *y,
                             size_t begin, size_t end, bool backward)
{
    bool add = backward && !x->x->grad_is_new;
    if (backward && !x->x->grad)
        return;
    for (size_t token = begin; token < end; token++) {
        size_t b = token / x->length, t = token % x->length;
        for (size_t h = 0; h < x->n_head; h++)
            if (backward)
                turn_vector(angles, t, head_grad(y, b, h, t), head_grad(x, b, h, t), x->head_size,
                            true, add);
            else
                turn_vector(angles, t, head_data(x, b, h, t), y->x->data + head_place(y, b, h, t),
                            x->head_size, false, false);
    }
}

static void turn_tokens(const Turn *op, size_t begin, size_t end, bool backward)
{
    turn_part(op->angles[0], &op->x.q, &op->y.q, begin, end, backward);
    turn_part(op->angles[1], &op->x.k, &op->y.k, begin, end, backward);
    turn_part(op->angles[2], &op->x.v, &op->y.v, begin, end, backward);
}

static void turn_forward_tokens(void *context, size_t begin, size_t end)
{
    turn_tokens(context, begin, end, false);
}

static void turn_backward_tokens(void *context, size_t begin, size_t end)
{
    turn_tokens(context, begin, end, true);
}

static void turn_all(Turn *op, ParallelBody tokens)
{
    const Tensor *y = op->y.q.x;
    parallel_for(tensor_rows(y), parallel_grain(tensor_width(y)), tokens, op);
}

static void turn_forward(Node *node)
{
    turn_all((Turn *)node, turn_forward_tokens);
}

static void turn_backward(Node *node)
{
    Turn *op = (Turn *)node;
    Tensor *inputs[PARTS] = {op->x.q.x, op->x.k.x, op->x.v.x};
    for (size_t i = 0; i < PARTS; i++)
        if (!heads_fill(&op->x, inputs[i])) /* there are more in it than these */
            grad_ready_to_add(inputs[i]);
    turn_all(op, turn_backward_tokens);
}

static bool fits(const HeadView *view, const HeadView *first, const Angles *angles)
{
    bool alike = view->batch == first->batch && view->n_head == first->n_head &&
                 view->length == first->length && view->head_size == first->head_size;
    return alike && (!angles || (view->length == angles->positions.count &&
                                 view->head_size >= 2 * angles->rotation->planes));
}

Heads rotate(Tape *tape, Heads x, const Angles *q, const Angles *k, const Angles *v)
{
    assert(fits(&x.q, &x.q, q) && fits(&x.k, &x.q, k) && fits(&x.v, &x.q, v));
    Turn *op = tape_node(tape, sizeof *op, turn_forward, turn_backward);
    size_t shape[] = {x.q.batch, x.q.length, PARTS * x.q.n_head * x.q.head_size};
    op->angles[0] = q;
    op->angles[1] = k;
    op->angles[2] = v;
    op->x = x;
    heads_input(tape, &x);
    op->y = split_heads(tape_tensor(tape, 3, shape), x.q.n_head);
    tape_run(tape, &op->node);
    return op->y;
}
