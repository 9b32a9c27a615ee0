/* test_grammar_source.c: tests of src/data/grammar_source.c: the form of a grammar is refused with
 * its line where it is wrong, and where there is too much of it. */
#include "support/check.h"

#include <string.h>

#include "data/grammar.h"
#include "support/fixtures.h"
#include "support/grammar_case.h"

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
    assert_grammars_refused(*state, cases, COUNT_OF(cases));
    assert_grammar_refused(*state, "sentence = \"a\0\"\n", 16,
                           "x.grammar: a NUL byte: expected text");
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
    assert_grammars_refused(*state, cases, COUNT_OF(cases));
    const Grammar grammar =
        grammar_case(*state, "sentence = \"a\" [1e6] | \"b\" [1e-6] | \"c\" [0.25]", 0, 0).grammar;
    const Alternative *a = grammar.start->alternatives;
    assert_close(a->weight, 1e6, 0);
    assert_close(a->next->weight, 1e-6, 0);
    assert_close(a->next->next->weight, 0.25, 0);
}

static void there_are_16_names_8_forms_and_1000_rules(void **state)
{
    TextBuffer text = {0};
    text_append_format(&text, "sentence = \"a\"");
    for (int n = 0; n <= MAX_NAMES; n++)
        text_append_format(&text, "\n n%d:x", n);
    text_append_format(&text, "\nx = \"b\"\n");
    assert_grammar_refused(*state, text.bytes, text.length,
                           "x.grammar:18: n16: expected at most 16 different names for choices");
    text_buffer_free(&text);

    const char nine[] = "sentence = \"a\"/\"b\"/\"c\"/\"d\"/\"e\"/\"f\"/\"g\"/\"h\"/\"i\"\n";
    assert_grammar_refused(*state, nine, strlen(nine),
                           "x.grammar:1: \"/\"i\"\": expected at most 8 forms");

    for (int n = 0; n <= MAX_RULES; n++)
        text_append_format(&text, "x%d = \"a\"\n", n);
    assert_grammar_refused(*state, text.bytes, text.length,
                           "x.grammar:1001: \"x1000\": expected at most 1000 rules");
    text_buffer_free(&text);
}

#define IN_A_PLACE(test) place_test(test, "x.grammar")

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_PLACE(wrong_form_is_refused_with_its_line),
        IN_A_PLACE(a_weight_is_above_0),
        IN_A_PLACE(there_are_16_names_8_forms_and_1000_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
