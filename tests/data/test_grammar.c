/* test_grammar.c: tests of src/data/grammar.c, grammar_source.c, grammar_names.c and
 * grammar_check.c: how a grammar is read, and what is refused. */
#include "support/check.h"

#include <stdio.h>
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

/* --- form --- */

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

/* --- refusals --- */

static void assert_refused(Place *place, const char *text, size_t length, const char *message)
{
    Grammar grammar;
    place->error = (Error){0};
    if (grammar_parse(&place->arena, "x.grammar", text, length, &grammar, &place->error))
        fail_msg("accepted: %s", text);
    assert_contains(place->error.text, message);
    assert_int_equal(place->error.kind, ERROR_REQUEST);
    assert_false(grammar_parse(&place->arena, "x.grammar", text, length, &grammar, NULL));
}

static void assert_all_refused(Place *place, const char *const cases[][2], size_t count)
{
    for (size_t c = 0; c < count; c++)
        assert_refused(place, cases[c][0], strlen(cases[c][0]), cases[c][1]);
}

static void wrong_form_is_refused_with_its_line(void **state)
{
    static const char *const cases[][2] = {
        {"sentence = \"a\n\"\n", "x.grammar:1: the line ends"},
        {"sentence = \"a\n\"\n", "expected a closing '\"'; a line break in a text is \\n"},
        {"sentence = \"a", "x.grammar:1: the file ends"},
        {"sentence = \"a\\x\"\n", "x.grammar:1: \"\\x\"\": expected \\\" \\\\ \\n or \\t"},
        {"sentence = \"a\"\n\nx\n", "x.grammar:4: the file ends: expected '='"},
        {"sentence = \"a\"\n  | \"b\" ]\n", "x.grammar:2: \"]\": expected a text or a name"},
        {"sentence = \"a\" [2] \"b\"\n", "x.grammar:1: \"\"b\"\": expected '|' before another"},
        {"sentence =\n", "x.grammar:2: the file ends: expected a text (\"\" to say nothing)"},
        {"sentence = \"a\" |\nx = \"b\"\n", "x.grammar:2: \"x\": expected a text"},
        {"sentence = \"a\" | | \"b\"\n", "x.grammar:1: \"|\": expected a text"},
        {"sentence = \"a\" / \n", "x.grammar:2: the file ends: expected a text"},
        {"  sentence = \"a\"\n",
         "x.grammar:1: \"sentence\": expected a rule that begins in column"},
        {"\"a\"\n", "x.grammar:1: \"\"a\"\": expected a rule such as: noun"},
        {"| \"a\"\n", "x.grammar:1: \"|\": expected a rule such as"},
        {"sentence = \"a\"\n9 = \"b\"\n", "x.grammar:2: \"9\": expected a rule such as"},
        {"sentence : \"a\"\n", "x.grammar:1: \":\": expected '=' behind the name of a rule"},
        {"sentence = a: b\n",
         "x.grammar:1: the line ends or a space follows: expected the name of"},
        {"sentence = a:\"b\"\n", "x.grammar:1: \"\"b\"\": expected the name of a rule behind ':'"},
        {"sentence = a!\n", "expected the name of a choice behind '!'"},
        {"sentence = a.0\n", "x.grammar:1: \".0\": expected the number of a form, from 1 to 8"},
        {"sentence = a.9\n", "\".9\": expected the number"},
        {"sentence = a.12\n", "\".12\": expected the number"},
        {"sentence = a.\n", "\".\": expected the number"},
        {"sentence = \"a\xff\"\n", "x.grammar:1: byte 0xFF: expected UTF-8"},
        {"sentence = \"a\xc3\"\n", "byte 0xC3: expected UTF-8"},
        {"sentence = \"a\"\nd\xc3\xa9j\xc3\xa0 = \"b\"\n", "x.grammar:2: \"\xc3\xa9j\xc3\xa0\""},
        /* cut at 40 bytes, in front of the character that these would divide */
        {"1234567890123456789012345678901234567890123\n",
         "\"1234567890123456789012345678901234567890\": expected a rule"},
        {"123456789012345678901234567890123456789\xc3\xa9\n",
         "\"123456789012345678901234567890123456789\": expected a rule"},
    };
    assert_all_refused(*state, cases, COUNT_OF(cases));
    assert_refused(*state, "sentence = \"a\0\"\n", 16, "x.grammar: a NUL byte: expected text");
}

