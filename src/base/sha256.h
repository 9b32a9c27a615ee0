/* sha256.h: the SHA-256 of some bytes (FIPS 180-4), to name a corpus by what it holds. */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stddef.h>

enum { SHA256_HEX_SIZE = 65 }; /* 64 hexadecimal digits and a 0 */

void sha256_hex(const void *bytes, size_t length, char hex[SHA256_HEX_SIZE]);

#endif
