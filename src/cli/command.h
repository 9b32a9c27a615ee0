/* command.h: the subcommands. Each is one file, and one row of the table in main.c. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "base/error.h"
#include "cli/args.h"

/* What a command ends with that a signal has stopped is this + the signal's number, as a shell
 * counts. */
enum { EXIT_BY_SIGNAL = 128 };

/* Does its work and returns true, or fills the error. *exit_code is what the program ends with if
 * it returns true; it is 0 before the call. `arena` lives as long as the call. */
typedef bool (*CommandFunction)(Arena *arena, const Args *args, int *exit_code, Error *error);

typedef struct Command {
    const char *name;
    const char *operands;        /* "RUN" */
    const char *help;            /* one line */
    const char *const *switches; /* names of flags that take no value, ended by NULL */
    CommandFunction run;
    void (*list_keys)(void); /* prints its settings for --help */
} Command;

bool command_train(Arena *arena, const Args *args, int *exit_code, Error *error);
bool command_sample(Arena *arena, const Args *args, int *exit_code, Error *error);
bool command_eval(Arena *arena, const Args *args, int *exit_code, Error *error);
bool command_compare(Arena *arena, const Args *args, int *exit_code, Error *error);
bool command_inspect(Arena *arena, const Args *args, int *exit_code, Error *error);
bool command_claims(Arena *arena, const Args *args, int *exit_code, Error *error);
bool command_data(Arena *arena, const Args *args, int *exit_code, Error *error);
bool command_runs(Arena *arena, const Args *args, int *exit_code, Error *error);

void command_train_keys(void);
void command_sample_keys(void);
void command_eval_keys(void);
void command_compare_keys(void);
void command_inspect_keys(void);
void command_claims_keys(void);
void command_data_keys(void);
void command_runs_keys(void);

#endif
