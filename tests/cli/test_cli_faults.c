/* test_cli_faults.c: tests of the program as a whole, where a call to the system fails: each call of
 * each command in turn, alone and with all that follow it.
 *
 * Whatever fails, the command ends by itself. If it succeeds, it has done all of its work, but for
 * what is an addition only, such as a picture: that is said. If it fails, one line says what at, and
 * the folder is as it was, or holds whole files with which the same command, given again, comes to
 * the end that it would have come to at once. Nothing stays allocated or open.
 *
 * FAULTS in the environment says that every so manieth call is tried; `make check-long` tries each.
 * Comparisons are for that alone: how many calls they make depends on how often they look at their
 * runs, so a sample would be another one each time. */
#include "support/faults.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "support/bad_input.h"
#include "support/fixtures.h"
#include "train/safetensors.h"

enum { USUAL_STRIDE = 149 };

/* --- what is run, and what fails --- */

#define SIZES                                                                                      \
    "|--n-layer|1|--n-head|2|--n-embd|8|--block-size|8|--batch-size|2|--warmup-iters|0|"           \
    "--eval-interval|2|--log-interval|1|--sample-chars|20"
#define TRAIN   "train|--data|@/words.txt|--out-dir|@/out|--threads|1|--name|x" SIZES
#define UNNAMED "train|--data|@/words.txt|--out-dir|@/out|--threads|1" SIZES
#define COMPARE                                                                                    \
    "compare|--config=|--data|@/words.txt|--out-dir|@/out|--name|all|--pos|none,rope|--seeds|1|"   \
    "--threads|1|--max-iters|2" SIZES

typedef struct Command {
    const char *name;
    const char *before;   /* is run first; NULL: nothing is */
    const char *words;    /* this is the command */
    bool makes_summaries; /* of runs: one that cannot be read is left out, and why is said */
} Command;

static const Command commands[] = {
    {"train", NULL, UNNAMED "|--max-iters|3|--by-context|yes", false},
    {"resume", TRAIN "|--max-iters|2", TRAIN "|--max-iters|4", false},
    {"show", TRAIN "|--max-iters|2", TRAIN "|--max-iters|2", false},
    {"fresh", TRAIN "|--max-iters|2|--seed|2", TRAIN "|--max-iters|2|--fresh", false},
    {"task", NULL, TRAIN "|--max-iters|2|--task|copy|--block-size|40", false},
    {"sample", TRAIN "|--max-iters|2", "sample|@/out/x|--length|20|--threads|1", false},
    {"eval", TRAIN "|--max-iters|2", "eval|@/out/x|--by-position|--threads|1", false},
    {"inspect", TRAIN "|--max-iters|2|--pos|relative", "inspect|@/out/x|--threads|1", false},
    {"compare", NULL, COMPARE, true},
    {"report", COMPARE, COMPARE "|--csv", true},
    {"runs", TRAIN "|--max-iters|2", "runs|--out-dir|@/out", true},
    {"generate", NULL, "data|generate|--grammar|@/x.grammar|--out|@/out/x.txt|--chars|2000", false},
    {"describe", "data|generate|--grammar|@/x.grammar|--out|@/out/x.txt|--chars|2000",
     "data|describe|@/out/x.txt|--grammar|@/x.grammar|--block-size|8", false},
};

/* A fault alone gives the first reason, and one with all that follow it the second. */
static const struct {
    const char *name;
    int reasons[2];
} kinds[] = {
    {"allocate", {ENOMEM, ENOMEM}}, {"open", {EMFILE, EACCES}}, {"read", {EIO, EIO}},
    {"write", {ENOSPC, EIO}},       {"close", {EIO, ENOSPC}},   {"sync", {EIO, ENOSPC}},
    {"rename", {EIO, EROFS}},       {"make", {ENOSPC, EROFS}},  {"remove", {EIO, EROFS}},
    {"lock", {ENOLCK, EINTR}},      {"look", {EIO, EACCES}},    {"spawn", {EAGAIN, EMFILE}},
};

/* --- what is expected --- */

