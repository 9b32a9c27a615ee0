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

static void take_words_apart(char *text, char *words[MAX_WORDS + 1])
{
    size_t count = 0;
    words[count++] = POSGPT;
    while (text != NULL && *text != '\0') {
        assert_true(count < MAX_WORDS);
        words[count++] = text;
        text = strchr(text, '|');
        if (text != NULL)
            *text++ = '\0';
    }
    words[count] = NULL;
}

/* In the child. */
_Noreturn static void become(char *words[], const Setting *setting, const char *out,
                             const char *err)
{
    const char *sink = setting != NULL && setting->stdout_path != NULL ? setting->stdout_path : out;
    int input = open("/dev/null", O_RDONLY), output = open(sink, O_WRONLY | O_CREAT, 0666),
        errors = open(err, O_WRONLY | O_CREAT, 0666);
    if (setting != NULL && setting->programs != NULL)
        setenv("PATH", setting->programs, 1);
    if (setting != NULL && setting->file_limit > 0)
        setrlimit(RLIMIT_FSIZE, &(struct rlimit){setting->file_limit, setting->file_limit});
    if (dup2(input, 0) >= 0 && dup2(output, 1) >= 0 && dup2(errors, 2) >= 0)
        execv(words[0], words);
    _exit(127);
}

Process start_posgpt(Bench *bench, const Setting *setting, const char *words)
{
    static size_t number = 0;
    char *argv[MAX_WORDS + 1];
    Process process = {.out = bench_text(bench, "%s/out %zu", bench->folder, number),
                       .err = bench_text(bench, "%s/err %zu", bench->folder, number)};
    number++;
    take_words_apart(arena_text(&bench->arena, words, strlen(words)), argv);
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
