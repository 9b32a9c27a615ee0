/* test_floors.c: tests of src/data/floors.c and src/data/order_blind.c.
 *
 * A language is written down twice: as a grammar, and by plain loops as the list of all its
 * sentences with their probabilities. What a reader may expect is then computed from the list, by
 * the definition of a conditional probability, with nothing of an automaton. Texts that are no
 * sentences of it are in test_floors_refused.c. */
#include "support/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "data/floors.h"
#include "support/fixtures.h"
#include "support/grammar_case.h"
#include "support/language.h"

/* --- held against the floors --- */

/* The loss of each reader on the character at `at`, in a window whose first character is at
 * `window`. */
static double past_loss(const Language *language, const GrammarCase *c, size_t at)
{
    return -log(language_begins(language, c->text, at + 1) /
                language_begins(language, c->text, at));
}

static double window_loss(const Language *language, const GrammarCase *c, size_t window, size_t at)
{
    const char *text = c->text + window;
    return -log(language_goes_on(language, text, at - window + 1) /
                language_goes_on(language, text, at - window));
}

static double bag_loss(const Language *language, const GrammarCase *c, size_t at)
{
    size_t start = c->starts[at];
    return language_order_blind_loss(language, c->text + start, at - start);
}

static void assert_floor(Floor floor, const double *losses, size_t windows, size_t T)
{
    double sum = 0;
    for (size_t t = 0; t < T; t++) {
        double here = 0;
        for (size_t w = 0; w < windows; w++)
            here += losses[w * T + t];
        assert_close(floor.by_position[t], here / (double)windows, 1e-12);
        sum += here;
    }
    assert_close(floor.mean, sum / (double)(windows * T), 1e-12);
}

/* All three floors, by position and as a whole, are those of the list. */
static void assert_floors(const GrammarCase *c, const Language *language, Tokens part, size_t T,
                          bool order_blind_too)
{
    double total = 0, losses[3][1024];
    for (size_t s = 0; s < language->count; s++)
        total += language->sentences[s].probability;
    assert_close(total, 1, 1e-14);

    size_t first = (size_t)(part.at - c->corpus.all.at), windows = (part.count - 1) / T;
    assert_true(windows >= 2 && windows * T <= COUNT_OF(losses[0]));
    for (size_t q = 0; q < windows * T; q++) {
        size_t at = first + q + 1;
        losses[0][q] = past_loss(language, c, at);
        losses[1][q] = window_loss(language, c, first + q / T * T, at);
        if (order_blind_too)
            losses[2][q] = bag_loss(language, c, at);
    }
    Floors floors;
    if (!floors_compute(&c->place->arena, &c->automaton, &c->corpus, part, T, &floors,
                        &c->place->error))
        fail_msg("%s", c->place->error.text);
    assert_int_equal(floors.windows, windows);
    assert_int_equal(floors.questions, windows * T);
    assert_floor(floors.past, losses[0], windows, T);
    assert_floor(floors.window, losses[1], windows, T);
    if (order_blind_too)
        assert_floor(floors.order_blind, losses[2], windows, T);
    else
        assert_true(isnan(floors.order_blind.mean) && isnan(floors.order_blind.by_position[T - 1]));
    assert_true((floors.not_computed == NULL) == order_blind_too);
}

/* --- the shipped grammars, made small --- */

/* A shipped grammar up to a rule of its, and other rules instead of that one and all behind it. */
static char *cut_grammar(Place *place, const char *path, const char *rule, const char *instead)
{
    FILE *stream = fopen(path, "rb");
    static char text[1 << 16];
    assert_non_null(stream);
    text[fread(text, 1, sizeof text - 1, stream)] = '\0';
    fclose(stream);
    char *cut = strstr(text, rule);
    assert_non_null(cut);
    *cut = '\0';
    char *result = text_format(&place->arena, "%s%s", text, instead);
    assert_non_null(result);
    return result;
}

static const char *const nouns[] = {"man", "ox", "owl"};

static const double noun_weights[] = {3, 2, 1}; /* of 6 */

static const char *const verbs[][2] = {{"saw", "seen"}, {"bit", "bitten"}};

