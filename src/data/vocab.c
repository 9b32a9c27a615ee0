/* vocab.c: from text to tokens and back.
 *
 * For characters, the way back is an index, and the way there a table of the code points up to the
 * vocabulary's last one, made anew for each text. Words and symbols are in word_vocab.c, and what
 * people are told in vocab_messages.c. */
#include "data/vocab.h"

#include <assert.h>
#include <string.h>

#include "base/utf8.h"
#include "data/vocab_messages.h"
#include "data/word_vocab.h"

enum { N_CODE_POINTS = 0x110000 };

const char *const vocab_kind_names[] = {"char", "word", "symbol", NULL};

/* utf8_decode without a call for ASCII; at < length. */
static inline size_t next_character(const char *text, size_t length, size_t at, uint32_t *character)
{
    unsigned char first = (unsigned char)text[at];
    *character = first;
    return first < 0x80 ? 1 : utf8_decode(text + at, length - at, character);
}

/* --- what a text is made of --- */

/* Marks and counts the characters of a text; false where it is not UTF-8, and *at says where. */
static bool mark_characters(const char *text, size_t length, unsigned char seen[N_CODE_POINTS],
                            size_t *count, size_t *at)
{
    *count = 0;
    for (*at = 0; *at < length; ++*count) {
        uint32_t character;
        size_t bytes = next_character(text, length, *at, &character);
        if (bytes == 0)
            return false;
        seen[character] = 1;
        *at += bytes;
    }
    return true;
}

/* The characters of a text, and whether it is a text at all. */
static bool check_text(const char *name, const char *text, size_t length,
                       unsigned char seen[N_CODE_POINTS], size_t *count, Error *error)
{
    size_t at;
    if (!mark_characters(text, length, seen, count, &at))
        return vocab_fail_byte(name, text, at, error);
    return !seen[0] || vocab_fail_nul(name, text, error);
}

/* The first character from `from` on that is marked; N_CODE_POINTS where there is none. */
static uint32_t next_marked(const unsigned char seen[N_CODE_POINTS], uint32_t from)
{
    const unsigned char *found = memchr(seen + from, 1, N_CODE_POINTS - from);
    return found != NULL ? (uint32_t)(found - seen) : N_CODE_POINTS;
}

static bool collect_marked(Arena *arena, const unsigned char seen[N_CODE_POINTS], Vocab *vocab,
                           Error *error)
{
    *vocab = (Vocab){.kind = VOCAB_CHARACTERS};
    for (uint32_t c = next_marked(seen, 0); c < N_CODE_POINTS; c = next_marked(seen, c + 1))
        vocab->size++;
    vocab->characters = arena_alloc_raw(arena, vocab->size, sizeof *vocab->characters);
    if (vocab->characters == NULL)
        return fail(error, "out of memory: vocabulary");
    size_t token = 0;
    for (uint32_t c = next_marked(seen, 0); c < N_CODE_POINTS; c = next_marked(seen, c + 1))
        vocab->characters[token++] = c;
    return true;
}

bool vocab_build(Arena *arena, VocabKind kind, const char *name, const char *text, size_t length,
                 Vocab *vocab, size_t *count, Error *error)
{
    assert(kind != VOCAB_SYMBOLS);
    Arena scratch = {0};
    unsigned char *seen = arena_alloc(&scratch, N_CODE_POINTS, 1);
    bool ok = seen != NULL ? check_text(name, text, length, seen, count, error)
                           : fail(error, "%s: out of memory: vocabulary", name);
    if (ok) {
        ok = kind == VOCAB_CHARACTERS ? collect_marked(arena, seen, vocab, error)
                                      : word_vocab_build(arena, text, length, vocab, count, error);
        if (!ok)
            fail_within(error, "%s", name);
    }
    arena_free(&scratch);
    return ok;
}

/* --- tokens to text --- */

static void append_character(TextBuffer *out, uint32_t character)
{
    char bytes[UTF8_MAX_BYTES];
    text_append(out, bytes, utf8_encode(character, bytes));
}

