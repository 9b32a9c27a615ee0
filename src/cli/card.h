/* card.h: what is said about a run before its first step and after its last, on stderr. */
#ifndef CLI_CARD_H
#define CLI_CARD_H

#include "base/terminal.h"
#include "train/run.h"
#include "train/trainer.h"

/* Corpus, model, scheme and its door, training, memory, threads. */
void card_before(Terminal *terminal, const Run *run, const Trainer *trainer);

/* The losses beside what simple readers reach. */
void card_after(Terminal *terminal, const Progress *progress, const Corpus *corpus,
                size_t block_size);

#endif
