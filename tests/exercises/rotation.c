/* rotation.c: judges exercise 6, turning a pair. */
#include <math.h>
#include <string.h>

#include "exercises/judge.h"
#include "pos/rotation.h"

enum { TOKENS = 5, HEADS = 2, D = 8, PLANES = D / 2, C = HEADS * D };

static const double theta[PLANES] = {1, 0.3, 0.1, 0.05};
static const int at[TOKENS] = {0, 1, 2, 3, 7};

/* How a slip turns the pair (a, b): the matrix ((m00, m01), (m10, m11)). */
typedef enum Slip { RIGHT, BACKWARDS, SWAPPED, ONE_SIGN, N_SLIPS } Slip;

/* y from x, [TOKENS, C]. */
static double *turned(Judge *judge, const Tensor *x, Pairing pairing, double direction, Slip slip)
{
    double *y = judge_as_doubles(judge, x->data, TOKENS * C);
    for (size_t t = 0; t < TOKENS; t++)
        for (size_t i = 0; i < PLANES * HEADS; i++) {
            size_t plane = i % PLANES, head = t * C + i / PLANES * D;
            size_t first = head + (pairing == INTERLEAVED ? 2 * plane : plane);
            size_t second = first + (pairing == INTERLEAVED ? 1 : PLANES);
            double angle = direction * at[t] * theta[plane], a = y[first], b = y[second];
            double c = cos(angle), s = slip == BACKWARDS ? -sin(angle) : sin(angle);
            y[first] = slip == SWAPPED    ? a * s - b * c
                       : slip == ONE_SIGN ? a * c + b * s
                                          : a * c - b * s;
            y[second] = slip == SWAPPED ? a * c + b * s : a * s + b * c;
        }
    return y;
}

static Numbers numbers_of(Judge *judge, const char *name, const Tensor *from, const real *got,
                          Pairing pairing, double direction)
{
    Numbers numbers = {
        .name = name,
        .got = judge_as_doubles(judge, got, TOKENS * C),
        .expected = turned(judge, from, pairing, direction, RIGHT),
        .rows = TOKENS,
        .width = C,
        .row = "position",
        .column = "channel",
        .guesses = {
            {direction > 0
                 ? "turned the other way round: the signs of the sines"
                 : "turned forward again: with direction = -1 the sine has the other sign",
             turned(judge, from, pairing, direction, BACKWARDS)},
            {"sine and cosine have changed places",
             turned(judge, from, pairing, direction, SWAPPED)},
            {"a' lacks its minus: lengths do not stay as they are",
             turned(judge, from, pairing, direction, ONE_SIGN)},
        }};
    return numbers;
}

/* The sum of y times the numbers of r: its gradient is r. */
typedef struct Into {
    Node node;
    Tensor *y, *sum;
    const Tensor *r;
} Into;

static void into_forward(Node *node)
{
    ((Into *)node)->sum->data[0] = 0;
}

static void into_backward(Node *node)
{
    Into *op = (Into *)node;
    grad_ready_to_add(op->y);
    for (size_t i = 0; i < TOKENS * C; i++)
        op->y->grad[i] += op->r->data[i];
}

static Tensor *into(Tape *tape, Tensor *y, const Tensor *r)
{
    Into *op = tape_node(tape, sizeof *op, into_forward, into_backward);
    op->y = tape_input(tape, y);
    op->r = r;
    op->sum = tape_tensor(tape, 1, (size_t[]){1});
    tape_run(tape, &op->node);
    return op->sum;
}

static void judge_pairing(Judge *judge, Pairing pairing, const char *name, const char *gradient)
{
    Rotation rotation = {.theta = theta, .planes = PLANES, .pairing = pairing};
    Tensor *x = judge_tensor(judge, 1, TOKENS, C), *r = judge_tensor(judge, 2, TOKENS, C);
    Tensor *zero = judge_tensor(judge, 3, TOKENS, C);
    memset(zero->data, 0, TOKENS * C * sizeof *zero->data);
    tape_reset(&judge->tape);
    Tensor *copy = add(&judge->tape, x, zero); /* to be turned where it stands */
    copy = tape_reshape(&judge->tape, copy, 3, (size_t[]){1, TOKENS, C});
    const Angles *angles = angles_at(&judge->tape, &rotation, (Positions){at, TOKENS});
    HeadView view = head_view(copy, HEADS, 0, 1);
    Heads y = rotate(&judge->tape, (Heads){view, view, view}, angles, NULL, NULL);
    if (!judge_numbers(judge, numbers_of(judge, name, x, y.q.x->data, pairing, 1)))
        return;
    tape_backward(&judge->tape, into(&judge->tape, y.q.x, r));
    judge_numbers(judge, numbers_of(judge, gradient, r, x->grad, pairing, -1));
}

void judge_rotation(Judge *judge)
{
    judge_pairing(judge, INTERLEAVED, "y", "dx");
    judge_pairing(judge, HALF, "y half", "dx half");
}
