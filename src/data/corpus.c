/* corpus.c: from a file to its two parts, and the entropies of a text. */
#include "data/corpus.h"

#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/utf8.h"

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

/* n times the entropy of n tokens,
 *
 *     n H = -n sum of (c/n) ln(c/n) = sum of c ln(n/c)      c: how often each token occurs
 *
 * of which no term is negative, rounded or not. counts [V] is zero before and after. */
static double information(const int *tokens, size_t n, size_t *counts)
{
    for (size_t i = 0; i < n; i++)
        counts[tokens[i]]++;
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        size_t *count = &counts[tokens[i]];
        if (*count > 0)
            sum += (double)*count * log((double)n / (double)*count);
        *count = 0;
    }
    return sum;
}

bool entropy_unigram(Tokens tokens, size_t vocab_size, double *nats, Error *error)
{
    Arena scratch = {0};
    size_t *counts = arena_alloc(&scratch, vocab_size, sizeof *counts);
    if (counts == NULL)
        return fail(error, "out of memory: entropy of %zu characters", tokens.count);
    *nats =
        tokens.count > 0 ? information(tokens.at, tokens.count, counts) / (double)tokens.count : 0;
    arena_free(&scratch);
    return true;
}

/* Brings the followers of each token together, by a counting sort: those of a end at end[a], where
 * those of a + 1 start. end [V] is zero before. */
static void sort_followers(Tokens tokens, size_t vocab_size, int *followers, size_t *end)
{
    size_t n_pairs = tokens.count - 1, start = 0;
    for (size_t i = 0; i < n_pairs; i++)
        end[tokens.at[i]]++;
    for (size_t a = 0; a < vocab_size; a++) {
        size_t count = end[a];
        end[a] = start; /* the next free place of a's followers, and at last their end */
        start += count;
    }
    for (size_t i = 0; i < n_pairs; i++)
        followers[end[tokens.at[i]]++] = tokens.at[i + 1];
}

/* H(X' | X) is the mean, over all pairs, of the entropy among the followers of the first. A table
 * of V x V counts would do for a small alphabet; this takes 4 bytes per character for any. */
bool entropy_bigram(Tokens tokens, size_t vocab_size, double *nats, Error *error)
{
    *nats = 0;
    if (tokens.count < 2)
        return true;
    Arena scratch = {0};
    int *followers = arena_alloc_raw(&scratch, tokens.count - 1, sizeof *followers);
    size_t *end = arena_alloc(&scratch, vocab_size, sizeof *end);
    size_t *counts = arena_alloc(&scratch, vocab_size, sizeof *counts);
    bool ok = followers != NULL && end != NULL && counts != NULL;
    if (ok) {
        sort_followers(tokens, vocab_size, followers, end);
        for (size_t a = 0, start = 0; a < vocab_size; start = end[a++])
            *nats += information(followers + start, end[a] - start, counts);
        *nats /= (double)(tokens.count - 1);
    }
    arena_free(&scratch);
    return ok || fail(error, "out of memory: entropy of %zu characters", tokens.count);
}

Yardsticks corpus_yardsticks(const Corpus *corpus)
{
    Yardsticks yardsticks = {NAN, NAN};
    entropy_unigram(corpus->all, corpus->vocab.size, &yardsticks.unigram, NULL);
    entropy_bigram(corpus->all, corpus->vocab.size, &yardsticks.bigram, NULL);
    return yardsticks;
}
