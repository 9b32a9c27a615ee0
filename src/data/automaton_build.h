/* automaton_build.h: the forks and states of an automaton while it is being built. */
#ifndef DATA_AUTOMATON_BUILD_H
#define DATA_AUTOMATON_BUILD_H

#include "base/intern.h"
#include "data/automaton.h"

/* Starts as {.max_states = n}. An Interner gives numbers to things that are told by their bytes; a
 * TextBuffer is an array that grows. */
typedef struct Builder {
    Interner states, forks; /* of State, of Arc[] */
    Interner points;        /* places within a sentence, as item, rest and what is kept */
    TextBuffer point_forks; /* uint32_t[]: the fork of each point */
    Interner rests;         /* what is due behind a row; number 0: nothing */
    TextBuffer rest_needs;  /* NameSet[]: the names that each rest needs */
    TextBuffer parts;       /* Part[]: a stack, on which each choice under way has its own */
    TextBuffer arcs;        /* Arc[]: those of one fork, while it is made */
    size_t max_states, work;
    bool too_large; /* more than max_states, or as much work */
} Builder;

/* Builds the automaton of a grammar. Returns the number of the fork at the start of a sentence; it
 * means nothing if the builder is too large or has failed. */
uint32_t builder_run(Builder *builder, const Grammar *grammar);

/* Memory ran out. */
bool builder_has_failed(const Builder *builder);

/* The fork with this number; its arcs stay there as long as nothing is built. */
Fork builder_fork(const Builder *builder, uint32_t number);

void builder_free(Builder *builder);

#endif
