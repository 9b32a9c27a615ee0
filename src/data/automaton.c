/* automaton.c: lets the machine be built, and measures it. */
#include "data/automaton.h"

#include <string.h>

#include "data/automaton_build.h"

/* Follows all sentences at once, downwards: how likely each state is passed, and so the stationary
 * distribution; and upwards: how many ways lead from a state to the end. */
static void measure(Automaton *automaton, double *passed, double *ways)
{
    Fork start = automaton->forks[automaton->start];
    for (size_t a = 0; a < start.count; a++)
        passed[start.arcs[a].state] = start.arcs[a].probability;
    for (size_t s = automaton->n_states - 1; s > SENTENCE_END; s--) {
        Fork fork = fork_behind(automaton, s);
        for (size_t a = 0; a < fork.count; a++)
            passed[fork.arcs[a].state] += passed[s] * fork.arcs[a].probability;
        automaton->mean_length += passed[s];
    }
    passed[SENTENCE_END] = 0;
    for (size_t s = 0; s < automaton->n_states; s++)
        passed[s] /= automaton->mean_length;
    automaton->stationary = passed;

    ways[SENTENCE_END] = 1;
    for (size_t s = 1; s < automaton->n_states; s++) {
        Fork fork = fork_behind(automaton, s);
        for (size_t a = 0; a < fork.count; a++)
            ways[s] += ways[fork.arcs[a].state];
    }
    for (size_t a = 0; a < start.count; a++)
        automaton->n_sentences += ways[start.arcs[a].state];
}

/* Copies what was built into the arena. */
static bool deliver(Arena *arena, const Builder *builder, uint32_t start, Automaton *automaton)
{
    size_t n_states = builder->states.count, n_forks = builder->forks.count, bytes;
    State *states = arena_alloc(arena, n_states, sizeof *states);
    Fork *forks = arena_alloc(arena, n_forks, sizeof *forks);
    Arc *arcs = arena_alloc(arena, builder->forks.bytes.length, 1);
    double *passed = arena_alloc(arena, n_states, sizeof *passed);
    Arena scratch = {0};
    double *ways = arena_alloc(&scratch, n_states, sizeof *ways);
    bool ok = states && forks && arcs && passed && ways;
    if (ok) {
        for (size_t s = 0; s < n_states; s++)
            states[s] = *(const State *)intern_bytes(&builder->states, (uint32_t)s, &bytes);
        for (size_t f = 0; f < n_forks; f++) {
            Fork fork = builder_fork(builder, (uint32_t)f);
            memcpy(arcs, fork.arcs, fork.count * sizeof *arcs);
            forks[f] = (Fork){arcs, fork.count};
            arcs += fork.count;
        }
        *automaton = (Automaton){.states = states,
                                 .n_states = n_states,
                                 .forks = forks,
                                 .n_forks = n_forks,
                                 .start = start};
        measure(automaton, passed, ways);
    }
    arena_free(&scratch);
    return ok;
}

bool automaton_compile(Arena *arena, const Grammar *grammar, size_t max_states,
                       Automaton *automaton, Error *error)
{
    Builder builder = {.max_states = max_states};
    uint32_t start = builder_run(&builder, grammar);
    bool ok;
    if (builder.too_large)
        ok = fail_request(error,
                          "%s: too large: its automaton would need more than %zu states, or as "
                          "many steps: expected fewer choices that are kept at the same time",
                          grammar->file, max_states);
    else
        ok = (!builder_has_failed(&builder) && deliver(arena, &builder, start, automaton)) ||
             fail(error, "%s: out of memory: automaton of %zu states", grammar->file,
                  builder.states.count);
    builder_free(&builder);
    return ok;
}
