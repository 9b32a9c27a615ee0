/* fuzz_text.c: any bytes as a corpus. They are refused with a message, or they are characters that
 * come back as they were. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "data/corpus.h"
#include "data/entropy.h"
#include "data/words.h"
#include "fuzz/fuzz.h"

/* Decoding a text character by character, and encoding it again. */
static void check_characters(const char *bytes, size_t length)
{
    for (size_t at = 0, taken; at < length; at += taken) {
        uint32_t character;
        char again[UTF8_MAX_BYTES];
        taken = utf8_decode(bytes + at, length - at, &character);
        if (taken == 0)
            return;
        check(taken <= length - at, "a character is longer than the text");
        check(utf8_encode(character, again) == taken, "a character has another length");
        check(memcmp(again, bytes + at, taken) == 0, "a character is another one");
    }
}

/* What is to be learned: the bytes without a byte-order mark, and with line ends LF. */
static TextBuffer text_of(const char *bytes, size_t length)
{
    TextBuffer text = {0};
    for (size_t b = length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0; b < length; b++)
        if (bytes[b] != '\r' || b + 1 == length || bytes[b + 1] != '\n')
            text_append(&text, bytes + b, 1);
    check(!text.failed, "out of memory");
    return text;
}

/* Is there something to learn: UTF-8 without a NUL, with two different characters? */
static bool can_be_learned(const TextBuffer *text)
{
    uint32_t first = 0, character;
    bool differ = false;
    for (size_t at = 0, taken; at < text->length; at += taken) {
        taken = utf8_decode(text->bytes + at, text->length - at, &character);
        if (taken == 0 || character == 0)
            return false;
        first = at == 0 ? character : first;
        differ = differ || character != first;
    }
    return differ;
}

/* The vocabulary as text and back, and every token as text and back. */
static void check_corpus(Arena *arena, const Corpus *corpus, const TextBuffer *text)
{
    TextBuffer vocab = {0}, all = {0};
    Vocab again;
    vocab_to_text(&corpus->vocab, &vocab);
    check(vocab_from_text(arena, corpus->vocab.kind, vocab.bytes, vocab.length, &again, NULL),
          "no vocabulary");
    check(vocab_equal(&corpus->vocab, &again), "another vocabulary");
    for (size_t i = 0; i < corpus->all.count; i++)
        vocab_decode(&corpus->vocab, corpus->all.at[i], &all);
    check(all.length == text->length && memcmp(all.bytes, text->bytes, all.length) == 0,
          "another text comes back");
    check(corpus->train.count + corpus->validation.count == corpus->all.count, "parts are missing");

    double h[3], most = log((double)corpus->vocab.size) + 1e-9;
    check(entropy_unigram(corpus->all, corpus->vocab.size, &h[0], NULL) &&
              entropy_bigram(corpus->all, corpus->vocab.size, &h[1], NULL) &&
              entropy_trigram(corpus->all, corpus->vocab.size, &h[2], NULL),
          "no entropies");
    for (size_t e = 0; e < 3; e++)
        check(h[e] >= 0 && h[e] <= most, "an entropy is out of range");
    text_buffer_free(&vocab);
    text_buffer_free(&all);
}

/* Every word of a text is known to it. */
static void check_words(Arena *arena, const char *bytes, size_t length)
{
    WordSet set;
    size_t words, known;
    check(words_collect(arena, bytes, length, &set, NULL), "no words");
    words_known(&set, bytes, length, &words, &known);
    check(words == known && set.count <= words, "a word is not known");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    Arena arena = {0};
    Error error = {0};
    Corpus corpus;
    char *text = arena_alloc(&arena, length, 1);
    check(text != NULL, "out of memory");
    if (length > 0)
        memcpy(text, bytes, length);
    check_characters(text, length);
    check_words(&arena, text, length);
    TextBuffer learned = text_of(text, length);
    const char *path = fuzz_path("text");
    fuzz_write(path, bytes, length);
    for (VocabKind kind = VOCAB_CHARACTERS; kind <= VOCAB_WORDS; kind++)
        if (corpus_load(&arena, path, kind, &corpus, &error)) {
            check(can_be_learned(&learned), "taken, though nothing can be learned");
            check_corpus(&arena, &corpus, &learned);
        } else {
            check(kind == VOCAB_WORDS || !can_be_learned(&learned), "refused without a reason");
            check_refusal(&error, ERROR_REQUEST, path);
        }
    text_buffer_free(&learned);
    remove(path);
    arena_free(&arena);
    return 0;
}
