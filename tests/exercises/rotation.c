/* rotation.c: judges exercise 6, turning a pair. */
#include <math.h>
#include <stdio.h>

#include "exercises/judge.h"
#include "pos/rotation.h"

/* Queries, keys and values of two heads each are turned alike: 6 vectors of D channels a token. */
enum { TOKENS = 5, N_HEAD = 2, VECTORS = 3 * N_HEAD, D = 8, PLANES = D / 2, WIDTH = VECTORS * D };

static const double theta[PLANES] = {1, 0.3, 0.1, 0.05};
static const double PI = 3.14159265358979323846;
static const int at[TOKENS] = {0, 1, 2, 3, 7};

/* What students write in place of what is right. */
typedef enum Slip {
    BACKWARDS,
    SWAPPED,
    SWAPPED_IN_A,
    SWAPPED_IN_B,
    TURNED_COSINE,
    EXCHANGED,
    A_OVERWRITTEN,
    B_OVERWRITTEN,
    OTHER_PAIRS,
    ONE_PLANE,
    LATE,
    EARLY,
    NO_POSITION,
    NOT_AT_ALL,
    N_SLIPS,
    RIGHT = N_SLIPS
} Slip;

static const char *const slip_words[N_SLIPS] = {
    [BACKWARDS] = "turned the other way round: the signs of the sines",
    [SWAPPED] = "sine and cosine have changed places",
    [SWAPPED_IN_A] = "sine and cosine have changed places in a'",
    [SWAPPED_IN_B] = "sine and cosine have changed places in b'",
    [TURNED_COSINE] = "direction changes the sign of the sine only, not of the cosine",
    [EXCHANGED] = "a' and b' have changed places",
    [A_OVERWRITTEN] = "b' is computed from a', which has taken the place of a: keep a",
    [B_OVERWRITTEN] = "a' is computed from b', which has taken the place of b: keep b",
    [ONE_PLANE] = "all planes are turned like plane 0: its cosine is c[i], its sine s[i]",
    [LATE] = "off by one: each position is turned like the one after it",
    [EARLY] = "off by one: each position is turned like the one before it",
    [NO_POSITION] = "each position is turned like position 1: the angle is m theta[i]",
    [NOT_AT_ALL] = "nothing is turned",
};

static const char backwards_again[] =
    "turned forward again: with direction = -1 the sine has the other sign";
static const char *const other_pairs[] = {
    [INTERLEAVED] =
        "the pairs are (i, i + D/2): in this layout (interleaved) they are (2i, 2i + 1)",
    [HALF] = "the pairs are (2i, 2i + 1): in this layout (half) they are (i, i + D/2)",
};

static double angle_at(size_t token, size_t plane, Slip slip)
{
    double m = at[token];
    m = slip == LATE ? m + 1 : slip == EARLY ? m - 1 : slip == NO_POSITION ? 1 : m;
    return m * theta[slip == ONE_PLANE ? 0 : plane];
}

/* The pair (a, b), turned by an angle, with a slip. */
static void turn_pair(double *a, double *b, double angle, double direction, Slip slip)
{
    double c = cos(angle), s = (slip == BACKWARDS ? -direction : direction) * sin(angle);
    c *= slip == TURNED_COSINE ? direction : 1;
    bool swap_a = slip == SWAPPED || slip == SWAPPED_IN_A;
    bool swap_b = slip == SWAPPED || slip == SWAPPED_IN_B;
    double b_of_a = slip == B_OVERWRITTEN ? s * *a + c * *b : *b; /* what a' takes for b */
    double new_a = swap_a ? *a * s - b_of_a * c : *a * c - b_of_a * s;
    double a_of_b = slip == A_OVERWRITTEN ? new_a : *a; /* what b' takes for a */
    double new_b = swap_b ? a_of_b * c + *b * s : a_of_b * s + *b * c;
    if (slip == NOT_AT_ALL)
        return;
    *a = slip == EXCHANGED ? new_b : new_a;
    *b = slip == EXCHANGED ? new_a : new_b;
}

/* Where plane i of vector v stands: its first channel; its second. */
static size_t first_of(size_t v, size_t i, Pairing pairing)
{
    return v * D + (pairing == INTERLEAVED ? 2 * i : i);
}

static size_t second_of(size_t v, size_t i, Pairing pairing)
{
    return first_of(v, i, pairing) + (pairing == INTERLEAVED ? 1 : PLANES);
}

/* x [TOKENS, WIDTH], and the way it is to be turned. */
typedef struct Turned {
    const double *x;
    Pairing pairing;
    double direction;
} Turned;

