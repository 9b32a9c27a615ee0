/* order.c: what is asked for, what is counted, and the report. */
#define _GNU_SOURCE
#include "faults/interpose.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const kinds[N_FAULT_KINDS] = {
    [FAULT_ALLOCATE] = "allocate", [FAULT_OPEN] = "open",   [FAULT_READ] = "read",
    [FAULT_WRITE] = "write",       [FAULT_CLOSE] = "close", [FAULT_SYNC] = "sync",
    [FAULT_RENAME] = "rename",     [FAULT_MAKE] = "make",   [FAULT_REMOVE] = "remove",
    [FAULT_LOCK] = "lock",         [FAULT_LOOK] = "look",   [FAULT_SPAWN] = "spawn",
    [FAULT_CLOCK] = "clock",
};

/* Shared with the children that this process forks, until they become another program: so a call is
 * counted once, whoever of them makes it. */
typedef struct Counters {
    size_t calls[N_FAULT_KINDS], hits;
} Counters;

static struct {
    Counters *counters; /* NULL: nothing is asked for */
    FaultKind kind;
    size_t call;
    int rest, number;
    char report[4096];
} order;

bool fault_is_on(void)
{
    return order.counters;
}

bool fault_hits(FaultKind kind)
{
    if (!order.counters)
        return false;
    size_t call = ++order.counters->calls[kind];
    bool reached = kind == order.kind && order.call > 0 && call >= order.call;
    if (!reached || (call > order.call && !order.rest))
        return false;
    order.counters->hits++;
    if (kind != FAULT_CLOCK)
        errno = order.number;
    return true;
}

long fault_clock_shift(void)
{
    return fault_hits(FAULT_CLOCK) ? order.number : 0;
}

void fault_find(const char *name, void *function)
{
    void *symbol = dlsym(RTLD_NEXT, name);
    memcpy(function, &symbol, sizeof symbol);
}

/* --- the beginning --- */

static bool read_order(const char *text)
{
    char kind[16];
    if (sscanf(text, "%15[a-z],%zu,%d,%d,%4095[^\n]", kind, &order.call, &order.rest, &order.number,
               order.report) != 5)
        return false;
    for (order.kind = 0; order.kind < N_FAULT_KINDS; order.kind++)
        if (strcmp(kind, kinds[order.kind]) == 0)
            return true;
    return false;
}

/* stdout and stderr become streams of this library; as always, stderr keeps nothing back. */
static bool take_streams(void)
{
    stdout = fault_stream(STDOUT_FILENO, "w");
    stderr = fault_stream(STDERR_FILENO, "w");
    return stdout && stderr && setvbuf(stderr, NULL, _IONBF, 0) == 0;
}

__attribute__((constructor)) static void begin(void)
{
    static char for_children[] = "FAULT=none";
    const char *text = getenv("FAULT");
    if (!text || strcmp(text, "none") == 0)
        return;
    void *shared =
        mmap(NULL, sizeof(Counters), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED || !read_order(text) || !take_streams()) {
        dprintf(STDERR_FILENO, "FAULT=%s: expected KIND,CALL,REST,NUMBER,REPORT\n", text);
        _exit(127);
    }
    putenv(for_children);
    order.counters = shared;
}

/* --- the end --- */

static size_t count_files(void)
{
    size_t count = 0;
    for (int file = STDERR_FILENO + 1; file < 256; file++)
        count += fcntl(file, F_GETFD, NULL) >= 0;
    return count;
}

static void write_report(FILE *report, const Counters *counters, size_t blocks, size_t files)
{
    fprintf(report, "hits %zu\nblocks %zu\nfiles %zu\n", counters->hits, blocks, files);
    for (size_t k = 0; k < N_FAULT_KINDS; k++)
        fprintf(report, "%s %zu\n", kinds[k], counters->calls[k]);
    for (size_t b = 0; b < blocks; b++) {
        Dl_info info;
        const char *caller = fault_caller_of_block(b);
        if (dladdr(caller, &info) != 0 && info.dli_fname)
            fprintf(report, "block %s+%#tx\n", info.dli_fname,
                    caller - (const char *)info.dli_fbase);
    }
}

/* Nothing fails from here on, and nothing is counted. The programs that this one leaves behind come
 * to their end first, so that nobody writes a file when a test has gone on. */
__attribute__((destructor)) static void end(void)
{
    const Counters *counters = order.counters;
    order.counters = NULL;
    if (!counters)
        return;
    while (wait(NULL) > 0 || errno == EINTR)
        continue;
    size_t files = count_files(), blocks = fault_count_blocks();
    FILE *report = fopen(order.report, "w");
    if (!report)
        return;
    write_report(report, counters, blocks, files);
    fclose(report);
}
