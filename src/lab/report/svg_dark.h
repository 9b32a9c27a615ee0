/* svg_dark.h: a picture of gnuplot's that is dark on a dark page.
 *
 * A picture that a page shows as a file (<img src="loss.svg">) has no part in the page's style, and
 * a white box on a dark page dazzles. But a file may have a style of its own, and that may ask what
 * its reader likes. Paper and words change together, so both are to be seen wherever one is.
 */
#ifndef LAB_REPORT_SVG_DARK_H
#define LAB_REPORT_SVG_DARK_H

#include <stdbool.h>

#include "base/error.h"

/* Adds the style to the picture at `path`. Where no file is, none is made; what is no picture stays
 * as it is. */
bool svg_add_dark(const char *path, Error *error);

#endif