/* Both questions about an event that was told. */
static void add_questions(Language *language, double p, const char *told, const char *who,
                          const char *const verb[2], const char *whom)
{
    language_add(language, p / 2, "%s Who %s the %s? The %s.\n", told, verb[0], whom, who);
    language_add(language, p / 2, "%s Who was %s? The %s.\n", told, verb[1], whom);
}

/* All there is to tell about two nouns, of which `a` is drawn first. */
static void add_events(Language *language, double p, const char *a, const char *b)
{
    char told[LONGEST_SENTENCE];
    language_add(language, p / 5, "The %s ran from the %s. Who ran? The %s.\n", a, b, a);
    for (size_t v = 0; v < 2; v++) {
        snprintf(told, sizeof told, "The %s %s the %s.", a, verbs[v][0], b);
        add_questions(language, p / 5, told, a, verbs[v], b);
        snprintf(told, sizeof told, "The %s was %s by the %s.", a, verbs[v][1], b);
        add_questions(language, p / 5, told, b, verbs[v], a);
    }
}

static void escape_has_the_floors_of_all_its_sentences(void **state)
{
    Place *place = *state;
    const char *grammar = cut_grammar(place, "data/escape.grammar", "\nnoun ",
                                      "\nnoun = \"man\" [3] | \"ox\" [2] | \"owl\"\n"
                                      "flight = \"ran from\" / \"ran\"\n"
                                      "verb = \"saw\" / \"seen\" | \"bit\" / \"bitten\"\n");
    Language language = {.count = 0};
    for (size_t a = 0; a < 3; a++)
        for (size_t b = 0; b < 3; b++)
            if (a != b)
                add_events(&language, noun_weights[a] / 6 * noun_weights[b] / (6 - noun_weights[a]),
                           nouns[a], nouns[b]);
    assert_int_equal(language.count, 6 * 9);
    GrammarCase c = grammar_case(place, grammar, 1, 10);
    assert_close(c.automaton.n_sentences, 54, 0);
    assert_floors(&c, &language, c.corpus.validation, 19, true);
    assert_floors(&c, &language, c.corpus.all, 60, true);
}

static void distances_has_the_floors_of_all_its_sentences(void **state)
{
    Place *place = *state;
    const char *grammar = cut_grammar(place, "data/distances.grammar", "\ngap ",
                                      "\ngap = \"\" | words2 [3]\n"
                                      "words2 = word \" \" word \" \"\n"
                                      "word = \"ant\" | \"elm\" [2] | \"ape\"\n");
    const char *const words[] = {"ant", "elm", "ape"};
    const double p[] = {0.25, 0.5, 0.25};
    Language language = {.count = 0};
    for (size_t a = 0; a < 3; a++) {
        language_add(&language, p[a] / 4, "%s ... %s\n", words[a], words[a]);
        for (size_t b = 0; b < 3; b++)
            for (size_t c = 0; c < 3; c++)
                language_add(&language, p[a] * p[b] * p[c] * 3 / 4, "%s %s %s ... %s\n", words[a],
                             words[b], words[c], words[a]);
    }
    GrammarCase c = grammar_case(place, grammar, 2, 14);
    assert_close(c.automaton.n_sentences, 30, 0);
    assert_floors(&c, &language, c.corpus.validation, 7, true);
    assert_floors(&c, &language, c.corpus.all, 30, true);
}

/* --- languages that are hard to read --- */

/* Texts that come about in two ways, and sentences that begin others: the reader cannot know what
 * which one it is, and every way counts. */
static void ambiguous_texts_are_read_in_every_way(void **state)
{
    const char *const first[] = {"a", "ab", ""}, *const second[] = {"ba", "a", "b"};
    const double p[] = {0.25, 0.5, 0.25}, q[] = {0.4, 0.4, 0.2};
    Language language = {.count = 0};
    for (size_t x = 0; x < 3; x++)
        for (size_t y = 0; y < 3; y++)
            language_add(&language, p[x] * q[y], "%s%s", first[x], second[y]);
    for (uint64_t seed = 1; seed <= 5; seed++) {
        GrammarCase c = grammar_case(*state,
                                     "sentence = x y\n"
                                     "x = \"a\" | \"ab\" [2] | \"\"\n"
                                     "y = \"ba\" | \"a\" | \"b\" [0.5]\n",
                                     seed, 50);
        assert_floors(&c, &language, c.corpus.validation, 3, false);
        assert_floors(&c, &language, c.corpus.all, 9, false);
    }
}

