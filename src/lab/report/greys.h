/* greys.h: the greys in which gnuplot's scripts draw all that is not data (scripts/style.gp), and
 * what they become on a page of its own colours. */
#ifndef LAB_REPORT_GREYS_H
#define LAB_REPORT_GREYS_H

typedef struct Grey {
    unsigned rgb;
    const char *variable; /* of the report's style: "ink" for --ink */
    const char *dark;     /* the colour in its place on a dark page */
} Grey;

enum { N_GREYS = 7 };
extern const Grey greys[N_GREYS];

#endif
