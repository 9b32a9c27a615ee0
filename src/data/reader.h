/* reader.h: a reader who knows the grammar of a text: what can be expected next?
 *
 * The forward algorithm (Baum and Petrie 1966; Rabiner 1989, "A tutorial on hidden Markov models",
 * section III.A). A reader cannot see the state of the machine that writes (automaton.h), only its
 * characters. So a reader holds a belief: for each state s, how likely it is that s writes the next
 * character, given all that was read. How likely the next character is c follows:
 *
 *     P(c)  =  sum of belief(s) over all states s that write c
 *
 * Then the character is seen. States that write another one are out; what is left is scaled up so
 * that it adds up to 1 again (Bayes' rule), and the machine moves on:
 *
 *     belief'(t)  =  sum over s that write c of  belief(s) / P(c) * P(arc from s to t)
 *
 * An example: a sentence is "cat." or, half as often, "cow.". At its start two states write a c,
 * one with belief 2/3, one with 1/3, so P(c) = 1. After the c the same beliefs stand at the a and
 * the o, so P(a) = 2/3. After the a there is one state left, and P(t) = 1.
 *
 * Nobody who has read no more can make a better forecast: the belief is all that the text tells
 * about the state, and every way in which the grammar can write that text takes part in it. -ln
 * P(c) is the reader's loss at the character c, in nats.
 */
#ifndef DATA_READER_H
#define DATA_READER_H

#include "data/automaton.h"

typedef struct Reader {
    const Automaton *automaton;
    double *belief;   /* [n_states]: of the states listed; 0 for the others */
    double *next;     /* [n_states]: all 0 between calls */
    uint32_t *states; /* [n_states]: where the belief is not 0 */
    size_t n_states;
    uint32_t *next_states;

    /* What the last character may have been: the last one of a sentence, or another one. */
    bool may_have_ended, may_go_on;
} Reader;

bool reader_init(Arena *arena, const Automaton *automaton, Reader *reader, Error *error);

/* A sentence begins. */
void reader_start(Reader *reader);

/* The text has been going on for long and is opened anywhere: the stationary distribution. */
void reader_start_anywhere(Reader *reader);

/* Reads a character and returns how likely it was: P(c). It is 0 for a character that cannot stand
 * here; then the belief stays as it is. */
double reader_read(Reader *reader, uint32_t character);

#endif
