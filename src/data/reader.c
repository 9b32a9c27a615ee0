/* reader.c: the forward algorithm on lists of states, as a belief soon holds few. */
#include "data/reader.h"

bool reader_init(Arena *arena, const Automaton *automaton, Reader *reader, Error *error)
{
    size_t n = automaton->n_states;
    *reader = (Reader){
        .automaton = automaton,
        .belief = arena_alloc(arena, n, sizeof *reader->belief),
        .next = arena_alloc(arena, n, sizeof *reader->next),
        .states = arena_alloc(arena, n, sizeof *reader->states),
        .next_states = arena_alloc(arena, n, sizeof *reader->next_states),
    };
    if (reader->belief && reader->next && reader->states && reader->next_states)
        return true;
    return fail(error, "out of memory: a belief in %zu states", n);
}

/* Forgets everything. */
static void clear(Reader *reader)
{
    for (size_t i = 0; i < reader->n_states; i++)
        reader->belief[reader->states[i]] = 0;
    reader->n_states = 0;
    reader->may_have_ended = reader->may_go_on = false;
}

/* The machine takes a fork with this probability. A probability so small that the product is 0 adds
 * nothing. */
static void take_fork(Reader *reader, Fork fork, double probability, size_t *n_next)
{
    for (size_t a = 0; a < fork.count; a++) {
        double share = probability * fork.arcs[a].probability;
        uint64_t state = fork.arcs[a].state;
        if (share > 0 && reader->next[state] == 0)
            reader->next_states[(*n_next)++] = (uint32_t)state;
        reader->next[state] += share;
    }
}

/* The belief of the next moment becomes that of this one. At the end of a sentence nothing is
 * written: what is believed of it goes on to the beginning of a new one. */
static void move_on(Reader *reader, size_t n_next)
{
    const Automaton *automaton = reader->automaton;
    clear(reader);
    double ended = reader->next[SENTENCE_END];
    reader->may_have_ended = ended > 0;
    reader->may_go_on = n_next > (size_t)reader->may_have_ended;
    if (ended > 0)
        take_fork(reader, automaton->forks[automaton->start], ended, &n_next);
    reader->next[SENTENCE_END] = 0;
    for (size_t i = 0; i < n_next; i++) {
        uint32_t state = reader->next_states[i];
        if (reader->next[state] > 0)
            reader->states[reader->n_states++] = state;
        reader->belief[state] = reader->next[state];
        reader->next[state] = 0;
    }
}

void reader_start(Reader *reader)
{
    size_t n_next = 0;
    take_fork(reader, reader->automaton->forks[reader->automaton->start], 1, &n_next);
    move_on(reader, n_next);
}

void reader_start_anywhere(Reader *reader)
{
    clear(reader);
    for (size_t s = 0; s < reader->automaton->n_states; s++) {
        reader->belief[s] = reader->automaton->stationary[s];
        if (reader->belief[s] > 0)
            reader->states[reader->n_states++] = (uint32_t)s;
    }
}

double reader_read(Reader *reader, uint32_t character)
{
    const Automaton *automaton = reader->automaton;
    double probability = 0;
    for (size_t i = 0; i < reader->n_states; i++) {
        uint32_t state = reader->states[i];
        if (automaton->states[state].character == character)
            probability += reader->belief[state];
    }
    if (probability == 0)
        return 0;
    size_t n_next = 0;
    for (size_t i = 0; i < reader->n_states; i++) {
        uint32_t state = reader->states[i];
        if (automaton->states[state].character == character)
            take_fork(reader, fork_behind(automaton, state), reader->belief[state] / probability,
                      &n_next);
    }
    move_on(reader, n_next);
    return probability;
}
