/* grammar_source.h: the text of a grammar, and the place that has been read up to. */
#ifndef DATA_GRAMMAR_SOURCE_H
#define DATA_GRAMMAR_SOURCE_H

#include "data/grammar.h"

typedef struct Source {
    Arena *arena;
    Grammar *grammar;
    const char *start, *at; /* the text ends in a 0, and has no other */
    size_t line;
    Error *error;
} Source;

/* Puts the place in front of a message; returns false. */
bool source_fail_here(Source *source);

bool source_fail_memory(Source *source);

/* Says what stands here instead of what was expected. */
bool source_fail_expected(Source *source, const char *expected);

/* Moves to what comes next, over spaces, comments and ends of lines. */
void source_skip_blanks(Source *source);

/* A rule ends where something stands in the first column, or the text ends. */
bool source_is_end_of_rule(const Source *source);

/* A name: letters, digits and '_', of which the first is no digit. `expected` says for a message
 * what it is the name of. */
bool source_read_name(Source *source, const char *expected, const char **name);

#endif
