/* random.h: random numbers that depend on what they are for, not on when they are drawn.
 *
 * An ordinary generator is a queue: whoever draws first changes what everybody else gets. Here
 * a number is a pure function of a key and a counter,
 *
 *     random_bits(key, i)      the i-th number of the stream that belongs to `key`
 *
 * and a key is made from the seed and the purpose ("batch", "init", a parameter's name, a layer,
 * a step). So two models that differ in one part still draw the same numbers everywhere else, a
 * run that was stopped needs no generator state to go on, and threads never share a queue.
 *
 * random_bits is SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number
 * generators", OOPSLA 2014): its i-th output is a mixing function of key + (i + 1) * gamma, so it
 * can be asked for any i directly. gamma is the odd number nearest to 2^64 / 1.618..., the golden
 * ratio: its multiples are spread evenly over all of 64 bits.
 */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

typedef struct RandomKey {
    uint64_t value;
} RandomKey;

/* Mixes 64 bits so that each output bit depends on each input bit (SplitMix64's finaliser). */
static inline uint64_t random_mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

#define RANDOM_GAMMA UINT64_C(0x9e3779b97f4a7c15)

/* The i-th 64 random bits of a stream. */
static inline uint64_t random_bits(RandomKey key, uint64_t i)
{
    return random_mix(key.value + (i + 1) * RANDOM_GAMMA);
}

/* The key of everything that one seed decides. */
RandomKey random_seed(uint64_t seed);

/* A key for one purpose within another key: by name, or by number (a layer, a step). */
RandomKey random_for(RandomKey key, const char *purpose);
RandomKey random_at(RandomKey key, uint64_t number);

/* Uniform in [0, 1), with 53 bits. */
double random_uniform(RandomKey key, uint64_t i);

/* Uniform in 0 ... n-1 (n >= 1), each equally likely to within 2^-64. */
uint64_t random_below(RandomKey key, uint64_t i, uint64_t n);

/* Normal with mean 0 and variance 1 (Box-Muller). */
double random_normal(RandomKey key, uint64_t i);

#endif
