/* products.c: gemm() at every shape that a linear layer of the three settings has, in its three
 * forms, beside the peak and beside OpenBLAS.
 *
 *     y  = x W^T          x [rows, in], W [out, in], y [rows, out]
 *     dx = dy W
 *     dW += dy^T x */
#include <math.h>
#include <stdio.h>
#include <time.h>

#include "base/terminal.h"
#include "bench/bench.h"
#include "math/parallel.h"

typedef enum Form { FORWARD, GRADIENT_OF_X, GRADIENT_OF_W, N_FORMS } Form;
static const char *const form_names[N_FORMS] = {"y  = x W'", "dx = dy W", "dW = dy' x"};

/* The linear layers of a block in multiples of n_embd, and the head. */
typedef struct Layer {
    const char *name;
    size_t out, in;
} Layer;
static const Layer layers[] = {
    {"q k v", 3, 1}, {"attention out", 1, 1}, {"feed-forward 1", 4, 1}, {"feed-forward 2", 1, 4}};
enum { N_LAYERS = sizeof layers / sizeof *layers };

typedef struct Shape {
    size_t rows, in, out;
} Shape;

typedef struct Operands {
    Shape shape;
    real *x, *w, *y;
} Operands;

/* How a product is computed: by gemm(), or by OpenBLAS. */
typedef enum Method { OURS, OPENBLAS_S } Method;

static void multiply(Method method, size_t threads, size_t m, size_t n, size_t k, Matrix a,
                     Matrix b, GemmMode mode, real *c)
{
    if (method == OURS)
        gemm(m, n, k, a, b, mode, c, n);
    else
        openblas_gemm(threads, m, n, k, a, b, mode, c, n);
}

static void run(Method method, size_t threads, Form form, const Operands *o)
{
    size_t rows = o->shape.rows, in = o->shape.in, out = o->shape.out;
    if (form == FORWARD)
        multiply(method, threads, rows, out, in, matrix(o->x, in), matrix_transposed(o->w, in),
                 GEMM_SET, o->y);
    else if (form == GRADIENT_OF_X)
        multiply(method, threads, rows, in, out, matrix(o->y, out), matrix(o->w, in), GEMM_SET,
                 o->x);
    else
        multiply(method, threads, out, in, rows, matrix_transposed(o->y, out), matrix(o->x, in),
                 GEMM_ADD, o->w);
}

/* Computes the product again and again for that long; seconds for each. */
static double seconds_each(double least, Method method, size_t threads, Form form,
                           const Operands *o)
{
    double start = clock_seconds(), seconds = 0;
    size_t times = 0;
    do {
        run(method, threads, form, o);
        times++;
        seconds = clock_seconds() - start;
    } while (seconds < least);
    return seconds / (double)times;
}

/* FLOP/s of one way. With several threads the first moments do not count: they are woken then, and
 * spread over the cores (see peak.c). */
static double speed(Method method, size_t threads, Form form, const Operands *o)
{
    const double TO_SPREAD = 60e-3, TO_MEASURE = 4e-3;
    const Shape *s = &o->shape;
    if (threads > 1)
        seconds_each(TO_SPREAD, method, threads, form, o);
    return 2.0 * (double)s->rows * (double)s->in * (double)s->out /
           seconds_each(TO_MEASURE, method, threads, form, o);
}

