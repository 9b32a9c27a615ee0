/* corpus.c: from a file to its two parts. */
#include "data/corpus.h"

#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/utf8.h"
#include "data/entropy.h"

static const char byte_order_mark[] = "\xef\xbb\xbf"; /* U+FEFF: some editors put it in front */

/* A file that cannot be read is one that the request should not have named. */
static bool read_file(Arena *arena, const char *path, FileBytes *file, Error *error)
{
    if (file_read(arena, path, SIZE_MAX, file, error))
        return true;
    if (error != NULL)
        error->kind = ERROR_REQUEST;
    return false;
}

static size_t line_of(const char *text, const char *at)
{
    size_t line = 1;
    for (; text < at; text++)
        line += *text == '\n';
    return line;
}

/* Refuses a text from which nothing can be learned, or that is none. */
static bool check_characters(const char *path, const char *text, size_t length, const Vocab *vocab,
                             Error *error)
{
    if (length == 0)
        return fail_request(error, "%s: empty: expected text", path);
    if (vocab->characters[0] == 0)
        return fail_request(error, "%s:%zu: a NUL character: expected text", path,
                            line_of(text, memchr(text, '\0', length)));
    if (vocab->size == 1)
        return fail_request(error, "%s: U+%04X is its only character: expected at least two", path,
                            (unsigned)vocab->characters[0]);
    return true;
}

static size_t count_characters(const char *text, size_t length)
{
    size_t count = 0;
    for (size_t b = 0; b < length; b++)
        count += !utf8_continues(text[b]);
    return count;
}

/* The first floor(9/10 n) characters, and the others. */
static void split(Corpus *corpus)
{
    size_t validation = corpus->all.count / 10 + (corpus->all.count % 10 != 0);
    size_t train = corpus->all.count - validation;
    corpus->train = (Tokens){corpus->all.at, train};
    corpus->validation = (Tokens){corpus->all.at + train, validation};
}

static bool make_tokens(Arena *arena, const char *text, size_t length, Corpus *corpus, Error *error)
{
    if (!vocab_build(arena, corpus->path, text, length, &corpus->vocab, error) ||
        !check_characters(corpus->path, text, length, &corpus->vocab, error))
        return false;
    size_t count = count_characters(text, length);
    int *tokens = arena_alloc_raw(arena, count, sizeof *tokens);
    if (tokens == NULL)
        return fail(error, "%s: out of memory: it has %zu characters", corpus->path, count);
    if (!vocab_encode(&corpus->vocab, text, length, tokens, &count, error))
        return fail_within(error, "%s", corpus->path);
    corpus->all = (Tokens){tokens, count};
    split(corpus);
    return true;
}

bool corpus_load(Arena *arena, const char *path, Corpus *corpus, Error *error)
{
    *corpus =
        (Corpus){.path = arena_text(arena, path, strlen(path)), .name = path_stem(arena, path)};
    if (corpus->path == NULL || corpus->name == NULL)
        return fail(error, "%s: out of memory", path);
    Arena scratch = {0};
    FileBytes file;
    bool ok = read_file(&scratch, path, &file, error);
    if (ok) {
        size_t mark = strncmp(file.bytes, byte_order_mark, 3) == 0 ? 3 : 0;
        ok = make_tokens(arena, file.bytes + mark, file.length - mark, corpus, error);
    }
    if (ok) {
        sha256_hex(file.bytes, file.length, corpus->sha256);
    }
    arena_free(&scratch);
    return ok;
}

static bool check_part(const char *path, const char *part, Tokens tokens, size_t block_size,
                       Error *error)
{
    if (tokens.count > block_size)
        return true;
    return fail_request(error, "%s: %zu characters for %s: expected more than block_size = %zu",
                        path, tokens.count, part, block_size);
}

bool corpus_check_block_size(const Corpus *corpus, size_t block_size, Error *error)
{
    return check_part(corpus->path, "validation (the last 10 %)", corpus->validation, block_size,
                      error) &&
           check_part(corpus->path, "training (the first 90 %)", corpus->train, block_size, error);
}

Yardsticks corpus_yardsticks(const Corpus *corpus)
{
    Yardsticks yardsticks = {NAN, NAN};
    entropy_unigram(corpus->all, corpus->vocab.size, &yardsticks.unigram, NULL);
    entropy_bigram(corpus->all, corpus->vocab.size, &yardsticks.bigram, NULL);
    return yardsticks;
}
