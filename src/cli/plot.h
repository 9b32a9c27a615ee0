/* plot.h: pictures, drawn by gnuplot. */
#ifndef CLI_PLOT_H
#define CLI_PLOT_H

#include "base/terminal.h"
#include "data/corpus.h"
#include "train/run.h"
#include "train/trainer.h"

/* Draws loss.svg and loss.png of a run. A picture is worth having and never worth a run: where
 * there is no gnuplot, or it fails, one line says so. */
bool plot_loss(Terminal *terminal, const Run *run, const Trainer *trainer, Yardsticks yardsticks);

#endif