static double processor_seconds(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

/* The threads of OpenBLAS go on looking for work for a tenth of a second or so, on cores that
 * others need now. This waits until they have given up. */
static void let_openblas_rest(void)
{
    const struct timespec moment = {.tv_nsec = 10 * 1000 * 1000};
    const double ASLEEP = 1e-3;
    double before, used;
    do {
        before = processor_seconds();
        nanosleep(&moment, NULL);
        used = processor_seconds() - before;
    } while (used > ASLEEP);
}

typedef struct Row {
    Series of_peak[2], of_openblas[2]; /* on 1 core and on all */
} Row;

static void measure(const Plan *plan, size_t repetitions, Form form, const Operands *o, Row *row)
{
    const size_t threads[2] = {1, plan->cores};
    for (size_t r = 0; r <= repetitions; r++)
        for (int t = 0; t < 2; t++) {
            parallel_set_threads(threads[t]);
            double peak = peak_flops(threads[t]), ours = speed(OURS, threads[t], form, o);
            double theirs = openblas_available() ? speed(OPENBLAS_S, threads[t], form, o) : NAN;
            if (openblas_available() && threads[t] > 1)
                let_openblas_rest();
            if (r == 0) /* a round to warm up */
                continue;
            series_add(&row->of_peak[t], 100 * ours / peak);
            series_add(&row->of_openblas[t], ours / theirs);
        }
    parallel_set_threads(plan->cores);
}

/* What all rows together say of OpenBLAS. */
typedef struct Summary {
    double logarithms[2], lowest[2];
    size_t count;
} Summary;

static void summarise(Summary *summary, const Row *row)
{
    for (int t = 0; t < 2; t++) {
        double ratio = series_median(&row->of_openblas[t]);
        summary->logarithms[t] += log(ratio);
        if (summary->count == 0 || ratio < summary->lowest[t])
            summary->lowest[t] = ratio;
    }
    summary->count++;
}

static void print_row(const Plan *plan, const Setting *setting, const char *name, Form form,
                      const Shape *shape, const Row *row)
{
    char one[SPREAD_SIZE], all[SPREAD_SIZE], ratios[2][8] = {"-", "-"}, what[128];
    for (int t = 0; t < 2 && openblas_available(); t++)
        snprintf(ratios[t], sizeof ratios[t], "%.2f", series_median(&row->of_openblas[t]));
    if (form == FORWARD)
        say(plan, "  %zu x %zu x %zu  %s\n", shape->rows, shape->in, shape->out, name);
    say(plan, "    %-10s %s  %s   %6s %6s\n", form_names[form], spread(one, &row->of_peak[0], 0),
        spread(all, &row->of_peak[1], 0), ratios[0], ratios[1]);
    snprintf(what, sizeof what, "%s %s %s %zux%zux%zu", setting->name, name, form_names[form],
             shape->rows, shape->in, shape->out);
    for (int t = 0; t < 2; t++) {
        record(plan, "product", what, t == 0 ? 1 : plan->cores, "% of peak", &row->of_peak[t]);
        if (openblas_available())
            record(plan, "product", what, t == 0 ? 1 : plan->cores, "times OpenBLAS",
                   &row->of_openblas[t]);
    }
}

static void fill(real *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        x[i] = (real)(i * 2654435761u >> 16 & 255) / 256 - (real)0.5;
}

static bool bench_layer(const Plan *plan, const Setting *setting, const char *name, Shape shape,
                        Summary *summary, Error *error)
{
    Arena arena = {0};
    size_t n_x = shape.rows * shape.in, n_w = shape.in * shape.out, n_y = shape.rows * shape.out;
    Operands o = {.shape = shape,
                  .x = arena_alloc(&arena, n_x, sizeof(real)),
                  .w = arena_alloc(&arena, n_w, sizeof(real)),
                  .y = arena_alloc(&arena, n_y, sizeof(real))};
    bool ok = (o.x && o.w && o.y) || fail(error, "out of memory: a product");
    for (int form = 0; ok && form < N_FORMS; form++) {
        Row row = {0};
        fill(o.x, n_x);
        fill(o.w, n_w);
        fill(o.y, n_y);
        measure(plan, setting_repetitions(plan, setting), (Form)form, &o, &row);
        print_row(plan, setting, name, (Form)form, &shape, &row);
        summarise(summary, &row);
    }
    arena_free(&arena);
    return ok;
}

static void print_summary(const Plan *plan, const Summary *summary)
{
    char cores[CORES_SIZE];
    for (int t = 0; t < 2 && openblas_available(); t++) {
        double mean = exp(summary->logarithms[t] / (double)summary->count);
        size_t threads = t == 0 ? 1 : plan->cores;
        say(plan, "  times as fast as OpenBLAS, %s: geometric mean %.3f, lowest %.3f\n",
            cores_text(cores, threads), mean, summary->lowest[t]);
        record_number(plan, "product", "geometric mean", threads, "times OpenBLAS", mean);
        record_number(plan, "product", "lowest", threads, "times OpenBLAS", summary->lowest[t]);
    }
    if (!openblas_available())
        say(plan, "  OpenBLAS (cblas.h, -lopenblas) is not installed here: no comparison\n");
}

bool bench_products(const Plan *plan, Error *error)
{
    Summary summary = {0};
    say(plan,
        "\nMatrix products: %% of the peak measured beside each\n"
        "  rows x in x out            1 core            %2zu cores     times OpenBLAS\n",
        plan->cores);
    for (size_t s = 0; s < setting_count(plan); s++) {
        const Setting *setting = &settings_of_bench[s];
        size_t C = setting->n_embd, rows = setting->batch_size * setting->block_size;
        for (size_t i = 0; i < N_LAYERS; i++)
            if (!bench_layer(plan, setting, layers[i].name,
                             (Shape){rows, layers[i].in * C, layers[i].out * C}, &summary, error))
                return false;
        if (!bench_layer(plan, setting, "head", (Shape){rows, C, VOCABULARY}, &summary, error))
            return false;
    }
    print_summary(plan, &summary);
    return true;
}
