/* corpus.h: a text file as training material.
 *
 * The first 90 % of the characters are for training, the last 10 % for validation, in order, as in
 * nanoGPT: a random split would put neighbours of every validation character into the training
 * part.
 *
 *     file (UTF-8) -> characters -> tokens  [ training 90 % | validation 10 % ]
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

typedef struct Corpus {
    const char *path;
    const char *name;             /* the path's stem: "fables" */
    char sha256[SHA256_HEX_SIZE]; /* of the file's bytes */
    Vocab vocab;                  /* of the whole file */
    Tokens all, train, validation;
} Corpus;

/* Reads a text file (a UTF-8 byte-order mark at its start is dropped). Refused, with the reason: a
 * file that cannot be read, an empty one, one that is not UTF-8 (line and byte are said), one that
 * contains a NUL character, one with a single distinct character. The corpus lives in the arena, 4
 * bytes per character; the file's bytes do not stay in memory. */
bool corpus_load(Arena *arena, const char *path, Corpus *corpus, Error *error);

/* Refuses a corpus of which a part is shorter than one window and its targets, block_size + 1. */
bool corpus_check_block_size(const Corpus *corpus, size_t block_size, Error *error);

/* Yardsticks for a loss, in nats per character of the whole corpus (entropy.h); NaN where memory
 * runs out. */
typedef struct Yardsticks {
    double unigram, bigram;
} Yardsticks;
Yardsticks corpus_yardsticks(const Corpus *corpus);

#endif
