/* automaton.h: a grammar as a machine that writes one character at a time.
 *
 * A state is a place in a sentence where the next character is decided: each state writes one
 * character, always the same one. Then the machine moves on along one of the arcs of a fork, each
 * with its probability. The grammar
 *
 *     sentence = pet " and " pet "\n"
 *     pet      = "cat" [2] | "cow"
 *
 * becomes (a probability of 1 is not written):
 *
 *     start --2/3--> c --> a --> t --> ' ' --> a --> n --> d --> ' ' --2/3--> c --> a --> t --> \n
 *          \--1/3--> c --> o --> w --/                               \-1/3--> c --> o --> w --/
 *
 * The machine chooses the word first, so two states write the first c. Who reads along sees a c and
 * cannot know which one wrote it: that is what reader.h is about.
 *
 * What has been drawn and will be needed later is part of the state. What will not be needed is
 * not: behind the first pet all is the same, whichever it was. Whenever all the rest of the
 * sentence is the same, with the same probabilities, the state is.
 *
 * State 0 is the end of a sentence. It writes nothing, and a new sentence begins.
 *
 * Within a sentence an arc leads from a state to one with a lower number: there are no loops, and
 * one pass over the numbers, downwards, follows all sentences at once.
 */
#ifndef DATA_AUTOMATON_H
#define DATA_AUTOMATON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "data/grammar.h"

enum {
    SENTENCE_END = 0,     /* the state */
    MAX_STATES = 1000000, /* a good value for max_states below */
};

typedef struct Arc {
    double probability;
    uint64_t state; /* where it leads to */
} Arc;

typedef struct Fork {
    const Arc *arcs; /* their probabilities add up to 1 */
    size_t count;
} Fork;

typedef struct State {
    uint32_t character;
    uint32_t fork; /* what comes after it */
} State;

typedef struct Automaton {
    const State *states; /* [n_states] */
    size_t n_states;
    const Fork *forks; /* [n_forks] */
    size_t n_forks;
    uint32_t start;     /* the fork at the beginning of a sentence */
    double mean_length; /* characters in a sentence, on average */

    /* How likely the machine is to be in a state at a moment chosen at random, long after its
     * start. A sentence passes state s with probability v(s), at most once, and has mean_length =
     * (sum of all v) characters on average; so of all characters v(s) / mean_length are written by
     * s. [n_states]; 0 for SENTENCE_END. */
    const double *stationary;

    /* How many ways there are through a sentence; two may read the same. Huge numbers are rounded,
     * or infinite. */
    double n_sentences;
} Automaton;

/* Compiles a grammar. The automaton lives in the arena. A grammar that needs more than max_states
 * states, or very much work, is refused. */
bool automaton_compile(Arena *arena, const Grammar *grammar, size_t max_states,
                       Automaton *automaton, Error *error);

/* The fork behind a state. */
static inline Fork fork_behind(const Automaton *automaton, uint64_t state)
{
    return automaton->forks[automaton->states[state].fork];
}

#endif
