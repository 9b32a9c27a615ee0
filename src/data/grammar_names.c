/* grammar_names.c: from names to what they stand for, and what a list can be asked for.
 *
 * grammar_resolve(), at the end, goes over the grammar four times:
 *
 *     find_lists()         which rules are lists, and how many forms these have
 *     check_kept_names()   no choice may be kept under the name of a rule
 *     resolve_item()       for each item: is its word a rule or a kept choice, and may that rule be
 *                          asked for this? Notes for each kept choice which lists it comes from
 *     check_again()        the forms of what is said again, when all these lists are known
 */
#include "data/grammar_check.h"

#include <string.h>

#include "base/text.h"

/* --- lists --- */

/* Is each form of each alternative one text? */
static bool all_texts(const Rule *rule)
{
    for (const Alternative *a = rule->alternatives; a != NULL; a = a->next)
        for (size_t f = 0; f < a->n_forms; f++)
            if (a->forms[f]->kind != ITEM_TEXT || a->forms[f]->next != NULL)
                return false;
    return true;
}

static bool find_list(const Grammar *grammar, Rule *rule, Error *error)
{
    rule->is_list = all_texts(rule);
    rule->n_forms = rule->alternatives->n_forms;
    for (const Alternative *a = rule->alternatives; a != NULL; a = a->next) {
        if (a->n_forms == rule->n_forms && (a->n_forms == 1 || rule->is_list))
            continue;
        if (rule->is_list)
            fail_request(error, "%zu forms: expected %zu, as in the first alternative of %s",
                         a->n_forms, rule->n_forms, rule->name);
        else
            fail_request(error, "'/': expected each alternative of %s to be one text for each form",
                         rule->name);
        return grammar_fail_at(grammar, a->line, error);
    }
    return true;
}

static bool find_lists(Grammar *grammar, Error *error)
{
    for (Rule *rule = grammar->rules; rule != NULL; rule = rule->next) {
        for (const Rule *other = grammar->rules; other != rule; other = other->next)
            if (strcmp(other->name, rule->name) == 0) {
                fail_request(error, "%s: stands at line %zu already: expected one rule of a name",
                             rule->name, other->line);
                return grammar_fail_at(grammar, rule->line, error);
            }
        if (!find_list(grammar, rule, error))
            return false;
    }
    return true;
}

/* --- names --- */

Rule *grammar_find_rule(const Grammar *grammar, const char *name)
{
    Rule *rule = grammar->rules;
    while (rule != NULL && strcmp(rule->name, name) != 0)
        rule = rule->next;
    return rule;
}

static bool fail_unknown(const Grammar *grammar, const Item *item, Error *error)
{
    const char *names[MAX_RULES + MAX_NAMES];
    size_t count = 0;
    for (const Rule *rule = grammar->rules; rule != NULL; rule = rule->next)
        names[count++] = rule->name;
    for (size_t n = 0; n < grammar->n_names && item->kind == ITEM_AGAIN; n++)
        names[count++] = grammar->names[n].text;
    const char *nearest = text_nearest(item->word, names, count);
    fail_request(error, "unknown name \"%s\": %s%s%sexpected %s", item->word,
                 nearest ? "did you mean \"" : "", nearest ? nearest : "", nearest ? "\"? " : "",
                 item->kind == ITEM_AGAIN ? "a rule or a kept choice" : "a rule");
    return grammar_fail_at(grammar, item->line, error);
}

/* Is what the item asks of its rule something that only a list can give? */
static bool wants_list(const Item *item)
{
    return item->name != NO_NAME || item->other_than != 0 || item->form > 0;
}

bool reads_same(const Alternative *a, const Alternative *b)
{
    const Item *x = a->forms[0], *y = b->forms[0];
    return x->length == y->length &&
           memcmp(x->characters, y->characters, x->length * sizeof *x->characters) == 0;
}

/* How many alternatives of a list read differently; `most` where there are more. */
static size_t count_different(const Rule *list, size_t most)
{
    const Alternative *different[MAX_NAMES + 1];
    size_t count = 0;
    for (const Alternative *a = list->alternatives; a != NULL && count < most; a = a->next) {
        size_t n = 0;
        while (n < count && !reads_same(a, different[n]))
            n++;
        if (n == count)
            different[count++] = a;
    }
    return count;
}

