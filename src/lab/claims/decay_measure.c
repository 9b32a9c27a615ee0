/* decay_measure.c: the same query and key at every distance.
 *
 * A query is put at position r and its key at position 0. In plane i both are complex numbers, and
 * h[i] = q[i] conj(k[i]) is what the plane adds to q.k before it is turned:
 *
 *     q.k at distance r  =  Re sum over i of h[i] e^(i r theta[i])
 *
 * With S[j] = sum over i < j of e^(i r theta[i]), each e^(...) is S[i+1] - S[i]. Take h[D/2] = 0;
 * then summation by parts, and the largest factor put before the sum, give RoFormer's bound
 * (section 3.4.3):
 *
 *     sum over i of h[i] (S[i+1] - S[i])  =  - sum over i of (h[i+1] - h[i]) S[i+1]
 *
 *     |q.k|  <=  max over i of |h[i+1] - h[i]|  *  sum over i of |S[i+1]|
 *
 * Only the second factor depends on r. It falls, in waves; but |S[1]| = 1, and few others are
 * less, so it stays near D/2 or above. And there is another bound, at any distance and for any
 * angles:
 *
 *     |q.k|  <=  sum over i of |h[i]|
 */
#include "lab/claims/decay.h"

#include <string.h>

#include "lab/claims/first_layer.h"
#include "lab/claims/specimen.h"

enum { MOST_PLANES = 32, N_RANDOM = 512, AT_ONCE = 32, TAPE_BYTES = 32 << 20 };

static const double BASE = 10000, PI = 3.14159265358979323846;

/* --- the bound --- */

/* sum over i of |S[i+1]|, at each distance */
static void sum_waves(size_t planes, double sums[DISTANCES])
{
    for (size_t r = 0; r < DISTANCES; r++) {
        double re = 0, im = 0;
        sums[r] = 0;
        for (size_t i = 0; i < planes; i++) {
            double angle = (double)r * pow(BASE, -(double)i / (double)planes);
            re += cos(angle);
            im += sin(angle);
            sums[r] += hypot(re, im);
        }
    }
}

/* The largest |h[i+1] - h[i]|, and the sum of |h[i]|. */
static void measure_planes(const real *q, const real *k, size_t planes, double *step, double *sum)
{
    double re[MOST_PLANES + 1] = {0}, im[MOST_PLANES + 1] = {0};
    *step = *sum = 0;
    for (size_t i = 0; i < planes; i++) {
        double a = (double)q[2 * i], b = (double)q[2 * i + 1];
        double c = (double)k[2 * i], d = (double)k[2 * i + 1];
        re[i] = a * c + b * d; /* h[i] = (a + b i) (c - d i) */
        im[i] = b * c - a * d;
        *sum += hypot(re[i], im[i]);
    }
    for (size_t i = 0; i < planes; i++)
        *step = fmax(*step, hypot(re[i + 1] - re[i], im[i + 1] - im[i]));
}

/* --- pairs --- */

/* Adds pairs up. */
typedef struct Adder {
    const Gpt *gpt;
    Tape tape;
    double waves[DISTANCES];
    size_t n_pairs;
    ByDistance *decay;
} Adder;

static bool adder_init(Adder *adder, const Gpt *gpt, ByDistance *decay, Error *error)
{
    *adder = (Adder){.gpt = gpt, .decay = decay};
    *decay = (ByDistance){.useful = 0};
    sum_waves(gpt->config.n_embd / gpt->config.n_head / 2, adder->waves);
    if (!tape_init(&adder->tape, false, error))
        return false;
    if (tape_reserve(&adder->tape, TAPE_BYTES, error))
        return true;
    tape_free(&adder->tape);
    return false;
}

static void adder_end(Adder *adder)
{
    double n = (double)adder->n_pairs;
    for (size_t r = 0; r < DISTANCES; r++) {
        adder->decay->score[r] /= n;
        adder->decay->bound[r] /= n;
    }
    adder->decay->useful /= n * DISTANCES;
    tape_free(&adder->tape);
}

/* Tokens with these rows [n, 3 C] of queries, keys and values, each at all positions. */
static Heads everywhere(Adder *adder, const real *rows, size_t n)
{
    size_t width = 3 * adder->gpt->config.n_embd;
    Tensor *x = tape_constant(&adder->tape, 3, (size_t[]){n, DISTANCES, width});
    for (size_t token = 0; token < n; token++)
        for (size_t r = 0; r < DISTANCES; r++)
            memcpy(x->data + (token * DISTANCES + r) * width, rows + token * width,
                   width * sizeof *rows);
    return split_heads(x, adder->gpt->config.n_head);
}

/* The query of token i and the key of token j, of which `straight` has what they are before the
 * door, and `turned` behind it. */
