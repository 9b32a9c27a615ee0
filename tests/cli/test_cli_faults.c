/* test_cli_faults.c: tests of the program as a whole, where a call to the system fails: each call
 * of each command in turn, alone and with all that follow it.
 *
 * Whatever fails, the command ends by itself. If it succeeds, it has done all of its work, but for
 * what is an addition only, such as a picture: that is said. If it fails, one line says what at,
 * and the folder is as it was, or holds whole files with which the same command, given again, comes
 * to the end that it would have come to at once. Nothing stays allocated or open.
 *
 * FAULTS in the environment says that every so manieth call is tried, and FAULTS_OF of which
 * command alone; `make check-long` tries each. */
#include "support/fault_judge.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "support/bad_input.h"
#include "support/fixtures.h"

enum { USUAL_STRIDE = 149 };

/* --- what is run, and what fails --- */

/* Each command is given a hundred times and more. A task ends with an exam of 512 sequences of
 * each length: few lengths, and short ones, are soon examined. */
#define SIZES                                                                                      \
    "|--n-layer|1|--n-head|2|--n-embd|8|--block-size|8|--batch-size|2|--warmup-iters|0|"           \
    "--eval-interval|2|--log-interval|1|--sample-chars|20"
#define TRAIN    "train|--data|@/words.txt|--out-dir|@/out|--threads|1|--name|x" SIZES
#define TASK     TRAIN "|--task|copy|--task-max-length|4|--task-test-length|5|--task-symbols|4"
#define UNNAMED  "train|--data|@/words.txt|--out-dir|@/out|--threads|1" SIZES
#define GENERATE "data|generate|--grammar|@/x.grammar|--out|@/out/x.txt|--chars|2000"
#define COMPARE                                                                                    \
    "compare|--config=|--data|@/words.txt|--out-dir|@/out|--name|all|--pos|none,rope|--seeds|1|"   \
    "--threads|1|--max-iters|2" SIZES

static const FaultyCommand commands[] = {
    {"train", NULL, UNNAMED "|--max-iters|3|--by-context|yes", false},
    {"resume", TRAIN "|--max-iters|2", TRAIN "|--max-iters|4", false},
    {"show", TRAIN "|--max-iters|2", TRAIN "|--max-iters|2", false},
    {"fresh", TRAIN "|--max-iters|2|--seed|2", TRAIN "|--max-iters|2|--fresh", false},
    {"task", NULL, TASK "|--max-iters|2", false},
    {"sample", TRAIN "|--max-iters|2", "sample|@/out/x|--length|20|--threads|1", false},
    {"eval", TRAIN "|--max-iters|2", "eval|@/out/x|--by-position|--threads|1", false},
    {"inspect", TRAIN "|--max-iters|2|--pos|relative", "inspect|@/out/x|--threads|1", false},
    {"compare", NULL, COMPARE, true},
    {"report", COMPARE, COMPARE "|--csv", true},
    {"missing", COMPARE, COMPARE "|--seeds|2|--report", true},
    {"runs", TRAIN "|--max-iters|2", "runs|--out-dir|@/out", true},
    {"generate", NULL, GENERATE, false},
    {"describe", GENERATE, "data|describe|@/out/x.txt|--grammar|@/x.grammar|--block-size|8", false},
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

static void try_fault(Bench *bench, const FaultyCommand *command, const Reference *reference,
                      Fault fault, Tally *tally)
{
    put_back(bench, reference);
    Faulted faulted = run_with_fault(bench, fault, with_folder(bench, command->words));
    Tree out = tree_read(&bench->arena, bench_path(bench, "out"));
    const char *problem = fault_problem(bench, command, reference, &fault, &faulted, &out);
    tally->faults++;
    tally->failures += faulted.outcome.code != 0;
    tally->wrong += problem != NULL;
    if (problem)
        print_error("%s, %s %zu%s: %s\nexit code %d, stderr:\n%s%s", command->name, fault.kind,
                    fault.call, fault.rest ? " and the rest" : "", problem, faulted.outcome.code,
                    faulted.outcome.err, faulted.report);
}

static Reference run_reference(Bench *bench, const FaultyCommand *command, Arena *arena)
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
static void try_command(Bench *bench, const FaultyCommand *command, Tally *all)
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

static bool is_asked_for(const FaultyCommand *command)
{
    const char *only = getenv("FAULTS_OF");
    return !only || strcmp(only, command->name) == 0;
}

/* gnuplot is a script: whatever it is to draw, it makes the pictures of losses. */
static void make_inputs(Bench *bench)
{
    bench_corpus(bench);
    bench_write(bench, "x.grammar",
                "sentence = \"the \" noun \" sees the \" noun \".\\n\"\n"
                "noun = \"fox\" | \"owl\" | \"lion\"\n");
    make_gnuplot(bench, "#!/bin/sh\n: >loss.png\n"
                        "echo '<svg viewBox=\"0 0 1 1\"><g></g></svg>' >loss.svg\n");
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
        if (is_asked_for(&commands[c]))
            try_command(bench, &commands[c], &tally);
    print_message("%zu faults, one of %zu: %zu failures\n", tally.faults, tally.stride,
                  tally.failures);
    assert_int_equal(tally.wrong, 0);
    assert_true(tally.failures > tally.faults / 5); /* the faults do happen */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(each_command_succeeds_where_nothing_fails),
        bench_test(a_call_that_fails_costs_an_error_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
