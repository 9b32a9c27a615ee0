/* figures.h: the numbers behind the pictures of a comparison, as tables that the scripts of gnuplot
 * read (scripts/compare_*.gp) and anybody else can.
 *
 *     arms.csv          arm,name,colour,dash,point,mean,low,high      validation loss at the end
 *     curves.csv        arm,step,runs,mean,low,high                   validation loss
 *     by-context.csv    arm,context,training,same_mean,same_low,same_high,
 *                       plain_mean,plain_low,plain_high,refused       see train/contexts.h
 *     by-position.csv   arm,context,position,mean,low,high            loss against the position
 *     by-length.csv     arm,length,trained,mean,low,high,refused      of a task: % all right
 *
 * An arm is a number, from 0; a mean is over its seeds, with its 95 % interval, low to high.
 * `nan` stands where there is none. In by-context.csv `training` is the block size that the arm
 * was trained with, and `refused` the reason why a length has no loss. In by-position.csv
 * `context` is the longest window that the arm serves, at whose end its curve ends (see
 * curves.c). In by-length.csv low and high are the lowest and the highest of the seeds,
 * `trained` the longest sequences of training (nan where the arms differ in it), and `refused`
 * is yes or no.
 */
#ifndef LAB_FIGURES_H
#define LAB_FIGURES_H

#include "lab/findings.h"

/* Writes the five tables into the experiment's folder. Those that nothing was found for have their
 * first line only. */
bool figures_write(const Findings *findings, Error *error);

#endif
