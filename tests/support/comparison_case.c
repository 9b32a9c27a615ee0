/* comparison_case.c: findings as one would like them. */
#include "support/comparison_case.h"

#include <math.h>

#include "base/file.h"

static const size_t contexts[CASE_CONTEXTS] = {CASE_BLOCK / 2, CASE_BLOCK, 2 * CASE_BLOCK};

const Estimate no_estimate = {{0, NAN, NAN}, {NAN, NAN}};

Estimate case_estimate(double mean, double half_width)
{
    return (Estimate){{CASE_SEEDS, mean, half_width}, {mean - half_width, mean + half_width}};
}

Curve case_curve(Place *place, size_t n, double first, double (*mean)(double))
{
    CurvePoint *points = arena_alloc(&place->arena, n, sizeof *points);
    assert_non_null(points);
    for (size_t i = 0; i < n; i++) {
        double x = first * (double)(i + 1), y = mean(x);
        points[i] = (CurvePoint){x, y, y - 0.25, y + 0.25, CASE_SEEDS};
    }
    return (Curve){points, n};
}

static double falling(double x)
{
    return 1.5 + 2 / (1 + x / 100);
}

ComparisonCase *comparison_case(Place *place, size_t n_arms, const char *const *names)
{
    ComparisonCase *c = arena_alloc(&place->arena, 1, sizeof *c);
    Trial *trials = arena_alloc(&place->arena, n_arms * CASE_SEEDS, sizeof *trials);
    Trial **addresses = arena_alloc(&place->arena, n_arms * CASE_SEEDS, sizeof *addresses);
    assert_true(c && trials && addresses && n_arms <= CASE_MOST_ARMS);
    for (size_t t = 0; t < n_arms * CASE_SEEDS; t++)
        addresses[t] = &trials[t];
    c->experiment = (Experiment){.arena = &place->arena,
                                 .corpus = {.name = "fables"},
                                 .arms = c->arms,
                                 .trials = addresses,
                                 .n_arms = n_arms,
                                 .n_seeds = CASE_SEEDS,
                                 .folder = place->folder};
    for (size_t a = 0; a < n_arms; a++) {
        c->names[a] = names[a];
        c->arms[a] = (Arm){.name = names[a], .n_variants = 1};
        c->found[a] = (ArmFindings){.finished = CASE_SEEDS,
                                    .val_loss = case_estimate(1.5 + 0.25 * (double)a, 0.25),
                                    .parameters = 1000 + 100 * a};
        c->by_step[a] = case_curve(place, 21, 50, falling);
        c->by_position[a] = case_curve(place, 8, 16, falling);
        for (size_t s = 0; s < CASE_SEEDS; s++)
            trials[a * CASE_SEEDS + s].config =
                (Config){.pos = (int)a, .block_size = CASE_BLOCK, .causal = true};
        for (size_t i = 0; i < CASE_CONTEXTS; i++)
            c->by_context[a * CASE_CONTEXTS + i] = (ContextFinding){
                .same = case_estimate(1.5, 0.25), .plain = case_estimate(1.75, 0.25)};
    }
    c->findings = (Findings){.experiment = &c->experiment,
                             .names = c->names,
                             .finished = n_arms * CASE_SEEDS,
                             .arms = c->found,
                             .by_step = c->by_step,
                             .n_contexts = CASE_CONTEXTS,
                             .contexts = contexts,
                             .by_context = c->by_context,
                             .same_targets = 4096,
                             .by_position = c->by_position};
    return c;
}

const char *place_read(Place *place, const char *name)
{
    FileBytes file;
    assert_true(file_read(&place->arena, place_path(place, name), 1 << 24, &file, NULL));
    return file.bytes;
}
