/* cache.h: what becomes of the logits of a text when it goes on: measured, for cache.c, in models
 * that were never trained and have no parameter at zero. */
#ifndef LAB_CLAIMS_CACHE_H
#define LAB_CLAIMS_CACHE_H

#include "lab/claims/claim.h"
#include "model/cache.h"

/* A text of so many tokens, its beginning, and a window that it does not fit into. */
enum { CACHE_TEXT = 48, CACHE_BEGINNING = 32, CACHE_WINDOW = 16 };

/* The largest change of a logit at each token; 0 where every bit is the same. */
typedef struct LogitChange {
    double at[CACHE_TEXT];
} LogitChange;

/* Of the tokens first ... end - 1; infinite where one of them is not a number. */
double logit_change_most(const LogitChange *change, size_t first, size_t end);

/* A text with the model's cache: gpt_continue, or what a test puts in its place. */
typedef Tensor *(*GoOn)(GptCache *cache, Tape *tape, const int *tokens, size_t count, Error *error);

enum { CACHE_DEPTHS = 2 }; /* models of one layer, and of two */

typedef struct CacheFinding {
    /* At the beginning, when the rest is put behind it. */
    LogitChange longer;
    /* From one pass over the text to tokens one by one with a cache, which holds all of the text,
     * or a window of it (see model/cache.h). */
    LogitChange cached;
    /* From the last CACHE_WINDOW tokens, encoded anew from position 0 on, to a cache of that window
     * which has slid: at the tokens from CACHE_WINDOW on. */
    LogitChange slid[CACHE_DEPTHS];
    /* Are 16 tokens drawn with a cache those drawn without? */
    bool same_sample;
} CacheFinding;

bool cache_look(const PosScheme *scheme, GoOn go_on, RandomKey key, CacheFinding *found,
                Error *error);

/* `longer` of a model of two layers that sees both sides; and of a causal one with an option of the
 * scheme, which may have no cache. */
bool cache_look_both_sides(const PosScheme *scheme, RandomKey key, LogitChange *longer,
                           Error *error);
bool cache_look_with(const PosScheme *scheme, Setting option, RandomKey key, LogitChange *longer,
                     Error *error);

/* The claim's answer for these schemes, one of them called rope. */
bool cache_answer(const ClaimDesk *desk, const PosScheme *const *schemes, size_t n_schemes,
                  GoOn go_on, Answer *answer, Error *error);

#endif
