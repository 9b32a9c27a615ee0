/* memory.c: what training takes: as the trainer counts it before it begins, and as the system saw
 * it at the end. The system counts a whole process, so each setting is trained in its own. */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "bench/bench.h"

static const double MIB = 1024 * 1024;

static double peak_of_process(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
#ifdef __APPLE__
    return (double)usage.ru_maxrss;
#else
    return 1024 * (double)usage.ru_maxrss;
#endif
}

static const Setting *find_setting(const char *name)
{
    for (size_t s = 0; s < N_SETTINGS; s++)
        if (strcmp(settings_of_bench[s].name, name) == 0)
            return &settings_of_bench[s];
    return NULL;
}

bool report_own_memory(const char *name, Error *error)
{
    const Setting *setting = find_setting(name);
    Subject subject;
    double seconds, before = peak_of_process();
    if (!setting)
        return fail_request(error, "%s: expected the name of a setting", name);
    if (!subject_init(&subject, setting, NANOGPT_SCHEME, error))
        return false;
    bool ok = subject_steps(&subject, setting->large ? 1 : 3, &seconds, error);
    const MemoryNeed *need = &subject.trainer.memory;
    printf("%zu %zu %.0f %.0f\n", need->parameters, need->step, before, peak_of_process());
    subject_free(&subject);
    return ok;
}

/* Bytes, as report_own_memory prints them. */
typedef struct Memory {
    double parameters, step, before, peak;
} Memory;

static bool measure(const Plan *plan, const Setting *setting, Memory *memory, Error *error)
{
    char program[4096], flag[] = "--memory", name[16];
    snprintf(program, sizeof program, "%s", plan->program);
    snprintf(name, sizeof name, "%s", setting->name);
    char *arguments[] = {program, flag, name, NULL};
    Child child;
    bool ok = child_start(&child, arguments) &&
              fscanf(child.from, "%lf %lf %lf %lf", &memory->parameters, &memory->step,
                     &memory->before, &memory->peak) == 4;
    child_stop(&child);
    return ok || fail(error, "%s: cannot be started again to measure memory", plan->program);
}

/* A process starts with the peak of the one that it came from: so this comes before what is
 * large. */
bool bench_memory(const Plan *plan, Error *error)
{
    say(plan, "\nMemory of training, MiB  parameters      a step   of the process\n");
    for (size_t s = 0; s < setting_count(plan); s++) {
        const Setting *setting = &settings_of_bench[s];
        Memory memory;
        if (!measure(plan, setting, &memory, error))
            return false;
        say(plan, "  %-22s %10.1f  %10.1f  %10.1f  (%.1f at its start)\n", setting->title,
            memory.parameters / MIB, memory.step / MIB, memory.peak / MIB, memory.before / MIB);
        record_number(plan, "memory", setting->name, plan->cores, "bytes of parameters",
                      memory.parameters);
        record_number(plan, "memory", setting->name, plan->cores, "bytes of a step", memory.step);
        record_number(plan, "memory", setting->name, plan->cores, "bytes of the process",
                      memory.peak);
    }
    return true;
}