/* Which word comes next depends on the multiset of the words before: how often matters too. */
static void a_bag_counts_its_words(void **state)
{
    Language language = {.count = 0};
    language_add(&language, 0.25, "a b a x\n");
    language_add(&language, 0.25, "b a b y\n");
    language_add(&language, 0.125, "a a b x\n");
    language_add(&language, 0.125, "b a a y\n");
    language_add(&language, 0.25, "b,aa b\n");
    GrammarCase c =
        grammar_case(*state,
                     "sentence = \"a b a x\\n\" [2] | \"b a b y\\n\" [2] | \"a a b x\\n\"\n"
                     "         | \"b a a y\\n\" | \"b,aa b\\n\" [2]\n",
                     3, 40);
    assert_floors(&c, &language, c.corpus.validation, 7, true);
    assert_floors(&c, &language, c.corpus.all, 8, true);
}

/* Fair coins: ln 2 for everybody, always. */
static void a_fair_coin_costs_ln_2(void **state)
{
    Place *place = *state;
    GrammarCase c = grammar_case(place, "sentence = \"0\" | \"1\"\n", 1, 60);
    Floors floors;
    assert_true(floors_compute(&place->arena, &c.automaton, &c.corpus, c.corpus.all, 10, &floors,
                               &place->error));
    assert_close(floors.past.mean, log(2), 1e-14);
    assert_close(floors.window.mean, log(2), 1e-14);
    assert_close(floors.order_blind.mean, log(2), 1e-14);
}

/* Each sentence is the same, of five characters: who has read all is never wrong; who opens the
 * text anywhere is, until a character was seen that stands in it once. */
static void a_window_costs_what_its_reader_has_missed(void **state)
{
    Place *place = *state;
    GrammarCase c = grammar_case(place, "sentence = \"aab.\" \"\\n\"\n", 1, 60);
    Floors floors;
    assert_true(floors_compute(&place->arena, &c.automaton, &c.corpus, c.corpus.all, 6, &floors,
                               &place->error));
    assert_close(floors.past.mean, 0, 0);
    assert_close(floors.order_blind.mean, 0, 0);
    /* 49 windows begin with a (19), a (20), b, ., \n (10 each, without the last): only behind an a
     * there is a question, whether a or b follows, once */
    assert_close(floors.window.by_position[0] * 49, log(2) * 20, 1e-12);
    for (size_t t = 1; t < 6; t++)
        assert_close(floors.window.by_position[t], 0, 1e-15);
}

/* --- from files --- */

static void the_window_floor_alone_is_the_same(void **state)
{
    Place *place = *state;
    const char grammar[] = "sentence = \"a\" x \"b\" x \"\\n\"\nx = \"c\" [3] | \"d\"\n";
    GrammarCase c = grammar_case(place, grammar, 1, 60);
    const char *path = place_path(place, "x.grammar");
    write_test_file(path, grammar, strlen(grammar));
    Floors floors;
    double nats;
    assert_true(floors_compute(&place->arena, &c.automaton, &c.corpus, c.corpus.validation, 5,
                               &floors, &place->error));
    assert_true(floors_window(path, &c.corpus, c.corpus.validation, 5, &nats, &place->error));
    assert_close(nats, floors.window.mean, 0);
    assert_false(
        floors_window("no such grammar", &c.corpus, c.corpus.validation, 5, &nats, &place->error));
    assert_contains(place->error.text, "no such grammar: No such file");
}

#define IN_A_PLACE(test) place_test(test, "a text.txt")

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_PLACE(escape_has_the_floors_of_all_its_sentences),
        IN_A_PLACE(distances_has_the_floors_of_all_its_sentences),
        IN_A_PLACE(ambiguous_texts_are_read_in_every_way),
        IN_A_PLACE(a_bag_counts_its_words),
        IN_A_PLACE(a_fair_coin_costs_ln_2),
        IN_A_PLACE(a_window_costs_what_its_reader_has_missed),
        IN_A_PLACE(the_window_floor_alone_is_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
