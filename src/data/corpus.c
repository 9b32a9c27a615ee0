/* corpus.c: from a file to its two parts. */
#include "data/corpus.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "data/entropy.h"
#include "data/sentence.h"

static const char byte_order_mark[] = "\xef\xbb\xbf"; /* U+FEFF */

bool corpus_is_grammar(const char *path)
{
    const char *ending = strrchr(path, '.');
    return ending != NULL && strcmp(ending, ".grammar") == 0;
}

const char *corpus_grammar_path(Arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/'), *ending = strrchr(path, '.');
    bool has_ending = ending != NULL && (slash == NULL || ending > slash);
    size_t length = has_ending ? (size_t)(ending - path) : strlen(path);
    return text_format(arena, "%.*s.grammar", (int)length, path);
}

const char *corpus_grammar(Arena *arena, const char *path)
{
    if (corpus_is_grammar(path))
        return path;
    const char *beside = corpus_grammar_path(arena, path);
    return beside != NULL && file_exists(beside) ? beside : NULL;
}

static bool generate(Arena *arena, const char *path, FileBytes *file, Error *error)
{
    Grammar grammar;
    TextBuffer text = {0};
    if (!grammar_load(arena, path, &grammar, error))
        return false;
    sentences_append(&grammar, GENERATED_SEED, GENERATED_CHARS, &text);
    *file =
        (FileBytes){text.failed ? NULL : arena_text(arena, text.bytes, text.length), text.length};
    text_buffer_free(&text);
    return file->bytes != NULL || fail(error, "%s: out of memory", path);
}

static bool read_text(Arena *arena, const char *path, FileBytes *file, Error *error)
{
    return corpus_is_grammar(path) ? generate(arena, path, file, error)
                                   : file_read_named(arena, path, SIZE_MAX, file, error);
}

/* Drops each '\r' that stands before a '\n'; are there any? */
static bool drop_returns(char *text, size_t *length)
{
    if (memchr(text, '\r', *length) == NULL)
        return false;
    size_t kept = 0;
    for (size_t b = 0; b < *length; b++)
        if (text[b] != '\r' || b + 1 == *length || text[b + 1] != '\n')
            text[kept++] = text[b];
    bool dropped = kept < *length;
    *length = kept;
    return dropped;
}

/* The first floor(9/10 n) tokens, and the others. */
static void split(Corpus *corpus)
{
    size_t validation = corpus->all.count / 10 + (corpus->all.count % 10 != 0);
    size_t train = corpus->all.count - validation;
    corpus->train = (Tokens){corpus->all.at, train};
    corpus->validation = (Tokens){corpus->all.at + train, validation};
}

/* Counts the tokens that are in the validation part only. A table remembers of each where it was
 * found last. */
static bool find_unseen(Corpus *corpus, Error *error)
{
    enum { NOWHERE, IN_TRAINING, IN_VALIDATION };
    Arena scratch = {0};
    Unseen *unseen = &corpus->unseen;
    unsigned char *found = arena_alloc(&scratch, corpus->vocab.size, 1);
    if (found == NULL)
        return fail(error, "%s: out of memory", corpus->path);
    for (size_t i = 0; i < corpus->train.count; i++)
        found[corpus->train.at[i]] = IN_TRAINING;
    for (size_t i = 0; i < corpus->validation.count; i++) {
        int token = corpus->validation.at[i];
        if (found[token] == IN_TRAINING)
            continue;
        if (found[token] == NOWHERE && unseen->kinds++ < UNSEEN_FIRST)
            unseen->first[unseen->kinds - 1] = token;
        found[token] = IN_VALIDATION;
        unseen->times++;
    }
    arena_free(&scratch);
    return true;
}

void corpus_say_unseen(const Corpus *corpus, TextBuffer *out)
{
    const Unseen *unseen = &corpus->unseen;
    if (unseen->kinds == 0)
        return;
    text_append_format(out, "validation has %zu %s%s that training never sees (%zu time%s):",
                       unseen->kinds, vocab_unit(&corpus->vocab), unseen->kinds == 1 ? "" : "s",
                       unseen->times, unseen->times == 1 ? "" : "s");
    for (size_t u = 0; u < unseen->kinds && u < UNSEEN_FIRST; u++) {
        text_append(out, " ", 1);
        vocab_quote(&corpus->vocab, unseen->first[u], out);
    }
    if (unseen->kinds > UNSEEN_FIRST)
        text_append_format(out, " ...");
}

