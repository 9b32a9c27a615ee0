/* test_machine.c: tests of src/base/machine.c. What a machine is cannot be known beforehand, so
 * what is said about it is held against what the system says elsewhere. */
#include "support/check.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/machine.h"

/* Text that fits in one line of a file: no control characters, no space at its ends. */
static void assert_one_line(const char *text)
{
    size_t length = strlen(text);
    assert_true(length > 0);
    assert_true(text[0] != ' ' && text[length - 1] != ' ');
    for (size_t c = 0; c < length; c++)
        assert_true((unsigned char)text[c] >= ' ' && text[c] != 0x7f);
}

static void the_version_is_three_numbers(void **state)
{
    (void)state;
    unsigned major, minor, patch;
    char rest;
    assert_int_equal(sscanf(program_version, "%u.%u.%u%c", &major, &minor, &patch, &rest), 3);
}

static void the_compiler_is_named_with_the_flags_that_decide_about_numbers(void **state)
{
    (void)state;
    assert_one_line(program_compiler);
#ifdef __clang__
    assert_int_equal(strncmp(program_compiler, "clang ", 6), 0);
#elif defined __GNUC__
    assert_int_equal(strncmp(program_compiler, "gcc ", 4), 0);
#endif
    assert_contains(program_compiler, " -O3 ");
#ifdef REAL_IS_DOUBLE
    assert_contains(program_compiler, "-DREAL_IS_DOUBLE");
#else
    assert_null(strstr(program_compiler, "-DREAL_IS_DOUBLE"));
#endif
}

static void the_cpu_has_a_name_that_ends_within_its_room(void **state)
{
    (void)state;
    char room[CPU_NAME_SIZE + 8];
    memset(room, 'x', sizeof room);
    assert_ptr_equal(machine_cpu(room), room);
    assert_non_null(memchr(room, '\0', CPU_NAME_SIZE));
    assert_one_line(room);
    for (size_t c = CPU_NAME_SIZE; c < sizeof room; c++)
        assert_int_equal(room[c], 'x');
}

/* Finds the first line of a file that begins with `key` and a colon; false if there is none. */
static bool find_line(const char *path, const char *key, char line[1024])
{
    FILE *stream = fopen(path, "r");
    bool found = false;
    while (stream && !found && fgets(line, 1024, stream)) {
        size_t length = strlen(key);
        found =
            strncmp(line, key, length) == 0 && line[length + strspn(line + length, " \t")] == ':';
    }
    if (stream)
        fclose(stream);
    return found;
}

static void the_cpu_is_the_one_the_system_names(void **state)
{
    (void)state;
    char name[CPU_NAME_SIZE], line[1024];
    if (find_line("/proc/cpuinfo", "model name", line))
        assert_contains(line, machine_cpu(name));
    else
        assert_one_line(machine_cpu(name));
}

static void there_is_memory(void **state)
{
    (void)state;
    char line[1024];
    unsigned long long kilobytes;
    size_t bytes = machine_memory();
    assert_true(bytes > (size_t)16 * 1024 * 1024);
    if (find_line("/proc/meminfo", "MemTotal", line) &&
        sscanf(line, "MemTotal: %llu kB", &kilobytes) == 1)
        assert_close((double)bytes, 1024 * (double)kilobytes, 0.01 * (double)bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_version_is_three_numbers),
        cmocka_unit_test(the_compiler_is_named_with_the_flags_that_decide_about_numbers),
        cmocka_unit_test(the_cpu_has_a_name_that_ends_within_its_room),
        cmocka_unit_test(the_cpu_is_the_one_the_system_names),
        cmocka_unit_test(there_is_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
