/* operations.c: each operation's share of a step.
 *
 * A tape keeps its nodes, and a node its two functions, so a step can be taken apart from outside:
 * after the forward pass each node's forward is called once more, by itself, and before the
 * backward pass each node's backward is exchanged for one that looks at the clock. What the program
 * does between the nodes is the difference to a step that nobody looks at. */
#include <stdio.h>
#include <string.h>

#include "base/terminal.h"
#include "bench/bench.h"
#include "math/parallel.h"

/* The operations of ops.h, then all others, which are the scheme's; then what is no operation. */
enum {
    EMBEDDING,
    LINEAR,
    ADD,
    LAYER_NORM,
    GELU,
    DROPOUT,
    ATTENTION,
    CROSS_ENTROPY,
    SCHEME,
    N_OPERATIONS,
    ZERO_GRADIENTS = N_OPERATIONS,
    BATCH,
    GRADIENT_NORM,
    ADAMW,
    REST,
    WHOLE,
    N_PARTS
};

static const char *const names[N_PARTS] = {
    "embedding", "linear",    "add",         "layer norm",        "gelu",
    "dropout",   "attention", "loss",        "positional scheme", "zero gradients",
    "batch",     "norm",      "AdamW, clip", "the rest",          "whole step"};

/* The forward functions of ops.h, by which a node is recognised: they are found by recording one
 * node of each kind on a tape that computes nothing. */
static bool find_operations(NodeFunction forward[SCHEME], Error *error)
{
    Tape tape;
    if (!tape_init(&tape, true, error))
        return false;
    tape_measure_begin(&tape);
    Tensor *x = tape_tensor(&tape, 3, (size_t[]){1, 1, 3});
    Tensor *weight = tape_tensor(&tape, 2, (size_t[]){3, 3});
    Tensor *scale = tape_tensor(&tape, 1, (size_t[]){3});
    attention(&tape, split_heads(x, 1), (AttentionOptions){.causal = true});
    forward[ATTENTION] = tape.last->forward;
    embedding(&tape, weight, NULL, 1);
    forward[EMBEDDING] = tape.last->forward;
    linear(&tape, x, weight, NULL);
    forward[LINEAR] = tape.last->forward;
    add(&tape, x, x);
    forward[ADD] = tape.last->forward;
    layer_norm(&tape, x, scale, NULL);
    forward[LAYER_NORM] = tape.last->forward;
    gelu(&tape, x);
    forward[GELU] = tape.last->forward;
    dropout(&tape, x, 0.5, random_seed(1));
    forward[DROPOUT] = tape.last->forward;
    cross_entropy(&tape, x, NULL, NULL);
    forward[CROSS_ENTROPY] = tape.last->forward;
    tape_free(&tape);
    return true;
}

/* The nodes of one pass, in order, and where their time goes. A node's function gets nothing but
 * the node, so what its clock knows is kept here. */
static struct {
    Node **nodes;
    NodeFunction *backward;
    size_t *operation;
    size_t count, at;
    double backward_seconds[N_OPERATIONS];
} watch;

static void timed_backward(Node *node)
{
    do
        watch.at--;
    while (watch.nodes[watch.at] != node);
    double start = clock_seconds();
    watch.backward[watch.at](node);
    watch.backward_seconds[watch.operation[watch.at]] += clock_seconds() - start;
}

static bool watch_nodes(Arena *arena, const Tape *tape, const NodeFunction known[SCHEME],
                        Error *error)
{
    memset(&watch, 0, sizeof watch);
    for (Node *node = tape->last; node; node = node->previous)
        watch.count++;
    watch.nodes = arena_alloc(arena, watch.count, sizeof *watch.nodes);
    watch.backward = arena_alloc(arena, watch.count, sizeof *watch.backward);
    watch.operation = arena_alloc(arena, watch.count, sizeof *watch.operation);
    if (!watch.nodes || !watch.backward || !watch.operation)
        return fail(error, "out of memory: %zu nodes", watch.count);
    watch.at = watch.count;
    for (Node *node = tape->last; node; node = node->previous) {
        size_t operation = 0;
        while (operation < SCHEME && known[operation] != node->forward)
            operation++;
        watch.at--;
        watch.nodes[watch.at] = node;
        watch.backward[watch.at] = node->backward;
        watch.operation[watch.at] = operation;
        node->backward = timed_backward;
    }
    watch.at = watch.count;
    return true;
}

/* Seconds by part of a step, forward and backward; what has no two ways is forward. */
typedef struct Times {
    double forward[N_PARTS], backward[N_PARTS];
} Times;

/* The time since *then, which becomes now. */
static double lap(double *then)
{
    double now = clock_seconds(), seconds = now - *then;
    *then = now;
    return seconds;
}

