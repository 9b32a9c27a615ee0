/* test_grammar.c: tests of src/data/grammar.c: what a grammar says, and those that are shipped.
 * What is refused is in test_grammar_source.c, test_grammar_names.c and test_grammar_check.c. */
#include "support/check.h"

#include <string.h>

#include "data/grammar.h"
#include "support/fixtures.h"
#include "support/grammar_case.h"

static Grammar parse(Place *place, const char *text)
{
    return grammar_case(place, text, 0, 0).grammar;
}

static void assert_text(const Item *item, const char *expected)
{
    assert_int_equal(item->kind, ITEM_TEXT);
    assert_int_equal(item->length, strlen(expected));
    for (size_t c = 0; c < item->length; c++)
        assert_int_equal(item->characters[c], expected[c]);
}

static void a_rule_is_read_item_by_item(void **state)
{
    const Grammar grammar = parse(*state, "sentence = \"The \" who:noun noun.2!who who.2 end [2]"
                                          " | \"x\"\n"
                                          "noun = \"a\" / \"b\" | \"c\" / \"d\"\n"
                                          "end = \"\\n\"\n");
    assert_int_equal(grammar.n_rules, 3);
    assert_int_equal(grammar.n_names, 1);
    assert_string_equal(grammar.names[0].text, "who");
    assert_string_equal(grammar.start->name, "sentence");
    const Rule *noun = grammar.start->next;
    assert_string_equal(noun->name, "noun");
    assert_true(noun->is_list && !grammar.start->is_list);
    assert_int_equal(noun->n_forms, 2);
    assert_text(noun->alternatives->next->forms[1], "d");

    const Alternative *first = grammar.start->alternatives;
    assert_close(first->weight, 2, 0);
    assert_close(first->next->weight, 1, 0);
    assert_null(first->next->next);
    const Item *item = first->forms[0];
    assert_text(item, "The ");
    item = item->next;
    assert_int_equal(item->kind, ITEM_DRAW);
    assert_ptr_equal(item->rule, noun);
    assert_int_equal(item->name, 0);
    assert_int_equal(item->form, 0);
    assert_int_equal(item->other_than, 0);
    item = item->next;
    assert_int_equal(item->kind, ITEM_DRAW);
    assert_int_equal(item->name, NO_NAME);
    assert_int_equal(item->form, 1);
    assert_int_equal(item->other_than, 1);
    item = item->next;
    assert_int_equal(item->kind, ITEM_AGAIN);
    assert_int_equal(item->name, 0);
    assert_int_equal(item->form, 1);
    item = item->next;
    assert_int_equal(item->kind, ITEM_DRAW);
    assert_ptr_equal(item->rule, noun->next);
    assert_null(item->next);
}

/* All of these are one grammar: sentence = "a" x, x = "b" [2] | "c". */
static void layout_and_comments_do_not_matter(void **state)
{
    const char *const texts[] = {
        "sentence = \"a\" x\nx = \"b\" [2] | \"c\"\n",
        "sentence=\"a\"x\nx=\"b\"[2]|\"c\"",
        "#1\n\n  #2\nsentence = #3\n \"a\"\n\n\tx #4\nx\n = \"b\"\n [2.0]\n | \"c\"\n#5",
        "x = \"b\" [2]\r\n  | \"c\"\r\nsentence = \"a\"\r\n  x\r\n",
        "\xef\xbb\xbfsentence = \"a\" x\nx = \"b\" [2] | \"c\"\n",
    };
    for (size_t t = 0; t < COUNT_OF(texts); t++) {
        const Grammar grammar = parse(*state, texts[t]);
        const Item *a = grammar.start->alternatives->forms[0];
        assert_text(a, "a");
        const Alternative *b = a->next->rule->alternatives;
        assert_text(b->forms[0], "b");
        assert_close(b->weight, 2, 0);
        assert_text(b->next->forms[0], "c");
        assert_null(a->next->next);
        assert_null(b->next->next);
        assert_int_equal(grammar.n_rules, 2);
    }
}

static void a_text_may_hold_any_character(void **state)
{
    const Grammar grammar = parse(*state, "sentence = \"\\\"\\\\\\n\\t#|=[/ é😀\" | \"\" \"x\"\n");
    const uint32_t expected[] = {'"', '\\', '\n', '\t', '#',  '|',
                                 '=', '[',  '/',  ' ',  0xe9, 0x1f600};
    const Item *item = grammar.start->alternatives->forms[0];
    assert_int_equal(item->length, COUNT_OF(expected));
    assert_memory_equal(item->characters, expected, sizeof expected);
    assert_int_equal(grammar.start->alternatives->next->forms[0]->length, 0);
}

static void the_shipped_grammars_are_in_order(void **state)
{
    Place *place = *state;
    Grammar grammar;
    assert_true(grammar_load(&place->arena, "data/escape.grammar", &grammar, &place->error));
    size_t nouns = 0, verbs = 0;
    for (const Rule *rule = grammar.rules; rule != NULL; rule = rule->next)
        for (const Alternative *a = rule->alternatives; a != NULL; a = a->next) {
            nouns += strcmp(rule->name, "noun") == 0;
            verbs += strcmp(rule->name, "verb") == 0;
        }
    assert_true(nouns >= 12 && verbs >= 8);
    assert_true(grammar_load(&place->arena, "data/distances.grammar", &grammar, &place->error));
    assert_false(grammar_load(&place->arena, place->path, &grammar, &place->error));
    assert_contains(place->error.text, place->path);
    assert_int_equal(place->error.kind, ERROR_REQUEST);
}

#define IN_A_PLACE(test) place_test(test, "x.grammar")

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_PLACE(a_rule_is_read_item_by_item),
        IN_A_PLACE(layout_and_comments_do_not_matter),
        IN_A_PLACE(a_text_may_hold_any_character),
        IN_A_PLACE(the_shipped_grammars_are_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
