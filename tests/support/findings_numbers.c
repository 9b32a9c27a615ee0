/* findings_numbers.c: made-up numbers, with their means and intervals. */
#include "support/findings_numbers.h"

#include <math.h>

enum { MAX_CONTEXTS = 6, BLOCK = 64, POSITIONS = 8 };

void *findings_room(FindingsCase *made, size_t count, size_t size)
{
    void *memory = arena_alloc(&made->arena, count, size);
    assert_non_null(memory);
    return memory;
}

double made_up_noise(const char *what, size_t index)
{
    return random_normal(random_for(random_seed(1), what), index);
}

double made_up_curve(double last, size_t look)
{
    double t = (double)look / (MADE_UP_LOOKS - 1);
    return last + (4.2 - last) * exp(-6 * t) + 0.25 * (1 - t);
}

static Estimate estimate_of(const double *x, size_t n_seeds)
{
    double there[MAX_SEEDS];
    size_t n = 0;
    for (size_t s = 0; s < n_seeds; s++)
        if (isfinite(x[s]))
            there[n++] = x[s];
    Sample sample = sample_of(there, n);
    return (Estimate){sample, sample_interval(sample, CONFIDENCE)};
}

/* The mean and interval of one number for each seed: `base`, which the seeds move by `spread`. */
static Estimate made_up(size_t n_seeds, double base, double spread, size_t number)
{
    double x[MAX_SEEDS];
    for (size_t s = 0; s < n_seeds; s++)
        x[s] = base + spread * (made_up_noise("seed", s) +
                                0.2 * made_up_noise("run", number * MAX_SEEDS + s));
    return estimate_of(x, n_seeds);
}

static Curve make_curve(FindingsCase *made, size_t n_points, size_t n_seeds, size_t arm,
                        CurvePoint (*point)(double last, size_t i), double last)
{
    CurvePoint *points = findings_room(made, n_points, sizeof *points);
    for (size_t i = 0; i < n_points; i++) {
        CurvePoint mean = point(last, i);
        Estimate around = made_up(n_seeds, mean.mean, 0.012, arm);
        points[i] = (CurvePoint){mean.x, around.over_seeds.mean, around.interval.low,
                                 around.interval.high, n_seeds};
    }
    return (Curve){points, n_points};
}

static CurvePoint at_step(double last, size_t look)
{
    /* NOLINTNEXTLINE(bugprone-integer-division): a step is a whole number */
    return (CurvePoint){.x = (double)(look * MADE_UP_STEPS / (MADE_UP_LOOKS - 1)),
                        .mean = made_up_curve(last, look)};
}

static CurvePoint at_position(double last, size_t group)
{
    return (CurvePoint){.x = (double)((size_t)1 << group),
                        .mean = last + 1.5 / (double)(group + 1)};
}

/* By mean loss, lowest first, and then those without one. */
static void sort_arms(FindingsCase *made, size_t n_arms)
{
    size_t *order = findings_room(made, n_arms, sizeof *order), n = 0;
    for (bool has_loss = true; n < n_arms; has_loss = false)
        for (size_t a = 0; a < n_arms; a++) {
            double mean = made->findings.arms[a].val_loss.over_seeds.mean;
            if (isnan(mean) == has_loss)
                continue;
            size_t place = n++;
            for (; has_loss && place > 0 &&
                   made->findings.arms[order[place - 1]].val_loss.over_seeds.mean > mean;
                 place--)
                order[place] = order[place - 1];
            order[place] = a;
        }
    made->findings.order = order;
}

void find_arms(FindingsCase *made, const FindingsPlan *plan, const double *loss)
{
    ArmFindings *arms = findings_room(made, plan->n_arms, sizeof *arms);
    Curve *by_step = findings_room(made, plan->n_arms, sizeof *by_step);
    for (size_t a = 0; a < plan->n_arms; a++) {
        const double *own = loss + a * plan->n_seeds;
        Estimate val = estimate_of(own, plan->n_seeds);
        size_t n = val.over_seeds.n;
        double last = val.over_seeds.mean;
        arms[a] = (ArmFindings){
            .says = a % 2 == 0 ? "slopes 1 to 2" : "",
            .finished = n,
            .val_loss = val,
            .train_loss = made_up(n, last - 0.21, 0.012, a),
            .exact = made_up(plan->task ? n : 0, 0.9, 0.01, a),
            .parameters = 802944 + 64 * a,
            .pos_parameters = 64 * a,
            .ms_per_step = n > 0 ? 12.34 + 0.5 * (double)a : NAN,
            .threads = n > 0 ? 1 : 0,
            .steps_to_reach = made_up(n, 1500 - 25 * (double)a, 40, a),
            .loss_at_time = made_up(n, last + 0.01 * (double)a, 0.012, a),
        };
        if (n > 0)
            by_step[a] = make_curve(made, MADE_UP_LOOKS, n, a, at_step, last);
    }
    made->findings.arms = arms;
    made->findings.by_step = by_step;
    sort_arms(made, plan->n_arms);
}

/* A scheme whose positions end serves no window longer than those of training. */
void find_contexts(FindingsCase *made, const FindingsPlan *plan)
{
    assert_true(plan->n_contexts <= MAX_CONTEXTS);
    size_t *lengths = findings_room(made, plan->n_contexts, sizeof *lengths);
    ContextFinding *found = findings_room(made, plan->n_arms * plan->n_contexts, sizeof *found);
    Curve *by_position = findings_room(made, plan->n_arms, sizeof *by_position);
    for (size_t i = 0; i < plan->n_arms * plan->n_contexts; i++) {
        size_t arm = i / plan->n_contexts, c = i % plan->n_contexts;
        const ArmFindings *own = &made->findings.arms[arm];
        double last = own->val_loss.over_seeds.mean, beyond = c > 2 ? (double)(c - 2) : 0;
        lengths[c] = (size_t)(BLOCK / 4) << c;
        found[i] = (ContextFinding){
            .same = made_up(own->finished, last + 0.2 / (double)(c + 1) + 0.1 * beyond, 0.012, arm),
            .plain =
                made_up(own->finished, last + 0.5 / (double)(c + 1) + 0.1 * beyond, 0.012, arm),
        };
        if (own->finished == 0)
            found[i].refused = "no run is finished";
        else if (lengths[c] > BLOCK && made->experiment.arms[arm].scheme->max_length)
            found[i] = (ContextFinding){made_up(0, 0, 0, 0), made_up(0, 0, 0, 0),
                                        "has no more than 64 positions"};
        if (c == 0 && own->finished > 0)
            by_position[arm] = make_curve(made, POSITIONS, own->finished, arm, at_position, last);
    }
    made->findings.contexts = lengths;
    made->findings.n_contexts = plan->n_contexts;
    made->findings.by_context = found;
    made->findings.by_position = by_position;
    made->findings.same_targets = 4096;
}
