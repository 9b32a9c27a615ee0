/* results.h: what the files in the folders of an experiment's runs say.
 *
 * Everything that is shown of a comparison comes from these files, and nothing from the process
 * that made them: so runs may have been made by other commands, on other days or other machines.
 */
#ifndef LAB_RESULTS_H
#define LAB_RESULTS_H

#include "lab/experiment.h"
#include "lab/pace.h"
#include "train/context_files.h"
#include "train/exam_file.h"
#include "train/outcome.h"

/* All of it is there where a run is finished, what metrics.csv says where it is started. */
typedef struct RunResult {
    bool finished;     /* its files say all that they ever will */
    bool started;      /* it has rows of metrics.csv */
    const char *gone;  /* why it is not finished, in a few words; NULL: it is */
    Outcome outcome;   /* its last step and losses, and the size of the model */
    const Look *looks; /* [n_looks], the first at step 0 */
    size_t n_looks;
    double ms_per_step; /* the median over its rows, evaluation not counted; NaN: too few rows */
    size_t threads;     /* that it had at the end: times compare only between runs with as many */
    double seconds;     /* of training, evaluation included */
    const ContextLoss *contexts; /* [n_contexts] by length; none without by_context */
    size_t n_contexts;
    const ExamRow *exam; /* [n_exam] by length; none without a task */
    size_t n_exam;
    const char *build; /* version, compiler and flags, processor: what made it */
} RunResult;

/* Has the run nothing left to do? */
bool result_is_final(const Trial *trial);

/* The loss of a run at one context length; NULL where there is none, or it was refused. */
const ContextLoss *result_context(const RunResult *run, size_t context);

/* The score of a run at one length of its task, whose sequences may be none; NULL: not asked. */
const ExamRow *result_exam(const RunResult *run, size_t length);

/* runs [n_arms, n_seeds], in the experiment's arena. A run that is not there, or whose files cannot
 * be read, is a row that says so. Fails for lack of memory only. */
bool results_read(const Experiment *experiment, RunResult **runs, Error *error);

#endif
