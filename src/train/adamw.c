/* adamw.c: the optimiser as loops over the flat buffers. */
#include "train/adamw.h"

#include "math/parallel.h"
#include "math/rows.h"

static const double EPSILON = 1e-8, PI = 3.14159265358979323846;

enum { RANGE = 8192 }; /* numbers of a partial sum, whatever the number of threads */

bool adamw_init(AdamW *adamw, Arena *arena, const ParamList *params, double beta1, double beta2,
                double weight_decay, Error *error)
{
    *adamw = (AdamW){.beta1 = beta1, .beta2 = beta2, .weight_decay = weight_decay};
    adamw->size = params->size;
    adamw->mean = arena_alloc(arena, params->size, sizeof(real));
    adamw->square = arena_alloc(arena, params->size, sizeof(real));
    adamw->partial = arena_alloc(arena, params->size / RANGE + 1, sizeof(double));
    if (!adamw->mean || !adamw->square || !adamw->partial)
        return fail(error, "out of memory: moments of %zu parameters", params->n_numbers);
    return true;
}

typedef struct NormWork {
    const real *gradients;
    double *partial;
} NormWork;

static void range_sum(void *context, size_t begin, size_t end)
{
    NormWork *work = context;
    const real *g = work->gradients + begin;
    work->partial[begin / RANGE] = (double)row_dot(g, g, end - begin); /* range 0, 1, 2, ... */
}

double adamw_gradient_norm(AdamW *adamw, const ParamList *params)
{
    NormWork work = {params->gradients, adamw->partial};
    parallel_for(params->size, RANGE, range_sum, &work);
    double sum = 0;
    for (size_t range = 0; range * RANGE < params->size; range++)
        sum += adamw->partial[range];
    return sqrt(sum);
}

double clip_scale(double norm, double clip)
{
    return clip > 0 && norm > clip ? clip / norm : 1;
}

/* One parameter's part of the flat buffers, and the factors of the formula (adamw.h). */
typedef struct StepWork {
    real *p, *m, *v;
    const real *g;
    real beta1, beta2;
    real share1, share2; /* 1 - beta1, 1 - beta2: taken in double, where little is lost */
    real scale;          /* of the gradient */
    real rate;           /* lr / (1 - beta1^t): lr m' = rate m */
    real square_factor;  /* 1 / (1 - beta2^t): v' = square_factor v */
    real decay;          /* lr decay */
} StepWork;

static void update_range(void *context, size_t begin, size_t end)
{
    const StepWork w = *(const StepWork *)context;
    real *restrict p = w.p, *restrict m = w.m, *restrict v = w.v;
    for (size_t i = begin; i < end; i++) {
        real g = w.g[i] * w.scale;
        m[i] = w.beta1 * m[i] + w.share1 * g;
        v[i] = w.beta2 * v[i] + w.share2 * g * g;
        real rms = sqrt(v[i] * w.square_factor) + (real)EPSILON;
        p[i] -= w.rate * m[i] / rms + w.decay * p[i];
    }
}

void adamw_step(AdamW *adamw, ParamList *params, double learning_rate, double gradient_scale)
{
    adamw->steps++;
    double t = (double)adamw->steps;
    for (Param *param = params->first; param; param = param->next) {
        size_t start = param_start(params, param);
        double decay = param->decay == WEIGHT_DECAY ? adamw->weight_decay : 0;
        StepWork work = {
            .p = params->values + start,
            .m = adamw->mean + start,
            .v = adamw->square + start,
            .g = params->gradients + start,
            .beta1 = (real)adamw->beta1,
            .beta2 = (real)adamw->beta2,
            .share1 = (real)(1 - adamw->beta1),
            .share2 = (real)(1 - adamw->beta2),
            .scale = (real)gradient_scale,
            .rate = (real)(learning_rate / (1 - pow(adamw->beta1, t))),
            .square_factor = (real)(1 / (1 - pow(adamw->beta2, t))),
            .decay = (real)(learning_rate * decay),
        };
        parallel_for(tensor_size(&param->tensor), RANGE, update_range, &work);
    }
}

double schedule_at(const Schedule *schedule, size_t step)
{
    const Schedule s = *schedule;
    if (step < s.warmup)
        return s.peak * (double)(step + 1) / (double)(s.warmup + 1);
    if (step >= s.end)
        return s.min;
    double share = (double)(step - s.warmup) / (double)(s.end - s.warmup);
    return s.min + (s.peak - s.min) * (1 + cos(PI * share)) / 2;
}
