/* hash.h: one number that stands for many bytes.
 *
 * FNV-1a, 64 bits (Fowler, Noll, Vo, http://www.isthe.com/chongo/tech/comp/fnv/): for each byte,
 *
 *     hash = (hash xor byte) * prime
 *
 * It tells names apart and notices damage; it is no protection against somebody who wants two texts
 * to have the same one (for that, see sha256.h). To go on with more bytes, give the hash so far.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* FNV's own: what an empty text hashes to, and the prime. */
#define HASH_START UINT64_C(14695981039346656037)
#define HASH_PRIME UINT64_C(1099511628211)

static inline uint64_t hash_byte(uint64_t hash, unsigned char byte)
{
    return (hash ^ byte) * HASH_PRIME;
}

uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t length);

/* A faster relative for long arrays: whole words of 8 bytes, little-endian, at a time, with the
 * upper half of the hash mixed into the lower after each (a multiplication only carries upwards);
 * then what is left byte by byte. In pieces it is the same where each but the last is a multiple of
 * 8. */
uint64_t hash_words(uint64_t hash, const void *bytes, size_t length);

#endif
