/* vocab_desk.c: desks, and vocabularies of words on them. */
#include "support/vocab_desk.h"

#include <stdlib.h>
#include <string.h>

int make_desk(void **state)
{
    *state = calloc(1, sizeof(Desk));
    return *state != NULL ? 0 : -1;
}

int remove_desk(void **state)
{
    Desk *desk = *state;
    arena_free(&desk->arena);
    free(desk);
    return 0;
}

size_t build_words(Desk *desk, const char *text)
{
    size_t count;
    if (!vocab_build(&desk->arena, VOCAB_WORDS, "text", text, strlen(text), &desk->vocab, &count,
                     &desk->error))
        fail_msg("%s", desk->error.text);
    assert_null(desk->vocab.characters);
    return count;
}

void list_symbols(Desk *desk, const char *const *words, size_t count)
{
    if (!vocab_of_words(&desk->arena, words, count, &desk->vocab, &desk->error))
        fail_msg("%s", desk->error.text);
}

int *encode_words(Desk *desk, const char *text, size_t n)
{
    size_t length = strlen(text), count;
    char *copy = arena_alloc(&desk->arena, length, 1);
    int *tokens = arena_alloc(&desk->arena, length, sizeof *tokens);
    assert_true(copy != NULL && tokens != NULL);
    /* NOLINTNEXTLINE(bugprone-not-null-terminated-result): it has a length instead */
    memcpy(copy, text, length);
    if (!vocab_encode(&desk->vocab, copy, length, tokens, &count, &desk->error))
        fail_msg("%s", desk->error.text);
    assert_int_equal(count, n);
    assert_int_equal(vocab_count(&desk->vocab, copy, length), n);
    return tokens;
}

void assert_decodes_to(const Desk *desk, const int *tokens, size_t n, const char *text)
{
    TextBuffer out = {0};
    text_append(&out, "", 0);
    for (size_t i = 0; i < n; i++)
        vocab_decode(&desk->vocab, tokens[i], &out);
    assert_false(out.failed);
    assert_string_equal(out.bytes, text);
    text_buffer_free(&out);
}
