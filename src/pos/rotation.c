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
 *
 * Neither x nor y is needed to go back, so y takes the place of x, and dx that of dy.
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

typedef struct Turn {
    Node node;
    const Angles *of_q, *of_k, *of_v; /* NULL: not turned */
    Heads x;
} Turn;

/* Turns the pairs of one vector forward (direction 1) or back (-1): x = R x. c and s [planes] are
 * the cosines and sines of its position. The two channels of plane i are i * step and i * step +
 * apart. */
static inline void turn(real *restrict x, const real *restrict c, const real *restrict s,
                        size_t planes, size_t step, size_t apart, real direction)
{
    for (size_t i = 0; i < planes; i++) {
        real *first = x + i * step, *second = first + apart;
        /* exercise 6 begins */
        real a = *first, b = *second, sine = direction * s[i];
        *first = a * c[i] - b * sine;
        *second = a * sine + b * c[i];
        /* exercise 6 ends */
    }
}

/* One vector of D channels, whose token is the t-th of its sequence. */
static inline void turn_vector(const Angles *angles, size_t t, real *x, size_t D, real direction)
{
    size_t planes = angles->rotation->planes;
    const real *c = angles->cosines + t * planes, *s = angles->sines + t * planes;
    if (angles->rotation->pairing == INTERLEAVED)
        turn(x, c, s, planes, 2, 1, direction);
    else
        turn(x, c, s, planes, 1, planes, direction);
    for (size_t d = 2 * planes; d < D; d++) /* those that are in no plane */
        x[d] *= (real)angles->factor;
}

/* The vectors of the tokens begin ... end - 1 of the whole batch, or their gradients. */
static void turn_tokens(const Angles *angles, const HeadView *x, size_t begin, size_t end,
                        bool backward)
{
    real *numbers = backward ? x->x->grad : x->x->data, direction = backward ? -1 : 1;
    if (!angles || !numbers)
        return;
    for (size_t token = begin; token < end; token++) {
        size_t b = token / x->length, t = token % x->length;
        for (size_t h = 0; h < x->n_head; h++)
            turn_vector(angles, t, numbers + head_place(x, b, h, t), x->head_size, direction);
    }
}

static void turn_heads(const Turn *op, size_t begin, size_t end, bool backward)
{
    turn_tokens(op->of_q, &op->x.q, begin, end, backward);
    turn_tokens(op->of_k, &op->x.k, begin, end, backward);
    turn_tokens(op->of_v, &op->x.v, begin, end, backward);
}

static void turn_forward_tokens(void *context, size_t begin, size_t end)
{
    turn_heads(context, begin, end, false);
}

static void turn_backward_tokens(void *context, size_t begin, size_t end)
{
    turn_heads(context, begin, end, true);
}

static void turn_all(Turn *op, ParallelBody tokens)
{
    const HeadView *q = &op->x.q;
    parallel_for(q->batch * q->length, parallel_grain(2 * q->n_head * q->head_size), tokens, op);
}

static void turn_forward(Node *node)
{
    turn_all((Turn *)node, turn_forward_tokens);
}

static void turn_backward(Node *node)
{
    turn_all((Turn *)node, turn_backward_tokens);
}

static bool fits(const HeadView *view, const Heads *all, const Angles *angles)
{
    return view->batch == all->q.batch && view->length == all->q.length &&
           (!angles || (view->length == angles->positions.count &&
                        view->head_size >= 2 * angles->rotation->planes));
}

Heads rotate(Tape *tape, Heads x, const Angles *q, const Angles *k, const Angles *v)
{
    assert(fits(&x.q, &x, q) && fits(&x.k, &x, k) && fits(&x.v, &x, v));
    Turn *op = tape_node(tape, sizeof *op, turn_forward, turn_backward);
    op->of_q = q;
    op->of_k = k;
    op->of_v = v;
    op->x = x;
    Heads y = heads_over(tape, &x);
    tape_run(tape, &op->node);
    return y;
}
