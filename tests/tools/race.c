/* race.c: does the thread sanitizer see what goes wrong between threads of parallel_for, and take
 * what is right for right? Without an argument each range keeps to its own numbers, and what one
 * loop wrote another one reads; with one, each range adds to all numbers. threads.sh expects
 * silence of the first and a report of the second. */
#include <stdio.h>

#include "math/parallel.h"

enum { COUNT = 1000, LOOPS = 20 };

static void add_to_own(void *context, size_t begin, size_t end)
{
    size_t *numbers = context;
    for (size_t i = begin; i < end; i++)
        numbers[i] += i;
}

static void add_to_all(void *context, size_t begin, size_t end)
{
    size_t *numbers = context;
    for (size_t i = 0; i < COUNT; i++)
        numbers[i] += end - begin;
}

int main(int argc, char **argv)
{
    size_t numbers[COUNT] = {0}, sum = 0;
    (void)argv;
    parallel_set_threads(2);
    for (size_t loop = 0; loop < LOOPS; loop++) {
        parallel_for(COUNT, 1, add_to_own, numbers);
        for (size_t i = 0; i < COUNT; i++)
            sum += numbers[i]--;
        parallel_for(COUNT, 10, add_to_own, numbers);
    }
    if (argc > 1)
        parallel_for(COUNT, COUNT / 2, add_to_all, numbers);
    printf("%zu\n", sum);
    return 0;
}
