/* test_faults.c: tests of src/base/file.c and src/train/metrics.c where a call to the system fails:
 * each call of a checkpoint, and of a whole run, in turn.
 *
 * Both files are compiled here once more, with macros in place of the calls. What they define
 * stands before the library, so the linker does not ask it for its own, and the rest of the program
 * uses these. No call of fsync reaches the disk. */
#include "support/training.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "train/train.h"

static struct {
    size_t calls; /* so far */
    size_t first; /* the call that fails, counted from 1; 0: none does */
    bool rest;    /* those after it fail as well */
    int reason;   /* errno */
    bool renamed; /* the file that was written last has got its name */
    bool spoilt;  /* a call failed on which a file depends */
    size_t syncs; /* calls of fsync */
} faults;

static bool is_hit(void)
{
    bool hit = ++faults.calls == faults.first;
    hit = hit || (faults.rest && faults.first > 0 && faults.calls > faults.first);
    if (hit)
        errno = faults.reason;
    return hit;
}

static bool fails(void)
{
    bool hit = is_hit();
    faults.spoilt = faults.spoilt || (hit && !faults.renamed);
    return hit;
}

/* That a folder cannot be flushed counts only if its disk says so. */
static bool fails_to_sync(void)
{
    bool hit = is_hit();
    faults.spoilt = faults.spoilt || (hit && (!faults.renamed || faults.reason == EIO));
    faults.syncs++;
    return hit;
}

/* A call that fails leaves behind what it would leave: half of the bytes, a closed file. Writing
 * begins with stat, which only asks whether something is in the way, or, at the end of an open
 * file, with fwrite. */
#define stat(path, out)    (faults.renamed = false, is_hit() ? -1 : stat(path, out))
#define fstat(file, out)   (fails() ? -1 : fstat(file, out))
#define open(...)          (fails() ? -1 : open(__VA_ARGS__))
#define read(file, to, n)  (fails() ? -1 : read(file, to, n))
#define close(file)        (fails() ? (close(file), errno = faults.reason, -1) : close(file))
#define fsync(file)        ((void)(file), fails_to_sync() ? -1 : 0)
#define rename(from, to)   (fails() ? -1 : (faults.renamed = true, rename(from, to)))
#define fopen(path, mode)  (fails() ? NULL : fopen(path, mode))
#define fdopen(file, mode) (fails() ? NULL : fdopen(file, mode))
#define fwrite(from, size, n, to)                                                                  \
    (faults.renamed = false, fwrite(from, size, fails() ? (n) / 2 : (n), to))
#define fflush(stream)   (fails() ? EOF : fflush(stream))
#define fclose(stream)   (fails() ? (fclose(stream), errno = faults.reason, EOF) : fclose(stream))
#define strdup(text)     (fails() ? NULL : strdup(text))
#define strndup(text, n) (fails() ? NULL : strndup(text, n))

#include "base/file.c"
#include "train/metrics.c"

#undef stat
#undef fopen
#undef fclose

static void let_fail(size_t first, bool rest, int reason)
{
    faults.calls = 0;
    faults.first = first;
    faults.rest = rest;
    faults.reason = reason;
    faults.renamed = faults.spoilt = false;
    faults.syncs = 0;
}

static void let_work(void)
{
    let_fail(0, false, 0);
}

/* --- one checkpoint --- */

static FileBytes bytes_of(Training *training, const char *path)
{
    FileBytes file;
    let_work();
    assert_true(file_read(&training->arena, path, 1 << 20, &file, NULL));
    return file;
}

/* Saves the run over the file `old`. */
static void check_save(Training *training, const Small *run, const char *path, FileBytes old,
                       FileBytes new)
{
    char **names;
    size_t count;
    Error error = {0};
    bool saved = trainer_save(&run->trainer, path, true, &error), renamed = faults.renamed;
    assert_false(saved && (faults.spoilt || !renamed));
    if (!saved) {
        bool memory = strstr(error.text, "out of memory") != NULL;
        assert_contains(error.text, path);
        assert_contains(error.text, memory ? "out of memory" : strerror(faults.reason));
        assert_int_equal(error.kind, ERROR_WORK);
    }
    let_work();
    assert_file_is(path, renamed ? new.bytes : old.bytes, renamed ? new.length : old.length);
    assert_true(folder_list(&training->arena, path_join(&training->arena, training->folder, "x"),
                            &names, &count, NULL));
    assert_int_equal(count, 1); /* the checkpoint, and nothing that is half written */
}

