/* svg.h: a picture of gnuplot's as a part of a page.
 *
 * An SVG file is a document of its own, and several on one page get into each other's way: all of
 * gnuplot's call their marks gpPt0, gpPt1, ..., and their paper is white on a dark page, too. So
 * the picture is taken over tag by tag:
 *
 *     - its prolog, title, description, comments, and whatever could run or fetch something go
 *     - ids, and what refers to them, get a prefix
 *     - the greys in which gnuplot's scripts draw all that is not data become variables of the
 *       page's style: --paper, --ink, --quiet, --grid, --shade
 *     - it has no size of its own: it is as wide as there is room
 */
#ifndef LAB_REPORT_SVG_H
#define LAB_REPORT_SVG_H

#include "base/text.h"

/* Appends the picture. `prefix` is unique on the page; `label`, plain text, is the picture's name
 * for those who do not see it. Returns false, and appends nothing, if this is no such picture, or
 * not all of it. */
bool svg_inline(TextBuffer *out, const char *svg, size_t length, const char *prefix,
                const char *label);

#endif
