/* heat_map.h: numbers as a picture made of characters.
 *
 * On a terminal with colours a number is a colour, and where Unicode is at hand two rows share a
 * line (the upper and the lower half of a block); elsewhere it is a shade, or a character of
 * " .:-=+*#%@". Colours go from dark to light; where numbers lie on both sides of 0, from blue over
 * white (0) to red. A map that is larger than the room for it is made smaller by means.
 */
#ifndef CLI_HEAT_MAP_H
#define CLI_HEAT_MAP_H

#include "base/terminal.h"
#include "lab/inspect/gallery.h"

/* Appends a panel as lines, with names or numbers at its rows and columns and the scale under it.
 * `range` is what the scale spans. */
void heat_map_append(TextBuffer *out, const Terminal *terminal, const Figure *figure,
                     const Panel *panel, Range range);

/* Appends at most so many characters of a label, as this terminal can show them. Returns how many
 * they are. */
size_t label_append(TextBuffer *out, const Terminal *terminal, const char *label, size_t most);

#endif
