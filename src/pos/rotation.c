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

typedef struct Turn {
    Node node;
    const Angles *angles;
    HeadView x, y;
} Turn;

/* Turns the pairs of one vector forward (direction 1) or back (-1): to = R from, or to += R from.
 * The two channels of plane i are i * step and i * step + apart. */
static inline void turn(const real *from, real *to, const real *c, const real *s, size_t planes,
                        size_t step, size_t apart, real direction, bool add)
{
    for (size_t i = 0; i < planes; i++) {
        real a = from[i * step], b = from[i * step + apart], sine = direction * s[i];
        real *first = to + i * step, *second = first + apart;
        *first = (add ? *first : 0) + (a * c[i] - b * sine);
        *second = (add ? *second : 0) + (a * sine + b * c[i]);
    }
}

/* The channels that are in no plane. */
static inline void pass(const real *from, real *to, size_t count, real factor, bool add)
{
    for (size_t c = 0; c < count; c++)
        to[c] = add ? to[c] + factor * from[c] : factor * from[c];
}

/* The vectors of the tokens begin ... end - 1 of the whole batch. */
static inline void turn_tokens(const Turn *op, size_t begin, size_t end, bool backward)
{
    size_t planes = op->angles->rotation->planes;
    real direction = backward ? -1 : 1;
    bool add = backward && !op->x.x->grad_is_new;
    for (size_t token = begin; token < end; token++)
        for (size_t h = 0; h < op->x.n_head; h++) {
            size_t b = token / op->x.length, t = token % op->x.length;
            size_t in_x = head_place(&op->x, b, h, t), in_y = head_place(&op->y, b, h, t);
            const real *from = backward ? op->y.x->grad + in_y : op->x.x->data + in_x;
            real *to = backward ? op->x.x->grad + in_x : op->y.x->data + in_y;
            const real *c = op->angles->cosines + t * planes, *s = op->angles->sines + t * planes;
            if (op->angles->rotation->pairing == INTERLEAVED)
                turn(from, to, c, s, planes, 2, 1, direction, add);
            else
                turn(from, to, c, s, planes, 1, planes, direction, add);
            pass(from + 2 * planes, to + 2 * planes, op->x.head_size - 2 * planes,
                 (real)op->angles->factor, add);
        }
}

static void turn_forward_tokens(void *context, size_t begin, size_t end)
{
    turn_tokens(context, begin, end, false);
}

static void turn_backward_tokens(void *context, size_t begin, size_t end)
{
    turn_tokens(context, begin, end, true);
}

static void turn_forward(Node *node)
{
    Turn *op = (Turn *)node;
    parallel_for(tensor_rows(op->y.x), parallel_grain(tensor_width(op->y.x)), turn_forward_tokens,
                 op);
}

static void turn_backward(Node *node)
{
    Turn *op = (Turn *)node;
    if (!op->x.x->grad)
        return;
    if (head_view_size(&op->x) < tensor_size(op->x.x)) /* there are more in it than these */
        grad_ready_to_add(op->x.x);
    parallel_for(tensor_rows(op->y.x), parallel_grain(tensor_width(op->y.x)), turn_backward_tokens,
                 op);
}

HeadView rotate(Tape *tape, HeadView x, const Angles *angles)
{
    assert(x.head_size >= 2 * angles->rotation->planes && x.length == angles->positions.count);
    Turn *op = tape_node(tape, sizeof *op, turn_forward, turn_backward);
    size_t shape[] = {x.batch, x.length, x.n_head * x.head_size};
    op->angles = angles;
    op->x = x;
    tape_input(tape, x.x);
    op->y = head_view(tape_tensor(tape, 3, shape), x.n_head, 0, 1);
    tape_run(tape, &op->node);
    return op->y;
}
