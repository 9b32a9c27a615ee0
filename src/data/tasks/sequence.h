/* sequence.h: the pieces that the tasks' sequences are put together from. */
#ifndef DATA_TASKS_SEQUENCE_H
#define DATA_TASKS_SEQUENCE_H

#include "data/task.h"

/* Symbols, each any of the alphabet with the same probability. */
void draw_symbols(int *out, size_t count, size_t alphabet, RandomKey key);

/* Symbols without one that stands twice; each such sequence is equally likely. count <= alphabet.
 * Uses the first `count` numbers of the key. */
void draw_distinct_symbols(int *out, size_t count, size_t alphabet, RandomKey key);

/* A list x[1] ... x[n], a bar, and another list of n symbols as the answer. A causal model has each
 * answer but the last one in its input, one place behind the question; from a model that sees both
 * sides all are hidden:
 *
 *                  causal                    not causal
 *     inputs    x1 x2 x3  |  y1 y2        x1 x2 x3  |   _  _  _
 *     targets    .  .  . y1  y2 y3         .  .  .  .  y1 y2 y3
 */
size_t list_tokens(size_t length, bool causal);
size_t list_answers(size_t length, size_t k);

/* The place of y1 among the targets. */
size_t list_answers_at(const TaskItem *item);

/* Given x in the inputs and y in the targets, fills in the rest of the inputs: the bar, and then
 * the answers but the last, or masks. */
void list_finish(const TaskItem *item, int bar, int *inputs, const int *targets);

/* A list and one question behind it, to which the target is the answer. */
size_t question_tokens(size_t length, bool causal);
size_t question_answers(size_t length, size_t k);

#endif
