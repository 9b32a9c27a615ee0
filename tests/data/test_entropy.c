/* test_entropy.c: tests of src/data/entropy.c. */
#include "support/check.h"

#include <math.h>

#include "base/random.h"
#include "data/entropy.h"
#include "support/place.h"

static double unigram(Tokens tokens, size_t V)
{
    double nats = NAN;
    assert_true(entropy_unigram(tokens, V, &nats, NULL));
    return nats;
}

static double bigram(Tokens tokens, size_t V)
{
    double nats = NAN;
    assert_true(entropy_bigram(tokens, V, &nats, NULL));
    return nats;
}

static double trigram(Tokens tokens, size_t V)
{
    double nats = NAN;
    assert_true(entropy_trigram(tokens, V, &nats, NULL));
    return nats;
}

static void entropies_of_tiny_texts_are_those_found_by_hand(void **state)
{
    (void)state;
    const double ln2 = log(2), ln3 = log(3);
    const struct {
        int tokens[9];
        size_t count;
        double unigram, bigram, trigram;
    } cases[] = {
        {{0}, 0, 0, 0, 0},
        {{2}, 1, 0, 0, 0},
        {{1, 0}, 2, ln2, 0, 0},
        {{1, 1, 1}, 3, 0, 0, 0},
        {{0, 1, 0, 1}, 4, ln2, 0, 0},              /* each is followed by the other */
        {{0, 0, 1}, 3, ln3 - ln2 * 2 / 3, ln2, 0}, /* 0 is followed by 0 and 1 */
        {{0, 0, 1, 1}, 4, ln2, ln2 * 2 / 3, 0},    /* 1, in one pair of three, only by 1 */
        {{0, 0, 1, 1, 0}, 5, log(5) - ln3 * 3 / 5 - ln2 * 2 / 5, ln2, 0},
        {{0, 1, 2, 0, 1, 2}, 6, ln3, 0, 0},
        {{3, 0, 3, 1, 3, 2, 3}, 7, log(7) - log(4) * 4 / 7, ln3 / 2, 0}, /* 3 by 0, 1 and 2 */
        {{0, 0, 0, 0, 1}, 5, log(5) - log(4) * 4 / 5, log(4) - ln3 * 3 / 4, ln3 - ln2 * 2 / 3},
        {{0, 1, 1, 0, 1, 0}, 6, ln2, ln3 * 3 / 5 - ln2 * 2 / 5, ln2 / 2}, /* 0 1 by 1 and 0 */
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        Tokens tokens = {cases[c].tokens, cases[c].count};
        assert_close(unigram(tokens, 4), cases[c].unigram, 1e-14);
        assert_close(bigram(tokens, 4), cases[c].bigram, 1e-14);
        assert_close(trigram(tokens, 4), cases[c].trigram, 1e-14);
    }
}

/* One term of an entropy, with q = 1, or of a conditional one. */
static double surprise(double p, double q)
{
    return p > 0 ? p * log(q / p) : 0;
}

static void entropies_are_those_of_the_definition(void **state)
{
    (void)state;
    enum { V = 7, N = 1000 };
    int text[N];
    double p[V] = {0}, first[V] = {0}, pairs[V][V] = {{0}}, h = 0, h_next = 0;
    double firsts[V][V] = {{0}}, triples[V][V][V] = {{{0}}}, h_third = 0;
    for (int i = 0; i < N; i++) {
        int before = i > 0 ? text[i - 1] : 0, second = i > 1 ? text[i - 2] : 0;
        text[i] = (2 * before + second + (int)random_below(random_seed(1), (uint64_t)i, 4)) % V;
    }
    for (size_t i = 0; i < N; i++)
        p[text[i]] += 1.0 / N;
    for (size_t i = 0; i + 1 < N; i++) {
        first[text[i]] += 1.0 / (N - 1);
        pairs[text[i]][text[i + 1]] += 1.0 / (N - 1);
    }
    for (size_t i = 0; i + 2 < N; i++) {
        firsts[text[i]][text[i + 1]] += 1.0 / (N - 2);
        triples[text[i]][text[i + 1]][text[i + 2]] += 1.0 / (N - 2);
    }
    for (size_t a = 0; a < V; a++) {
        h += surprise(p[a], 1);
        for (size_t b = 0; b < V; b++) {
            h_next += surprise(pairs[a][b], first[a]);
            for (size_t c = 0; c < V; c++)
                h_third += surprise(triples[a][b][c], firsts[a][b]);
        }
    }
    assert_true(h_third < 0.9 * h_next && h_next < h);
    assert_close(unigram((Tokens){text, N}, V), h, 1e-12);
    assert_close(bigram((Tokens){text, N}, V), h_next, 1e-12);
    assert_close(trigram((Tokens){text, N}, V), h_third, 1e-12);
}

/* To know the character before never hurts: H(X' | X) <= H(X'), where X' is any character but the
 * first; and no entropy is above that of equal frequencies. */
static void entropies_are_ordered(void **state)
{
    Place *place = *state;
    Corpus corpus;
    assert_true(corpus_load(&place->arena, "data/fables.txt", VOCAB_CHARACTERS, &corpus, NULL));
    const size_t lengths[] = {2, 3, 10, 100, 1000, corpus.all.count};
    size_t V = corpus.vocab.size;
    for (size_t n = 0; n < sizeof lengths / sizeof *lengths; n++) {
        Tokens tokens = {corpus.all.at, lengths[n]};
        Tokens next = {tokens.at + 1, tokens.count - 1};
        assert_true(0 <= bigram(tokens, V) && 0 <= trigram(tokens, V));
        assert_true(trigram(tokens, V) <= bigram(next, V) + 1e-12);
        assert_true(bigram(tokens, V) <= unigram(next, V) + 1e-12);
        assert_true(unigram(tokens, V) <= log((double)V));
    }
    assert_true(bigram(corpus.all, V) < unigram(corpus.all, V) - 0.5);
}

/* A table of V x V counts would have ten thousand million entries. */
static void a_large_vocabulary_has_entropies_too(void **state)
{
    Place *place = *state;
    enum { V = 100000 };
    int *text = arena_alloc(&place->arena, 2 * V, sizeof *text);
    assert_non_null(text);
    for (int i = 0; i < 2 * V; i++)
        text[i] = i % V;
    assert_close(unigram((Tokens){text, 2 * V}, V), log(V), 1e-9);
    assert_close(bigram((Tokens){text, 2 * V}, V), 0, 0);
    assert_close(trigram((Tokens){text, 2 * V}, V), 0, 0);
}

/* Places are kept in 32 bits. It is told by the length alone: nothing is read. */
static void a_text_too_long_for_places_of_32_bits_is_refused(void **state)
{
    (void)state;
    const int token = 0;
    const Tokens tokens = {&token, (size_t)UINT32_MAX + 1};
    Error error = {0};
    double nats;
    assert_false(entropy_bigram(tokens, 1, &nats, &error));
    assert_string_equal(error.text, "entropy of 4294967296 tokens: expected at most 4294967295");
    assert_false(entropy_trigram(tokens, 1, &nats, &error));
}

#define IN_A_PLACE(test) place_test(test, "a text.txt")

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entropies_of_tiny_texts_are_those_found_by_hand),
        cmocka_unit_test(entropies_are_those_of_the_definition),
        IN_A_PLACE(entropies_are_ordered),
        IN_A_PLACE(a_large_vocabulary_has_entropies_too),
        cmocka_unit_test(a_text_too_long_for_places_of_32_bits_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
