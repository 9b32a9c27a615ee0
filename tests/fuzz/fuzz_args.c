/* fuzz_args.c: any lines as the words of a command line. They are refused in one line, or the
 * command does what it does without a model; and the command that is written of them means the
 * same.
 *
 * It is the program's own way in, src/cli/main.c, that takes them. So that nothing is trained and
 * nothing written, each command gets one or two words more, which it refuses when it has read all
 * the others. A command line that would not come to them, because a flag's value is missing, is
 * refused before. */
#define main posgpt_main
#include "cli/main.c" /* NOLINT(bugprone-suspicious-include): for what is static in it */
#undef main

#include <ctype.h>

#include "fuzz/fuzz.h"

enum { MOST_WORDS = 64, MOST_LAST = 5 };

#define NOWHERE "/nowhere/posgpt-fuzz"

static const struct {
    const char *command, *words[MOST_LAST + 1];
} last_words[] = {
    {"train", {"--n-embd=3", "--n-head=2"}}, /* two heads do not divide three channels */
    {"sample", {"--temperature=-1"}},
    {"eval", {"--batch-size=0"}},
    /* NOLINTNEXTLINE(bugprone-suspicious-missing-comma): it is one word */
    {"compare", {"--plan", "--n-embd=3", "--n-head=2", "--data=" NOWHERE, "--task=none"}},
    {"inspect", {"--pos=none"}}, /* the operand says which scheme */
    {"claims", {"--claim=0"}},
    {"data", {"--grammar=" NOWHERE}},
    {"runs", {"--out-dir=" NOWHERE}},
};

/* The words of a command line, ended by NULL. A word "--key=value" is written again as two. */
typedef struct Words {
    char *at[2 * MOST_WORDS + MOST_LAST + 2];
    int count;
} Words;

static void add_last_words(Words *words, const Command *command)
{
    size_t c = 0;
    while (strcmp(last_words[c].command, command->name) != 0)
        c++;
    for (size_t w = 0; last_words[c].words[w]; w++)
        words->at[words->count++] = (char *)last_words[c].words[w]; /* nobody writes to it */
    words->at[words->count] = NULL;
}

/* What the program prints goes nowhere, and does not slow this down. */
static bool run_silently(Arena *arena, Words *words, Error *error)
{
    int exit_code = 0;
    fflush(stdout);
    int kept = dup(STDOUT_FILENO), nothing = open("/dev/null", O_WRONLY);
    check(kept >= 0 && nothing >= 0 && dup2(nothing, STDOUT_FILENO) >= 0, "no /dev/null");
    bool ok = run(arena, words->count, words->at, &exit_code, error);
    check(exit_code == 0, "another exit code than the error's");
    fflush(stdout);
    check(dup2(kept, STDOUT_FILENO) >= 0, "no stdout");
    close(kept);
    close(nothing);
    return ok;
}

/* --- the command that sets the same flags --- */

/* Takes the next word off a command, in place, as a shell would. */
static char *next_word(char **command)
{
    char *in = *command, *out = in, *word = in;
    for (bool quoted = false; *in != '\0' && (quoted || *in != ' '); in++)
        if (*in == '\'')
            quoted = !quoted;
        else if (*in == '\\' && !quoted)
            *out++ = *++in;
        else
            *out++ = *in;
    *command = *in != '\0' ? in + 1 : in;
    *out = '\0';
    return word;
}

/* So are the names of all flags that any command has. */
static bool has_plain_names(const Args *args)
{
    for (size_t f = 0; f < args->n_flags; f++)
        if (!isalpha((unsigned char)args->flags[f].origin[2]) ||
            strspn(args->flags[f].origin, "abcdefghijklmnopqrstuvwxyz0123456789_-") !=
                strlen(args->flags[f].origin))
            return false;
    return true;
}

static void check_repeated(Arena *arena, const Args *args, const Command *command)
{
    Words words = {.count = 0};
    Args again;
    const char *text = args_repeated(args, arena, command->name, NULL);
    check(text != NULL, "out of memory");
    char *rest = arena_text(arena, text, strlen(text));
    check(rest != NULL, "out of memory");
    while (*rest != '\0')
        words.at[words.count++] = next_word(&rest);
    check(words.count >= 2 && strcmp(words.at[1], command->name) == 0, "another command");
    check(args_parse(arena, words.count - 2, words.at + 2, command->switches, &again, NULL),
          "a command that was written is refused");
    check(again.n_operands == 0, "there are operands");
    size_t a = 0;
    for (size_t f = 0; f < args->n_flags; f++) {
        if (!args->flags[f].value)
            continue;
        check(a < again.n_flags && strcmp(args->flags[f].origin, again.flags[a].origin) == 0,
              "another flag comes back");
        check(again.flags[a].value && strcmp(args->flags[f].value, again.flags[a].value) == 0,
              "another value comes back");
        a++;
    }
    check(a == again.n_flags, "there are more flags");
}

/* Each line is a word, in a copy of the text. */
static Words split(char *text, size_t length)
{
    Words words = {.at = {"posgpt"}, .count = 1};
    char *end = text + length;
    for (char *at = text; at < end && words.count < MOST_WORDS; at += strlen(at) + 1)
        words.at[words.count++] = at;
    return words;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    Arena arena = {0};
    Error error = {0};
    Args args;
    char *text = arena_text(&arena, (const char *)bytes, length);
    check(text != NULL, "out of memory");
    for (size_t at = 0; at < length; at++)
        text[at] = text[at] == '\n' ? '\0' : text[at];
    Words words = split(text, length);
    const Command *command = words.count > 1 ? find_command(words.at[1]) : NULL;
    if (command &&
        args_parse(&arena, words.count - 2, words.at + 2, command->switches, &args, NULL)) {
        args.program = words.at[0];
        if (has_plain_names(&args))
            check_repeated(&arena, &args, command);
        add_last_words(&words, command);
    }
    if (!run_silently(&arena, &words, &error))
        check_message(error.text);
    check((error.kind == ERROR_NONE) == (error.text[0] == '\0'), "a message without an error");
    arena_free(&arena);
    return 0;
}
