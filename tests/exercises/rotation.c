/* rotation.c: judges exercise 6, turning a pair. */
#include <math.h>

#include "exercises/judge.h"
#include "pos/rotation.h"

/* Queries, keys and values of two heads each are turned alike: 6 vectors of D channels a token. */
enum { TOKENS = 5, N_HEAD = 2, VECTORS = 3 * N_HEAD, D = 8, PLANES = D / 2, WIDTH = VECTORS * D };

static const double theta[PLANES] = {1, 0.3, 0.1, 0.05};
static const int at[TOKENS] = {0, 1, 2, 3, 7};

typedef enum Slip { RIGHT, BACKWARDS, SWAPPED, NO_MINUS, OVERWRITTEN, NOT_AT_ALL } Slip;

/* The pair (a, b), turned by an angle, with a slip. */
static void turn_pair(double *a, double *b, double angle, Slip slip)
{
    double c = cos(angle), s = slip == BACKWARDS ? -sin(angle) : sin(angle), old = *a;
    if (slip == NOT_AT_ALL)
        return;
    if (slip == SWAPPED) {
        *a = old * s - *b * c;
        *b = old * c + *b * s;
        return;
    }
    *a = slip == NO_MINUS ? old * c + *b * s : old * c - *b * s;
    *b = (slip == OVERWRITTEN ? *a : old) * s + *b * c;
}

/* All pairs of x [TOKENS, WIDTH]. */
static double *turned(Judge *judge, const double *x, Pairing pairing, double direction, Slip slip)
{
    double *y = judge_doubles(judge, TOKENS * WIDTH);
    for (size_t i = 0; i < TOKENS * WIDTH; i++)
        y[i] = x[i];
    for (size_t vector = 0; vector < TOKENS * VECTORS; vector++) {
        size_t token = vector / VECTORS;
        for (size_t i = 0; i < PLANES; i++) {
            double *first = y + vector * D + (pairing == INTERLEAVED ? 2 * i : i);
            double *second = first + (pairing == INTERLEAVED ? 1 : PLANES);
            turn_pair(first, second, direction * at[token] * theta[i], slip);
        }
    }
    return y;
}

static bool judge_turn(Judge *judge, const char *name, const double *from, const real *got,
                       Pairing pairing, double direction)
{
    Numbers numbers = {
        .name = name,
        .got = judge_as_doubles(judge, got, TOKENS * WIDTH),
        .expected = turned(judge, from, pairing, direction, RIGHT),
        .rows = TOKENS,
        .width = WIDTH,
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
             turned(judge, from, pairing, direction, NO_MINUS)},
            {"b' is computed from a', which has taken the place of a: keep a",
             turned(judge, from, pairing, direction, OVERWRITTEN)},
            {"nothing is turned", turned(judge, from, pairing, direction, NOT_AT_ALL)},
        }};
    return judge_numbers(judge, numbers);
}

static void judge_pairing(Judge *judge, Pairing pairing, const char *name, const char *gradient)
{
    Rotation rotation = {.theta = theta, .planes = PLANES, .pairing = pairing};
    Tensor *x = judge_tensor(judge, 1, TOKENS, WIDTH);
    *x = (Tensor){.data = x->data, .grad = x->grad, .rank = 3, .shape = {1, TOKENS, WIDTH}};
    const double *r =
        judge_as_doubles(judge, judge_tensor(judge, 2, TOKENS, WIDTH)->data, TOKENS * WIDTH);
    tape_reset(&judge->tape);
    const Angles *angles = angles_at(&judge->tape, &rotation, (Positions){at, TOKENS});
    Heads heads = split_heads(judge_copy(&judge->tape, x), N_HEAD);
    Tensor *y = rotate(&judge->tape, heads, angles, angles, angles).q.x;
    if (!judge_turn(judge, name, judge_as_doubles(judge, x->data, TOKENS * WIDTH), y->data, pairing,
                    1))
        return;
    tape_backward(&judge->tape, judge_sum(&judge->tape, y, r));
    judge_turn(judge, gradient, r, x->grad, pairing, -1);
}

void judge_rotation(Judge *judge)
{
    judge_pairing(judge, INTERLEAVED, "y", "dx");
    judge_pairing(judge, HALF, "y half", "dx half");
}
