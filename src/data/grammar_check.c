/* grammar_check.c: what must be true of the whole grammar.
 *
 * From the start rule on, depth first, each rule is finished after the rules that it leads to,
 * since what is found of it follows from what was found of these: which names it needs and gives,
 * how long it may be, and whether it may say nothing. A rule is UNSEEN before, OPEN meanwhile, and
 * DONE after. One that is met again while it is open leads to itself; one that is never met is
 * unreachable. */
#include "data/grammar_check.h"

#include "base/text.h"

bool grammar_fail_at(const Grammar *grammar, size_t line, Error *error)
{
    return fail_within(error, "%s:%zu", grammar->file, line);
}

/* --- which names a part needs and gives --- */

static NameUse item_names(const Item *item)
{
    if (item->kind == ITEM_TEXT)
        return (NameUse){0, 0};
    NameSet own = item->name == NO_NAME ? 0 : (NameSet)1 << item->name;
    if (item->kind == ITEM_AGAIN)
        return (NameUse){own, 0};
    return (NameUse){item->other_than | item->rule->names.needed, own | item->rule->names.given};
}

/* What an item needs and no item before it has given is needed from before the row. */
NameUse row_names(const Item *first)
{
    NameUse all = {0, 0};
    for (const Item *item = first; item != NULL; item = item->next) {
        NameUse use = item_names(item);
        all.needed |= use.needed & ~all.given;
        all.given |= use.given;
    }
    return all;
}

/* --- finishing rules --- */

/* The open rules are a chain, each the caller of the next: a > b > c, and now c leads to a. */
static bool fail_recursion(const Grammar *grammar, const Item *item, const Rule *open, Error *error)
{
    Arena arena = {0};
    const char *path = item->word;
    for (const Rule *rule = open; path != NULL && rule != item->rule; rule = rule->caller)
        path = text_format(&arena, "%s > %s", rule->name, path);
    fail_request(error, "recursion: %s > %s: expected rules that never lead to themselves",
                 item->word, path != NULL ? path : "...");
    arena_free(&arena);
    return grammar_fail_at(grammar, item->line, error);
}

static bool finish_rule(Grammar *grammar, Rule *rule, Error *error);

/* Finishes the rules that a row of this rule leads to. */
static bool finish_row(Grammar *grammar, Rule *rule, const Item *first, Error *error)
{
    for (const Item *item = first; item != NULL; item = item->next) {
        if (item->kind != ITEM_DRAW || item->rule->state == DONE)
            continue;
        if (item->rule->state == OPEN)
            return fail_recursion(grammar, item, rule, error);
        item->rule->caller = rule;
        if (!finish_rule(grammar, item->rule, error))
            return false;
    }
    return true;
}

/* The characters of the longest text that an item may say. */
static size_t longest_item(const Grammar *grammar, const Item *item)
{
    switch (item->kind) {
    case ITEM_TEXT:
        return item->length;
    case ITEM_DRAW:
        return item->rule->longest;
    case ITEM_AGAIN:
        return grammar->names[item->name].longest;
    }
    return 0;
}

/* The same for a row. Each item counts for one more, so that items that say nothing are limited,
 * too. Whatever is above MAX_SENTENCE is MAX_SENTENCE + 1. */
static size_t longest_row(const Grammar *grammar, const Item *first)
{
    size_t longest = 0;
    for (const Item *item = first; item != NULL && longest <= MAX_SENTENCE; item = item->next)
        longest += longest_item(grammar, item) + 1;
    return longest <= MAX_SENTENCE ? longest : MAX_SENTENCE + 1;
}

/* Can a draw of this form say nothing? A rule that is no list has one form. */
static bool draw_may_be_empty(const Rule *rule, size_t form)
{
    if (!rule->is_list)
        return rule->may_be_empty;
    for (const Alternative *a = rule->alternatives; a != NULL; a = a->next)
        if (a->forms[form]->length == 0)
            return true;
    return false;
}

/* What is said again does not count: the draw that it repeats stands before it. */
static bool row_may_be_empty(const Item *first)
{
    for (const Item *item = first; item != NULL; item = item->next)
        if ((item->kind == ITEM_TEXT && item->length > 0) ||
            (item->kind == ITEM_DRAW && !draw_may_be_empty(item->rule, item->form)))
            return false;
    return true;
}

static bool finish_rule(Grammar *grammar, Rule *rule, Error *error)
{
    rule->state = OPEN;
    rule->names.given = ~(NameSet)0; /* all, until a row is found that does not */
    for (const Alternative *a = rule->alternatives; a != NULL; a = a->next)
        for (size_t f = 0; f < a->n_forms; f++) {
            const Item *row = a->forms[f];
            if (!finish_row(grammar, rule, row, error))
                return false;
            NameUse use = row_names(row);
            size_t longest = longest_row(grammar, row);
            rule->names.needed |= use.needed;
            rule->names.given &= use.given;
            rule->longest = longest > rule->longest ? longest : rule->longest;
            rule->may_be_empty = rule->may_be_empty || row_may_be_empty(row);
        }
    rule->state = DONE;
    return true;
}

/* --- what is refused --- */

/* The item that needs the name first, along a path on which nothing has given it. */
static const Item *find_first_need(const Rule *rule, NameSet name)
{
    for (const Alternative *a = rule->alternatives; a != NULL; a = a->next)
        for (const Item *item = a->forms[0]; item != NULL; item = item->next) {
            NameUse use = item_names(item);
            if (use.needed & name) {
                bool within = item->kind == ITEM_DRAW && !(item->other_than & name);
                return within ? find_first_need(item->rule, name) : item;
            }
            if (use.given & name)
                break; /* not missing on this path: to the next alternative */
        }
    return NULL;
}

static bool check_start(const Grammar *grammar, Error *error)
{
    const Rule *start = grammar->start;
    for (size_t n = 0; n < grammar->n_names; n++) {
        NameSet name = (NameSet)1 << n;
        if (!(start->names.needed & name))
            continue;
        fail_request(error,
                     "%s: expected a choice that is kept under this name, as %s:noun, on "
                     "every way to here",
                     grammar->names[n].text, grammar->names[n].text);
        return grammar_fail_at(grammar, find_first_need(start, name)->line, error);
    }
    if (start->may_be_empty)
        fail_request(error, "%s may be empty: expected something that is always said", start->name);
    else if (start->longest > MAX_SENTENCE)
        fail_request(error, "%s may be too long: expected at most %d characters and items",
                     start->name, MAX_SENTENCE);
    else
        return true;
    return grammar_fail_at(grammar, start->line, error);
}

static bool check_reachable(const Grammar *grammar, Error *error)
{
    for (const Rule *rule = grammar->rules; rule != NULL; rule = rule->next)
        if (rule->state == UNSEEN) {
            fail_request(error, "%s: unreachable: no way leads here from " START_RULE, rule->name);
            return grammar_fail_at(grammar, rule->line, error);
        }
    return true;
}

bool grammar_check(Grammar *grammar, Error *error)
{
    Rule *start = grammar_find_rule(grammar, START_RULE);
    grammar->start = start;
    if (start == NULL)
        return fail_request(error, "%s: an empty language: expected a rule " START_RULE " = ...",
                            grammar->file);
    return grammar_resolve(grammar, error) && finish_rule(grammar, start, error) &&
           check_reachable(grammar, error) && check_start(grammar, error);
}
