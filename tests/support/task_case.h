/* task_case.h: what the tests of tasks share. */
#ifndef TESTS_SUPPORT_TASK_CASE_H
#define TESTS_SUPPORT_TASK_CASE_H

#include "data/task.h"

/* A task by its name, with the default options. */
TaskOptions task_options(const char *name);

/* Puts numbers in ascending order. */
void sort_numbers(int *numbers, size_t count);

#endif
