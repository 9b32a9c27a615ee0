/* grammar.h: a language made up for the classroom, as weighted rules in a small text file.
 *
 *     # who.grammar
 *     sentence = "The " who:noun " " did:verb " the " whom:noun!who ". Who was " did.2 "? The "
 *                whom ".\n"
 *     noun     = "man" [3] | "woman" [3] | "snake"
 *     verb     = "saw" / "seen" | "chased" / "chased"
 *
 * says, for example, "The man saw the snake. Who was seen? The snake." and a line break. A text is
 * one sentence behind the other, each drawn by itself from the rule `sentence`.
 *
 * A rule begins in the first column: a name, '=', and alternatives parted by '|'. Its further lines
 * are indented. '#' starts a comment. An alternative is a row of items, said one after the other:
 *
 *     "text"        is said as it stands; inside, \" \\ \n \t
 *     noun          draws an alternative of the rule `noun` and says it
 *     who:noun      the same, and keeps what was drawn under the name `who`
 *     who           says once more what was drawn last under that name, further on in the sentence
 *     noun!who      draws one that reads differently from `who`; also whom:noun!who, noun!a!b
 *     did.2         the second form of what was drawn; also verb.2, did:verb.2, verb.2!did
 *
 * [3] behind an alternative is its weight; 1 where there is none. An alternative is drawn with
 * probability weight / (sum of the weights of those that may be drawn).
 *
 * Only what comes from a list can be kept, be different, or have forms: a list is a rule whose
 * alternatives are one text each, or as many texts as it has forms, parted by '/'.
 *
 * No rule may lead to itself. So there are finitely many sentences, and a grammar can be compiled
 * into an automaton (automaton.h), which knows exactly how well a text can be predicted.
 *
 * What is refused is named with its line: an unknown name, a rule that nothing leads to, a weight
 * that is not above 0, recursion, a name that is used before it is given, `!` where nothing may be
 * left to draw, a sentence that may be empty or longer than MAX_SENTENCE.
 */
#ifndef DATA_GRAMMAR_H
#define DATA_GRAMMAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

enum {
    MAX_NAMES = 16, /* kept choices */
    NO_NAME = MAX_NAMES,
    MAX_FORMS = 8,
    MAX_RULES = 1000,
    MAX_SENTENCE = 4096, /* characters and items together */
};

#define START_RULE "sentence"

typedef uint32_t NameSet; /* bit n stands for the name with number n */

typedef struct Rule Rule;
typedef struct Item Item;
typedef struct Alternative Alternative;

typedef enum ItemKind {
    ITEM_TEXT,  /* says its characters */
    ITEM_DRAW,  /* draws an alternative of a rule, and says it */
    ITEM_AGAIN, /* says again what was drawn under a name */
} ItemKind;

struct Item {
    ItemKind kind;
    size_t line;
    const char *word;           /* the first name, as written */
    const uint32_t *characters; /* of ITEM_TEXT: [length] code points */
    size_t length;
    Rule *rule;         /* of ITEM_DRAW */
    size_t name;        /* where it is kept, or what is said again; or NO_NAME */
    size_t form;        /* from 0 */
    NameSet other_than; /* of ITEM_DRAW: reads differently from these */
    Item *next;         /* in the same alternative; NULL: the last one */
};

struct Alternative {
    size_t line;
    double weight;
    size_t n_forms;
    Item *forms[MAX_FORMS]; /* the first item of each; never NULL */
    Alternative *next;
};

/* Which names a part of a sentence needs from what stands before it, on at least one of its paths;
 * and which it gives on all of them. */
typedef struct NameUse {
    NameSet needed, given;
} NameUse;

struct Rule {
    const char *name;
    size_t line;
    Alternative *alternatives;
    size_t n_forms; /* of each alternative */
    bool is_list;
    Rule *next;

    /* found by grammar_check */
    enum { UNSEEN, OPEN, DONE } state;
    Rule *caller; /* the rule that led here first */
    NameUse names;
    size_t longest; /* characters and items of its longest alternative, at most MAX_SENTENCE + 1 */
    bool may_be_empty; /* an alternative may say nothing */
};

typedef struct KeptName {
    const char *text;
    size_t n_forms; /* the fewest that a list it draws from has; 0: nothing is kept under it */
    size_t longest; /* of the texts that it may stand for */
} KeptName;

typedef struct Grammar {
    const char *file; /* for messages */
    Rule *rules;      /* as they stand in the file */
    size_t n_rules;
    Rule *start;
    KeptName names[MAX_NAMES];
    size_t n_names;
} Grammar;

/* Reads and checks a grammar, which then lives in the arena. */
bool grammar_load(Arena *arena, const char *path, Grammar *grammar, Error *error);

/* The same on text that is in memory already; `name` stands for the file in messages. */
bool grammar_parse(Arena *arena, const char *name, const char *text, size_t length,
                   Grammar *grammar, Error *error);

/* Do two alternatives of lists say the same, in their first form? */
bool reads_same(const Alternative *a, const Alternative *b);

/* The names that a row of items, from this one on, needs and gives. */
NameUse row_names(const Item *first);

#endif
