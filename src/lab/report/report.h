/* report.h: a comparison as one page for a browser.
 *
 * report.html holds all that it shows: no script, no font, no picture from elsewhere; it works by a
 * double click, on a phone, before a class and printed, in dark and in light. gnuplot's pictures in
 * the comparison's folder (loss.svg, pairs.svg, loss-by-context.svg, loss-by-position.svg,
 * right-by-length.svg) become part of it, if they are there.
 */
#ifndef LAB_REPORT_REPORT_H
#define LAB_REPORT_REPORT_H

#include "lab/findings.h"

/* Writes report.html into the comparison's folder. `command` is what a person would type to repeat
 * the comparison. */
bool report_write(const Findings *findings, const char *command, Error *error);

#endif
