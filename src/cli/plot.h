/* plot.h: pictures, drawn by gnuplot. */
#ifndef CLI_PLOT_H
#define CLI_PLOT_H

#include "base/terminal.h"
#include "cli/eval_report.h"
#include "data/corpus.h"
#include "lab/claims/claim.h"
#include "lab/findings.h"
#include "train/run.h"
#include "train/trainer.h"

/* A picture is worth having and never worth a run: where there is no gnuplot, or it fails, one line
 * says so, and the result is false. */

/* Draws a picture of `what` with a script that gets the words as ARG1, ARG2, ... (at most 9), with
 * `folder` as its working directory. A word that is NULL is one that there was no memory for. */
bool plot(Terminal *terminal, const char *folder, const char *what, const char *script,
          const char *const words[], size_t n_words);

/* Draws loss.svg and loss.png of a run. */
bool plot_loss(Terminal *terminal, const Run *run, const Trainer *trainer, Yardsticks yardsticks);

/* Draws eval-by-position.svg and .png from the .csv of that name in the run's folder. `subtitle`:
 * whose loss it is, and on what text. */
bool plot_by_position(Terminal *terminal, const Run *run, const EvalReport *report,
                      const char *subtitle);

/* Draws loss, pairs, loss-by-context, loss-by-position and right-by-length, each as .svg and .png,
 * from the tables in the folder of a comparison: those of lab/figures.h, results.csv with the
 * columns arm,name,pos,seed,finished,val_loss first, and lengths.csv (see lab/tables.h). A table
 * without numbers makes no picture. Stops at the first that cannot be drawn. Pictures that were
 * there before are gone in any case. */
bool plot_comparison(Terminal *terminal, const Findings *findings);

/* Draws NAME.svg and .png from the tables of that name in the folder: those of claims/figure.h. */
bool plot_answer(Terminal *terminal, const AnswerFigure *figure, const char *folder,
                 const char *name, const char *subtitle);

#endif