static void whatever_call_fails_a_checkpoint_is_the_old_one_or_the_new_one(void **state)
{
    Training *training = *state;
    Small *run = small_run(training, "n_layer = 1\n");
    const char *folder = path_join(&training->arena, training->folder, "x"),
               *path = path_join(&training->arena, folder, "checkpoint.safetensors");
    assert_true(folder_make(folder, NULL));
    assert_true(trainer_save(&run->trainer, path, true, NULL));
    FileBytes old = bytes_of(training, path);
    take_steps(run, 1);
    let_work();
    assert_true(trainer_save(&run->trainer, path, true, NULL));
    size_t calls = faults.calls;
    assert_int_equal(faults.syncs, 2); /* of the file and of its folder */
    FileBytes new = bytes_of(training, path);
    assert_true(calls > 3 * run->trainer.gpt.params.count); /* each tensor is written by one */

    const int reasons[] = {ENOSPC, EIO, EDQUOT, ENOMEM};
    for (size_t call = 1; call <= calls; call++)
        for (size_t r = 0; r < COUNT_OF(reasons); r++)
            for (int rest = 0; rest < 2; rest++) {
                write_test_file(path, old.bytes, old.length);
                let_fail(call, rest == 1, reasons[r]);
                check_save(training, run, path, old, new);
            }
}

/* --- a whole run --- */

static const char settings[] = "n_layer = 1\nn_embd = 16\nmax_iters = 4\nlog_interval = 1\n"
                               "eval_interval = 2\ndropout = 0.2\n";

static bool train_run(Small *small, const Run *run, Error *error)
{
    return train(&small->trainer, run, &(TrainObserver){0}, error);
}

/* Puts the trainer back to where that checkpoint stands. */
static void go_back(Small *small, const char *checkpoint)
{
    Error error = {0};
    let_work();
    if (!trainer_resume(&small->trainer, checkpoint, &error))
        fail_msg("%s", error.text);
}

/* The rows of both files are the same but for the columns about time. */
static void assert_same_rows(Training *training, const Run *a, const Run *b)
{
    MetricsRow *of_a, *of_b;
    size_t n_a, n_b;
    let_work();
    assert_true(metrics_read(&training->arena, a->metrics, &of_a, &n_a, NULL));
    assert_true(metrics_read(&training->arena, b->metrics, &of_b, &n_b, NULL));
    assert_int_equal(n_a, n_b);
    for (size_t r = 0; r < n_a; r++) {
        of_a[r].chars_per_second = of_b[r].chars_per_second = 0;
        of_a[r].elapsed_s = of_b[r].elapsed_s = 0;
        assert_memory_equal(&of_a[r], &of_b[r], sizeof of_a[r]);
    }
}

/* Runs from the start until the fault, and then from its checkpoint to the end. */
static bool run_with_fault(Small *small, const Run *run, const char *start, size_t call, bool rest)
{
    Error error = {0};
    go_back(small, start);
    let_fail(call, rest, rest ? EIO : ENOSPC);
    bool whole = train_run(small, run, &error);
    assert_false(whole && faults.spoilt);
    let_work();
    if (!whole)
        assert_contains(error.text, run->folder);
    go_back(small, file_exists(run->checkpoint) ? run->checkpoint : start);
    if (!train_is_finished(&small->trainer) && !train_run(small, run, &error))
        fail_msg("%s", error.text);
    return whole;
}

static void whatever_call_fails_a_run_goes_on_to_the_same_end(void **state)
{
    Training *training = *state;
    Small *reference = small_run(training, settings), *small = small_run(training, settings);
    Run whole = run_folder(training, "whole");
    const char *start = path_join(&training->arena, training->folder, "start");
    assert_true(trainer_save(&small->trainer, start, true, NULL));
    let_work();
    assert_true(train_run(reference, &whole, NULL));
    size_t calls = faults.calls, failed = 0;

    for (size_t call = 1; call <= calls; call++) {
        bool rest = call % 2 == 1;
        char name[32];
        snprintf(name, sizeof name, "%zu", call);
        Run run = run_folder(training, name);
        failed += !run_with_fault(small, &run, start, call, rest);
        assert_same_state(small, reference);
        assert_same_rows(training, &run, &whole);
    }
    assert_true(failed > calls / 2); /* the faults do happen */
}

static void a_checkpoint_that_cannot_be_read_leaves_the_model_alone(void **state)
{
    Training *training = *state;
    Small *saved = small_run(training, settings), *small = small_run(training, settings),
          *untouched = small_run(training, settings);
    const char *path = path_join(&training->arena, training->folder, "checkpoint");
    take_steps(saved, 2);
    assert_true(trainer_save(&saved->trainer, path, true, NULL));
    go_back(saved, path);
    size_t calls = faults.calls;
    assert_true(calls >= 4); /* stat, open, fstat, read */
    for (size_t call = 1; call <= 4; call++) {
        Error error = {0};
        let_fail(call, false, EIO);
        assert_false(trainer_resume(&small->trainer, path, &error));
        assert_contains(error.text, path);
        assert_contains(error.text, strerror(EIO));
        assert_same_state(small, untouched);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        training_test(whatever_call_fails_a_checkpoint_is_the_old_one_or_the_new_one),
        training_test(whatever_call_fails_a_run_goes_on_to_the_same_end),
        training_test(a_checkpoint_that_cannot_be_read_leaves_the_model_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
