/* test_trainer_memory.c: training steps ask nobody for memory: neither the C library, by themselves
 * or through OpenMP, nor their own arenas for another block. */
#include "support/training.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "math/parallel.h"

/* With glibc a program may bring its own malloc, and then the libraries, too, call that one.
 * Elsewhere calls are not counted, nor with a sanitizer, which brings its own as well. */
#if defined(__SANITIZE_ADDRESS__)
#define COUNTS_CALLS 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define COUNTS_CALLS 0
#endif
#endif
#ifndef COUNTS_CALLS
#ifdef __GLIBC__
#define COUNTS_CALLS 1
#else
#define COUNTS_CALLS 0
#endif
#endif

static atomic_size_t calls; /* of the functions that give memory or take it back */

#if COUNTS_CALLS

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *memory);

void *malloc(size_t size)
{
    calls++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    calls++;
    return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    calls++;
    return __libc_realloc(memory, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    calls++;
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size)
{
    calls++;
    *memory = __libc_memalign(alignment, size);
    return *memory ? 0 : ENOMEM;
}

void free(void *memory)
{
    calls++;
    __libc_free(memory);
}

#endif

static void a_call_is_counted(void **state)
{
    (void)state;
    if (!COUNTS_CALLS)
        skip();
    size_t before = calls;
    void *volatile memory = malloc(10); /* volatile: or a compiler leaves out both calls */
    assert_int_equal(calls, before + 1);
    free(memory);
    assert_int_equal(calls, before + 2);
}

/* Large enough for all loops to be shared out. */
static Small *run_with(Training *training, const char *scheme)
{
    char settings[200];
    snprintf(settings, sizeof settings,
             "pos = %s\nn_embd = 64\nblock_size = 64\nbatch_size = 8\ndropout = 0.1\n"
             "gradient_accumulation_steps = 2\n",
             scheme);
    return small_run(training, settings);
}

/* The first step makes threads, if there are to be any. */
static void assert_steps_ask_for_nothing(Training *training, size_t threads)
{
    parallel_set_threads(threads);
    for (size_t s = 0; s < pos_scheme_count; s++) {
        Small *run = run_with(training, pos_schemes[s]->name);
        const Tape *tape = &run->trainer.tape;
        take_steps(run, 1);
        const ArenaBlock *numbers = tape->numbers.blocks, *nodes = tape->nodes.blocks;
        const size_t before = calls, numbers_peak = tape->numbers.peak;
        take_steps(run, 5);
        assert_int_equal(calls, before);
        assert_ptr_equal(tape->numbers.blocks, numbers);
        assert_ptr_equal(tape->nodes.blocks, nodes);
        assert_int_equal(tape->numbers.peak, numbers_peak);
    }
}

static void steps_on_one_thread_ask_for_no_memory(void **state)
{
    assert_steps_ask_for_nothing(*state, 1);
}

static void steps_on_two_threads_ask_for_no_memory(void **state)
{
    assert_steps_ask_for_nothing(*state, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_is_counted),
        training_test(steps_on_one_thread_ask_for_no_memory),
        training_test(steps_on_two_threads_ask_for_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