static double *turned(Judge *judge, const Turned *t, Slip slip)
{
    double *y = judge_doubles(judge, TOKENS * WIDTH);
    Pairing pairing = slip != OTHER_PAIRS ? t->pairing : t->pairing == HALF ? INTERLEAVED : HALF;
    for (size_t i = 0; i < TOKENS * WIDTH; i++)
        y[i] = t->x[i];
    for (size_t v = 0; v < TOKENS * VECTORS; v++)
        for (size_t i = 0; i < PLANES; i++)
            turn_pair(y + first_of(v, i, pairing), y + second_of(v, i, pairing),
                      angle_at(v / VECTORS, i, slip), t->direction, slip);
    return y;
}

/* One of the four terms of a' and b': the part that `channel` (0: a, 1: b) gives to `result`. */
static double *term(Judge *judge, const Turned *t, int channel, int result)
{
    double *part = judge_doubles(judge, TOKENS * WIDTH);
    for (size_t v = 0; v < TOKENS * VECTORS; v++)
        for (size_t i = 0; i < PLANES; i++) {
            size_t places[] = {first_of(v, i, t->pairing), second_of(v, i, t->pairing)};
            double pair[2] = {0};
            pair[channel] = t->x[places[channel]];
            turn_pair(&pair[0], &pair[1], angle_at(v / VECTORS, i, RIGHT), t->direction, RIGHT);
            part[places[result]] = pair[result];
        }
    return part;
}

/* If what came out is turned, only by other angles: says the first of these that is wrong. */
static Guess other_angles(Judge *judge, const Turned *t, const double *got, char *words,
                          size_t size)
{
    double *y = judge_doubles(judge, TOKENS * WIDTH);
    *words = '\0';
    for (size_t v = 0; v < TOKENS * VECTORS; v++)
        for (size_t i = 0; i < PLANES; i++) {
            size_t first = first_of(v, i, t->pairing), second = second_of(v, i, t->pairing);
            size_t token = v / VECTORS;
            double turn = atan2(got[second], got[first]) - atan2(t->x[second], t->x[first]);
            double off = remainder(turn - t->direction * angle_at(token, i, RIGHT), 2 * PI);
            y[first] = t->x[first];
            y[second] = t->x[second];
            turn_pair(&y[first], &y[second], turn, 1, RIGHT);
            if (*words == '\0' && fabs(off) > 1e-3)
                snprintf(words, size,
                         "turned, but not by the right angle: plane %zu at position %d by %.5g, "
                         "expected m theta[%zu] = %.5g",
                         i, at[token], t->direction * remainder(turn, 2 * PI), i,
                         angle_at(token, i, RIGHT));
        }
    return (Guess){*words ? words : NULL, y};
}

static bool judge_turn(Judge *judge, const char *name, const real *got, const Turned *t)
{
    Numbers numbers = {.name = name,
                       .got = judge_as_doubles(judge, got, TOKENS * WIDTH),
                       .expected = turned(judge, t, RIGHT),
                       .rows = TOKENS,
                       .width = WIDTH,
                       .row = "position",
                       .column = "channel",
                       .terms = {{"in a' the a times cosine", term(judge, t, 0, 0)},
                                 {"in a' the b times sine", term(judge, t, 1, 0)},
                                 {"in b' the a times sine", term(judge, t, 0, 1)},
                                 {"in b' the b times cosine", term(judge, t, 1, 1)}}};
    char angles[160];
    for (Slip slip = 0; slip < N_SLIPS; slip++)
        numbers.guesses[slip] = (Guess){slip_words[slip], turned(judge, t, slip)};
    numbers.guesses[N_SLIPS] = other_angles(judge, t, numbers.got, angles, sizeof angles);
    numbers.guesses[OTHER_PAIRS].words = other_pairs[t->pairing];
    if (t->direction < 0)
        numbers.guesses[BACKWARDS].words = backwards_again;
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
    const double *start = judge_as_doubles(judge, x->data, TOKENS * WIDTH);
    if (!judge_turn(judge, name, y->data, &(Turned){start, pairing, 1}))
        return;
    tape_backward(&judge->tape, judge_sum(&judge->tape, y, r));
    judge_turn(judge, gradient, x->grad, &(Turned){r, pairing, -1});
}

void judge_rotation(Judge *judge)
{
    judge_pairing(judge, INTERLEAVED, "y", "dx");
    judge_pairing(judge, HALF, "y half", "dx half");
}
