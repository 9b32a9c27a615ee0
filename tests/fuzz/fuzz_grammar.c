/* fuzz_grammar.c: any bytes as a grammar. It is refused with a message, or it is in order, and then
 * each sentence that its rules write is one that its automaton allows. */
#include "base/utf8.h"
#include "data/reader.h"
#include "data/sentence.h"
#include "fuzz/fuzz.h"

enum { MOST_STATES = 20000, N_SENTENCES = 8 };

/* The automaton's fork at the start and behind every state is a distribution. */
static void check_automaton(const Automaton *automaton)
{
    double stationary = 0;
    for (size_t f = 0; f < automaton->n_forks; f++) {
        double sum = 0;
        for (size_t a = 0; a < automaton->forks[f].count; a++)
            sum += automaton->forks[f].arcs[a].probability;
        check(sum > 1 - 1e-9 && sum < 1 + 1e-9, "a fork is no distribution");
    }
    for (size_t s = 0; s < automaton->n_states; s++)
        stationary += automaton->stationary[s];
    check(stationary > 1 - 1e-9 && stationary < 1 + 1e-9, "the stationary one is none");
    check(automaton->n_sentences >= 1, "there is no sentence");
}

static void check_sentence(const Grammar *grammar, uint64_t number, Reader *reader)
{
    TextBuffer text = {0};
    sentence_append(grammar, random_seed(1), number, &text);
    check(!text.failed && text.length > 0, "a sentence is empty");
    reader_start(reader);
    uint32_t character;
    for (size_t at = 0, bytes; at < text.length; at += bytes) {
        bytes = utf8_decode(text.bytes + at, text.length - at, &character);
        check(bytes > 0, "a sentence is not UTF-8");
        double probability = reader_read(reader, character);
        check(probability > 0 && probability < 1 + 1e-9, "a sentence is not allowed");
    }
    check(reader->may_have_ended, "a sentence is not over at its end");
    text_buffer_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    Arena arena = {0};
    Error error = {0};
    Grammar grammar;
    Automaton automaton;
    Reader reader;
    bool ok = grammar_parse(&arena, "x", (const char *)bytes, length, &grammar, &error) &&
              automaton_compile(&arena, &grammar, MOST_STATES, &automaton, &error) &&
              reader_init(&arena, &automaton, &reader, &error);
    if (ok) {
        check_automaton(&automaton);
        for (uint64_t n = 0; n < N_SENTENCES; n++)
            check_sentence(&grammar, n, &reader);
    } else {
        check_refusal(&error, ERROR_REQUEST, "x");
    }
    arena_free(&arena);
    return 0;
}