/* Whatever stands under k names, an alternative is left if there are more than k. */
static bool check_differences(const Grammar *grammar, const Item *item, Error *error)
{
    size_t excluded = 0;
    for (size_t n = 0; n < grammar->n_names; n++)
        excluded += item->other_than >> n & 1;
    size_t different = count_different(item->rule, excluded + 1);
    if (different > excluded)
        return true;
    fail_request(error, "'!': %s has %zu different alternative%s: expected at least %zu",
                 item->rule->name, different, different == 1 ? "" : "s", excluded + 1);
    return grammar_fail_at(grammar, item->line, error);
}

static bool check_draw(const Grammar *grammar, const Item *item, Error *error)
{
    const Rule *rule = item->rule;
    if (!wants_list(item))
        return true;
    if (!rule->is_list)
        fail_request(error,
                     "%s (line %zu) is no list: expected alternatives of one text each for "
                     "what is kept, has forms, or is different",
                     rule->name, rule->line);
    else if (item->form >= rule->n_forms)
        fail_request(error, "%s.%zu: %s (line %zu) has %zu form%s", item->word, item->form + 1,
                     rule->name, rule->line, rule->n_forms, rule->n_forms == 1 ? "" : "s");
    else
        return check_differences(grammar, item, error);
    return grammar_fail_at(grammar, item->line, error);
}

/* The length of the longest text of a list. */
static size_t longest_text(const Rule *list)
{
    size_t longest = 0;
    for (const Alternative *a = list->alternatives; a != NULL; a = a->next)
        for (size_t f = 0; f < a->n_forms; f++)
            if (a->forms[f]->length > longest)
                longest = a->forms[f]->length;
    return longest;
}

static void keep(KeptName *name, const Rule *list)
{
    size_t longest = longest_text(list);
    if (name->n_forms == 0 || list->n_forms < name->n_forms)
        name->n_forms = list->n_forms;
    if (name->longest < longest)
        name->longest = longest;
}

/* Finds what the word of an item is: a rule, or else a kept choice. */
static bool resolve_item(Grammar *grammar, Item *item, Error *error)
{
    if (item->kind == ITEM_TEXT)
        return true;
    item->rule = grammar_find_rule(grammar, item->word);
    if (item->rule != NULL) {
        item->kind = ITEM_DRAW;
        if (!check_draw(grammar, item, error))
            return false;
        if (item->name != NO_NAME)
            keep(&grammar->names[item->name], item->rule);
        return true;
    }
    if (item->kind == ITEM_AGAIN)
        for (size_t n = 0; n < grammar->n_names; n++)
            if (strcmp(grammar->names[n].text, item->word) == 0) {
                item->name = n;
                return true;
            }
    return fail_unknown(grammar, item, error);
}

/* Calls `visit` for every item. */
typedef bool (*ItemVisitor)(Grammar *grammar, Item *item, Error *error);

static bool visit_items(Grammar *grammar, ItemVisitor visit, Error *error)
{
    for (Rule *rule = grammar->rules; rule != NULL; rule = rule->next)
        for (Alternative *a = rule->alternatives; a != NULL; a = a->next)
            for (size_t f = 0; f < a->n_forms; f++)
                for (Item *item = a->forms[f]; item != NULL; item = item->next)
                    if (!visit(grammar, item, error))
                        return false;
    return true;
}

/* The forms of what is said again, now that each list is known that it may come from. */
static bool check_again(Grammar *grammar, Item *item, Error *error)
{
    if (item->kind != ITEM_AGAIN || grammar->names[item->name].n_forms > item->form ||
        grammar->names[item->name].n_forms == 0)
        return true;
    fail_request(error, "%s.%zu: what is kept as %s has %zu form%s", item->word, item->form + 1,
                 item->word, grammar->names[item->name].n_forms,
                 grammar->names[item->name].n_forms == 1 ? "" : "s");
    return grammar_fail_at(grammar, item->line, error);
}

static bool check_kept_names(const Grammar *grammar, Error *error)
{
    for (size_t n = 0; n < grammar->n_names; n++) {
        const Rule *rule = grammar_find_rule(grammar, grammar->names[n].text);
        if (rule == NULL)
            continue;
        fail_request(error,
                     "%s: is a rule, and a choice is kept under it or differs from it: "
                     "expected another name",
                     rule->name);
        return grammar_fail_at(grammar, rule->line, error);
    }
    return true;
}

bool grammar_resolve(Grammar *grammar, Error *error)
{
    return find_lists(grammar, error) && check_kept_names(grammar, error) &&
           visit_items(grammar, resolve_item, error) && visit_items(grammar, check_again, error);
}