static bool make_tokens(Arena *arena, const char *text, size_t length, size_t count, Corpus *corpus,
                        Error *error)
{
    int *tokens = arena_alloc_raw(arena, count, sizeof *tokens);
    if (tokens == NULL)
        return fail(error, "%s: out of memory: it has %zu %ss", corpus->path, count,
                    vocab_unit(&corpus->vocab));
    if (!vocab_encode(&corpus->vocab, text, length, tokens, &count, error))
        return fail_within(error, "%s", corpus->path);
    corpus->all = (Tokens){tokens, count};
    split(corpus);
    return find_unseen(corpus, error);
}

/* The vocabulary of a text from which something can be learned. */
static bool make_vocab(Arena *arena, VocabKind kind, const char *text, size_t length,
                       Corpus *corpus, size_t *count, Error *error)
{
    Vocab *vocab = &corpus->vocab;
    if (!vocab_build(arena, kind, corpus->path, text, length, vocab, count, error))
        return false;
    if (vocab->size > 1)
        return true;
    TextBuffer only = {0};
    vocab_quote(vocab, 0, &only);
    fail_request(error, "%s: %s is its only %s: expected at least two", corpus->path,
                 only.failed ? "?" : only.bytes, vocab_unit(vocab));
    text_buffer_free(&only);
    return false;
}

/* All of the corpus that comes from the text, behind the byte-order mark and without returns.
 * vocab: NULL to make one from the text. */
static bool take_text(Arena *arena, VocabKind kind, const Vocab *vocab, FileBytes file,
                      Corpus *corpus, Error *error)
{
    size_t mark = strncmp(file.bytes, byte_order_mark, 3) == 0 ? 3 : 0;
    char *text = file.bytes + mark;
    size_t length = file.length - mark, count;
    corpus->had_crlf = drop_returns(text, &length);
    if (length == 0)
        return fail_request(error, "%s: empty: expected text", corpus->path);
    if (vocab != NULL) {
        corpus->vocab = *vocab;
        count = vocab_count(vocab, text, length);
    } else if (!make_vocab(arena, kind, text, length, corpus, &count, error)) {
        return false;
    }
    return make_tokens(arena, text, length, count, corpus, error);
}

static bool load(Arena *arena, const char *path, VocabKind kind, const Vocab *vocab, Corpus *corpus,
                 Error *error)
{
    *corpus =
        (Corpus){.path = arena_text(arena, path, strlen(path)), .name = path_stem(arena, path)};
    if (corpus->path == NULL || corpus->name == NULL)
        return fail(error, "%s: out of memory", path);
    Arena scratch = {0};
    FileBytes file;
    bool ok = read_text(&scratch, path, &file, error);
    corpus->grammar = corpus_grammar(arena, corpus->path);
    if (ok) {
        assert(file.bytes != NULL);
        sha256_hex(file.bytes, file.length, corpus->sha256);
        ok = take_text(arena, kind, vocab, file, corpus, error);
    }
    arena_free(&scratch);
    return ok;
}

bool corpus_load(Arena *arena, const char *path, VocabKind kind, Corpus *corpus, Error *error)
{
    return load(arena, path, kind, NULL, corpus, error);
}

bool corpus_load_in(Arena *arena, const char *path, const Vocab *vocab, Corpus *corpus,
                    Error *error)
{
    return load(arena, path, vocab->kind, vocab, corpus, error);
}

static bool check_part(const Corpus *corpus, const char *part, Tokens tokens, size_t block_size,
                       Error *error)
{
    if (tokens.count > block_size)
        return true;
    return fail_request(error, "%s: %zu %s%s for %s: expected more than block_size = %zu",
                        corpus->path, tokens.count, vocab_unit(&corpus->vocab),
                        tokens.count == 1 ? "" : "s", part, block_size);
}

bool corpus_check_block_size(const Corpus *corpus, size_t block_size, Error *error)
{
    return check_part(corpus, "validation (the last 10 %)", corpus->validation, block_size,
                      error) &&
           check_part(corpus, "training (the first 90 %)", corpus->train, block_size, error);
}

Yardsticks corpus_yardsticks(const Corpus *corpus)
{
    Yardsticks yardsticks = {NAN, NAN, NAN};
    if (!entropy_unigram(corpus->all, corpus->vocab.size, &yardsticks.unigram, NULL))
        yardsticks.unigram = NAN;
    if (!entropy_bigram(corpus->all, corpus->vocab.size, &yardsticks.bigram, NULL))
        yardsticks.bigram = NAN;
    return yardsticks;
}
