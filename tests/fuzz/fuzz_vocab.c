/* fuzz_vocab.c: any bytes as a vocabulary, and as a text in its tokens. It is refused with a
 * message; or it comes back as it was, and so does a text that has nothing but its tokens.
 *
 * The first byte chooses the kind. Behind it stands the vocabulary, up to a NUL, and then the text.
 */
#include <string.h>

#include "data/vocab.h"
#include "fuzz/fuzz.h"

static void check_vocab(Arena *arena, const Vocab *vocab, const char *text, size_t length)
{
    Vocab again;
    TextBuffer written = {0};
    vocab_to_text(vocab, &written);
    check(!written.failed && written.length == length && memcmp(written.bytes, text, length) == 0,
          "another vocabulary is written");
    check(vocab_from_text(arena, vocab->kind, written.bytes, written.length, &again, NULL) &&
              vocab_equal(vocab, &again),
          "another vocabulary comes back");
    text_buffer_free(&written);
}

static void check_token(const Vocab *vocab, int token)
{
    TextBuffer plain = {0}, quoted = {0};
    vocab_decode(vocab, token, &plain);
    vocab_quote(vocab, token, &quoted);
    check(!plain.failed && plain.length > 0, "a token without a text");
    check(!quoted.failed && quoted.length > 2 && !memchr(quoted.bytes, '\n', quoted.length),
          "a token that cannot be shown");
    text_buffer_free(&plain);
    text_buffer_free(&quoted);
}

/* Symbols come back with one space before each, whatever stood between them. */
static void check_text(Arena *arena, const Vocab *vocab, const char *text, size_t length)
{
    int *tokens = arena_alloc(arena, length + 1, sizeof *tokens),
        *again = arena_alloc(arena, 2 * length + 2, sizeof *again);
    size_t count = 0, count_again = 0;
    Error error = {0};
    TextBuffer decoded = {0};
    check(tokens && again, "out of memory");
    if (!vocab_encode(vocab, text, length, tokens, &count, &error)) {
        check(strstr(error.text, "line ") != NULL, "refused without its line");
        return;
    }
    check(count <= length && count == vocab_count(vocab, text, length), "counted wrong");
    for (size_t i = 0; i < count; i++) {
        check(tokens[i] >= 0 && (size_t)tokens[i] < vocab->size, "a token out of range");
        vocab_decode(vocab, tokens[i], &decoded);
    }
    if (vocab->kind != VOCAB_SYMBOLS)
        check(decoded.length == length && (length == 0 || memcmp(decoded.bytes, text, length) == 0),
              "another text comes back");
    check(decoded.length <= 2 * length, "longer than the text and its spaces");
    check(vocab_encode(vocab, decoded.bytes ? decoded.bytes : "", decoded.length, again,
                       &count_again, NULL) &&
              count_again == count && memcmp(tokens, again, count * sizeof *tokens) == 0,
          "other tokens come back");
    text_buffer_free(&decoded);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    Arena arena = {0};
    Vocab vocab;
    Error error = {0};
    if (length == 0)
        return 0;
    VocabKind kind = (VocabKind)(bytes[0] % (VOCAB_SYMBOLS + 1));
    const char *words = (const char *)bytes + 1;
    const char *end = memchr(words, '\0', length - 1);
    size_t n_words = end ? (size_t)(end - words) : length - 1;
    char *text = arena_text(&arena, words + n_words, length - 1 - n_words);
    check(text != NULL, "out of memory");
    if (vocab_from_text(&arena, kind, words, n_words, &vocab, &error)) {
        check(vocab.size > 0 && vocab.kind == kind, "another kind of vocabulary");
        check_vocab(&arena, &vocab, words, n_words);
        for (size_t v = 0; v < vocab.size; v++)
            check_token(&vocab, (int)v);
        if (end)
            check_text(&arena, &vocab, text + 1, length - 2 - n_words);
    } else {
        check(error.kind != ERROR_NONE, "refused without a reason");
        fail_within(&error, "x");
        check_refusal(&error, error.kind, "x");
    }
    arena_free(&arena);
    return 0;
}
