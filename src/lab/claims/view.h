/* view.h: the same experiment seen in several ways.
 *
 * What training makes of a scheme depends on more than the scheme. A difference between two of
 * them may be one of their learning rates, as each has its own best one, or one of the text. So a
 * verdict about learning is asked for more than once:
 *
 *     COMMON_RATE    all arms at the same learning rate
 *     BEST_RATES     each arm at its own best of three: a third of that one, that one, three times
 *                    that one; the best has the lowest validation loss, as a mean over the seeds
 *     OTHER_TEXT     all arms at the same learning rate, on another text
 *
 * To the claim that examines it each view is an experiment like any other, with the same arms under
 * the same names.
 */
#ifndef LAB_CLAIMS_VIEW_H
#define LAB_CLAIMS_VIEW_H

#include "lab/claims/claim.h"

typedef enum View { COMMON_RATE, BEST_RATES, OTHER_TEXT, N_VIEWS } View;

/* Makes one experiment out of `count` that have the same arms and seeds: it has each arm as in that
 * one in which its mean validation loss is lowest, of those in which all its runs are finished. An
 * arm that has none such is that of the first. The trials stay those of the experiments, so there
 * is nothing to free. */
bool view_of_best(const Findings *const *choices, size_t count, Experiment *view, Error *error);

/* An answer, and where it was found: "at the common learning rate". */
typedef struct ViewAnswer {
    const char *where;
    Answer answer;
} ViewAnswer;

/* One answer out of those of `count` views. If their verdicts agree, that is the verdict; if
 * not, it is that the claim holds under a condition, where it holds in any view, and does not
 * hold, where in none. Where views differ, in their verdicts or conditions, the condition tells
 * all of them. All else is from the first view. False for lack of memory. */
bool view_together(Arena *arena, const ViewAnswer *views, size_t count, Answer *answer);

#endif
