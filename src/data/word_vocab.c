/* word_vocab.c: words and their numbers.
 *
 * The way from a number to a word is an index. The way back is a hash table with a power of two of
 * slots, at least half of them free: a word's place is the slot that its hash names, or the next
 * free one behind it. Every vocabulary is made from its text (a line for each word), which the
 * arena keeps, with a 0 in place of each line break. */
#include "data/word_vocab.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "data/split.h"

enum { FIRST_SLOTS = 1024 };

struct WordSlot {
    size_t bytes; /* of the word */
    uint32_t hash;
    uint32_t number; /* the token + 1; 0: free */
};

/* --- pieces of a text --- */

static bool is_white(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

size_t word_vocab_next(VocabKind kind, const char *text, size_t length, size_t *at)
{
    if (kind == VOCAB_WORDS)
        return *at < length ? split_piece(text + *at, length - *at) : 0;
    while (*at < length && is_white(text[*at]))
        ++*at;
    size_t end = *at;
    while (end < length && !is_white(text[end]))
        end++;
    return end - *at;
}

/* --- the table --- */

static uint32_t hash_of(const char *word, size_t bytes)
{
    uint64_t hash = hash_bytes(HASH_START, word, bytes);
    return (uint32_t)(hash >> 32 ^ hash);
}

/* The slot that holds the word, or the free one where it belongs. */
static struct WordSlot *find_slot(const Vocab *vocab, const char *word, size_t bytes, uint32_t hash)
{
    for (size_t s = hash;; s++) {
        struct WordSlot *slot = &vocab->slots[s & (vocab->n_slots - 1)];
        if (slot->number == 0 || (slot->hash == hash && slot->bytes == bytes &&
                                  memcmp(vocab->words[slot->number - 1], word, bytes) == 0))
            return slot;
    }
}

int word_vocab_find(const Vocab *vocab, const char *word, size_t bytes)
{
    return (int)find_slot(vocab, word, bytes, hash_of(word, bytes))->number - 1;
}

/* Gives the next token to a word, for which there is room; false if it has one already. */
static bool number_word(Vocab *vocab, const char *word, size_t bytes)
{
    uint32_t hash = hash_of(word, bytes);
    struct WordSlot *slot = find_slot(vocab, word, bytes, hash);
    if (slot->number != 0)
        return false;
    vocab->words[vocab->size++] = word;
    *slot = (struct WordSlot){bytes, hash, (uint32_t)vocab->size};
    return true;
}

/* An empty vocabulary with room for so many words. */
static bool make_room(Arena *arena, VocabKind kind, size_t count, Vocab *vocab)
{
    size_t n_slots = FIRST_SLOTS;
    while (n_slots < 2 * count)
        n_slots *= 2;
    *vocab = (Vocab){
        .kind = kind,
        .words = arena_alloc(arena, n_slots / 2, sizeof *vocab->words),
        .slots = arena_alloc(arena, n_slots, sizeof *vocab->slots),
        .n_slots = n_slots,
    };
    return vocab->words != NULL && vocab->slots != NULL;
}

/* --- a vocabulary as text --- */

void word_vocab_to_text(const Vocab *vocab, TextBuffer *out)
{
    for (size_t token = 0; token < vocab->size; token++) {
        text_append(out, vocab->words[token], strlen(vocab->words[token]));
        text_append(out, "\n", 1);
    }
}

/* The length of the line that starts at text[at], which a line break ends. The word may be a line
 * break itself, so one is looked for behind its first byte. SIZE_MAX where there is none. */
static size_t line_length(const char *text, size_t length, size_t at)
{
    const char *end = length - at > 1 ? memchr(text + at + 1, '\n', length - at - 1) : NULL;
    return end != NULL ? (size_t)(end - (text + at)) : SIZE_MAX;
}

/* Is the line one word, or one symbol, of UTF-8? */
static bool is_one_piece(VocabKind kind, const char *line, size_t length)
{
    size_t start = 0, bytes;
    uint32_t character;
    if (word_vocab_next(kind, line, length, &start) != length)
        return false;
    for (size_t at = 0; at < length; at += bytes) {
        bytes = utf8_decode(line + at, length - at, &character);
        if (bytes == 0 || character == 0)
            return false;
    }
    return true;
}

static bool add_lines(char *text, size_t length, Vocab *vocab, Error *error)
{
    size_t bytes;
    for (size_t at = 0; at < length; at += bytes + 1) {
        size_t number = vocab->size + 1;
        bytes = line_length(text, length, at);
        if (bytes == SIZE_MAX)
            return fail(error, "vocabulary: word %zu has no end: expected a line for each", number);
        if (!is_one_piece(vocab->kind, text + at, bytes))
            return fail(error, "vocabulary: word %zu: expected one word of UTF-8", number);
        text[at + bytes] = '\0';
        if (vocab->kind == VOCAB_WORDS && vocab->size > 0 &&
            strcmp(vocab->words[vocab->size - 1], text + at) >= 0)
            return fail(error, "vocabulary: word %zu: expected ascending order", number);
        if (!number_word(vocab, text + at, bytes))
            return fail(error, "vocabulary: '%s' is there twice", text + at);
    }
    return true;
}

/* At least as many as it has words. */
static size_t count_lines(const char *text, size_t length)
{
    size_t count = 0;
    for (size_t b = 0; b < length; b++)
        count += text[b] == '\n';
    return count;
}

bool word_vocab_from_text(Arena *arena, VocabKind kind, const char *text, size_t length,
                          Vocab *vocab, Error *error)
{
    size_t count = count_lines(text, length);
    if (length == 0)
        return fail(error, "vocabulary: empty: expected words");
    if (count > VOCAB_MAX_WORDS + 1) /* a word that is a line break has two */
        return fail(error, "vocabulary: %zu words: expected at most %d", count, VOCAB_MAX_WORDS);
    char *copy = arena_text(arena, text, length);
    if (copy == NULL || !make_room(arena, kind, count, vocab))
        return fail(error, "vocabulary: out of memory: it has %zu bytes", length);
    return add_lines(copy, length, vocab, error);
}

/* --- where vocabularies come from --- */

/* Twice the room: the words as they are, in new tables. */
static bool grow(Arena *arena, Vocab *vocab)
{
    Vocab larger;
    if (!make_room(arena, vocab->kind, vocab->n_slots, &larger))
        return false;
    for (size_t token = 0; token < vocab->size; token++)
        number_word(&larger, vocab->words[token], strlen(vocab->words[token]));
    *vocab = larger;
    return true;
}

/* A vocabulary of the words of a text, in the order in which they first come. */
static bool collect(Arena *arena, const char *text, size_t length, Vocab *vocab, size_t *count,
                    Error *error)
{
    bool ok = make_room(arena, VOCAB_WORDS, 0, vocab);
    size_t bytes;
    *count = 0;
    for (size_t at = 0; ok && at < length; at += bytes, ++*count) {
        bytes = split_piece(text + at, length - at);
        assert(bytes > 0);
        if (word_vocab_find(vocab, text + at, bytes) >= 0)
            continue;
        if (vocab->size == VOCAB_MAX_WORDS)
            return fail_request(error, "more than %d different words: expected tokens = char",
                                VOCAB_MAX_WORDS);
        const char *word = arena_text(arena, text + at, bytes);
        ok = word != NULL && number_word(vocab, word, bytes) &&
             (2 * vocab->size < vocab->n_slots || grow(arena, vocab));
    }
    return ok || fail(error, "out of memory: vocabulary");
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool word_vocab_build(Arena *arena, const char *text, size_t length, Vocab *vocab, size_t *count,
                      Error *error)
{
    Arena scratch = {0};
    Vocab found;
    TextBuffer lines = {0};
    bool ok = collect(&scratch, text, length, &found, count, error);
    if (ok) {
        qsort(found.words, found.size, sizeof *found.words, by_bytes);
        word_vocab_to_text(&found, &lines);
        ok = !lines.failed || fail(error, "out of memory: vocabulary");
    }
    arena_free(&scratch);
    ok = ok && word_vocab_from_text(arena, VOCAB_WORDS, lines.bytes, lines.length, vocab, error);
    text_buffer_free(&lines);
    return ok;
}

bool vocab_of_words(Arena *arena, const char *const *words, size_t count, Vocab *vocab,
                    Error *error)
{
    TextBuffer lines = {0};
    for (size_t w = 0; w < count; w++)
        text_append_format(&lines, "%s\n", words[w]);
    bool ok = lines.failed ? fail(error, "vocabulary: out of memory")
                           : word_vocab_from_text(arena, VOCAB_SYMBOLS, lines.bytes, lines.length,
                                                  vocab, error);
    text_buffer_free(&lines);
    if (ok && vocab->size != count)
        return fail(error, "vocabulary: a line break in a word: expected words");
    return ok;
}
