/* main.c: bench: how near posgpt is to what the machine can do.
 *
 *     make bench                              all of it, in some minutes
 *     make bench ARGS='--quick'               without the setting that takes seconds and gigabytes
 *     make bench ARGS='--only schemes'        one section: what each positional scheme costs
 *     make bench ARGS='--csv' >bench.csv      each figure with its quartiles
 *     make bench ARGS='--repetitions 25'      more rounds, on a machine that others use too */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/bench.h"
#include "cli/args.h"
#include "cli/help.h"
#include "math/parallel.h"

typedef struct Options {
    size_t repetitions, threads;
    int only;
    const char *memory;
} Options;

/* In this order; memory.c says why memory comes early. */
static const struct Section {
    const char *name;
    bool (*measure)(const Plan *plan, Error *error);
} sections[] = {
    {"peak", bench_peak},         {"memory", bench_memory},         {"products", bench_products},
    {"steps", bench_steps},       {"operations", bench_operations}, {"schemes", bench_schemes},
    {"sampling", bench_sampling},
};
enum { N_SECTIONS = sizeof sections / sizeof *sections };
static const char *const choices[] = {"all",        "peak",    "memory",   "products", "steps",
                                      "operations", "schemes", "sampling", NULL};

static const ConfigKey keys[] = {
    {.name = "repetitions",
     .type = KEY_SIZE,
     .offset = offsetof(Options, repetitions),
     .value = "9",
     .min = 1,
     .max = MAX_REPETITIONS,
     .help = "rounds, of which the medians are reported; 3 at most where steps take seconds"},
    {.name = "threads",
     .type = KEY_SIZE,
     .offset = offsetof(Options, threads),
     .value = "0",
     .min = 0,
     .max = 1024,
     .help = "how many are all cores; 0: as many as there are"},
    {.name = "only",
     .type = KEY_CHOICE,
     .offset = offsetof(Options, only),
     .value = "all",
     .choices = choices,
     .help = "one section"},
    {.name = "memory",
     .type = KEY_TEXT,
     .offset = offsetof(Options, memory),
     .value = "",
     .help = "only train this setting for a moment, and print the bytes that it took"},
};
static const char *const switches[] = {"help", "csv", "quick", NULL};

/* What libraries read from the environment when they are loaded. For OpenBLAS: nobody's choice of
 * its kernels. For OpenMP: the same short wait for work as in posgpt (see src/cli/main.c). */
static void start_with_clean_environment(char *argv[])
{
    bool clean = !getenv("OPENBLAS_CORETYPE") && !getenv("OPENBLAS_L2_SIZE");
    bool chosen = getenv("OMP_WAIT_POLICY") || getenv("GOMP_SPINCOUNT") || getenv("KMP_BLOCKTIME");
    if (clean && chosen)
        return;
    unsetenv("OPENBLAS_CORETYPE");
    unsetenv("OPENBLAS_L2_SIZE");
    setenv("GOMP_SPINCOUNT", "3000", 0);
    setenv("KMP_BLOCKTIME", "0", 0);
    execvp(argv[0], argv); /* if that fails, all goes on as it was */
}

static bool measure(const Plan *plan, const char *only, Error *error)
{
    bool all = strcmp(only, "all") == 0, ok = true;
    record_header(plan);
    for (size_t s = 0; ok && s < N_SECTIONS; s++)
        if (all || strcmp(only, sections[s].name) == 0)
            ok = sections[s].measure(plan, error);
    return ok;
}

static void print_help(const KeyTable *table)
{
    printf("bench [--key value ...]\n\nhow near posgpt is to what the machine can do\n");
    help_table(table);
    help_row("--quick", "", "without the setting whose steps take seconds and gigabytes");
    help_row("--csv", "", "as comma-separated values, with quartiles");
}

static bool run(Arena *arena, int argc, char *argv[], Error *error)
{
    Options options = {0};
    Settings settings = {0};
    Args args;
    KeyTable table = {"What is measured", keys, sizeof keys / sizeof *keys, &options};
    bool ok = args_parse(arena, argc - 1, argv + 1, switches, &args, error) &&
              args_expect(&args, 0, 0, "no operand", error) &&
              settings_add(&settings, table, error) && args_apply(&args, &settings, NULL, error);
    if (ok && options.threads > 0)
        parallel_set_threads(options.threads);
    Plan plan = {.program = argv[0],
                 .csv = ok && args_has(&args, "csv"),
                 .quick = ok && args_has(&args, "quick"),
                 .repetitions = options.repetitions,
                 .cores = parallel_threads()};
    if (ok && args_has(&args, "help"))
        print_help(&table);
    else if (ok && options.memory[0] != '\0')
        ok = report_own_memory(options.memory, error);
    else
        ok = ok && measure(&plan, choices[options.only], error);
    settings_free(&settings);
    return ok;
}

int main(int argc, char *argv[])
{
    start_with_clean_environment(argv);
    Arena arena = {0};
    Error error = {0};
    bool ok = run(&arena, argc, argv, &error);
    arena_free(&arena);
    if (!ok)
        fprintf(stderr, "bench: %s\n", error.text);
    return (int)error.kind;
}
