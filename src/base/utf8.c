/* utf8.c: the bytes of a code point.
 *
 *     U+0000  ... U+007F      0xxxxxxx
 *     U+0080  ... U+07FF      110xxxxx 10xxxxxx
 *     U+0800  ... U+FFFF      1110xxxx 10xxxxxx 10xxxxxx      without U+D800 ... U+DFFF
 *     U+10000 ... U+10FFFF    11110xxx 10xxxxxx 10xxxxxx 10xxxxxx
 *
 * Each code point has exactly one form, the shortest: a longer one ("overlong") is an error, or
 * else two different texts would mean the same. */
#include "base/utf8.h"

#include <assert.h>

/* The smallest code point that needs this many bytes. */
static const uint32_t smallest[UTF8_MAX_BYTES + 1] = {0, 0, 0x80, 0x800, 0x10000};

static bool is_code_point(uint32_t value)
{
    return value <= 0x10ffff && !(value >= 0xd800 && value <= 0xdfff);
}

/* How many bytes a character that starts with this one has; 0: none starts so. */
static size_t length_from_first(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first >> 5 == 0x06)
        return 2;
    if (first >> 4 == 0x0e)
        return 3;
    return first >> 3 == 0x1e ? 4 : 0;
}

size_t utf8_decode(const char *bytes, size_t length, uint32_t *code_point)
{
    if (length == 0)
        return 0;
    unsigned char first = (unsigned char)bytes[0];
    size_t count = length_from_first(first);
    if (count == 0 || count > length)
        return 0;
    uint32_t value = count == 1 ? first : first & (0x7fu >> count); /* behind 110, 1110, 11110 */
    for (size_t b = 1; b < count; b++) {
        unsigned char byte = (unsigned char)bytes[b];
        if (byte >> 6 != 0x02)
            return 0;
        value = value << 6 | (byte & 0x3fu);
    }
    if (value < smallest[count] || !is_code_point(value))
        return 0;
    *code_point = value;
    return count;
}

size_t utf8_encode(uint32_t code_point, char bytes[UTF8_MAX_BYTES])
{
    assert(is_code_point(code_point));
    size_t count = UTF8_MAX_BYTES;
    while (code_point < smallest[count])
        count--;
    if (count == 1) {
        bytes[0] = (char)code_point;
        return 1;
    }
    for (size_t b = count - 1; b > 0; b--) {
        bytes[b] = (char)(0x80 | (code_point & 0x3f));
        code_point >>= 6;
    }
    bytes[0] = (char)((0xf00u >> count & 0xff) | code_point); /* 11000000, 11100000, 11110000 */
    return count;
}

size_t utf8_count(const char *text, size_t length)
{
    size_t count = 0;
    for (size_t b = 0; b < length; b++)
        count += !utf8_continues(text[b]);
    return count;
}

size_t utf8_cut(const char *text, size_t length, size_t most)
{
    if (length <= most)
        return length;
    size_t end = most; /* what continues after more than that is no UTF-8: any cut will do */
    while (end > 0 && most - end < UTF8_MAX_BYTES - 1 && utf8_continues(text[end]))
        end--;
    return end;
}
