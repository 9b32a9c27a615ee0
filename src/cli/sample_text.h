/* sample_text.h: text from a model, for people to read. */
#ifndef CLI_SAMPLE_TEXT_H
#define CLI_SAMPLE_TEXT_H

#include <stdio.h>

#include "base/terminal.h"
#include "data/vocab.h"
#include "train/sampler.h"

/* Continues the prompt by `count` tokens and appends them, without the prompt, to `out`; each one
 * goes to `echo` as soon as it is there, the prompt before the first (NULL: nowhere). What is
 * refused leaves nothing there. An empty prompt stands for a line break, or, if the vocabulary has
 * none, for its first token. */
bool sample_text(const Gpt *gpt, const Vocab *vocab, const char *prompt, size_t count,
                 const SampleOptions *options, FILE *echo, TextBuffer *out, Error *error);

/* Says how many of the words in `text` are words of the corpus in that file; nothing if there are
 * none, or the file is gone. */
void say_known_words(Terminal *terminal, const char *corpus_path, const TextBuffer *text);

#endif
