/* lengths.h: how much of a task is all right, length by length, for each arm of a comparison: one
 * part of findings.h. */
#ifndef LAB_LENGTHS_H
#define LAB_LENGTHS_H

#include "lab/over_seeds.h"

/* Fills in lengths, by_length, trained_length and length_questions; there are none without a task.
 * Fails for lack of memory only. */
bool lengths_compare(Desk *desk, Error *error);

/* The scores at the longest length as a line of words, the best first; nothing where there are
 * none:
 *
 *     All right at 40 symbols, of 512 sequences (training ended at 20): a 98.4 %, b 3.1 %; refused
 *     by c. */
void lengths_append_words(const Findings *findings, TextBuffer *out);

#endif
