/* compare_report.h: what a comparison found, on a terminal of 80 columns. */
#ifndef CLI_COMPARE_REPORT_H
#define CLI_COMPARE_REPORT_H

#include "base/terminal.h"
#include "lab/findings.h"

/* Before the runs: what is compared on what, and the question to whoever watches. */
void print_question(FILE *stream, const Experiment *experiment);

/* The curves in characters, the tables and the headline, to stdout. `terminal` says what stdout can
 * show. */
void print_findings(const Findings *findings, const Terminal *terminal);

#endif
