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

/* What was decoded is the text: without a byte-order mark, and with line ends LF. */
static void check_text(const TextBuffer *decoded, const char *bytes, size_t length)
{
    size_t at = 0;
    for (size_t b = length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0; b < length; b++)
        if (bytes[b] != '\r' || b + 1 == length || bytes[b + 1] != '\n')
            check(at < decoded->length && decoded->bytes[at++] == bytes[b],
                  "the text does not come back");
    check(at == decoded->length, "there is more than the text");
}

/* The vocabulary as text and back, and every token as text and back. */
static void check_corpus(Arena *arena, const Corpus *corpus, const char *bytes, size_t length)
{
    TextBuffer text = {0}, all = {0};
    Vocab again;
    vocab_to_text(&corpus->vocab, &text);
    check(vocab_from_text(arena, corpus->vocab.kind, text.bytes, text.length, &again, NULL),
          "no vocabulary");
    check(vocab_equal(&corpus->vocab, &again), "another vocabulary");
    for (size_t i = 0; i < corpus->all.count; i++)
        vocab_decode(&corpus->vocab, corpus->all.at[i], &all);
    check_text(&all, bytes, length);
    check(corpus->train.count + corpus->validation.count == corpus->all.count, "parts are missing");

    double h[3], most = log((double)corpus->vocab.size) + 1e-9;
    check(entropy_unigram(corpus->all, corpus->vocab.size, &h[0], NULL) &&
              entropy_bigram(corpus->all, corpus->vocab.size, &h[1], NULL) &&
              entropy_trigram(corpus->all, corpus->vocab.size, &h[2], NULL),
          "no entropies");
    for (size_t e = 0; e < 3; e++)
        check(h[e] >= 0 && h[e] <= most, "an entropy is out of range");
    text_buffer_free(&text);
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
    const char *path = fuzz_path("text");
    fuzz_write(path, bytes, length);
    for (VocabKind kind = VOCAB_CHARACTERS; kind <= VOCAB_WORDS; kind++)
        if (corpus_load(&arena, path, kind, &corpus, &error))
            check_corpus(&arena, &corpus, text, length);
        else
            check_refusal(&error, ERROR_REQUEST, path);
    remove(path);
    arena_free(&arena);
    return 0;
}