/* What a command does when nothing fails. */
typedef struct Reference {
    Tree before, after; /* of @/out */
    Faulted faulted;
} Reference;

static bool is_picture(const char *path)
{
    size_t length = strlen(path);
    return length > 4 &&
           (strcmp(path + length - 4, ".png") == 0 || strcmp(path + length - 4, ".svg") == 0);
}

/* Two lines about the machine may differ: a processor whose name cannot be read is "unknown". */
static bool same_bytes(const TreeFile *a, const TreeFile *b)
{
    const char *of_a = strstr(a->bytes, "\ncpu = "), *of_b = strstr(b->bytes, "\ncpu = ");
    if (of_a && of_b) {
        size_t before = (size_t)(of_a - a->bytes);
        return before == (size_t)(of_b - b->bytes) && memcmp(a->bytes, b->bytes, before) == 0 &&
               strcmp(strchr(of_a + 1, '\n'), strchr(of_b + 1, '\n')) == 0;
    }
    return a->length == b->length && memcmp(a->bytes, b->bytes, a->length) == 0;
}

/* The first file of a that b lacks, or has otherwise; NULL: there is none. Logs may differ. */
static const char *first_difference(const Tree *a, const Tree *b, bool without_pictures)
{
    for (size_t f = 0; f < a->count; f++) {
        const TreeFile *file = &a->files[f], *other = tree_find(b, file->path);
        if (strstr(file->path, "logs/") || (without_pictures && is_picture(file->path)))
            continue;
        if (!other || !same_bytes(file, other))
            return file->path;
    }
    return NULL;
}

static const char *difference(const Tree *a, const Tree *b, bool without_pictures)
{
    const char *first = first_difference(a, b, without_pictures);
    return first ? first : first_difference(b, a, without_pictures);
}

/* A line of stderr, or of the report of a comparison, that says why something is missing. */
static bool says_reason(const Faulted *faulted, const Tree *out, int reason)
{
    const TreeFile *page = tree_find(out, "all/report.html");
    const char *const texts[] = {faulted->outcome.err, faulted->outcome.out,
                                 page ? page->bytes : ""};
    for (size_t t = 0; t < COUNT_OF(texts); t++)
        if (strstr(texts[t], strerror(reason)) || strstr(texts[t], "out of memory") ||
            strstr(texts[t], "No sample was written"))
            return true;
    return false;
}

static const char *wrong_success(Bench *bench, const Command *command, const Reference *reference,
                                 const Faulted *faulted, const Tree *out, int reason)
{
    bool no_picture = strstr(faulted->outcome.err, "no picture of") != NULL;
    const char *file = difference(out, &reference->after, no_picture);
    bool same = !file && strcmp(faulted->outcome.out, reference->faulted.outcome.out) == 0;
    if (strstr(faulted->outcome.err, "posgpt: "))
        return "exit code 0 with an error";
    if (same || (command->makes_summaries && says_reason(faulted, out, reason)))
        return NULL;
    return bench_text(bench, "exit code 0, but not the same: %s", file ? file : "stdout");
}

/* Exactly one line is of the program, the last, and it names a reason. Where stderr itself cannot be
 * written, there may be none. */
static const char *wrong_message(const Faulted *faulted, const Fault *fault)
{
    const char *err = faulted->outcome.err, *line = strstr(err, "posgpt: ");
    if (strcmp(fault->kind, "write") == 0 && (!line || fault->rest))
        return NULL;
    if (!line || !is_last_line(err, "posgpt: ") || strstr(line + 1, "\nposgpt: "))
        return "not one line at the end";
    bool named = strstr(line, strerror(fault->number)) || strstr(line, "out of memory") ||
                 strstr(line, "stdout: cannot be written") || strstr(line, "runs failed: ");
    return named ? NULL : "a line without the reason";
}

/* Whatever model is there can be read. */
static const char *damaged_model(Bench *bench, const Tree *out)
{
    for (size_t f = 0; f < out->count; f++) {
        SafeFile file;
        const char *path = bench_text(bench, "%s/out/%s", bench->folder, out->files[f].path);
        if (strstr(path, ".safetensors") && !strstr(path, ".tmp") &&
            !safetensors_read(&bench->arena, path, &file, NULL))
            return path;
    }
    return NULL;
}

