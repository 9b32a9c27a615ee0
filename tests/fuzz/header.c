/* header.c: the length, the header and the numbers, each changed by itself. */
#include "fuzz/header.h"

#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "fuzz/fuzz.h"

enum { LENGTH_BYTES = 8 };

/* The header, whose length goes into the 8 bytes before it. The numbers stay. */
static size_t change_header(uint8_t *bytes, size_t length, size_t most, size_t header)
{
    size_t rest = length - LENGTH_BYTES - header, room = most - LENGTH_BYTES - rest;
    uint8_t *changed = malloc(room + 1), *at = bytes + LENGTH_BYTES;
    check(changed != NULL, "out of memory");
    memcpy(changed, at, header);
    uint64_t after = LLVMFuzzerMutate(changed, header, room);
    memmove(at + after, at + header, rest);
    memcpy(at, changed, (size_t)after);
    memcpy(bytes, &after, LENGTH_BYTES);
    free(changed);
    return LENGTH_BYTES + (size_t)after + rest;
}

/* One to three digits of the header: a setting, a shape, a place. */
static void change_digits(uint8_t *header, size_t length, RandomKey key)
{
    for (size_t change = random_below(key, 1, 3); change < 3; change++) {
        size_t at = (size_t)random_below(key, 2 + 2 * change, length);
        while (at < length && (header[at] < '0' || header[at] > '9'))
            at++;
        if (at < length)
            header[at] = (uint8_t)('0' + random_below(key, 3 + 2 * change, 10));
    }
}

/* The whole file in one of four cases; the others keep its outline. */
size_t header_mutate(uint8_t *bytes, size_t length, size_t most, unsigned seed)
{
    RandomKey key = random_seed(seed);
    uint64_t kind = random_below(key, 0, 4), header = 0;
    if (length >= LENGTH_BYTES)
        memcpy(&header, bytes, LENGTH_BYTES);
    if (kind == 0 || header == 0 || header > length - LENGTH_BYTES)
        return LLVMFuzzerMutate(bytes, length, most);
    uint8_t *text = bytes + LENGTH_BYTES, *numbers = text + header;
    size_t rest = length - LENGTH_BYTES - (size_t)header;
    if (kind == 1)
        return change_header(bytes, length, most, (size_t)header);
    if (kind == 2 || rest == 0)
        change_digits(text, (size_t)header, key);
    else
        LLVMFuzzerMutate(numbers, rest, rest);
    return length;
}
