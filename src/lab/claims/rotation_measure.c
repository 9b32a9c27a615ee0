/* rotation_measure.c: angles and lengths before and after the query-key door.
 *
 * Expected, by the paper's equations 14 to 16 and 34, for the plane of channels 2i and 2i+1:
 *
 *     theta[i] = 10000^(-2i/D)
 *     x'[2i]   = x[2i] cos(m theta[i]) - x[2i+1] sin(m theta[i])
 *     x'[2i+1] = x[2i] sin(m theta[i]) + x[2i+1] cos(m theta[i])
 *
 * Angles are measured as they are between two points in a plane, (a, b) before and (a', b') after:
 * the angle has the sine a b' - b a' and the cosine a a' + b b', times both lengths. The matrix
 * R(m) is written out with all its D x D numbers, on double.
 */
#include "lab/claims/rotation.h"

#include "lab/claims/measure.h"

static const int starts[] = {0, 1000, 100000}; /* where the first token stands */
enum { N_STARTS = sizeof starts / sizeof *starts, D = 2 * TURN_PLANES, T = TURN_POSITIONS };

static double theta_of(size_t plane)
{
    return pow(10000, -2 * (double)plane / D);
}

static double length_of(const real *x, size_t n)
{
    return sqrt(dot_of(x, x, n));
}

/* From before to after, -pi ... pi. */
static double angle_in_plane(const real *before, const real *after)
{
    double a = (double)before[0], b = (double)before[1];
    double a_after = (double)after[0], b_after = (double)after[1];
    return atan2(a * b_after - b * a_after, a * a_after + b * b_after);
}

/* What is left of an angle after whole turns, -pi ... pi. */
static double wrapped(double angle)
{
    return atan2(sin(angle), cos(angle));
}

static void compare_planes(const real *before, const real *after, int position, Turning *found)
{
    for (size_t i = 0; i < TURN_PLANES; i++) {
        const real *from = before + 2 * i, *to = after + 2 * i;
        double angle = angle_in_plane(from, to), expected = position * theta_of(i);
        double length = length_of(from, 2);
        found->turned = measure_worse(found->turned, fabs(angle));
        found->angle_error = measure_worse(found->angle_error, fabs(wrapped(angle - expected)));
        found->length_error =
            measure_worse(found->length_error, fabs(length_of(to, 2) - length) / length);
    }
}

/* after = R(m) before? */
static void compare_with_matrix(const real *before, const real *after, int position, Turning *found)
{
    double r[D][D] = {{0}}, worst = 0;
    for (size_t i = 0; i < TURN_PLANES; i++) {
        double angle = position * theta_of(i);
        r[2 * i][2 * i] = r[2 * i + 1][2 * i + 1] = cos(angle);
        r[2 * i][2 * i + 1] = -sin(angle);
        r[2 * i + 1][2 * i] = sin(angle);
    }
    for (size_t row = 0; row < D; row++) {
        double sum = 0;
        for (size_t column = 0; column < D; column++)
            sum += r[row][column] * (double)before[column];
        worst = measure_worse(worst, fabs(sum - (double)after[row]));
    }
    found->matrix_error = measure_worse(found->matrix_error, worst / length_of(before, D));
}

static void compare_views(const HeadView *before, const HeadView *after, Positions positions,
                          Turning *found)
{
    for (size_t h = 0; h < before->n_head; h++)
        for (size_t t = 0; t < before->length; t++) {
            const real *from = head_data(before, 0, h, t), *to = head_data(after, 0, h, t);
            compare_planes(from, to, positions.at[t], found);
            compare_with_matrix(from, to, positions.at[t], found);
        }
}

static void measure_stream(Specimen *s, Positions positions, RandomKey key, Turning *found)
{
    size_t C = specimen_config.n_embd;
    Tensor *x = random_vectors(&s->tape, T, C, key);
    HeadView before = head_view(x, 1, 0, 1);
    HeadView after = head_view(through_embedding(&s->tape, &s->gpt, x, positions), 1, 0, 1);
    found->stream_change = measure_worse(found->stream_change, heads_apart(&before, &after));
    for (size_t t = 0; t < T; t++)
        for (size_t c = 0; c < C; c += 2) {
            double angle =
                angle_in_plane(head_data(&before, 0, 0, t) + c, head_data(&after, 0, 0, t) + c);
            found->stream_error =
                measure_worse(found->stream_error, fabs(wrapped(angle - positions.at[t])));
        }
}

static void measure_layer(Specimen *s, size_t layer, Positions positions, RandomKey key,
                          Turning *found)
{
    Tensor *qkv = random_vectors(&s->tape, T, 3 * specimen_config.n_embd, random_at(key, layer));
    Heads before = split_heads(qkv, specimen_config.n_head);
    Heads after = through_query_key(&s->tape, &s->gpt, layer, before, positions);
    compare_views(&before.q, &after.q, positions, found);
    compare_views(&before.k, &after.k, positions, found);
    found->value_change = measure_worse(found->value_change, heads_apart(&before.v, &after.v));
}

/* The same vector at each position, beside itself as it was. */
static void draw_angles(Specimen *s, RandomKey key, Turning *found)
{
    Positions positions = positions_on(&s->tape, 0, T);
    Tensor *qkv = repeated_vector(&s->tape, T, 3 * specimen_config.n_embd, key);
    Heads before = split_heads(qkv, specimen_config.n_head);
    Heads after = through_query_key(&s->tape, &s->gpt, 0, before, positions);
    for (size_t t = 0; t < T; t++) {
        const real *from = head_data(&before.q, 0, 0, t), *to = head_data(&after.q, 0, 0, t);
        double cosine = dot_of(from, to, D) / (length_of(from, D) * length_of(to, D));
        found->whole[t] = acos(fmin(1, cosine));
        for (size_t i = 0; i < TURN_PLANES; i++)
            found->plane[i][t] = fabs(angle_in_plane(from + 2 * i, to + 2 * i));
    }
}

bool rotation_measure(const PosScheme *scheme, RandomKey key, Turning *found, Error *error)
{
    Specimen s;
    if (!specimen_init(&s, scheme, NULL, key, error))
        return false;
    *found = (Turning){0};
    for (size_t n = 0; n < N_STARTS; n++) {
        Positions positions = positions_on(&s.tape, starts[n], T);
        measure_stream(&s, positions, random_for(key, "stream"), found);
        for (size_t layer = 0; layer < specimen_config.n_layer; layer++)
            measure_layer(&s, layer, positions, random_for(key, "queries and keys"), found);
    }
    draw_angles(&s, random_for(key, "a query"), found);
    specimen_free(&s);
    return true;
}

/* Beside the rounding of numbers: an angle of 100,000 is known to 1e-11. */
static double tolerance(void)
{
    return measure_rounding() + 1e-9;
}

Verdict rotation_verdict(const Turning *found)
{
    if (found->stream_error <= tolerance())
        return HOLDS;
    bool exact = found->turned > 1 && found->angle_error <= tolerance() &&
                 found->length_error <= tolerance() && found->matrix_error <= tolerance();
    return exact && found->stream_change == 0 ? HOLDS_UNDER_A_CONDITION : DOES_NOT_HOLD;
}
