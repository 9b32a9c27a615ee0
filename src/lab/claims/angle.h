/* angle.h: what words in front do to two tokens of a text: measured, for angle.c, in one model. */
#ifndef LAB_CLAIMS_ANGLE_H
#define LAB_CLAIMS_ANGLE_H

#include "lab/claims/claim.h"
#include "model/gpt.h"

/* tokens [front + count]: words in front, and the text itself. */
typedef struct AngleText {
    const int *tokens;
    size_t front, count;
} AngleText;

/* From the text alone, at positions 0, 1, ..., to the text with the words in front. Weights and
 * odds are compared by the share that has to be moved to make one of the other, half the sum of
 * |differences|: 0, nothing, to 1, all of it. It is a mean over the tokens, and over the heads. */
typedef struct AngleFinding {
    double cosine; /* between the vectors of two tokens behind the embedding door: largest change */
    double score;  /* before the softmax, in the first layer: largest change, as a share of
                      |q| |k| / sqrt(D) */
    double weights; /* of attention, in the first layer */
    double
        among_first;   /* the same among the text's own tokens, their weights scaled to sum up to 1,
                           in the first layer */
    double among_last; /* and in the last */
    double odds;       /* of the next token */
} AngleFinding;

void angle_look(const Gpt *gpt, Tape *tape, AngleText text, AngleFinding *found);

/* The change of the first layer's scores, as above, when the text is moved by `shift` positions,
 * with nothing in front of it. */
typedef double (*AngleMove)(const Gpt *gpt, Tape *tape, AngleText text, int shift);
double angle_move(const Gpt *gpt, Tape *tape, AngleText text, int shift);

/* The same of a model with RoPE, base 10000 and neighbouring channels as pairs, if in the moved
 * text it computes its angles in 24 bits, as floats are. */
double angle_move_float(const Gpt *gpt, Tape *tape, AngleText text, int shift);

/* The verdict, by the largest change of a score with RoPE, wherever the text was moved, and the
 * change of the odds over the seeds. */
Verdict angle_judge(double score, Estimate odds);

#endif
