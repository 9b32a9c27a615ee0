/* sample_text.c: tokens to text, and a number for "readable". */
#include "cli/sample_text.h"

#include <stdint.h>
#include <string.h>

#include "base/file.h"
#include "cli/card.h"
#include "data/words.h"

typedef struct Sink {
    const Vocab *vocab;
    const char *prompt; /* "" once it is written */
    TextBuffer *out;
    FILE *echo;
} Sink;

static void echo_text(Sink *sink, const char *text, size_t length)
{
    if (!sink->echo)
        return;
    fputs(sink->prompt, sink->echo);
    sink->prompt = "";
    fwrite(text, 1, length, sink->echo);
    fflush(sink->echo);
}

static bool take_token(void *context, int token)
{
    Sink *sink = context;
    size_t before = sink->out->length;
    if ((size_t)token >= sink->vocab->size)
        return true; /* the mask of a model that sees both sides is no text */
    vocab_decode(sink->vocab, token, sink->out);
    if (sink->out->failed)
        return false;
    echo_text(sink, sink->out->bytes + before, sink->out->length - before);
    return true;
}

/* The prompt as tokens in the arena. */
static bool encode_prompt(Arena *arena, const Vocab *vocab, const char *prompt, int **tokens,
                          size_t *count, Error *error)
{
    size_t length = strlen(prompt);
    *tokens = arena_alloc(arena, length + 1, sizeof **tokens);
    if (!*tokens)
        return fail(error, "out of memory: prompt");
    if (length > 0 && !vocab_encode(vocab, prompt, length, *tokens, count, error))
        return fail_within(error, "the prompt");
    if (length == 0 && !vocab_encode(vocab, "\n", 1, *tokens, count, NULL))
        *count = 0;
    if (*count == 0) { /* a vocabulary without line breaks: its first token */
        (*tokens)[0] = 0;
        *count = 1;
    }
    return true;
}

bool sample_text(const Gpt *gpt, const Vocab *vocab, const char *prompt, size_t count,
                 const SampleOptions *options, FILE *echo, TextBuffer *out, Error *error)
{
    Arena arena = {0};
    Sink sink = {vocab, prompt, out, echo};
    int *tokens;
    size_t length;
    bool ok = encode_prompt(&arena, vocab, prompt, &tokens, &length, error) &&
              sample(gpt, tokens, length, count, options, take_token, &sink, error);
    arena_free(&arena);
    return ok && out->failed ? fail(error, "out of memory: sample") : ok;
}

void say_known_words(Terminal *terminal, const char *corpus_path, const TextBuffer *text)
{
    Arena arena = {0};
    FileBytes file;
    WordSet set;
    size_t words = 0, known = 0;
    if (!text->failed && text->length > 0 &&
        file_read(&arena, corpus_path, SIZE_MAX, &file, NULL) &&
        words_collect(&arena, file.bytes, file.length, &set, NULL))
        words_known(&set, text->bytes, text->length, &words, &known);
    arena_free(&arena);
    if (words == 0)
        return;
    CARD_LINE(terminal, "readable",
              "%.1f %% of the %zu words of %d letters or more occur in the corpus",
              100 * (double)known / (double)words, words, (int)WORD_MIN_LETTERS);
}
