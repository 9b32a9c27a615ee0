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

/* What changes from the text alone, at positions 0, 1, ..., to the text with the words in front. */
typedef struct AngleFinding {
    /* The largest change: of the cosine between the vectors of two tokens, behind the embedding
     * door; and of a score of the first layer, as a share of |q| |k| / sqrt(D). */
    double cosine, score;

    /* The share that has to be moved to make one list of shares of the other, half the sum of
     * |differences|: 0, nothing, to 1, all of it. A mean over the tokens, and over the heads.
     * Of the first layer's weights; of these among the text's own tokens, scaled to sum up to
     * 1; of the same in the last layer; and of the probabilities of the next token, the odds. */
    double weights, among_first, among_last, odds;
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
