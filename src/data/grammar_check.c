/* grammar_check.c: what must be true of the whole grammar.
 *
 * From the start rule on, depth first, each rule is finished after the rules that it leads to. A
 * rule that is met again while it is open leads to itself; one that is never met is unreachable. */
#include "data/grammar_check.h"

#include <string.h>

#include "base/text.h"

bool grammar_fail_within(const Grammar *grammar, size_t line, Error *error)
{
    return fail_within(error, "%s:%zu", grammar->file, line);
}

static bool fail_at(const Grammar *grammar, size_t line, Error *error)
{
    return grammar_fail_within(grammar, line, error);
}

NameUse item_names(const Item *item)
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
    return fail_at(grammar, item->line, error);
}

static bool finish_rule(Grammar *grammar, Rule *rule, Error *error);

/* Can a draw of this form say nothing? A rule that is no list has one form. */
static bool may_say_nothing(const Rule *rule, size_t form)
{
    if (!rule->is_list)
        return rule->may_be_empty;
    for (const Alternative *a = rule->alternatives; a != NULL; a = a->next)
        if (a->forms[form]->length == 0)
            return true;
    return false;
}

/* Finishes the rules that a row leads to, and measures it. What is said again counts for nothing
 * here: the draw that it repeats stands before it. */
static bool measure_row(Grammar *grammar, Rule *rule, const Item *first, size_t *longest,
                        bool *may_be_empty, Error *error)
{
    *longest = 0;
    *may_be_empty = true;
    for (const Item *item = first; item != NULL; item = item->next) {
        size_t length = item->length;
        if (item->kind == ITEM_AGAIN) {
            length = grammar->names[item->name].longest;
        } else if (item->kind == ITEM_TEXT) {
            *may_be_empty = *may_be_empty && length == 0;
        } else {
            if (item->rule->state == OPEN)
                return fail_recursion(grammar, item, rule, error);
            if (item->rule->state == UNSEEN) {
                item->rule->caller = rule;
                if (!finish_rule(grammar, item->rule, error))
                    return false;
            }
            length = item->rule->longest;
            *may_be_empty = *may_be_empty && may_say_nothing(item->rule, item->form);
        }
        *longest += length + 1;
        if (*longest > MAX_SENTENCE)
            *longest = MAX_SENTENCE + 1;
    }
    return true;
}

static bool finish_rule(Grammar *grammar, Rule *rule, Error *error)
{
    rule->state = OPEN;
    rule->names.given = ~(NameSet)0;
    for (const Alternative *a = rule->alternatives; a != NULL; a = a->next)
        for (size_t f = 0; f < a->n_forms; f++) {
            size_t longest;
            bool may_be_empty;
            if (!measure_row(grammar, rule, a->forms[f], &longest, &may_be_empty, error))
                return false;
            NameUse use = row_names(a->forms[f]);
            rule->names.needed |= use.needed;
            rule->names.given &= use.given;
            rule->may_be_empty = rule->may_be_empty || may_be_empty;
            if (rule->longest < longest)
                rule->longest = longest;
        }
    rule->state = DONE;
    return true;
}

/* The item that needs the name first, along a path on which nothing has given it. */
static const Item *find_first_need(const Rule *rule, NameSet name)
{
    for (const Alternative *a = rule->alternatives; a != NULL; a = a->next) {
        const Item *item = a->forms[0];
        NameUse use = item_names(item);
        for (; !(use.needed & name) && !(use.given & name) && item->next; use = item_names(item))
            item = item->next;
        if (use.needed & name)
            return item->kind == ITEM_DRAW && !(item->other_than & name)
                       ? find_first_need(item->rule, name)
                       : item;
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
        return fail_at(grammar, find_first_need(start, name)->line, error);
    }
    if (start->may_be_empty)
        fail_request(error, "%s may be empty: expected something that is always said", start->name);
    else if (start->longest > MAX_SENTENCE)
        fail_request(error, "%s may be too long: expected at most %d characters and items",
                     start->name, MAX_SENTENCE);
    else
        return true;
    return fail_at(grammar, start->line, error);
}

static bool check_reachable(const Grammar *grammar, Error *error)
{
    for (const Rule *rule = grammar->rules; rule != NULL; rule = rule->next)
        if (rule->state == UNSEEN) {
            fail_request(error, "%s: unreachable: no way leads here from " START_RULE, rule->name);
            return fail_at(grammar, rule->line, error);
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
