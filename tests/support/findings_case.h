/* findings_case.h: what a comparison found, without any run: made-up losses of arms and seeds, and
 * all that follows from them.
 *
 *     FindingsCase *made = make_findings(folder, (FindingsPlan){.n_arms = 5, .n_seeds = 3});
 *     ... made->findings ...
 *     free_findings(made);
 *
 * The arms are the schemes of the registry in its order; where there are more of them, further
 * variants of each, which differ in learning_rate. The losses are such as runs have: a seed does
 * much the same to each arm. What comparison.h and statistics.h work out is worked out by them.
 */
#ifndef TESTS_SUPPORT_FINDINGS_CASE_H
#define TESTS_SUPPORT_FINDINGS_CASE_H

#include "support/check.h"

#include "lab/findings.h"

typedef struct FindingsPlan {
    size_t n_arms, n_seeds;
    const double *loss; /* [n_arms, n_seeds]: the validation losses at the end; NaN: that run is not
                           there. NULL: made up */
    size_t n_contexts;  /* 0 ... 6: of a quarter of the training length, and so on twice as long */
    const char *task;   /* in place of a text; NULL: a text */
    size_t n_builds;
    const char *sample; /* what each finished run wrote; NULL: a text that it might have written */
} FindingsPlan;

typedef struct FindingsCase {
    Arena arena;
    Request request;
    Experiment experiment; /* its folder is FOLDER/comparison; that of a run FOLDER/ARM-SEED */
    Findings findings;
    const char **names; /* [n_arms]: a test may change them */
} FindingsCase;

/* The folder is there; the corpus, the comparison's folder and the samples of the runs are written
 * into it. Fails the test if it cannot. */
FindingsCase *make_findings(const char *folder, FindingsPlan plan);
void free_findings(FindingsCase *made);

/* The path of a file in the comparison's folder, in the case's arena. */
const char *findings_path(FindingsCase *made, const char *name);

#endif
