/* saved.c: operand and flags first, then the model, then the work. */
#include "cli/saved.h"

#include <stdio.h>

#include "base/terminal.h"
#include "cli/help.h"
#include "math/parallel.h"
#include "train/run.h"

typedef struct Machine {
    size_t threads;
} Machine;

static const ConfigKey machine_keys[] = {
    {.name = "threads",
     .type = KEY_SIZE,
     .offset = offsetof(Machine, threads),
     .value = "0",
     .max = 1024,
     .help = "cores to use; 0: all. The result does not depend on it"},
};

static KeyTable machine_table(Machine *machine)
{
    return (KeyTable){"The machine", machine_keys, 1, machine};
}

/* Everything that can be wrong with the command line, before a file is opened. */
static bool read_command_line(Arena *arena, const Args *args, Settings *settings, KeyTable table,
                              Machine *machine, const char **path, Error *error)
{
    return args_expect(args, 1, 1, "one run: a folder in runs/, or a .safetensors file", error) &&
           settings_add(settings, table, error) &&
           settings_add(settings, machine_table(machine), error) &&
           pos_options_add_after_training(settings, error) &&
           args_apply(args, settings, NULL, error) &&
           run_model_path(arena, args->operands[0], path, error);
}

void say_lacks(const char *path, const char *lacks)
{
    Terminal terminal = terminal_open(stderr);
    if (lacks)
        terminal_printf(&terminal, "%s: %s: its numbers are taken as they are", path, lacks);
}

/* The same about a model that is used otherwise than it was trained. */
static void say_changed(const char *path, const char *changed)
{
    Terminal terminal = terminal_open(stderr);
    if (changed)
        terminal_printf(&terminal, "%s: with %s, otherwise than in training", path, changed);
}

bool with_saved_model(Arena *arena, const Args *args, KeyTable table, SavedFunction run,
                      Error *error)
{
    Settings settings = {0};
    Machine machine = {0};
    const char *path = NULL;
    SavedModel *saved = arena_alloc(arena, 1, sizeof *saved);
    if (!saved)
        return fail(error, "out of memory");
    bool ok = read_command_line(arena, args, &settings, table, &machine, &path, error);
    if (ok && machine.threads > 0)
        parallel_set_threads(machine.threads);
    ok = ok && saved_model_open_changed(saved, path, &settings, error);
    if (ok) {
        say_lacks(path, saved->lacks);
        say_changed(path, saved->changed);
        ok = run(arena, saved, table.values, args, error);
        saved_model_free(saved);
    }
    settings_free(&settings);
    return ok;
}

void saved_model_help(void)
{
    Machine machine = {0};
    Settings settings = {0};
    if (pos_options_add_after_training(&settings, NULL))
        settings_add(&settings, machine_table(&machine), NULL);
    for (size_t t = 0; t < settings.n_tables; t++)
        help_table(&settings.tables[t]);
    settings_free(&settings);
}
