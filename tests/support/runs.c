/* runs.c: tiny runs by command line. */
#include "support/runs.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/file.h"
#include "base/random.h"

const char *bench_corpus(Bench *bench)
{
    static const char *const words[] = {"fox",  "grape", "lion", "mouse",
                                        "tuba", "wolf",  "owl",  "yak"};
    char text[4001] = "";
    size_t length = 0;
    for (size_t w = 0; length < 4000; w++)
        length +=
            (size_t)snprintf(text + length, sizeof text - length, "%s%s",
                             words[random_below(random_seed(5), w, 8)], w % 7 == 6 ? ".\n" : " ");
    return bench_write(bench, "words.txt", text);
}

const char *tiny(Bench *bench, const char *more)
{
    return bench_text(bench,
                      "train|--data|%s|--out-dir|%s|--n-layer|1|--n-head|2|--n-embd|8|"
                      "--block-size|8|--batch-size|2|--max-iters|2|--warmup-iters|0|"
                      "--eval-interval|2|--log-interval|1|--sample-chars|20|--threads|1%s",
                      bench_corpus(bench), bench->folder, more);
}

Outcome run_without_gnuplot(Bench *bench, const char *words)
{
    const char *empty = bench_path(bench, "programs");
    assert_true(folder_make(empty, NULL));
    return run_posgpt(bench, &(Setting){.programs = empty}, "%s", words);
}

void train_tiny(Bench *bench, const char *name, const char *more)
{
    const char *words = tiny(bench, bench_text(bench, "|--name|%s%s", name, more));
    assert_done(run_without_gnuplot(bench, words));
}

Outcome eval_tiny(Bench *bench, const char *name, const char *more)
{
    return run_without_gnuplot(
        bench, bench_text(bench, "eval|%s/%s|--threads|1%s", bench->folder, name, more));
}

void make_gnuplot(Bench *bench, const char *script)
{
    const char *folder = bench_path(bench, "programs");
    assert_true(folder_make(folder, NULL));
    const char *path = bench_write(bench, "programs/gnuplot", script);
    assert_int_equal(chmod(path, 0700), 0);
}

void check_done(Outcome outcome, const char *file, int line)
{
    if (outcome.code == 0)
        return;
    print_error("exit code %d:\n%s", outcome.code, outcome.err);
    _fail(file, line);
}

void wait_for_file(const char *path, pid_t process)
{
    for (size_t wait = 0; !file_exists(path); wait++) {
        if (wait == 60000)
            kill(process, SIGKILL);
        assert_true(wait < 60000);
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
}

const char *next_line(const char *text)
{
    return strchr(text, '\n') + 1;
}

size_t lines_of(const char *text)
{
    size_t lines = 0;
    for (; *text != '\0'; text = next_line(text))
        lines++;
    return lines;
}

const char *file_of(Bench *bench, const char *run, const char *file)
{
    return bench_text(bench, "%s/%s/%s", bench->folder, run, file);
}

const char *last_row(Bench *bench, const char *run)
{
    const char *text = bench_read(bench, file_of(bench, run, "metrics.csv")), *row = text;
    for (const char *line = text; line[0] != '\0'; line = next_line(line))
        row = line;
    return row;
}

const char *rows_without_time(Bench *bench, const char *run)
{
    const char *text = bench_read(bench, file_of(bench, run, "metrics.csv"));
    char *copy = arena_text(&bench->arena, text, strlen(text)), *to = copy;
    assert_non_null(copy);
    size_t column = 0;
    for (const char *at = text; *at != '\0'; at++) {
        column = *at == '\n' ? 0 : column + (*at == ',');
        if (column < 5)
            *to++ = *at;
    }
    *to = '\0';
    return copy;
}

double cell(const char *row, size_t column)
{
    for (; column > 0; column--) {
        row = strchr(row, ',');
        assert_non_null(row);
        row++;
    }
    return atof(row);
}
