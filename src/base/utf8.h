/* utf8.h: text as code points (RFC 3629). */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UTF8_MAX_BYTES = 4 };

/* Is this byte a later one of a character (10xxxxxx)? Each character has exactly one, its first,
 * that is not. */
static inline bool utf8_continues(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

/* Would it move a terminal's cursor, or begin a command to it, rather than show something? These
 * are the controls of ASCII, and U+0080 to U+009F: U+009B begins an escape, like ESC [. */
static inline bool utf8_is_control(uint32_t code_point)
{
    return code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0);
}

/* How many characters a text of UTF-8 has. */
size_t utf8_count(const char *text, size_t length);

/* How many bytes are left of a text that is cut to at most `most`, never inside a character. */
size_t utf8_cut(const char *text, size_t length, size_t most);

/* Decodes the code point that starts at bytes[0], of at most `length` bytes. Returns how many
 * bytes it took; 0 where they are not UTF-8 (truncated, overlong, a surrogate, over U+10FFFF). */
size_t utf8_decode(const char *bytes, size_t length, uint32_t *code_point);

/* Writes a code point as UTF-8 and returns the number of bytes, without a 0 behind them. */
size_t utf8_encode(uint32_t code_point, char bytes[UTF8_MAX_BYTES]);

#endif
