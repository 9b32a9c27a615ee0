/* vocab.c: from characters to tokens and back.
 *
 * The way back is an index. The way there is a binary search in the sorted characters; as a text
 * uses few characters again and again, what was found is remembered in a small table, and most
 * characters of any language cost one look into it. */
#include "data/vocab.h"

#include <assert.h>
#include <string.h>

#include "base/utf8.h"

enum {
    N_CODE_POINTS = 0x110000,
    N_REMEMBERED = 4096, /* neighbouring code points, as in one script, share no slot */
};

/* utf8_decode without a call for ASCII; at < length. */
static inline size_t next_character(const char *text, size_t length, size_t at, uint32_t *character)
{
    unsigned char first = (unsigned char)text[at];
    *character = first;
    return first < 0x80 ? 1 : utf8_decode(text + at, length - at, character);
}

/* Where byte number `at` of a text stands: lines, and bytes within one, count from 1. */
typedef struct Place {
    size_t line, byte;
} Place;

static Place place_of(const char *text, size_t at)
{
    Place place = {1, 1};
    for (size_t b = 0; b < at; b++) {
        place.byte++;
        if (text[b] == '\n')
            place = (Place){place.line + 1, 1};
    }
    return place;
}

/* Marks the characters of a text; false where it is not UTF-8, and *at says where. */
static bool mark_characters(const char *text, size_t length, unsigned char seen[N_CODE_POINTS],
                            size_t *at)
{
    for (*at = 0; *at < length;) {
        uint32_t character;
        size_t bytes = next_character(text, length, *at, &character);
        if (bytes == 0)
            return false;
        seen[character] = 1;
        *at += bytes;
    }
    return true;
}

static bool collect_marked(Arena *arena, const unsigned char seen[N_CODE_POINTS], Vocab *vocab)
{
    *vocab = (Vocab){0};
    for (size_t c = 0; c < N_CODE_POINTS; c++)
        vocab->size += seen[c];
    vocab->characters = arena_alloc_raw(arena, vocab->size, sizeof *vocab->characters);
    if (vocab->characters == NULL)
        return false;
    size_t token = 0;
    for (uint32_t c = 0; c < N_CODE_POINTS; c++)
        if (seen[c])
            vocab->characters[token++] = c;
    return true;
}

bool vocab_build(Arena *arena, const char *name, const char *text, size_t length, Vocab *vocab,
                 Error *error)
{
    Arena scratch = {0};
    unsigned char *seen = arena_alloc(&scratch, N_CODE_POINTS, 1);
    size_t at;
    bool ok;
    if (seen == NULL) {
        ok = fail(error, "%s: out of memory: vocabulary", name);
    } else if (!mark_characters(text, length, seen, &at)) {
        Place place = place_of(text, at);
        ok = fail_request(error, "%s:%zu: byte %zu of the line is 0x%02X: expected UTF-8", name,
                          place.line, place.byte, (unsigned)(unsigned char)text[at]);
    } else {
        ok = collect_marked(arena, seen, vocab) ||
             fail(error, "%s: out of memory: vocabulary", name);
    }
    arena_free(&scratch);
    return ok;
}

/* The token of a character; vocab->size if it has none. */
static size_t find(const Vocab *vocab, uint32_t character)
{
    size_t low = 0, high = vocab->size; /* if it is there, it is in low ... high-1 */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (vocab->characters[middle] == character)
            return middle;
        if (vocab->characters[middle] < character)
            low = middle + 1;
        else
            high = middle;
    }
    return vocab->size;
}

static bool fail_unknown(const char *text, size_t at, size_t bytes, uint32_t character,
                         Error *error)
{
    return fail_request(error, "character '%.*s' (U+%04X) at line %zu: not in the vocabulary",
                        (int)bytes, text + at, (unsigned)character, place_of(text, at).line);
}

/* A slot of the table holds a token that may be the right one, at first 0: its character tells. */
bool vocab_encode(const Vocab *vocab, const char *text, size_t length, int *tokens, size_t *count,
                  Error *error)
{
    int remembered[N_REMEMBERED] = {0};
    size_t n = 0, bytes;
    for (size_t at = 0; at < length; at += bytes) {
        uint32_t character;
        bytes = next_character(text, length, at, &character);
        if (bytes == 0)
            return fail_request(error, "byte 0x%02X at line %zu: expected UTF-8",
                                (unsigned)(unsigned char)text[at], place_of(text, at).line);
        int *slot = &remembered[character % N_REMEMBERED];
        if (vocab->size == 0 || vocab->characters[*slot] != character) {
            size_t token = find(vocab, character);
            if (token == vocab->size)
                return fail_unknown(text, at, bytes, character, error);
            *slot = (int)token;
        }
        tokens[n++] = *slot;
    }
    *count = n;
    return true;
}

static void append_character(TextBuffer *out, uint32_t character)
{
    char bytes[UTF8_MAX_BYTES];
    text_append(out, bytes, utf8_encode(character, bytes));
}

void vocab_decode(const Vocab *vocab, int token, TextBuffer *out)
{
    assert(token >= 0 && (size_t)token < vocab->size);
    append_character(out, vocab->characters[token]);
}

void vocab_to_text(const Vocab *vocab, TextBuffer *out)
{
    for (size_t token = 0; token < vocab->size; token++)
        append_character(out, vocab->characters[token]);
}

bool vocab_from_text(Arena *arena, const char *text, size_t length, Vocab *vocab, Error *error)
{
    *vocab = (Vocab){.characters = arena_alloc_raw(arena, length, sizeof *vocab->characters)};
    if (vocab->characters == NULL)
        return fail(error, "vocabulary: out of memory: it has %zu bytes", length);
    size_t bytes;
    for (size_t at = 0; at < length; at += bytes) {
        uint32_t *character = &vocab->characters[vocab->size];
        bytes = next_character(text, length, at, character);
        if (bytes == 0)
            return fail(error, "vocabulary: byte %zu is 0x%02X: expected UTF-8", at + 1,
                        (unsigned)(unsigned char)text[at]);
        if (vocab->size > 0 && character[-1] >= *character)
            return fail(error, "vocabulary: U+%04X behind U+%04X: expected ascending order",
                        (unsigned)*character, (unsigned)character[-1]);
        vocab->size++;
    }
    return vocab->size > 0 || fail(error, "vocabulary: empty: expected characters");
}

bool vocab_equal(const Vocab *a, const Vocab *b)
{
    return a->size == b->size &&
           memcmp(a->characters, b->characters, a->size * sizeof *a->characters) == 0;
}
