/* machine.c: what the Makefile and the compiler said, and what the system says about itself. */
#include "base/machine.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#ifdef __APPLE__
#include <sys/types.h>
#include <sys/sysctl.h>
#endif

#ifndef BUILD_VERSION
#define BUILD_VERSION "unknown"
#endif
#ifndef BUILD_COMMAND
#define BUILD_COMMAND "flags unknown"
#endif

#if defined(__clang__)
#define COMPILER "clang " __clang_version__
#elif defined(__GNUC__)
#define COMPILER "gcc " __VERSION__
#else
#define COMPILER "C compiler"
#endif

const char *const program_version = BUILD_VERSION;
const char *const program_compiler = COMPILER ": " BUILD_COMMAND;

#ifdef __APPLE__

const char *machine_cpu(char name[CPU_NAME_SIZE])
{
    size_t size = CPU_NAME_SIZE;
    if (sysctlbyname("machdep.cpu.brand_string", name, &size, NULL, 0) != 0)
        strcpy(name, "unknown");
    return name;
}

#else

/* Linux: the first line "model name : NAME" of /proc/cpuinfo. */
const char *machine_cpu(char name[CPU_NAME_SIZE])
{
    strcpy(name, "unknown");
    FILE *stream = fopen("/proc/cpuinfo", "r");
    char line[256];
    while (stream && fgets(line, sizeof line, stream)) {
        const char *colon = strchr(line, ':');
        if (!colon || strncmp(line, "model name", strlen("model name")) != 0)
            continue;
        colon += 1 + strspn(colon + 1, " \t");
        snprintf(name, CPU_NAME_SIZE, "%.*s", (int)strcspn(colon, "\n"), colon);
        break;
    }
    if (stream)
        fclose(stream);
    return name;
}

#endif

size_t machine_memory(void)
{
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    if (pages <= 0 || page <= 0 || (unsigned long)pages > SIZE_MAX / (unsigned long)page)
        return SIZE_MAX;
    return (size_t)pages * (size_t)page;
}
