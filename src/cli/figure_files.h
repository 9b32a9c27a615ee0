/* figure_files.h: figures as files: inspect-NAME.csv with the numbers, and inspect-NAME.svg and
 * .png, drawn from them. */
#ifndef CLI_FIGURE_FILES_H
#define CLI_FIGURE_FILES_H

#include "base/terminal.h"
#include "lab/inspect/gallery.h"

/* Writes those of all figures into a folder, which is made if it is not there, and says where they
 * are. Tables have no picture, nor have figures with one and the same number everywhere. Without
 * gnuplot there are no pictures, and a line says so. `subtitle`: what the figures are of. */
bool figure_files_write(const Gallery *gallery, const char *folder, const char *subtitle,
                        Terminal *terminal, Error *error);

/* Prints the numbers of all figures to stdout as one table. */
bool figure_print_csv(const Gallery *gallery, Error *error);

#endif
