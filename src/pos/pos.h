/* pos.h: what a positional scheme is.
 *
 * Attention compares every token with every other and adds up what it finds; nothing in it knows
 * which token came first. A positional scheme is what tells it. It can enter at three doors, and a
 * door that a scheme does not use stays shut (its function is NULL):
 *
 *     tokens -> embedding -> [1] -> block -> block -> ... -> logits
 *                                     |
 *                q, k, v = linear maps of the token's vector
 *                q, k -> [2]
 *                scores = q.k / sqrt(D) -> [3] -> softmax -> mix of the v
 *
 *     [1] at_embedding    changes the token's vector, once, before the first block
 *     [2] at_query_key    changes q and k of every head in every layer
 *     [3] at_scores       adds to the scores of every layer
 *
 * A scheme is one file in this folder, and one row in the list of registry.c. No other part of the
 * program knows its name: the command line, --help and the gradient check all read the registry.
 * README.md beside this file adds one, step by step.
 *
 * Positions are a list of whole numbers, one for each token of a sequence: 0 ... T-1 in most
 * training, others for a text that is said to stand further on or has gaps. Every scheme takes any
 * such list, up to its max_length.
 */
#ifndef POS_POS_H
#define POS_POS_H

#include <stdbool.h>
#include <stddef.h>

#include "autograd/ops.h"
#include "autograd/param.h"
#include "base/arena.h"
#include "base/keys.h"

typedef struct Positions {
    const int *at; /* [count], each >= 0 */
    size_t count;
} Positions;

/* 0, 1, 2, ... count - 1, in the arena. */
bool positions_from_0(Arena *arena, size_t count, Positions *positions, Error *error);

/* The model that a scheme is made for. Four of its numbers are lengths, each at least as large as
 * the one before. Mostly the first three are equal; here tokens have gaps between them, and the
 * sequence does not begin at 0:
 *
 *     position     0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 ...
 *     in training  . . . a . . b c . d                        block_size 4: tokens
 *                        |-----------|                        span 7: from the first to the last
 *                  |-------------------|                      shown 10: 0 ... 9, in some sequence
 *     afterwards   a b c d e f g h i j k  l  m  n             longest 14: a longer text is read
 */
typedef struct PosShape {
    size_t n_layer, n_head, n_embd;
    size_t block_size; /* tokens of the longest sequence in training */
    size_t span;       /* positions from the first of them to the last, at most */
    size_t shown;      /* training shows the positions 0 ... shown - 1 */
    size_t longest;    /* how many positions the model will ever be shown */
    bool causal;
} PosShape;

static inline size_t pos_head_size(const PosShape *shape)
{
    return shape->n_embd / shape->n_head;
}

/* The largest position that the last of `count` tokens may have in training, if the first one
 * stands at 0. */
static inline int pos_furthest(const PosShape *shape, size_t count)
{
    bool gaps = shape->span > shape->block_size;
    return (int)(gaps && count < shape->span ? shape->span : count) - 1;
}

/* A place where attention is computed. */
typedef struct PosSite {
    size_t layer;
    Heads heads;             /* q of Tq tokens, k and v of Tk */
    Positions queries, keys; /* Tq and Tk numbers; the queries are the last of the keys */
    void *prepared;          /* what `prepare` returned for this pass; NULL without it */
} PosSite;

typedef struct PosScheme PosScheme;

/* A scheme at work in one model. */
typedef struct Pos {
    const PosScheme *scheme;
    PosShape shape;
    const void *options; /* the scheme's own struct, see PosScheme.keys */
    void *state;         /* whatever init made, in `arena` */
    Arena arena;
} Pos;

struct PosScheme {
    const char *name;   /* as in POS=rope */
    const char *title;  /* for people: "rotary position embedding" */
    const char *source; /* paper and equation */
    const char *cost;   /* what it adds to a model: "T C parameters", in the letters of tensor.h */