void vocab_decode(const Vocab *vocab, int token, TextBuffer *out)
{
    assert(token >= 0 && (size_t)token < vocab->size);
    if (vocab->kind == VOCAB_CHARACTERS)
        append_character(out, vocab->characters[token]);
    else
        text_append_format(out, "%s%s", vocab->kind == VOCAB_SYMBOLS ? " " : "",
                           vocab->words[token]);
}

/* --- text to tokens --- */

/* numbers [n_numbers]: the token + 1 of each character up to the last one; 0 if it has none. */
static bool encode_characters(const int *numbers, size_t n_numbers, const char *text, size_t length,
                              int *tokens, size_t *count, Error *error)
{
    size_t n = 0, bytes;
    for (size_t at = 0; at < length; at += bytes) {
        uint32_t character;
        bytes = next_character(text, length, at, &character);
        if (bytes == 0)
            return vocab_fail_utf8(text, at, error);
        if (character >= n_numbers || numbers[character] == 0)
            return vocab_fail_character(text, at, bytes, character, error);
        tokens[n++] = numbers[character] - 1;
    }
    *count = n;
    return true;
}

static bool encode_words(const Vocab *vocab, const char *text, size_t length, int *tokens,
                         size_t *count, Error *error)
{
    size_t n = 0, at = 0, bytes;
    for (; (bytes = word_vocab_next(vocab->kind, text, length, &at)) > 0; at += bytes) {
        int token = word_vocab_find(vocab, text + at, bytes);
        if (token < 0)
            return vocab_fail_word(vocab, text, at, bytes, error);
        tokens[n++] = token;
    }
    *count = n;
    return at == length || vocab_fail_utf8(text, at, error);
}

bool vocab_encode(const Vocab *vocab, const char *text, size_t length, int *tokens, size_t *count,
                  Error *error)
{
    if (vocab->kind != VOCAB_CHARACTERS)
        return encode_words(vocab, text, length, tokens, count, error);
    Arena scratch = {0};
    size_t n_numbers = vocab->size > 0 ? (size_t)vocab->characters[vocab->size - 1] + 1 : 0;
    int *numbers = arena_alloc(&scratch, n_numbers, sizeof *numbers);
    for (size_t token = 0; numbers != NULL && token < vocab->size; token++)
        numbers[vocab->characters[token]] = (int)token + 1;
    bool ok = numbers != NULL
                  ? encode_characters(numbers, n_numbers, text, length, tokens, count, error)
                  : fail(error, "out of memory: vocabulary");
    arena_free(&scratch);
    return ok;
}

size_t vocab_count(const Vocab *vocab, const char *text, size_t length)
{
    if (vocab->kind == VOCAB_CHARACTERS)
        return utf8_count(text, length);
    size_t count = 0;
    for (size_t at = 0, bytes; (bytes = word_vocab_next(vocab->kind, text, length, &at)) > 0;
         at += bytes)
        count++;
    return count;
}

/* --- for checkpoints --- */

void vocab_to_text(const Vocab *vocab, TextBuffer *out)
{
    if (vocab->kind != VOCAB_CHARACTERS)
        word_vocab_to_text(vocab, out);
    else
        for (size_t token = 0; token < vocab->size; token++)
            append_character(out, vocab->characters[token]);
}

static bool characters_from_text(Arena *arena, const char *text, size_t length, Vocab *vocab,
                                 Error *error)
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

bool vocab_from_text(Arena *arena, VocabKind kind, const char *text, size_t length, Vocab *vocab,
                     Error *error)
{
    return kind == VOCAB_CHARACTERS ? characters_from_text(arena, text, length, vocab, error)
                                    : word_vocab_from_text(arena, kind, text, length, vocab, error);
}

bool vocab_equal(const Vocab *a, const Vocab *b)
{
    if (a->kind != b->kind || a->size != b->size)
        return false;
    if (a->kind == VOCAB_CHARACTERS)
        return memcmp(a->characters, b->characters, a->size * sizeof *a->characters) == 0;
    for (size_t token = 0; token < a->size; token++)
        if (strcmp(a->words[token], b->words[token]) != 0)
            return false;
    return true;
}