static bool forward_and_backward(Trainer *trainer, const NodeFunction known[SCHEME], Times *times,
                                 Error *error)
{
    Arena arena = {0};
    GptInput input = {.tokens = trainer->batch.inputs,
                      .batch_size = trainer->batch.batch_size,
                      .length = trainer->batch.block_size,
                      .positions = trainer->positions,
                      .dropout_key = random_seed(trainer->progress.step)};
    tape_reset(&trainer->tape);
    Tensor *logits = gpt_forward(&trainer->gpt, &trainer->tape, &input);
    Tensor *loss = cross_entropy(&trainer->tape, logits, trainer->batch.targets, NULL);
    bool ok = watch_nodes(&arena, &trainer->tape, known, error);
    double then = clock_seconds();
    for (size_t n = 0; ok && n < watch.count; n++) {
        watch.nodes[n]->forward(watch.nodes[n]);
        times->forward[watch.operation[n]] += lap(&then);
    }
    if (ok)
        tape_backward(&trainer->tape, loss);
    memcpy(times->backward, watch.backward_seconds, sizeof watch.backward_seconds);
    arena_free(&arena);
    return ok;
}

/* A step like that of trainer_step, taken apart, and one as it is. */
static bool take_apart(Subject *subject, const NodeFunction known[SCHEME], Times *times,
                       Error *error)
{
    Trainer *trainer = &subject->trainer;
    ParamList *params = &trainer->gpt.params;
    memset(times, 0, sizeof *times);
    double then = clock_seconds();
    param_list_zero_gradients(params);
    times->forward[ZERO_GRADIENTS] = lap(&then);
    batch_draw(&trainer->batch, subject->corpus.train, random_seed(trainer->progress.step));
    times->forward[BATCH] = lap(&then);
    if (!forward_and_backward(trainer, known, times, error))
        return false;
    then = clock_seconds();
    double norm = adamw_gradient_norm(&trainer->adamw, params);
    times->forward[GRADIENT_NORM] = lap(&then);
    adamw_step(&trainer->adamw, params, 1e-4, clip_scale(norm, 1));
    times->forward[ADAMW] = lap(&then);
    if (!subject_steps(subject, 1, &times->forward[WHOLE], error))
        return false;
    times->forward[REST] = times->forward[WHOLE];
    for (size_t part = 0; part < REST; part++)
        times->forward[REST] -= times->forward[part] + times->backward[part];
    return true;
}

/* Medians of one setting: milliseconds, and per cent of the step. */
typedef struct Shares {
    Series forward[N_PARTS], backward[N_PARTS], share[N_PARTS];
} Shares;

static bool measure(const Plan *plan, const Setting *setting, const NodeFunction known[SCHEME],
                    Shares *shares, Error *error)
{
    Subject subject;
    Times times;
    if (!subject_init(&subject, setting, NANOGPT_SCHEME, error))
        return false;
    bool ok = true;
    size_t repetitions = setting_repetitions(plan, setting);
    for (size_t r = 0; ok && r <= repetitions; r++) {
        ok = take_apart(&subject, known, &times, error);
        for (size_t part = 0; ok && r > 0 && part < N_PARTS; part++) {
            double both = times.forward[part] + times.backward[part];
            series_add(&shares->forward[part], 1e3 * times.forward[part]);
            series_add(&shares->backward[part], 1e3 * times.backward[part]);
            series_add(&shares->share[part], 100 * both / times.forward[WHOLE]);
        }
    }
    subject_free(&subject);
    return ok;
}

static void print_part(const Plan *plan, size_t part, const Shares shares[N_SETTINGS])
{
    say(plan, "  %-17s", names[part]);
    for (size_t s = 0; s < setting_count(plan); s++) {
        const Shares *of = &shares[s];
        if (part < N_OPERATIONS)
            say(plan, " %7.1f%7.1f%5.1f", series_median(&of->forward[part]),
                series_median(&of->backward[part]), series_median(&of->share[part]));
        else
            /* cppcheck-suppress arrayIndexOutOfBoundsCond ; it has N_PARTS places */
            say(plan, " %7.1f       %5.1f", series_median(&of->forward[part]),
                series_median(&of->share[part]));
        char what[128];
        snprintf(what, sizeof what, "%s %s", settings_of_bench[s].name, names[part]);
        record(plan, "operation forward", what, plan->cores, "ms", &of->forward[part]);
        if (part < N_OPERATIONS)
            record(plan, "operation backward", what, plan->cores, "ms", &of->backward[part]);
        record(plan, "operation", what, plan->cores, "% of step", &of->share[part]);
    }
    say(plan, "\n");
}

bool bench_operations(const Plan *plan, Error *error)
{
    static Shares shares[N_SETTINGS];
    NodeFunction known[SCHEME];
    char cores[CORES_SIZE];
    if (!find_operations(known, error))
        return false;
    parallel_set_threads(plan->cores);
    for (size_t s = 0; s < setting_count(plan); s++)
        if (!measure(plan, &settings_of_bench[s], known, &shares[s], error))
            return false;
    say(plan, "\nWhere a step's time goes, %s: ms forward, ms backward, %% of the step\n",
        cores_text(cores, plan->cores));
    say(plan, "  %-17s", "");
    for (size_t s = 0; s < setting_count(plan); s++)
        say(plan, "   %-17s", settings_of_bench[s].title);
    say(plan, "\n");
    for (size_t part = 0; part < N_PARTS; part++)
        print_part(plan, part, shares);
    return true;
}
