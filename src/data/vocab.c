/* vocab.c: from text to tokens and back.
 *
 * For characters, the way back is an index, and the way there a table of the code points up to the
 * vocabulary's last one, made anew for each text. Words and symbols are in word_vocab.c. */
#include "data/vocab.h"

#include <assert.h>
#include <string.h>

#include "base/utf8.h"
#include "data/word_vocab.h"

enum {
    N_CODE_POINTS = 0x110000,
    MOST_QUOTED = 40, /* bytes of a word that are shown */
};

const char *const vocab_kind_names[] = {"char", "word", "symbol", NULL};

const char *vocab_unit(const Vocab *vocab)
{
    static const char *const units[] = {"character", "word", "symbol"};
    return units[vocab->kind];
}

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
    if (!mark_characters(text, length, seen, count, &at)) {
        Place place = place_of(text, at);
        return fail_request(error, "%s:%zu: byte %zu of the line is 0x%02X: expected UTF-8", name,
                            place.line, place.byte, (unsigned)(unsigned char)text[at]);
    }
    return !seen[0] || fail_request(error, "%s:%zu: a NUL character: expected text", name,
                                    place_of(text, strlen(text)).line);
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

/* Control characters as C writes them: '\n', '\x07'. A word may have any length; of a long one the
 * beginning is enough to know it by. */
static void append_quoted(TextBuffer *out, const char *text, size_t length)
{
    static const char named[] = "\n\t\r", letters[] = "ntr";
    size_t shown = utf8_cut(text, length, MOST_QUOTED);
    text_append(out, "'", 1);
    for (size_t b = 0; b < shown; b++) {
        const char *name = text[b] != '\0' ? strchr(named, text[b]) : NULL;
        if (name != NULL)
            text_append_format(out, "\\%c", letters[name - named]);
        else if ((unsigned char)text[b] < 0x20 || text[b] == 0x7f)
            text_append_format(out, "\\x%02x", (unsigned)(unsigned char)text[b]);
        else
            text_append(out, text + b, 1);
    }
    text_append_format(out, "%s'", shown < length ? "..." : "");
}

void vocab_quote(const Vocab *vocab, int token, TextBuffer *out)
{
    if (vocab->kind == VOCAB_CHARACTERS) {
        char character[UTF8_MAX_BYTES];
        size_t length = utf8_encode(vocab->characters[token], character);
        append_quoted(out, character, length);
    } else {
        append_quoted(out, vocab->words[token], strlen(vocab->words[token]));
    }
}

/* --- text to tokens --- */

static bool fail_not_utf8(const char *text, size_t at, Error *error)
{
    return fail_request(error, "byte 0x%02X at line %zu: expected UTF-8",
                        (unsigned)(unsigned char)text[at], place_of(text, at).line);
}

static bool fail_unknown(const char *text, size_t at, size_t bytes, uint32_t character,
                         Error *error)
{
    return fail_request(error, "character '%.*s' (U+%04X) at line %zu: not in the vocabulary",
                        (int)bytes, text + at, (unsigned)character, place_of(text, at).line);
}

/* numbers [n_numbers]: the token + 1 of each character up to the last one; 0 if it has none. */
static bool encode_characters(const int *numbers, size_t n_numbers, const char *text, size_t length,
                              int *tokens, size_t *count, Error *error)
{
    size_t n = 0, bytes;
    for (size_t at = 0; at < length; at += bytes) {
        uint32_t character;
        bytes = next_character(text, length, at, &character);
        if (bytes == 0)
            return fail_not_utf8(text, at, error);
        if (character >= n_numbers || numbers[character] == 0)
            return fail_unknown(text, at, bytes, character, error);
        tokens[n++] = numbers[character] - 1;
    }
    *count = n;
    return true;
}

/* Most words of a text are known only with the space before them: then the message says so. */
static bool fail_unknown_word(const Vocab *vocab, const char *text, size_t at, size_t bytes,
                              Error *error)
{
    uint32_t character;
    for (size_t b = 0, step; b < bytes; b += step) {
        step = next_character(text + at, bytes, b, &character);
        if (step == 0)
            return fail_not_utf8(text, at + b, error);
    }
    TextBuffer spaced = {0}, message = {0};
    text_append(&spaced, " ", 1);
    text_append(&spaced, text + at, bytes);
    int known = spaced.failed ? -1 : word_vocab_find(vocab, spaced.bytes, spaced.length);
    text_append_format(&message, "%s ", vocab_unit(vocab));
    append_quoted(&message, text + at, bytes);
    text_append_format(&message, " at line %zu: not in the vocabulary", place_of(text, at).line);
    if (known >= 0) {
        text_append_format(&message, ", but ");
        vocab_quote(vocab, known, &message);
        text_append_format(&message, " is");
    }
    if (spaced.failed || message.failed)
        fail(error, "out of memory: an unknown word");
    else
        fail_request(error, "%s", message.bytes);
    text_buffer_free(&spaced);
    text_buffer_free(&message);
    return false;
}

static bool encode_words(const Vocab *vocab, const char *text, size_t length, int *tokens,
                         size_t *count, Error *error)
{
    size_t n = 0, at = 0, bytes;
    for (; (bytes = word_vocab_next(vocab->kind, text, length, &at)) > 0; at += bytes) {
        int token = word_vocab_find(vocab, text + at, bytes);
        if (token < 0)
            return fail_unknown_word(vocab, text, at, bytes, error);
        tokens[n++] = token;
    }
    *count = n;
    return at == length || fail_not_utf8(text, at, error);
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