static void a_weight_is_above_0(void **state)
{
    static const char *const cases[][2] = {
        {"sentence = \"a\" [0]\n", "x.grammar:1: \"[0]\": expected a weight above 0"},
        {"sentence = \"a\"\n | \"b\" [-1]\n", "x.grammar:2: \"[-1]\": expected a weight above 0"},
        {"sentence = \"a\" []\n", "\"[]\": expected a weight above 0"},
        {"sentence = \"a\" [x]\n", "\"[x]\": expected a weight above 0"},
        {"sentence = \"a\" [nan]\n", "expected a weight above 0"},
        {"sentence = \"a\" [inf]\n", "expected a weight above 0"},
        {"sentence = \"a\" [1e7]\n", "expected a weight above 0, from [1e-6] to [1e6]"},
        {"sentence = \"a\" [9e-7]\n", "expected a weight above 0, from [1e-6] to [1e6]"},
        {"sentence = \"a\" [2\n", "\"[2\": expected a weight such as [3], closed by ']'"},
    };
    assert_all_refused(*state, cases, COUNT_OF(cases));
    const Grammar grammar = parse(*state, "sentence = \"a\" [1e6] | \"b\" [1e-6] | \"c\" [0.25]");
    const Alternative *a = grammar.start->alternatives;
    assert_close(a->weight, 1e6, 0);
    assert_close(a->next->weight, 1e-6, 0);
    assert_close(a->next->next->weight, 0.25, 0);
}

static void unknown_and_doubled_names_are_refused(void **state)
{
    static const char *const cases[][2] = {
        {"sentence = \"a\"\n | noum\nnoun = \"b\"\n",
         "x.grammar:2: unknown name \"noum\": did you mean \"noun\"? expected a rule or a kept "},
        {"sentence = xyzzy\n", "x.grammar:1: unknown name \"xyzzy\": expected a rule or a kept"},
        {"sentence = who:noun wha\nnoun = \"b\"\n",
         "x.grammar:1: unknown name \"wha\": did you mean \"who\"? expected a rule or a kept "},
        {"sentence = who:noum\nnoun = \"b\"\n", "x.grammar:1: unknown name \"noum\": did you mean "
                                                "\"noun\"? expected a rule"},
        {"sentence = who:noun who!who\nnoun = \"b\"\n",
         "x.grammar:1: unknown name \"who\": expected a rule"},
        {"sentence = noun\nnoun = \"b\"\n\nnoun = \"c\"\n",
         "x.grammar:4: noun: stands at line 2 already: expected one rule of a name"},
        {"sentence = noun:verb\nverb = \"a\"\nnoun = \"b\"\n",
         "x.grammar:3: noun: is a rule, and a choice is kept under it"},
    };
    assert_all_refused(*state, cases, COUNT_OF(cases));
}

