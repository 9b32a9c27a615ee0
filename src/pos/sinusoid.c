/* sinusoid.c: a vector S[p] of C sines and cosines for each position p.
 *
 *     S[p, 2i]   = sin(p w[i])
 *     S[p, 2i+1] = cos(p w[i])          w[i] = 10000^(-2i/C),  i = 0 ... C/2 - 1
 *
 * Each pair (sin, cos) is the hand of a clock. The first clock turns once in 2 pi = 6.3 positions,
 * each further one more slowly, the last nearly as slowly as once in 2 pi 10000 = 62,832. (Where C
 * is odd, the last sine has no cosine beside it.) Two facts about the vectors of two positions p
 * and p + k:
 *
 *     S[p] . S[p+k] = sum over i of cos(k w[i])      depends on the distance k alone
 *     S[p+k] = S[p] with clock i turned by k w[i]    the same linear map for every p
 *
 * The first is sin a sin b + cos a cos b = cos(b - a), with a = p w[i] and b = (p + k) w[i].
 */
#include "pos/sinusoid.h"

static const double BASE = 10000;

/* exercise 5 begins */
static double frequency_of(size_t pair, size_t n_embd)
{
    return pow(BASE, -2 * (double)pair / (double)n_embd);
}

/* What a channel holds where its clock has turned by this angle. */
static double hand_at(double angle, size_t channel)
{
    return channel % 2 == 0 ? sin(angle) : cos(angle);
}
/* exercise 5 ends */

double sinusoid_at(size_t position, size_t channel, size_t n_embd)
{
    return hand_at((double)position * frequency_of(channel / 2, n_embd), channel);
}

void sinusoids_at(Positions positions, size_t n_embd, real *S)
{
    for (size_t c = 0; c < n_embd; c++) {
        double frequency = frequency_of(c / 2, n_embd);
        for (size_t t = 0; t < positions.count; t++)
            S[t * n_embd + c] = (real)hand_at(positions.at[t] * frequency, c);
    }
}
