/* sliding.h: the loss on the same targets, whatever the length of the window.
 *
 * Windows side by side (evaluate.h) do not compare lengths fairly: a longer window has a smaller
 * share of tokens near its start, where little is known. So here all lengths predict one and the
 * same run of tokens, at the end of the text, and each of them from nearly a whole window. A window
 * of T tokens slides by S = max(1, T/4) and is asked for its last S targets only:
 *
 *     the text     . . . . . . . . . . . . . x x x x x x x x      x    the run of targets
 *     T = 8, S = 2               - - - - - - 1 1                  1 2  what the first window is
 *                                    - - - - - - 2 2                   asked for, the second, ...
 *                                        - - - - - - 3 3          -    what it could be asked
 *                                            - - - - - - 4 4
 *     T = 4, S = 1                     - - - 1
 *                                        - - - 2                       and so on
 *
 * So a target has T-S+1 to T tokens of context (more than 3/4 T). Where S does not divide the run's
 * length, the last window is asked for fewer.
 *
 * The run has TARGETS tokens, rounded up to a multiple of the longest window's S. In a short text
 * it begins where that window, standing at the start of the text, is asked first.
 */
#ifndef TRAIN_SLIDING_H
#define TRAIN_SLIDING_H

#include "train/evaluate.h"

enum { TARGETS = 4096 };

/* The tokens first ... first + count - 1 of a text, each to be predicted from those before it. */
typedef struct TargetRun {
    size_t first, count;
} TargetRun;

/* The run for windows of up to `longest` tokens; one of no tokens where the text cannot fill such a
 * window. */
TargetRun target_run(Tokens tokens, size_t longest);

/* The loss of a causal model on that run, in windows of the evaluator's length, which is at most
 * the longest that the run was made for. The same bits at any batch size and on any number of
 * threads. */
Evaluation evaluate_targets(Evaluator *evaluator, Tokens tokens, TargetRun run);

#endif
