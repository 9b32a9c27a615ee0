/* main.c: posgpt: which subcommand, and with what code the program ends.
 *
 *     0  done                         1  the work failed
 *     2  the request was wrong        128 + n  ended by signal n, after a checkpoint
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/machine.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/help.h"
#include "math/parallel.h"
#include "pos/pos.h"

/* Flags that take no value. */
static const char *const common_switches[] = {"help", "version", NULL};
static const char *const train_switches[] = {"help", "version", "fresh", NULL};
static const char *const compare_switches[] = {"help", "version", "plan", "report", "csv", NULL};
static const char *const claims_switches[] = {"help", "version", "full", "csv", NULL};
static const char *const runs_switches[] = {"help", "version", "csv", NULL};
static const char *const eval_switches[] = {"help", "version", "csv", "by_position", NULL};
static const char *const inspect_switches[] = {"help", "version", "csv", NULL};
static const char *const data_switches[] = {"help", "version", "csv", "by_position", NULL};

static const Command commands[] = {
    {"train", "", "trains a model", train_switches, command_train, command_train_keys},
    {"sample", "RUN", "writes text with a trained model", common_switches, command_sample,
     command_sample_keys},
    {"eval", "RUN", "the exact loss of a trained model", eval_switches, command_eval,
     command_eval_keys},
    {"compare", "", "trains schemes side by side, and says what differs and what does not",
     compare_switches, command_compare, command_compare_keys},
    {"inspect", "POS|RUN", "what a scheme or a trained model looks like", inspect_switches,
     command_inspect, command_inspect_keys},
    {"claims", "", "what is said about positional embeddings, put to the test", claims_switches,
     command_claims, command_claims_keys},
    {"data", "ACTION [FILE]",
     "generate: a text in a made-up language; describe: how predictable a text is", data_switches,
     command_data, command_data_keys},
    {"runs", "[RUN RUN]", "lists the runs there are, or compares two", runs_switches, command_runs,
     command_runs_keys},
};
enum { N_COMMANDS = sizeof commands / sizeof *commands };

static const Command *find_command(const char *name)
{
    for (size_t c = 0; c < N_COMMANDS; c++)
        if (strcmp(commands[c].name, name) == 0)
            return &commands[c];
    return NULL;
}

static bool fail_command(const char *name, Error *error)
{
    const char *names[N_COMMANDS];
    TextBuffer expected = {0};
    for (size_t c = 0; c < N_COMMANDS; c++)
        names[c] = commands[c].name;
    text_append_choices(&expected, name, names, N_COMMANDS);
    fail_request(error, "unknown command \"%s\": %s", name,
                 expected.failed ? "see --help" : expected.bytes);
    text_buffer_free(&expected);
    return false;
}

static void print_schemes(void)
{
    printf("\nA positional scheme (--pos) enters a model at a door: it changes the tokens'\n"
           "vectors (embedding), the queries and keys of attention (query-key), or its\n"
           "scores (score). What it adds is said in B windows of a batch, T tokens of a\n"
           "window, C channels, H heads of D = C / H; L, P and k are options of its own.\n"
           "\nPositional schemes\n");
    for (size_t i = 0; i < pos_scheme_count; i++) {
        char text[160];
        snprintf(text, sizeof text, "%s (%s%s)", pos_schemes[i]->title, pos_doors(pos_schemes[i]),
                 pos_schemes[i]->causal_only ? "; causal = yes only" : "");
        help_row(pos_schemes[i]->name, "", text);
        help_row("", "", pos_schemes[i]->source);
        snprintf(text, sizeof text, "adds %s", pos_schemes[i]->cost);
        help_row("", "", text);
    }
}

