/* corpus.h: a text file as training material.
 *
 * Its tokens are characters or words (vocab.h). The first 90 % of them are for training, the last
 * 10 % for validation, in order, as in nanoGPT: a random split would put neighbours of every
 * validation token into the training part.
 *
 *     file (UTF-8) -> text -> tokens  [ training 90 % | validation 10 % ]
 *
 * Two things that editors put into files are no part of the text: a byte-order mark in front, and
 * the '\r' of a line end "\r\n". So a text from Windows trains like the same one from elsewhere.
 */
#ifndef DATA_CORPUS_H
#define DATA_CORPUS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/sha256.h"
#include "data/vocab.h"

/* Tokens in order: a whole text, or a part of one. */
typedef struct Tokens {
    const int *at;
    size_t count;
} Tokens;

/* Tokens of the validation part that the training part does not have. A model has a place for them,
 * but never learns what they are. */
enum { UNSEEN_FIRST = 8 };
typedef struct Unseen {
    size_t kinds, times;     /* how many different ones, and how often they occur together */
    int first[UNSEEN_FIRST]; /* the first of them, in the order of the text */
} Unseen;

typedef struct Corpus {
    const char *path;
    const char *name;             /* the path's stem: "fables" */
    char sha256[SHA256_HEX_SIZE]; /* of the file's bytes, or of the text that a grammar made */
    const char *grammar;          /* the file of its grammar; NULL: none that is known */
    bool had_crlf;                /* some lines of the file end in "\r\n" */
    Vocab vocab;                  /* of the whole file */
    Tokens all, train, validation;
    Unseen unseen;
} Corpus;

/* Reads a text file, or makes a text: where the path ends in ".grammar", that language's first
 * GENERATED_CHARS characters with the seed GENERATED_SEED (what `posgpt data generate` writes).
 * Refused, with the reason: a file that cannot be read, an empty one, one that is not UTF-8 (line
 * and byte are said), one that contains a NUL character, one with a single distinct token. The
 * corpus lives in the arena, 4 bytes per token; the file's bytes do not stay in memory. */
enum { GENERATED_CHARS = 400000, GENERATED_SEED = 1 };
bool corpus_load(Arena *arena, const char *path, VocabKind kind, Corpus *corpus, Error *error);

/* The same in the tokens of a vocabulary that is there already, which must outlive the corpus.
 * Refused is then also a text with something in it that the vocabulary does not have. */
bool corpus_load_in(Arena *arena, const char *path, const Vocab *vocab, Corpus *corpus,
                    Error *error);

/* Is it the path of a grammar, by its ending? And where the grammar of a text file would stand:
 * x.grammar for x.txt or x; NULL when memory runs out. */
bool corpus_is_grammar(const char *path);
const char *corpus_grammar_path(Arena *arena, const char *path);

/* The grammar of the text in a file: that file itself, or the one of the same name beside it, as
 * x.grammar beside x.txt or x; NULL if there is none. */
const char *corpus_grammar(Arena *arena, const char *path);

/* Appends "validation has 2 characters that training never sees (3 times): 'é' 'Z'"; nothing if
 * there are none. */
void corpus_say_unseen(const Corpus *corpus, TextBuffer *out);

/* Refuses a corpus of which a part is shorter than one window and its targets, block_size + 1. */
bool corpus_check_block_size(const Corpus *corpus, size_t block_size, Error *error);

/* Yardsticks for a loss, in nats per token: the entropies of the whole corpus (entropy.h), NaN
 * where memory runs out; and how low the loss on the validation part can be, NaN until somebody
 * computes it (floors.h). */
typedef struct Yardsticks {
    double unigram, bigram, floor;
} Yardsticks;
Yardsticks corpus_yardsticks(const Corpus *corpus);

#endif
