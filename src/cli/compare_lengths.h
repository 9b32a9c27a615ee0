/* compare_lengths.h: how much of a task each arm has all right, length by length. */
#ifndef CLI_COMPARE_LENGTHS_H
#define CLI_COMPARE_LENGTHS_H

#include "lab/findings.h"

/* Prints a table of means over the seeds, and one of the lowest and the highest seed where there
 * are several; nothing without a task. A bar stands where training ended. */
void print_lengths(const Findings *findings);

#endif
