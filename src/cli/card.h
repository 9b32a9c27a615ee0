/* card.h: what is said about a run before its first step and after its last, on stderr: lines of a
 * label and a value. */
#ifndef CLI_CARD_H
#define CLI_CARD_H

#include "base/terminal.h"
#include "train/run.h"
#include "train/trainer.h"

/* One such line, with the value as printf would write it. An empty label goes on with the line
 * above. */
#define CARD_LINE(terminal, label, format, ...)                                                    \
    terminal_printf(terminal, "  %-12s " format, label, __VA_ARGS__)

/* Corpus, model, scheme and its door, training, memory, threads. */
void card_before(Terminal *terminal, const Run *run, const Trainer *trainer);

/* The losses beside what simple readers reach. */
void card_after(Terminal *terminal, const Trainer *trainer, Yardsticks yardsticks);

#endif