static void a_name_is_given_before_it_is_used(void **state)
{
    static const char *const cases[][2] = {
        {"sentence = \"a\"\n who who:noun\nnoun = \"b\"\n", "x.grammar:2: who: expected a choice"},
        {"sentence = noun!who who:noun\nnoun = \"b\" | \"c\"\n", "x.grammar:1: who: expected a ch"},
        {"sentence = who:noun!who\nnoun = \"b\" | \"c\"\n", "x.grammar:1: who: expected a choice"},
        {"sentence = noun!x\nnoun = \"b\" | \"c\"\n", "x.grammar:1: x: expected a choice"},
        /* on one of two ways */
        {"sentence = x y\nx = who:noun | \"a\"\ny =\n \"b\"\n who\nnoun = \"c\"\n",
         "x.grammar:5: who: expected a choice that is kept under this name"},
        {"sentence = \"a\" | x\nx = \"b\" [2] | y who:noun\ny = who\nnoun = \"c\"\n",
         "x.grammar:3: who: expected a choice"},
    };
    assert_all_refused(*state, cases, COUNT_OF(cases));
    parse(*state, "sentence = x who\nx = who:noun | who:verb\nnoun = \"a\"\nverb = \"b\"\n");
    parse(*state, "sentence = who:noun x\nx = who | \"-\" y\ny = noun!who\nnoun = \"a\" | \"b\"\n");
}

static void recursion_is_refused(void **state)
{
    static const char *const cases[][2] = {
        {"sentence = \"a\" | \"b\" sentence\n",
         "x.grammar:1: recursion: sentence > sentence: expected rules that never lead to themselv"},
        {"sentence = x\nx = \"a\" y | \"b\"\ny = \"c\"\n  | z\nz = x\n",
         "x.grammar:5: recursion: x > y > z > x: expected"},
        {"sentence = x y\nx = \"a\"\ny = x | y\n", "x.grammar:3: recursion: y > y:"},
    };
    assert_all_refused(*state, cases, COUNT_OF(cases));
    parse(*state, "sentence = x y y\nx = y | \"a\" z\ny = z | z \"b\"\nz = \"c\"\n");
}

static void what_nothing_leads_to_is_refused(void **state)
{
    static const char *const cases[][2] = {
        {"sentence = \"a\"\nx = \"b\"\n", "x.grammar:2: x: unreachable: no way leads here from "},
        {"sentence = x\nx = \"a\"\ny = z\nz = \"b\"\n", "x.grammar:3: y: unreachable"},
        {"sentence = \"a\"\nx = \"b\" | x\n", "x.grammar:2: x: unreachable"},
    };
    assert_all_refused(*state, cases, COUNT_OF(cases));
}

static void an_empty_language_is_refused(void **state)
{
    static const char *const cases[][2] = {
        {"", "x.grammar: an empty language: expected a rule sentence = ..."},
        {"# nothing\n", "x.grammar: an empty language"},
        {"sentense = \"a\"\n", "x.grammar: an empty language"},
        {"sentence = \"\"\n",
         "x.grammar:1: sentence may be empty: expected something that is alwa"},
        {"x = \"a\" | \"\"\n\nsentence = x x\n", "x.grammar:3: sentence may be empty"},
        {"sentence = who:x who\nx = \"\"\n", "x.grammar:1: sentence may be empty"},
    };
    assert_all_refused(*state, cases, COUNT_OF(cases));
    parse(*state, "sentence = x \"\" y\nx = \"a\" | \"\"\ny = \"b\"\n");
}

static void only_lists_are_kept_or_have_forms(void **state)
{
    static const char *const cases[][2] = {
        {"sentence = who:x who\nx = \"a\" y | \"b\"\ny = \"c\"\n",
         "x.grammar:1: x (line 2) is no list: expected alternatives of one text each"},
        {"sentence = x:y z!x\ny = \"a\" | \"b\"\nz = \"c\" | y\n",
         "x.grammar:1: z (line 3) is no list"},
        {"sentence = x\nx = \"a\" / \"b\" \"c\"\n", "x.grammar:2: '/': expected each alternative"},
        {"sentence = x\nx = \"a\" / \"b\"\n | \"c\"\n",
         "x.grammar:3: 1 forms: expected 2, as in the first alternative of x"},
        {"sentence = x.3\nx = \"a\" / \"b\"\n", "x.grammar:1: x.3: x (line 2) has 2 forms"},
        {"sentence = who:x\n who.2\nx = \"a\"\n",
         "x.grammar:2: who.2: what is kept as who has 1 form"},
        {"sentence = y who.2\ny = who:x | who:z\nx = \"a\" / \"b\"\nz = \"c\"\n",
         "x.grammar:1: who.2: what is kept as who has 1 form"},
    };
    assert_all_refused(*state, cases, COUNT_OF(cases));
}

