/* figure_text.h: figures on a terminal: maps of characters, and tables. */
#ifndef CLI_FIGURE_TEXT_H
#define CLI_FIGURE_TEXT_H

#include "base/terminal.h"
#include "lab/inspect/gallery.h"

/* Appends a figure with its title and its note. A map is a heat map; curves are one whose rows are
 * the curves, with their numbers at some columns under it; the others are tables. */
void figure_append_text(TextBuffer *out, const Terminal *terminal, const Figure *figure);

#endif
