/* fault_judge.h: what a command may do when a call fails, and what it may not. */
#ifndef TESTS_SUPPORT_FAULT_JUDGE_H
#define TESTS_SUPPORT_FAULT_JUDGE_H

#include "support/faults.h"

typedef struct FaultyCommand {
    const char *name;
    const char *before;   /* is run first; NULL: nothing is */
    const char *words;    /* this is the command */
    bool makes_summaries; /* of runs: one that cannot be read is left out, and why is said */
} FaultyCommand;

/* What a command does when nothing fails. */
typedef struct Reference {
    Tree before, after; /* of @/out */
    Faulted faulted;
} Reference;

/* What is wrong with what came of the fault; NULL: nothing. `out` is what @/out holds now. After a
 * failure the command is given once more. */
const char *fault_problem(Bench *bench, const FaultyCommand *command, const Reference *reference,
                          const Fault *fault, const Faulted *faulted, const Tree *out);

#endif
