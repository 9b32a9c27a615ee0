/* pictures.h: looks at what gnuplot drew into the folder of a place. */
#ifndef TESTS_SUPPORT_PICTURES_H
#define TESTS_SUPPORT_PICTURES_H

#include "support/place.h"

/* Leaves the test where there is no gnuplot. */
void skip_without_gnuplot(void);

/* The text of PICTURE.svg. */
const char *svg_of(Place *place, const char *picture);

bool picture_is_there(Place *place, const char *picture, const char *ending);

/* PICTURE.png is a PNG of 1280 x 800. */
void check_png(Place *place, const char *picture);

/* Every grey of an SVG is one of those that a report knows, or the ink of the first scheme. */
void check_greys(const char *svg);

#endif
