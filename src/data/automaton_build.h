/* automaton_build.h: the forks and states of an automaton while it is being built. */
#ifndef DATA_AUTOMATON_BUILD_H
#define DATA_AUTOMATON_BUILD_H

#include "base/intern.h"
#include "data/automaton.h"

/* Starts as {.max_states = n}. */
typedef struct Builder {
    Interner states, forks; /* of State and Arc[] */
    Interner points;        /* where a derivation may stand: see automaton_build.c */
    Interner rests;         /* what is due behind a row: item, rest; number 0: nothing */
    TextBuffer point_forks; /* uint32_t[]: the fork of each point */
    TextBuffer rest_needs;  /* NameSet[]: the names that a rest needs */
    TextBuffer parts;       /* Part[]: a stack, on which each choice under way has its own */
    TextBuffer arcs;        /* Arc[]: scratch */
    size_t max_states, work;
    bool too_large;
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
