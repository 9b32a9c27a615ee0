/* planes.c: from the columns of R(m) to planes, angles and lengths. */
#include "lab/inspect/planes.h"

#include <math.h>
#include <string.h>

/* How far numbers of about 1 may be from each other and count as the same: some roundings of
 * float. */
static const double SAME = 1e-5;

/* What the door makes of e_c and other vectors, for all heads. */
typedef struct Answers {
    double *question;  /* [D] */
    double *q, *k;     /* [T, H, D] */
    double *q_0, *k_0; /* [T, D]: of head 0 in layer 0, put together from the columns */
} Answers;

static bool answers_alloc(Arena *arena, const Doors *doors, Answers *a, Error *error)
{
    size_t size = doors->T * doors->D;
    *a = (Answers){
        .question = arena_alloc(arena, doors->D, sizeof(double)),
        .q = arena_alloc_raw(arena, size * doors->H, sizeof(double)),
        .k = arena_alloc_raw(arena, size * doors->H, sizeof(double)),
        .q_0 = arena_alloc(arena, size, sizeof(double)),
        .k_0 = arena_alloc(arena, size, sizeof(double)),
    };
    return (a->question && a->q && a->k && a->q_0 && a->k_0) ||
           fail(error, "out of memory: %zu queries", doors->T);
}

/* Asks about e_c in layer 0. */
static void ask_column(Doors *doors, Answers *a, size_t c)
{
    memset(a->question, 0, doors->D * sizeof *a->question);
    a->question[c] = 1;
    door_query_key(doors, 0, a->question, a->question, a->q, a->k);
}

/* --- is it linear, and the same everywhere? --- */

/* One pass over all columns: the mixing, and R(m) x for an x at random. */
static void gather_columns(Doors *doors, Answers *a, const double *x, double *mixing)
{
    size_t T = doors->T, H = doors->H, D = doors->D;
    for (size_t c = 0; c < D; c++) {
        ask_column(doors, a, c);
        for (size_t t = 0; t < T; t++)
            for (size_t d = 0; d < D; d++) {
                double q = a->q[t * H * D + d], k = a->k[t * H * D + d];
                mixing[d * D + c] += fabs(q) / (double)T;
                a->q_0[t * D + d] += q * x[c];
                a->k_0[t * D + d] += k * x[c];
            }
    }
}

/* The most that the answers of a head differ from R(m) x, relative to its largest number. */
static double difference(const Doors *doors, const Answers *a, size_t head)
{
    size_t T = doors->T, H = doors->H, D = doors->D;
    double most = 0, scale = 0;
    for (size_t t = 0; t < T; t++)
        for (size_t d = 0; d < D; d++) {
            size_t from = (t * H + head) * D + d, to = t * D + d;
            most = fmax(most, fabs(a->q[from] - a->q_0[to]));
            most = fmax(most, fabs(a->k[from] - a->k_0[to]));
            scale = fmax(scale, fmax(fabs(a->q_0[to]), fabs(a->k_0[to])));
        }
    return scale > 0 ? most / scale : most;
}

static void check_everywhere(Doors *doors, Answers *a, const double *x, Planes *planes)
{
    planes->alike = true;
    for (size_t layer = 0; layer < doors->pos->shape.n_layer; layer++) {
        door_query_key(doors, layer, x, x, a->q, a->k);
        for (size_t h = 0; h < doors->H; h++) {
            bool same = difference(doors, a, h) <= SAME;
            if (layer == 0 && h == 0)
                planes->linear = same;
            planes->alike = planes->alike && same;
        }
    }
}

/* --- planes --- */

/* The other channel that channel c reaches most; c itself where it reaches none. */
static size_t partner_of(const double *mixing, size_t D, size_t c)
{
    size_t partner = c;
    double most = 0;
    for (size_t d = 0; d < D; d++)
        if (d != c && mixing[d * D + c] > most) {
            most = mixing[d * D + c];
            partner = d;
        }
    return partner;
}

/* Lists the planes. False if a channel reaches more than one other, or is not reached by it. */
static bool pair_channels(const double *mixing, size_t D, Planes *planes)
{
    planes->count = 0;
    for (size_t c = 0; c < D; c++) {
        size_t partner = partner_of(mixing, D, c);
        if (partner_of(mixing, D, partner) != c)
            return false;
        for (size_t d = 0; d < D; d++)
            if (d != c && d != partner && mixing[d * D + c] > SAME * mixing[c * D + c])
                return false;
        if (partner >= c)
            planes->at[planes->count++] = (Plane){.first = c, .second = partner};
    }
    return true;
}

/* --- angles --- */

/* The angle nearest to `previous` that points into the same direction. */
static double counted_on(double angle, double previous)
{
    const double full = 2 * acos(-1.0);
    return angle + full * round((previous - angle) / full);
}

