/* process.c: fork and exec, with files for what comes out. */
#include "support/process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"

enum { MAX_WORDS = 64 };

int bench_setup(void **state)
{
    Bench *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    bench->folder = make_test_folder();
    *state = bench;
    return 0;
}

int bench_teardown(void **state)
{
    Bench *bench = *state;
    arena_free(&bench->arena);
    remove_test_folder(bench->folder);
    free(bench);
    return 0;
}

static const char *format_text(Bench *bench, const char *format, va_list arguments)
{
    char text[4096];
    int length = vsnprintf(text, sizeof text, format, arguments);
    assert_true(length >= 0 && (size_t)length < sizeof text);
    const char *kept = arena_text(&bench->arena, text, (size_t)length);
    assert_non_null(kept);
    return kept;
}

const char *bench_text(Bench *bench, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *text = format_text(bench, format, arguments);
    va_end(arguments);
    return text;
}

const char *bench_path(Bench *bench, const char *name)
{
    return bench_text(bench, "%s/%s", bench->folder, name);
}

const char *bench_read(Bench *bench, const char *path)
{
    FileBytes file;
    if (!file_exists(path))
        return "";
    assert_true(file_read(&bench->arena, path, 1 << 26, &file, NULL));
    return file.bytes;
}

const char *bench_write(Bench *bench, const char *name, const char *text)
{
    const char *path = bench_path(bench, name);
    write_test_file(path, text, strlen(text));
    return path;
}

bool is_last_line(const char *text, const char *start)
{
    size_t length = strlen(text);
    if (length == 0 || text[length - 1] != '\n')
        return false;
    const char *line = text, *last = text;
    for (; (line = strchr(line, '\n')) != NULL && line[1] != '\0'; line++)
        last = line + 1;
    return strncmp(last, start, strlen(start)) == 0;
}

size_t longest_line(const char *text)
{
    size_t longest = 0;
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        longest = length > longest ? length : longest;
        text += length + (text[length] == '\n');
    }
    return longest;
}

static void take_words_apart(char *program, char *text, char *words[MAX_WORDS + 1])
{
    size_t count = 0;
    words[count++] = program;
    while (text != NULL && *text != '\0') {
        assert_true(count < MAX_WORDS);
        words[count++] = text;
        text = strchr(text, '|');
        if (text != NULL)
            *text++ = '\0';
    }
    words[count] = NULL;
}

/* "NAME=value|NAME" */
static void change_environment(const char *changes)
{
    char *copy = strdup(changes), *rest = copy;
    for (char *name = strtok_r(copy, "|", &rest); name != NULL; name = strtok_r(NULL, "|", &rest)) {
        char *equals = strchr(name, '=');
        if (equals != NULL)
            *equals = '\0';
        if (equals == NULL)
            unsetenv(name);
        else
            setenv(name, equals + 1, 1);
    }
    free(copy);
}

/* In the child. */
_Noreturn static void become(char *words[], const Setting *setting, const char *out,
                             const char *err)
{
    const Setting s = setting != NULL ? *setting : (Setting){0};
    int input = open(s.stdin_path != NULL ? s.stdin_path : "/dev/null", O_RDONLY | O_NOCTTY),
        output = open(s.stdout_path != NULL ? s.stdout_path : out, O_WRONLY | O_CREAT, 0666),
        errors = open(err, O_WRONLY | O_CREAT, 0666);
    if (dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(errors, 2) < 0)
        _exit(127);
    for (int file = 3; file <= errors; file++)
        close(file);
    for (const char *stream = s.closed; stream != NULL && *stream != '\0'; stream++)
        close(*stream - '0');
    if (s.environment != NULL)
        change_environment(s.environment);
    if (s.programs != NULL)
        setenv("PATH", s.programs, 1);
    if (s.file_limit > 0)
        setrlimit(RLIMIT_FSIZE, &(struct rlimit){s.file_limit, s.file_limit});
    alarm(s.seconds);
    execvp(words[0], words);
    _exit(127);
}

Process start_posgpt(Bench *bench, const Setting *setting, const char *words)
{
    static size_t number = 0;
    char *argv[MAX_WORDS + 1];
    Process process = {.out = bench_text(bench, "%s/out %zu", bench->folder, number),
                       .err = bench_text(bench, "%s/err %zu", bench->folder, number)};
    number++;
    char *program = setting != NULL && setting->program != NULL ? (char *)setting->program : POSGPT;
    take_words_apart(program, arena_text(&bench->arena, words, strlen(words)), argv);
    fflush(NULL);
    process.id = fork();
    assert_true(process.id >= 0);
    if (process.id == 0)
        become(argv, setting, process.out, process.err);
    return process;
}

Outcome finish_posgpt(Bench *bench, Process process)
{
    int status = 0;
    while (waitpid(process.id, &status, 0) < 0)
        assert_int_equal(errno, EINTR);
    return (Outcome){
        .code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status),
        .out = bench_read(bench, process.out),
        .err = bench_read(bench, process.err),
    };
}

Outcome run_posgpt(Bench *bench, const Setting *setting, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *words = format_text(bench, format, arguments);
    va_end(arguments);
    return finish_posgpt(bench, start_posgpt(bench, setting, words));
}