    bool causal_only; /* not defined for a query that sees keys behind it: pos_init refuses that */

    const ConfigKey *keys; /* its own options, with offsets in a struct of options_size bytes */
    size_t n_keys, options_size;

    /* Checks that the model suits the scheme, declares its parameters, fills pos->state. NULL:
     * nothing to do. */
    bool (*init)(Pos *pos, ParamList *params, Error *error);

    /* Gives its parameters other values to start from than they were declared with. NULL: it does
     * not. */
    void (*initialise)(const Pos *pos);

    /* Called once at the start of each pass: what all layers share (a table of angles, say). */
    void *(*prepare)(const Pos *pos, Tape *tape, Positions queries, Positions keys);

    /* [1] x [B, T, C] to a tensor of the same shape. */
    Tensor *(*at_embedding)(const Pos *pos, Tape *tape, Tensor *x, Positions positions);

    /* [2] Replaces site->heads.q and .k, by views of tensors of its own or of what it made in their
     * place (v is there for the experiment that shows why it is left alone). queries and keys are
     * the same positions here. */
    void (*at_query_key)(const Pos *pos, Tape *tape, PosSite *site);

    /* [3] What is added to q.k / sqrt(D). */
    ScoreBias (*at_scores)(const Pos *pos, Tape *tape, const PosSite *site);

    /* How many positions there are (0 ... that - 1). NULL: any. */
    size_t (*max_length)(const Pos *pos);

    /* How many tokens a text may have before what was computed of its beginning is right no more.
     * (A scheme may turn the first tokens of a long text otherwise than those of a short one: the
     * keys that were kept are then of no use, and beyond this length the whole text is computed
     * anew for each token.) NULL, and 0: any number. */
    size_t (*lasting_length)(const Pos *pos);

    /* Appends what a person should know of this scheme in this model, in a few words. */
    void (*describe)(const Pos *pos, TextBuffer *out);
};

/* The scheme of a run that asks for none by name, and those of a comparison. */
#define POS_DEFAULT  "rope"
#define POS_COMPARED "none,learned,sinusoidal,relative,rope"

/* The control, and the plainest scheme there is: what separates these two is the measure of what a
 * positional embedding does at all. */
#define POS_CONTROL  "none"
#define POS_PLAINEST "learned"

/* The registry: every scheme, `none` first; its names, ended by NULL; one by name, or NULL. */
extern const PosScheme *const pos_schemes[];
extern const size_t pos_scheme_count;
extern const char *const pos_names[];
const PosScheme *pos_find(const char *name);

/* Its number in the registry; pos_scheme_count: it is not there. */
size_t pos_index(const PosScheme *scheme);

/* The options of every scheme: a struct for each, in the order of the registry. */
enum { MAX_POS_SCHEMES = 32 };

typedef struct PosOptions {
    void *of[MAX_POS_SCHEMES];
} PosOptions;

/* Adds the options of every scheme to the settings, where they live. */
bool pos_options_add(PosOptions *options, Settings *settings, Error *error);
const void *pos_options_of(const PosOptions *options, const PosScheme *scheme);

/* Adds those options alone that a trained model may be given another value of
 * (ConfigKey.after_training). The values belong to the settings. */
bool pos_options_add_after_training(Settings *settings, Error *error);

/* Makes a scheme ready for a model whose parameters are being declared. Refuses a model that does
 * not suit it. `options` outlives it. */
bool pos_init(Pos *pos, const PosScheme *scheme, const PosShape *shape, const void *options,
              ParamList *params, Error *error);
void pos_free(Pos *pos);

/* Refuses positions at or beyond the scheme's max_length, with the reason. */
bool pos_check(const Pos *pos, Positions positions, Error *error);

/* Does what was computed of the first tokens of a text stay right when it has `length` of them? */
bool pos_lasts(const Pos *pos, size_t length);

/* "score door", "embedding door", "no door": where a scheme comes in. */
const char *pos_doors(const PosScheme *scheme);

#endif