/* What a command that was cut off left to be removed, although it could be. */
static const char *left_temporary(const Tree *out, const Fault *fault)
{
    for (size_t f = 0; f < out->count; f++)
        if (strstr(out->files[f].path, ".tmp") && strcmp(fault->kind, "remove") != 0)
            return out->files[f].path;
    return NULL;
}

/* The same command again, with nothing that fails. If the run that was there is set aside already,
 * the new one goes on. */
static const char *wrong_afterwards(Bench *bench, const Command *command,
                                    const Reference *reference)
{
    const char *words = with_folder(bench, command->words), *fresh = strstr(words, "|--fresh");
    if (fresh && folder_exists(bench_path(bench, "out/x-old-1")))
        words = bench_text(bench, "%.*s", (int)(fresh - words), words);
    Faulted again = run_with_fault(bench, (Fault){.kind = "open"}, words);
    Tree out = tree_read(&bench->arena, bench_path(bench, "out"));
    if (again.outcome.code != 0)
        return bench_text(bench, "afterwards: %s", again.outcome.err);
    const char *file = difference(&out, &reference->after, false);
    return file ? bench_text(bench, "afterwards: not the same: %s", file) : NULL;
}

static const char *wrong_failure(Bench *bench, const Command *command, const Reference *reference,
                                 const Faulted *faulted, const Tree *out, const Fault *fault)
{
    if (faulted->outcome.code != 1 && faulted->outcome.code != 2)
        return bench_text(bench, "exit code %d", faulted->outcome.code);
    const char *message = wrong_message(faulted, fault), *file = damaged_model(bench, out);
    if (message)
        return message;
    if (file)
        return bench_text(bench, "damaged: %s", file);
    /* the runs of a comparison that gave up come to their own end */
    file = command->makes_summaries ? NULL : left_temporary(out, fault);
    return file ? bench_text(bench, "left: %s", file) : wrong_afterwards(bench, command, reference);
}

static const char *wrong_in_report(const Reference *reference, const Faulted *faulted)
{
    if (faulted->report[0] == '\0')
        return "ended in the middle";
    if (in_report(faulted, "blocks") > in_report(&reference->faulted, "blocks"))
        return "memory is not freed";
    if (in_report(faulted, "files") > in_report(&reference->faulted, "files"))
        return "a file is not closed";
    return NULL;
}

/* --- one after the other --- */

typedef struct Tally {
    size_t stride, next; /* every so manieth call, and how many until then */
    size_t faults, failures, wrong;
} Tally;

static void put_back(Bench *bench, const Reference *reference)
{
    const char *out = bench_path(bench, "out");
    tree_remove(out);
    tree_write(&reference->before, out);
}

static void try_fault(Bench *bench, const Command *command, const Reference *reference, Fault fault,
                      Tally *tally)
{
    put_back(bench, reference);
    Faulted faulted = run_with_fault(bench, fault, with_folder(bench, command->words));
    if (faulted.report[0] != '\0' && in_report(&faulted, "hits") == 0)
        return; /* how often a comparison looks at its runs differs */
    Tree out = tree_read(&bench->arena, bench_path(bench, "out"));
    const char *problem = wrong_in_report(reference, &faulted);
    bool done = faulted.outcome.code == 0;
    if (!problem && done)
        problem = wrong_success(bench, command, reference, &faulted, &out, fault.number);
    else if (!problem)
        problem = wrong_failure(bench, command, reference, &faulted, &out, &fault);
    tally->faults++;
    tally->failures += !done;
    tally->wrong += problem != NULL;
    if (problem)
        print_error("%s, %s %zu%s: %s\nexit code %d, stderr:\n%s%s", command->name, fault.kind,
                    fault.call, fault.rest ? " and the rest" : "", problem, faulted.outcome.code,
                    faulted.outcome.err, faulted.report);
}

