/* grammar_check.h: what must be true of a grammar, beyond its form. */
#ifndef DATA_GRAMMAR_CHECK_H
#define DATA_GRAMMAR_CHECK_H

#include "data/grammar.h"

/* Finds the rule or the kept choice behind each name, and refuses what grammar.h says. */
bool grammar_check(Grammar *grammar, Error *error);

/* Its first part, in grammar_names.c: what each name stands for. */
bool grammar_resolve(Grammar *grammar, Error *error);

/* NULL: there is none of this name. */
Rule *grammar_find_rule(const Grammar *grammar, const char *name);

/* Puts "FILE:LINE: " in front of a message; returns false. */
bool grammar_fail_at(const Grammar *grammar, size_t line, Error *error);

#endif
