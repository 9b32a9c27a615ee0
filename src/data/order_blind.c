/* order_blind.c: what a bag of words leaves open.
 *
 * Listing all sentences for each character of the text would take forever, so it is done once, in
 * three steps:
 *
 *     collect()          reads the text, and numbers the contexts (bag and word in progress) in
 *                        which it asks for a character, and the pairs (context, character)
 *     list_sentences()   walks along every sentence of the grammar, and adds its probability to
 *                        each context and each pair on its way that has a number
 *     find_losses()      takes the two sums of each character of the text:
 *                        -ln P(c) = ln( of its context / of its pair )
 *
 * A context is compared by its fingerprint, two numbers of 64 bits. That of a word mixes in its
 * letters one after the other; that of a bag is the sum of its words' fingerprints, which does not
 * depend on their order. Both numbers are made in the same way from different constants. That two
 * of n contexts have both in common by chance has a probability of about n^2 / 2^129: for the 10^8
 * places of a million sentences, less than 10^-22. */
#include "data/order_blind.h"

#include <math.h>

#include "base/intern.h"
#include "base/random.h"
#include "data/reader.h"

enum { HALVES = 2 }; /* of a fingerprint */

/* What the reader knows of a sentence so far. */
typedef struct Context {
    uint64_t bag[HALVES];  /* the words that are complete; 0: none */
    uint64_t word[HALVES]; /* the letters of the word in progress; 0: none */
} Context;

static bool is_letter(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
}

/* The word in progress is complete, if there is one. */
static void finish_word(Context *context)
{
    for (size_t h = 0; h < HALVES; h++) {
        if (context->word[h] != 0)
            context->bag[h] += random_mix(context->word[h]);
        context->word[h] = 0;
    }
}

static void add_character(Context *context, uint32_t character)
{
    static const uint64_t constants[HALVES] = {UINT64_C(0x9e3779b97f4a7c15),
                                               UINT64_C(0xd1b54a32d192ed03)};
    for (size_t h = 0; h < HALVES; h++)
        context->word[h] = random_mix((context->word[h] ^ constants[h]) + character);
}

static Context read_character(Context context, uint32_t character)
{
    bool alone = !is_letter(character); /* a word of its own */
    if (alone)
        finish_word(&context);
    add_character(&context, character);
    if (alone)
        finish_word(&context);
    return context;
}

/* Of a whole context, bag and word. */
typedef struct Fingerprint {
    uint64_t halves[HALVES];
} Fingerprint;

static Fingerprint fingerprint_of(const Context *context)
{
    Fingerprint fingerprint;
    for (size_t h = 0; h < HALVES; h++)
        fingerprint.halves[h] = random_mix(random_mix(context->bag[h]) + context->word[h]);
    return fingerprint;
}

/* A context, and a character that goes on behind it. */
typedef struct Pair {
    uint32_t context; /* its number in `contexts` */
    uint32_t character;
} Pair;

/* What a text asks for. */
typedef struct Questions {
    const Automaton *automaton;
    Interner contexts;  /* of Fingerprint */
    Interner pairs;     /* of Pair */
    double *of_context; /* [contexts.count]: the probability of all sentences that have it */
    double *of_pair;    /* [pairs.count]: the same */
    uint32_t *asked;    /* [count]: for each character of the text, the number of its pair */
} Questions;

/* --- the text --- */

/* Notes what the text asks for; false where it does not tell where a sentence ends. */
static bool collect(Questions *questions, Reader *reader, const Corpus *corpus, size_t first,
                    size_t count)
{
    Context context = {{0}, {0}};
    reader_start(reader);
    for (size_t i = 0; i < first + count; i++) {
        uint32_t character = corpus->vocab.characters[corpus->all.at[i]];
        if (i >= first) {
            Fingerprint print = fingerprint_of(&context);
            Pair pair = {intern(&questions->contexts, &print, sizeof print, NULL), character};
            questions->asked[i - first] = intern(&questions->pairs, &pair, sizeof pair, NULL);
        }
        reader_read(reader, character);
        context = read_character(context, character);
        if (reader->may_have_ended && reader->may_go_on)
            return false;
        if (reader->may_have_ended)
            context = (Context){{0}, {0}};
    }
    return true;
}

/* --- the sentences --- */

/* Adds the probability of sentences that have this context and go on with this character, if the
 * text asks for it. */
static void add_probability(Questions *questions, const Context *context, uint32_t character,
                            double probability)
{
    Fingerprint print = fingerprint_of(context);
    Pair pair = {.character = character};
    uint32_t number;
    if (!intern_find(&questions->contexts, &print, sizeof print, &pair.context))
        return;
    questions->of_context[pair.context] += probability;
    if (intern_find(&questions->pairs, &pair, sizeof pair, &number))
        questions->of_pair[number] += probability;
}

/* Goes along every way from a fork to the end of the sentence. `context` is what stands before the
 * fork, and `probability` how likely the machine is to get there on this way. */
static void list_sentences(Questions *questions, Fork fork, Context context, double probability)
{
    for (size_t a = 0; a < fork.count; a++) {
        uint64_t state = fork.arcs[a].state;
        if (state == SENTENCE_END)
            continue;
        uint32_t character = questions->automaton->states[state].character;
        double here = probability * fork.arcs[a].probability;
        add_probability(questions, &context, character, here);
        list_sentences(questions, fork_behind(questions->automaton, state),
                       read_character(context, character), here);
    }
}

/* --- the losses --- */

static bool find_losses(Arena *scratch, Questions *questions, size_t count, double *losses)
{
    const Automaton *automaton = questions->automaton;
    const Context nothing = {{0}, {0}};
    questions->of_context =
        arena_alloc(scratch, questions->contexts.count, sizeof *questions->of_context);
    questions->of_pair = arena_alloc(scratch, questions->pairs.count, sizeof *questions->of_pair);
    if (questions->contexts.failed || questions->pairs.failed || !questions->of_context ||
        !questions->of_pair)
        return false;
    list_sentences(questions, automaton->forks[automaton->start], nothing, 1);
    for (size_t q = 0; q < count; q++) {
        uint32_t number = questions->asked[q];
        size_t bytes;
        const Pair *pair = intern_bytes(&questions->pairs, number, &bytes);
        losses[q] = log(questions->of_context[pair->context] / questions->of_pair[number]);
    }
    return true;
}

bool order_blind_losses(const Automaton *automaton, const Corpus *corpus, size_t first,
                        size_t count, double *losses, const char **not_computed, Error *error)
{
    *not_computed = NULL;
    if (automaton->n_sentences > MAX_LISTED) {
        *not_computed = "there are more than a million sentences";
        return true;
    }
    Arena scratch = {0};
    Reader reader;
    Questions questions = {.automaton = automaton,
                           .asked = arena_alloc(&scratch, count, sizeof *questions.asked)};
    bool ok = questions.asked != NULL && reader_init(&scratch, automaton, &reader, NULL);
    if (ok && !collect(&questions, &reader, corpus, first, count))
        *not_computed = "the text does not tell where a sentence ends";
    else
        ok = ok && find_losses(&scratch, &questions, count, losses);
    intern_free(&questions.contexts);
    intern_free(&questions.pairs);
    arena_free(&scratch);
    return ok || fail(error, "out of memory: what %zu characters stand behind", count);
}
