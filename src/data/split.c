/* split.c: what a letter is, and how far a word goes. */
#include "data/split.h"

#include <stdbool.h>

#include "base/utf8.h"

/* Characters beyond ASCII that are no letters, in ascending order. */
static const struct {
    uint32_t first, last;
} no_letters[] = {
    {0x80, 0xa9},       {0xab, 0xb4},     {0xb6, 0xb9},     {0xbb, 0xbf}, /* Latin-1: « ° » ... */
    {0xd7, 0xd7},       {0xf7, 0xf7},                                     /* × ÷ */
    {0x37e, 0x37e},     {0x387, 0x387},                                   /* Greek */
    {0x55a, 0x55f},     {0x589, 0x58f},                                   /* Armenian */
    {0x5be, 0x5be},     {0x5c0, 0x5c0},   {0x5c3, 0x5c3},   {0x5f3, 0x5f4}, /* Hebrew */
    {0x600, 0x60f},     {0x61b, 0x61f},   {0x66a, 0x66d},   {0x6d4, 0x6d4}, /* Arabic */
    {0x964, 0x965},     {0xe4f, 0xe4f},   {0xe5a, 0xe5b},                   /* Indian, Thai */
    {0x2000, 0x200b},   {0x200e, 0x2bff}, /* spaces, dashes, quotes, currencies, arrows, symbols */
    {0x2e00, 0x2e7f},                     /* more punctuation */
    {0x3000, 0x3004},   {0x3008, 0x3030}, {0x30fb, 0x30fb}, /* Chinese, Japanese, Korean */
    {0xfe00, 0xfe6f},   {0xfeff, 0xfeff},                   /* variants, byte-order mark */
    {0xff00, 0xff20},   {0xff3b, 0xff40}, {0xff5b, 0xff65}, {0xffe0, 0xffff}, /* full width */
    {0x1f000, 0x1faff},                                                       /* emoji */
};

static bool is_letter_beyond_ascii(uint32_t character)
{
    size_t low = 0, high = sizeof no_letters / sizeof *no_letters;
    while (low < high) { /* the first row that ends at the character or behind it */
        size_t middle = low + (high - low) / 2;
        if (no_letters[middle].last < character)
            low = middle + 1;
        else
            high = middle;
    }
    return low == sizeof no_letters / sizeof *no_letters || character < no_letters[low].first;
}

/* The bytes of the letter at text[at]; 0 if there is none. */
static inline size_t letter_at(const char *text, size_t length, size_t at)
{
    if (at >= length)
        return 0;
    uint32_t character = (unsigned char)text[at];
    if (character < 0x80)
        return (character | 0x20) >= 'a' && (character | 0x20) <= 'z';
    size_t bytes = utf8_decode(text + at, length - at, &character);
    return bytes > 0 && is_letter_beyond_ascii(character) ? bytes : 0;
}

/* The same for an apostrophe with a letter behind it. */
static size_t apostrophe_at(const char *text, size_t length, size_t at)
{
    static const char curly[] = "\xe2\x80\x99"; /* U+2019 */
    size_t bytes = 0;
    if (at < length && text[at] == '\'')
        bytes = 1;
    else if (length - at > 3 && text[at] == curly[0] && text[at + 1] == curly[1] &&
             text[at + 2] == curly[2])
        bytes = 3;
    return bytes > 0 && letter_at(text, length, at + bytes) > 0 ? bytes : 0;
}

size_t split_piece(const char *text, size_t length)
{
    size_t at = text[0] == ' ' ? 1 : 0, bytes = letter_at(text, length, at);
    if (bytes == 0) {
        uint32_t alone;
        return utf8_decode(text, length, &alone);
    }
    while (bytes > 0) {
        at += bytes;
        bytes = letter_at(text, length, at);
        if (bytes == 0)
            bytes = apostrophe_at(text, length, at);
    }
    return at;
}
