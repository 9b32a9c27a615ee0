/* figure.h: the numbers behind the picture of an answer, as tables that scripts/claim.gp reads, and
 * anybody else can.
 *
 *     claim-3.csv           series,x,y,low,high               a row for each point
 *     claim-3-series.csv    series,name,colour,dash,point,last,low,high
 *     claim-3-words.csv     x,word                            what stands at x in place of a number
 *
 * A series is a number, from 0; low to high is the 95 % interval of y, `last` the last y of its
 * series. `nan` stands where there is none.
 */
#ifndef LAB_CLAIMS_FIGURE_H
#define LAB_CLAIMS_FIGURE_H

#include "lab/claims/claim.h"

/* Writes the three tables into the folder, and removes a picture that was made of earlier ones. The
 * name is the "claim-3" of their files. */
bool answer_figure_write(const AnswerFigure *figure, const char *folder, const char *name,
                         Error *error);

#endif
