/* vocab_messages.c: tokens in quotes, and why a text is refused. */
#include "data/vocab_messages.h"

#include <string.h>

#include "base/utf8.h"
#include "data/word_vocab.h"

/* --- tokens --- */

const char *vocab_unit(const Vocab *vocab)
{
    static const char *const units[] = {"character", "word", "symbol"};
    return units[vocab->kind];
}

enum { MOST_QUOTED = 40 }; /* bytes of a word that are shown */

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

/* --- texts that are refused --- */

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

bool vocab_fail_byte(const char *name, const char *text, size_t at, Error *error)
{
    Place place = place_of(text, at);
    return fail_request(error, "%s:%zu: byte %zu of the line is 0x%02X: expected UTF-8", name,
                        place.line, place.byte, (unsigned)(unsigned char)text[at]);
}

bool vocab_fail_nul(const char *name, const char *text, Error *error)
{
    return fail_request(error, "%s:%zu: a NUL character: expected text", name,
                        place_of(text, strlen(text)).line);
}

bool vocab_fail_utf8(const char *text, size_t at, Error *error)
{
    return fail_request(error, "byte 0x%02X at line %zu: expected UTF-8",
                        (unsigned)(unsigned char)text[at], place_of(text, at).line);
}

bool vocab_fail_character(const char *text, size_t at, size_t bytes, uint32_t character,
                          Error *error)
{
    return fail_request(error, "character '%.*s' (U+%04X) at line %zu: not in the vocabulary",
                        (int)bytes, text + at, (unsigned)character, place_of(text, at).line);
}

bool vocab_fail_word(const Vocab *vocab, const char *text, size_t at, size_t bytes, Error *error)
{
    uint32_t character;
    for (size_t b = 0, step; b < bytes; b += step) {
        step = utf8_decode(text + at + b, bytes - b, &character);
        if (step == 0)
            return vocab_fail_utf8(text, at + b, error);
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
