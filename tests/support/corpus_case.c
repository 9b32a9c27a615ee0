/* corpus_case.c: writes and loads texts. */
#include "support/corpus_case.h"

#include <string.h>

Corpus load_corpus(Place *place, const char *path)
{
    Corpus corpus;
    if (!corpus_load(&place->arena, path, VOCAB_CHARACTERS, &corpus, &place->error))
        fail_msg("%s", place->error.text);
    return corpus;
}

Corpus corpus_of_bytes(Place *place, const void *bytes, size_t length)
{
    write_test_file(place->path, bytes, length);
    return load_corpus(place, place->path);
}

Corpus corpus_of_words(Place *place, const char *text)
{
    Corpus corpus;
    write_test_file(place->path, text, strlen(text));
    if (!corpus_load(&place->arena, place->path, VOCAB_WORDS, &corpus, &place->error))
        fail_msg("%s", place->error.text);
    return corpus;
}

void assert_corpus_text(const Corpus *corpus, const char *text)
{
    TextBuffer out = {0};
    for (size_t i = 0; i < corpus->all.count; i++)
        vocab_decode(&corpus->vocab, corpus->all.at[i], &out);
    assert_string_equal(out.bytes, text);
    text_buffer_free(&out);
}

void assert_corpus_refused(Place *place, const char *path, const char *message)
{
    Corpus corpus;
    place->error = (Error){0};
    assert_false(corpus_load(&place->arena, path, VOCAB_CHARACTERS, &corpus, &place->error));
    assert_contains(place->error.text, message);
    assert_contains(place->error.text, path);
    assert_int_equal(place->error.kind, ERROR_REQUEST);
    assert_false(corpus_load(&place->arena, path, VOCAB_CHARACTERS, &corpus, NULL));
}