static void add_pair(Adder *adder, const Heads *straight, const Heads *turned, size_t h, size_t i,
                     size_t j)
{
    size_t D = straight->q.head_size;
    const real *q = head_data(&straight->q, i, h, 0), *k = head_data(&straight->k, j, h, 0);
    const real *key = head_data(&turned->k, j, h, 0);
    double most = sqrt(dot_of(q, q, D) * dot_of(k, k, D)), step, sum;
    measure_planes(q, k, D / 2, &step, &sum);
    for (size_t r = 0; r < DISTANCES; r++) {
        double bound = step * adder->waves[r];
        adder->decay->score[r] += fabs(dot_of(head_data(&turned->q, i, h, r), key, D)) / most;
        adder->decay->bound[r] += bound / most;
        adder->decay->useful += bound < sum;
    }
    adder->n_pairs++;
}

/* The query of each token with its own key, or also with those of all tokens before it. */
static void add_tokens(Adder *adder, const real *rows, size_t n, bool with_earlier)
{
    Heads straight = everywhere(adder, rows, n);
    Heads turned = through_query_key(&adder->tape, adder->gpt, 0, straight,
                                     positions_on(&adder->tape, 0, DISTANCES));
    for (size_t h = 0; h < adder->gpt->config.n_head; h++)
        for (size_t i = 0; i < n; i++)
            for (size_t j = with_earlier ? 0 : i; j <= i; j++)
                add_pair(adder, &straight, &turned, h, i, j);
}

/* --- kinds of pairs --- */

/* Rows of a query, a key and a value. */
static void make_smooth(real *row, size_t D)
{
    double planes = (double)(D / 2); /* NOLINT(bugprone-integer-division): D is even */
    memset(row, 0, 2 * D * sizeof *row);
    for (size_t i = 0; i < D / 2; i++) {
        row[2 * i] = (real)sin(PI * ((double)i + 0.5) / planes);
        row[D + 2 * i] = 1;
    }
}

static void turn_key(Adder *adder, real *row, size_t D)
{
    Heads turned = through_query_key(&adder->tape, adder->gpt, 0, everywhere(adder, row, 1),
                                     positions_on(&adder->tape, 0, DISTANCES));
    memcpy(row + D, head_data(&turned.k, 0, 0, TURN), D * sizeof *row);
}

static void add_one(Adder *adder, size_t D, DecayKind kind)
{
    real row[3 * 2 * MOST_PLANES];
    for (size_t c = 0; c < 3 * D; c++)
        row[c] = 1;
    if (kind == SMOOTH)
        make_smooth(row, D);
    if (kind == TURNED)
        turn_key(adder, row, D);
    add_tokens(adder, row, 1, false);
}

static void add_random(Adder *adder, size_t D, RandomKey key)
{
    real rows[AT_ONCE * 3 * 2 * MOST_PLANES];
    for (size_t done = 0; done < N_RANDOM; done += AT_ONCE) {
        RandomKey own = random_at(key, done);
        for (size_t c = 0; c < AT_ONCE * 3 * D; c++)
            rows[c] = (real)random_normal(own, c);
        tape_reset(&adder->tape);
        add_tokens(adder, rows, AT_ONCE, false);
    }
}

bool decay_of_kind(const PosScheme *scheme, size_t D, DecayKind kind, RandomKey key,
                   ByDistance *decay, Error *error)
{
    Specimen specimen;
    Adder adder;
    GptConfig config = specimen_config;
    config.n_layer = config.n_head = 1;
    config.n_embd = D;
    key = random_for(key, "decay");
    if (!specimen_init_as(&specimen, &config, scheme, NULL, key, error))
        return false;
    bool ok = adder_init(&adder, &specimen.gpt, decay, error);
    if (ok && kind == RANDOM)
        add_random(&adder, D, key);
    else if (ok)
        add_one(&adder, D, kind);
    if (ok)
        adder_end(&adder);
    specimen_free(&specimen);
    return ok;
}

bool decay_of_model(const Gpt *gpt, const int *tokens, size_t count, ByDistance *decay,
                    Error *error)
{
    Adder adder;
    if (!adder_init(&adder, gpt, decay, error))
        return false;
    FirstLayer layer = first_layer(gpt, &adder.tape, tokens, positions_on(&adder.tape, 0, count));
    add_tokens(&adder, layer.straight.q.x->data, count, true);
    adder_end(&adder);
    return true;
}

/* --- what it comes to --- */

static double mean_of(const double *x, size_t first, size_t end)
{
    double sum = 0;
    for (size_t r = first; r < end; r++)
        sum += x[r];
    return sum / (double)(end - first);
}

double decay_far(const double by_distance[DISTANCES])
{
    return mean_of(by_distance, FAR_BEGIN, FAR_END) / mean_of(by_distance, 0, NEAR_END);
}

size_t decay_rises(const double by_distance[DISTANCES])
{
    size_t rises = 0;
    for (size_t r = 1; r < DISTANCES; r++)
        rises += by_distance[r] > by_distance[r - 1];
    return rises;
}
