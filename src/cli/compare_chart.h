/* compare_chart.h: the curves of a comparison in characters. */
#ifndef CLI_COMPARE_CHART_H
#define CLI_COMPARE_CHART_H

#include "base/terminal.h"
#include "lab/findings.h"

/* Prints the loss against the step, and against the context length, to stdout. What the terminal
 * can show decides how. */
void print_charts(const Findings *findings, const Terminal *terminal);

#endif
