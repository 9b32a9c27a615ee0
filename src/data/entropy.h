/* entropy.h: how predictable a text is for a reader who only counts: yardsticks for a loss, in nats
 * per token.
 *
 *     H(X)           = -sum over a of        p(a) ln p(a)              knows how often each is
 *     H(X' | X)      = -sum over a, b of     p(a, b) ln p(b | a)       sees the token before
 *     H(X'' | X, X') = -sum over a, b, c of  p(a, b, c) ln p(c | a, b) sees the two before
 *
 * p are the frequencies in the text itself: of its tokens, of its pairs and of its triples of
 * neighbours.
 */
#ifndef DATA_ENTROPY_H
#define DATA_ENTROPY_H

#include "data/corpus.h"

/* 0 where there is nothing to count. They fail when there is no more memory, and, where something
 * is known, for more than 2^32 - 1 tokens. */
bool entropy_unigram(Tokens tokens, size_t vocab_size, double *nats, Error *error);
bool entropy_bigram(Tokens tokens, size_t vocab_size, double *nats, Error *error);
bool entropy_trigram(Tokens tokens, size_t vocab_size, double *nats, Error *error);

#endif
