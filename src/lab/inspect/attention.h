/* attention.h: where each head of a model looks in a text. */
#ifndef LAB_INSPECT_ATTENTION_H
#define LAB_INSPECT_ATTENTION_H

#include "data/vocab.h"
#include "lab/inspect/gallery.h"
#include "model/gpt.h"
#include "train/placement.h"

/* A longer text is refused: its pictures show nothing any more, and their numbers are T x T for
 * each head. */
enum { MOST_ATTENTION = 256 };

/* Which of the patterns stands for all where there is room for one. */
typedef struct AttentionChoice {
    size_t layer, head; /* head = n_head: the mean over all */
} AttentionChoice;

/* Adds the figure "attention": a panel for each layer and head, [T, T], a row for each token of the
 * text and the share of its attention that each column gets; blank where the mask is. Refused are a
 * text without a token, one of more than MOST_ATTENTION, one with something that the vocabulary
 * does not have, and one too long for the placement, the scheme or the machine. */
bool inspect_attention(Gallery *gallery, const Gpt *gpt, Placement placement, const Vocab *vocab,
                       const char *text, AttentionChoice choice, Error *error);

#endif
