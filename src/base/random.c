/* random.c: keys for purposes, and distributions made from the raw 64 bits.
 *
 * A key within a key is
 *
 *     mix(mix(key ^ kind) + word)
 *
 * where `word` is the number, or the FNV-1a hash of the name, and `kind` keeps numbers and names
 * apart. For one key, different words always give different keys, because each step can be undone.
 * The inner mix keeps key and word from trading places: word 3 in key 5 is not word 5 in key 3. */
#include "base/random.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/hash.h"

#define KIND_SEED   UINT64_C(0x6a09e667f3bcc908) /* arbitrary: fractions of square roots */
#define KIND_NAME   UINT64_C(0xbb67ae8584caa73b)
#define KIND_NUMBER UINT64_C(0x3c6ef372fe94f82b)

#define TWO_PI 6.283185307179586476925

static RandomKey derive(RandomKey key, uint64_t kind, uint64_t word)
{
    return (RandomKey){random_mix(random_mix(key.value ^ kind) + word)};
}

RandomKey random_seed(uint64_t seed)
{
    return derive((RandomKey){0}, KIND_SEED, seed);
}

RandomKey random_for(RandomKey key, const char *purpose)
{
    return derive(key, KIND_NAME, hash_bytes(HASH_START, purpose, strlen(purpose)));
}

RandomKey random_at(RandomKey key, uint64_t number)
{
    return derive(key, KIND_NUMBER, number);
}

/* A double holds 53 bits exactly, so every k / 2^53 is equally likely and 1 is never reached. */
double random_uniform(RandomKey key, uint64_t i)
{
    return (double)(random_bits(key, i) >> 11) * 0x1p-53;
}

/* The upper 64 of the 128 bits of a * b, from four products of 32-bit halves. */
static uint64_t multiply_high(uint64_t a, uint64_t b)
{
    uint64_t a_low = a & UINT32_MAX, a_high = a >> 32;
    uint64_t b_low = b & UINT32_MAX, b_high = b >> 32;
    uint64_t middle = a_high * b_low + (a_low * b_low >> 32);
    uint64_t other_middle = a_low * b_high + (middle & UINT32_MAX);
    return a_high * b_high + (middle >> 32) + (other_middle >> 32);
}

/* bits / 2^64 is uniform in [0, 1), so floor(n * bits / 2^64) is uniform in 0 ... n-1. */
uint64_t random_below(RandomKey key, uint64_t i, uint64_t n)
{
    assert(n > 0);
    return multiply_high(random_bits(key, i), n);
}

/* Box and Muller: for uniform u in (0, 1] and v in [0, 1), the point with radius sqrt(-2 ln u) and
 * angle 2 pi v has two independent normal coordinates; the first one is taken. 1 - [0, 1) is what
 * keeps the 0, whose logarithm is infinite, out of u. */
double random_normal(RandomKey key, uint64_t i)
{
    double u = 1 - random_uniform(key, 2 * i);
    double v = random_uniform(key, 2 * i + 1);
    return sqrt(-2 * log(u)) * cos(TWO_PI * v);
}
