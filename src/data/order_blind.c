/* order_blind.c: first the contexts in which the text asks for a character, then all sentences,
 * each of which adds its probability to those of these contexts that it contains.
 *
 * A context is told by two numbers of 64 bits, made of different constants: for a word, its letters
 * are mixed in one after the other; a bag is the sum of its words' numbers, which does not depend
 * on their order. That two of n contexts have both in common is a chance of n^2 / 2^129: for the
 * 10^8 places of a million sentences, less than 10^-22. */
#include "data/order_blind.h"

#include <math.h>

#include "base/intern.h"
#include "base/random.h"
#include "data/reader.h"

enum { HALVES = 2 };

typedef struct Context {
    uint64_t bag[HALVES], word[HALVES]; /* 0: empty */
} Context;

static bool is_letter(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
}

static void add_word(Context *context)
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
    if (!is_letter(character))
        add_word(&context);
    add_character(&context, character);
    if (!is_letter(character))
        add_word(&context);
    return context;
}

/* What a text asks for: contexts, and characters in a context. */
typedef struct Key {
    uint64_t halves[HALVES];
} Key;

typedef struct Next {
    uint32_t context; /* its number in `contexts` */
    uint32_t character;
} Next;

typedef struct Questions {
    const Automaton *automaton;
    Interner contexts;      /* of Key */
    Interner nexts;         /* of Next */
    double *of_context;     /* by number: the probability of all sentences with this context, */
    double *of_next;        /* and of those that go on so */
    uint32_t *number_asked; /* [count]: in `nexts` */
} Questions;

static Key key_of(const Context *context)
{
    Key key;
    for (size_t h = 0; h < HALVES; h++)
        key.halves[h] = random_mix(random_mix(context->bag[h]) + context->word[h]);
    return key;
}

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
            Key key = key_of(&context);
            Next next = {intern(&questions->contexts, &key, sizeof key, NULL), character};
            questions->number_asked[i - first] =
                intern(&questions->nexts, &next, sizeof next, NULL);
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

/* Adds the probability of a sentence that has this context and goes on with this character. */
static void add_probability(Questions *questions, const Context *context, uint32_t character,
                            double probability)
{
    Key key = key_of(context);
    Next next = {.character = character};
    uint32_t number;
    if (!intern_find(&questions->contexts, &key, sizeof key, &next.context))
        return;
    questions->of_context[next.context] += probability;
    if (intern_find(&questions->nexts, &next, sizeof next, &number))
        questions->of_next[number] += probability;
}

/* Goes along every way from a fork to the end of the sentence. What they have in common so far is
 * told by the context; `probability` is that of getting here. */
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
    questions->of_next = arena_alloc(scratch, questions->nexts.count, sizeof *questions->of_next);
    if (questions->contexts.failed || questions->nexts.failed || !questions->of_context ||
        !questions->of_next)
        return false;
    list_sentences(questions, automaton->forks[automaton->start], nothing, 1);
    for (size_t q = 0; q < count; q++) {
        uint32_t number = questions->number_asked[q];
        size_t bytes;
        const Next *next = intern_bytes(&questions->nexts, number, &bytes);
        losses[q] = log(questions->of_context[next->context] / questions->of_next[number]);
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
                           .number_asked =
                               arena_alloc(&scratch, count, sizeof *questions.number_asked)};
    bool ok = questions.number_asked != NULL && reader_init(&scratch, automaton, &reader, NULL);
    if (ok && !collect(&questions, &reader, corpus, first, count))
        *not_computed = "the text does not tell where a sentence ends";
    else
        ok = ok && find_losses(&scratch, &questions, count, losses);
    intern_free(&questions.contexts);
    intern_free(&questions.nexts);
    arena_free(&scratch);
    return ok || fail(error, "out of memory: what %zu characters stand behind", count);
}