static void print_overview(void)
{
    printf("posgpt %s: what does a positional embedding do for a transformer?\n"
           "\nposgpt COMMAND [--key value ...]\n\n",
           program_version);
    for (size_t c = 0; c < N_COMMANDS; c++)
        help_row(commands[c].name, commands[c].operands, commands[c].help);
    help_row("COMMAND --help", "", "every flag of a command, with its default");
    help_row("--version", "", "what this program is and how it was built");
    print_schemes();
    printf("\nposgpt train --pos " POS_DEFAULT "\nposgpt sample runs/NAME --prompt \"THE FOX\"\n");
}

static void print_help(const Command *command)
{
    printf("posgpt %s %s%s[--key value ...]\n\n%s\n", command->name, command->operands,
           command->operands[0] != '\0' ? " " : "", command->help);
    command->list_keys();
}

static void print_version(void)
{
    char cpu[CPU_NAME_SIZE];
    printf("posgpt %s\n%s\n%s, %zu threads\n", program_version, program_compiler, machine_cpu(cpu),
           parallel_threads());
}

static bool run(Arena *arena, int argc, char *argv[], int *exit_code, Error *error)
{
    const Command *command = argc > 1 ? find_command(argv[1]) : NULL;
    int first = command ? 2 : 1; /* argv: program, command, flags and operands */
    Args args;
    if (!command && argc > 1 && argv[1][0] != '-')
        return fail_command(argv[1], error);
    if (!args_parse(arena, argc - first, argv + first,
                    command ? command->switches : common_switches, &args, error))
        return false;
    args.program = argv[0];
    if (args_has(&args, "version"))
        print_version();
    else if (!command && !args_has(&args, "help") && argc > 1)
        return fail_request(error, "%s: expected a command first; see --help", argv[1]);
    else if (!command)
        print_overview();
    else if (args_has(&args, "help"))
        print_help(command);
    else
        return command->run(arena, &args, exit_code, error);
    return true;
}

/* A thread of OpenMP that waits for the next loop spins, by default for milliseconds. Where other
 * programs want the cores too, that keeps the work from being done: with `yes >/dev/null` beside it
 * on two cores, `posgpt train --max-iters 100` reads 1,206 characters a second, and more than ten
 * times as many with a short spin. Too short is no good either: a thread that falls asleep between
 * any two loops has to be woken 130 times in a step, which takes a third of the step on a virtual
 * machine. How long it is is read from the environment before main() begins, so the program starts
 * itself again, unless somebody has chosen already. */
static void limit_spinning(char *argv[])
{
    if (getenv("OMP_WAIT_POLICY") || getenv("GOMP_SPINCOUNT") || getenv("KMP_BLOCKTIME"))
        return;
    bool gcc = setenv("GOMP_SPINCOUNT", "3000", 1) == 0; /* turns: a tenth of a ms */
    bool llvm = setenv("KMP_BLOCKTIME", "0", 1) == 0;    /* milliseconds */
    if (gcc && llvm)
        execv("/proc/self/exe", argv); /* where there is no such file, all goes on as it was */
}

/* A file that is opened gets the lowest number that is free. If that were the number of stdout or
 * stderr, because the program was started with it closed, what is said would be written into the
 * file. So /dev/null takes their places, opened for reading: nothing can be written to it
 * either. */
static void occupy_closed_streams(void)
{
    int file;
    do
        file = open("/dev/null", O_RDONLY);
    while (file >= 0 && file <= STDERR_FILENO);
    if (file >= 0)
        close(file);
}

int main(int argc, char *argv[])
{
    if (parallel_available() && argc > 0)
        limit_spinning(argv);
    occupy_closed_streams();

    signal(SIGXFSZ, SIG_IGN); /* a file that grows beyond `ulimit -f`: write() says so as well */
    Arena arena = {0};
    Error error = {0};
    int exit_code = 0;
    bool ok = run(&arena, argc, argv, &exit_code, &error);
    arena_free(&arena);
    if (ok && (fflush(stdout) != 0 || ferror(stdout)))
        ok = fail(&error, "stdout: cannot be written");
    if (ok)
        return exit_code;
    fprintf(stderr, "posgpt: %s\n", error.text);
    return (int)error.kind;
}
