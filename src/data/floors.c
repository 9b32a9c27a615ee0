/* floors.c: readers read a text, and their losses are averaged. */
#include "data/floors.h"

#include <assert.h>
#include <math.h>

#include "base/utf8.h"
#include "data/batch.h"
#include "data/order_blind.h"
#include "data/reader.h"

static uint32_t character_at(const Corpus *corpus, size_t place)
{
    return corpus->vocab.characters[corpus->all.at[place]];
}

/* --- what cannot be --- */

static void append_quoted(TextBuffer *out, uint32_t character)
{
    char bytes[UTF8_MAX_BYTES];
    if (character == '\n')
        text_append_format(out, "'\\n'");
    else
        text_append_format(out, "'%.*s'", (int)utf8_encode(character, bytes), bytes);
}

/* The first few characters that may come next, each once. */
static void append_expected(TextBuffer *out, const Reader *reader)
{
    enum { MOST = 16 };
    uint32_t seen[MOST];
    size_t count = 0;
    for (size_t i = 0; i < reader->n_states && count < MOST; i++) {
        size_t s = 0; /* where the character stands among those seen; `count`: it is new */
        seen[count] = reader->automaton->states[reader->states[i]].character;
        while (seen[s] != seen[count])
            s++;
        if (s < count)
            continue;
        text_append_format(out, count > 0 ? ", " : "");
        append_quoted(out, seen[count++]);
    }
    if (count == MOST)
        text_append_format(out, ", ...");
}

static bool fail_character(const Corpus *corpus, size_t place, const Reader *reader, Error *error)
{
    size_t line = 1, column = 1;
    for (size_t i = 0; i < place; i++) {
        column++;
        if (character_at(corpus, i) == '\n')
            line++, column = 1;
    }
    TextBuffer text = {0};
    append_quoted(&text, character_at(corpus, place));
    text_append_format(&text, ": the grammar does not allow it here: expected ");
    append_expected(&text, reader);
    fail_request(error, "%s:%zu:%zu: %s", corpus->path, line, column,
                 text.failed ? "the grammar does not allow it" : text.bytes);
    text_buffer_free(&text);
    return false;
}

/* --- two readers --- */

/* Reads the corpus from its beginning on, and notes the losses on the characters from number
 * `first` on. */
static bool read_past(Reader *reader, const Corpus *corpus, size_t first, size_t count,
                      double *losses, Error *error)
{
    reader_start(reader);
    for (size_t i = 0; i < first + count; i++) {
        double probability = reader_read(reader, character_at(corpus, i));
        if (probability == 0)
            return fail_character(corpus, i, reader, error);
        if (i >= first)
            losses[i - first] = -log(probability);
    }
    return true;
}

/* Window number w holds the questions w T ... w T + T - 1; before the first of them stands the
 * character that is read without being asked for. That everything is possible was found before. */
static void read_windows(Reader *reader, const Corpus *corpus, size_t first, size_t count,
                         size_t block_size, double *losses)
{
    for (size_t q = 0; q < count; q++) {
        size_t place = first + q;
        if (q % block_size == 0) {
            reader_start_anywhere(reader);
            reader_read(reader, character_at(corpus, place - 1));
        }
        losses[q] = -log(reader_read(reader, character_at(corpus, place)));
    }
}

/* --- means --- */

static bool summarise(Arena *arena, const double *losses, size_t windows, size_t T, Floor *floor,
                      Error *error)
{
    *floor = (Floor){0, arena_alloc(arena, T, sizeof *floor->by_position)};
    if (floor->by_position == NULL)
        return fail(error, "out of memory: loss at %zu positions", T);
    for (size_t t = 0; t < T; t++) {
        double sum = 0;
        for (size_t w = 0; w < windows; w++)
            sum += losses[w * T + t];
        floor->by_position[t] = sum / (double)windows;
        floor->mean += floor->by_position[t] / (double)T;
    }
    return true;
}

static void fill_nan(double *losses, size_t count)
{
    for (size_t q = 0; q < count; q++)
        losses[q] = NAN;
}

bool floors_compute(Arena *arena, const Automaton *automaton, const Corpus *corpus, Tokens part,
                    size_t block_size, Floors *floors, Error *error)
{
    size_t T = block_size, windows = window_count(part, T), count = windows * T;
    size_t first = (size_t)(part.at - corpus->all.at) + 1; /* question 0 is the second character */
    assert(windows > 0);
    *floors = (Floors){.windows = windows, .questions = count};
    Arena scratch = {0};
    Reader reader;
    double *losses = arena_alloc(&scratch, count, sizeof *losses);
    bool ok = losses != NULL || fail(error, "out of memory: %zu losses", count);
    ok = ok && reader_init(&scratch, automaton, &reader, error) &&
         read_past(&reader, corpus, first, count, losses, error) &&
         summarise(arena, losses, windows, T, &floors->past, error);
    if (ok)
        read_windows(&reader, corpus, first, count, T, losses);
    ok = ok && summarise(arena, losses, windows, T, &floors->window, error) &&
         order_blind_losses(automaton, corpus, first, count, losses, &floors->not_computed, error);
    if (ok && floors->not_computed != NULL)
        fill_nan(losses, count);
    ok = ok && summarise(arena, losses, windows, T, &floors->order_blind, error);
    arena_free(&scratch);
    return ok;
}

bool floors_window(const char *grammar_path, const Corpus *corpus, Tokens part, size_t block_size,
                   double *nats, Error *error)
{
    Arena arena = {0};
    Grammar grammar;
    Automaton automaton;
    Floors floors;
    bool ok = grammar_load(&arena, grammar_path, &grammar, error) &&
              automaton_compile(&arena, &grammar, MAX_STATES, &automaton, error) &&
              floors_compute(&arena, &automaton, corpus, part, block_size, &floors, error);
    if (ok)
        *nats = floors.window.mean;
    arena_free(&arena);
    return ok;
}