static void something_different_must_be_left(void **state)
{
    static const char *const cases[][2] = {
        {"sentence = a:x x!a\nx = \"a\"\n",
         "x.grammar:1: '!': x has 1 different alternative: expected at least 2"},
        {"sentence = a:x b:x\n x!a!b\nx = \"a\" | \"b\" | \"a\"\n",
         "x.grammar:2: '!': x has 2 different alternatives: expected at least 3"},
    };
    assert_all_refused(*state, cases, COUNT_OF(cases));
    parse(*state, "sentence = a:x b:x!a x!a!b\nx = \"a\" | \"b\" | \"c\"\n");
    parse(*state, "sentence = a:x b:x!a x!a!a\nx = \"a\" | \"b\"\n");
}

/* --- limits --- */

static void a_sentence_has_a_longest_length(void **state)
{
    Place *place = *state;
    TextBuffer text = {0};
    text_append_format(&text, "sentence = x0\n");
    for (int n = 0; n < 40; n++) /* 2^40 letters */
        text_append_format(&text, "x%d = x%d x%d\n", n, n + 1, n + 1);
    text_append_format(&text, "x40 = \"a\"\n");
    assert_refused(place, text.bytes, text.length, "x.grammar:1: sentence may be too long");
    text_buffer_free(&text);

    text_append_format(&text, "sentence = \"%0*d\"\n", MAX_SENTENCE - 1, 0);
    parse(place, text.bytes); /* with its item it is as long as may be */
    text_buffer_free(&text);
    text_append_format(&text, "sentence = \"%0*d\"\n", MAX_SENTENCE, 0);
    assert_refused(place, text.bytes, text.length, "expected at most 4096 characters and items");
    text_buffer_free(&text);
}

static void there_are_16_names_8_forms_and_1000_rules(void **state)
{
    TextBuffer text = {0};
    text_append_format(&text, "sentence = \"a\"");
    for (int n = 0; n <= MAX_NAMES; n++)
        text_append_format(&text, "\n n%d:x", n);
    text_append_format(&text, "\nx = \"b\"\n");
    assert_refused(*state, text.bytes, text.length,
                   "x.grammar:18: n16: expected at most 16 different names for choices");
    text_buffer_free(&text);

    const char nine[] = "sentence = \"a\"/\"b\"/\"c\"/\"d\"/\"e\"/\"f\"/\"g\"/\"h\"/\"i\"\n";
    assert_refused(*state, nine, strlen(nine), "x.grammar:1: \"/\"i\"\": expected at most 8 forms");

    for (int n = 0; n <= MAX_RULES; n++)
        text_append_format(&text, "x%d = \"a\"\n", n);
    assert_refused(*state, text.bytes, text.length,
                   "x.grammar:1001: \"x1000\": expected at most 1000 rules");
    text_buffer_free(&text);
}

/* --- files --- */

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
        IN_A_PLACE(wrong_form_is_refused_with_its_line),
        IN_A_PLACE(a_weight_is_above_0),
        IN_A_PLACE(unknown_and_doubled_names_are_refused),
        IN_A_PLACE(a_name_is_given_before_it_is_used),
        IN_A_PLACE(recursion_is_refused),
        IN_A_PLACE(what_nothing_leads_to_is_refused),
        IN_A_PLACE(an_empty_language_is_refused),
        IN_A_PLACE(only_lists_are_kept_or_have_forms),
        IN_A_PLACE(something_different_must_be_left),
        IN_A_PLACE(a_sentence_has_a_longest_length),
        IN_A_PLACE(there_are_16_names_8_forms_and_1000_rules),
        IN_A_PLACE(the_shipped_grammars_are_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