static Reference run_reference(Bench *bench, const Command *command, Arena *arena)
{
    Reference reference;
    const Fault none = {.kind = "open"};
    const char *out = bench_path(bench, "out");
    tree_remove(out);
    assert_true(folder_make(out, NULL));
    if (command->before)
        assert_done(run_with_fault(bench, none, with_folder(bench, command->before)).outcome);
    reference.before = tree_read(arena, out);
    reference.faulted = run_with_fault(bench, none, with_folder(bench, command->words));
    assert_done(reference.faulted.outcome);
    reference.after = tree_read(arena, out);
    return reference;
}

/* Each call of each kind that the command makes, alone and with the rest. */
static void try_command(Bench *bench, const Command *command, Tally *all)
{
    Arena arena = {0};
    Bench scratch = {.folder = bench->folder}; /* of which a fault takes nothing along */
    Reference reference = run_reference(bench, command, &arena);
    for (size_t k = 0; k < COUNT_OF(kinds); k++) {
        Tally tally = {.stride = all->stride, .next = all->next};
        size_t calls = in_report(&reference.faulted, kinds[k].name);
        for (size_t n = 0; n < 2 * calls; n++) {
            Fault fault = {kinds[k].name, n / 2 + 1, n % 2 == 1, kinds[k].reasons[n % 2]};
            if (tally.next-- > 0)
                continue;
            tally.next = tally.stride - 1;
            try_fault(&scratch, command, &reference, fault, &tally);
            arena_reset(&scratch.arena);
        }
        if (all->stride == 1)
            print_message("%-9s %-9s %4zu faults, %4zu failures\n", command->name, kinds[k].name,
                          tally.faults, tally.failures);
        all->next = tally.next;
        all->faults += tally.faults;
        all->failures += tally.failures;
        all->wrong += tally.wrong;
    }
    arena_free(&scratch.arena);
    arena_free(&arena);
}

static size_t stride_asked_for(void)
{
    const char *text = getenv("FAULTS");
    size_t stride = USUAL_STRIDE;
    assert_true(!text || (text_to_size(text, &stride) && stride > 0));
    return stride;
}

static void make_inputs(Bench *bench)
{
    bench_corpus(bench);
    bench_write(bench, "x.grammar",
                "sentence = \"the \" noun \" sees the \" noun \".\\n\"\n"
                "noun = \"fox\" | \"owl\" | \"lion\"\n");
    make_gnuplot(bench, "#!/bin/sh\n: >loss.svg\n: >loss.png\n");
}

static void run_well(Bench *bench, const char *words)
{
    const Setting setting = {.programs = bench_path(bench, "programs"), .seconds = 60};
    assert_done(run_posgpt(bench, &setting, "%s", with_folder(bench, words)));
}

/* Without the library, so in every build. */
static void each_command_succeeds_where_nothing_fails(void **state)
{
    Bench *bench = *state;
    make_inputs(bench);
    for (size_t c = 0; c < COUNT_OF(commands); c++) {
        tree_remove(bench_path(bench, "out"));
        assert_true(folder_make(bench_path(bench, "out"), NULL));
        if (commands[c].before)
            run_well(bench, commands[c].before);
        run_well(bench, commands[c].words);
    }
}

static void a_call_that_fails_costs_an_error_and_nothing_else(void **state)
{
    Bench *bench = *state;
    only_with_faults();
    only_with_float();
    Tally tally = {.stride = stride_asked_for(), .next = 0};
    make_inputs(bench);
    for (size_t c = 0; c < COUNT_OF(commands); c++)
        if (tally.stride == 1 || strstr(commands[c].words, "compare|") != commands[c].words)
            try_command(bench, &commands[c], &tally);
    print_message("%zu faults, one of %zu: %zu failures\n", tally.faults, tally.stride,
                  tally.failures);
    assert_int_equal(tally.wrong, 0);
    assert_true(tally.failures > tally.faults / 4); /* the faults do happen */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(each_command_succeeds_where_nothing_fails),
        bench_test(a_call_that_fails_costs_an_error_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
