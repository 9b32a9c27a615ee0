/* hash.c: FNV-1a by bytes and by words. */
#include "base/hash.h"

#include <string.h>

uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    for (size_t b = 0; b < length; b++)
        hash = hash_byte(hash, at[b]);
    return hash;
}

uint64_t hash_words(uint64_t hash, const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    uint64_t word;
    for (; length >= sizeof word; length -= sizeof word, at += sizeof word) {
        memcpy(&word, at, sizeof word);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        word = __builtin_bswap64(word);
#endif
        hash = (hash ^ word) * HASH_PRIME;
        hash ^= hash >> 32;
    }
    return hash_bytes(hash, at, length);
}
