/* task_case.c: options of a task, and sorting. */
#include "support/task_case.h"

#include <stdlib.h>
#include <string.h>

#include "support/check.h"

TaskOptions task_options(const char *name)
{
    TaskOptions options = {.symbols = 64, .min_length = 2, .max_length = 20, .test_length = 40};
    while (strcmp(task_names[options.task], name) != 0) {
        options.task++;
        assert_non_null(task_names[options.task]);
    }
    return options;
}

static int compare(const void *a, const void *b)
{
    const int *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

void sort_numbers(int *numbers, size_t count)
{
    qsort(numbers, count, sizeof *numbers, compare);
}