/* Angle and length at each position, from what became of a plane's first channel. */
static void read_turn(const Plane *plane, const Doors *doors, const double *answers, Turn *turn)
{
    for (size_t t = 0; t < doors->T; t++) {
        const double *y = answers + t * doors->H * doors->D;
        double x = y[plane->first], across = plane->second != plane->first ? y[plane->second] : 0;
        double angle = plane->second != plane->first ? atan2(across, x) : 0;
        turn->angle[t] = t > 0 ? counted_on(angle, turn->angle[t - 1]) : angle;
        turn->length[t] = plane->second != plane->first ? hypot(x, across) : x;
    }
}

/* Is what became of the second channel that of the first one, a quarter turn further? */
static bool is_turn(const Plane *plane, const Doors *doors, const double *answers, const Turn *turn)
{
    for (size_t t = 0; t < doors->T; t++) {
        const double *y = answers + t * doors->H * doors->D;
        double length = turn->length[t], angle = turn->angle[t];
        if (fabs(y[plane->first] + length * sin(angle)) > SAME * length ||
            fabs(y[plane->second] - length * cos(angle)) > SAME * length)
            return false;
    }
    return true;
}

/* Reads a plane's turns, and says whether they are any. */
static bool follow(Doors *doors, Answers *a, Plane *plane)
{
    ask_column(doors, a, plane->first);
    read_turn(plane, doors, a->q, &plane->q);
    read_turn(plane, doors, a->k, &plane->k);
    size_t last = doors->T - 1;
    plane->theta = last > 0 ? (plane->q.angle[last] - plane->q.angle[0]) / (double)last : 0;
    if (plane->first == plane->second)
        return true;
    ask_column(doors, a, plane->second);
    return is_turn(plane, doors, a->q, &plane->q) && is_turn(plane, doors, a->k, &plane->k);
}

static bool is_steady(const Plane *plane, size_t T)
{
    for (size_t t = 0; t < T; t++) {
        double angle = (double)t * plane->theta;
        if (fabs(plane->q.angle[t] - angle) > SAME || fabs(plane->k.angle[t] - angle) > SAME)
            return false;
    }
    return true;
}

static bool turns_alloc(Arena *arena, size_t T, Planes *planes, Error *error)
{
    for (size_t p = 0; p < planes->count; p++) {
        double *numbers = arena_alloc_raw(arena, 4 * T, sizeof *numbers);
        if (!numbers)
            return fail(error, "out of memory: the angles of %zu planes", planes->count);
        planes->at[p].q = (Turn){numbers, numbers + T};
        planes->at[p].k = (Turn){numbers + 2 * T, numbers + 3 * T};
    }
    return true;
}

static bool follow_all(Arena *arena, Doors *doors, Answers *a, Planes *planes, Error *error)
{
    planes->are_turns = planes->linear && pair_channels(planes->mixing, doors->D, planes);
    if (!planes->are_turns)
        planes->count = 0;
    if (!turns_alloc(arena, doors->T, planes, error))
        return false;
    planes->steady = planes->are_turns;
    for (size_t p = 0; p < planes->count && planes->are_turns; p++) {
        planes->are_turns = follow(doors, a, &planes->at[p]);
        planes->steady = planes->steady && is_steady(&planes->at[p], doors->T);
    }
    if (!planes->are_turns)
        planes->count = 0;
    return true;
}

bool planes_find(Arena *arena, Doors *doors, Planes *planes, Error *error)
{
    size_t D = doors->D;
    Answers a;
    *planes = (Planes){
        .mixing = arena_alloc(arena, arena_size_of(D, sizeof(double)), D),
        .at = arena_alloc(arena, D, sizeof *planes->at),
    };
    double *x = arena_alloc(arena, D, sizeof *x);
    if (!planes->mixing || !planes->at || !x)
        return fail(error, "out of memory: %zu channels", D);
    if (!answers_alloc(arena, doors, &a, error))
        return false;
    for (size_t d = 0; d < D; d++)
        x[d] = random_normal(random_for(random_seed(1), "a vector to look at"), d);
    gather_columns(doors, &a, x, planes->mixing);
    check_everywhere(doors, &a, x, planes);
    return follow_all(arena, doors, &a, planes, error);
}

bool door_matrix(Doors *doors, size_t position, double *matrix, Error *error)
{
    Arena arena = {0};
    Answers a;
    size_t D = doors->D;
    bool ok = answers_alloc(&arena, doors, &a, error);
    for (size_t c = 0; ok && c < D; c++) {
        ask_column(doors, &a, c);
        for (size_t d = 0; d < D; d++)
            matrix[d * D + c] = a.q[position * doors->H * D + d];
    }
    arena_free(&arena);
    return ok;
}
