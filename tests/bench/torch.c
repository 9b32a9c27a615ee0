/* torch.c: PyTorch as a child process, which scripts/bench_torch.py is. */
#include <stdio.h>

#include "bench/bench.h"

const TorchVariant torch_variants[N_TORCH_VARIANTS] = {
    {"default", "as it is", false},
    {"installed", "threads set", false},
    {"tuned", "tuned", false},
    {"tuned", "tuned, 1 core", true},
};

static bool start_with(Child *torch, const char *python, size_t threads, const Setting *setting,
                       const TorchVariant *variant, size_t warm_up)
{
    enum { N_NUMBERS = 6 };
    const size_t numbers[N_NUMBERS] = {threads,         setting->n_layer,    setting->n_head,
                                       setting->n_embd, setting->block_size, setting->batch_size};
    char text[N_NUMBERS + 1][24], name[16], program[32];
    char script[] = "scripts/bench_torch.py";
    snprintf(program, sizeof program, "%s", python);
    snprintf(name, sizeof name, "%s", variant->name);
    for (size_t i = 0; i < N_NUMBERS; i++)
        snprintf(text[i], sizeof text[i], "%zu", numbers[i]);
    snprintf(text[N_NUMBERS], sizeof text[0], "%g", setting->dropout);
    char *arguments[] = {program, script,  name,    text[0], text[1], text[2],
                         text[3], text[4], text[5], text[6], NULL};
    double seconds;
    if (child_start(torch, arguments) && torch_steps(torch, warm_up, &seconds))
        return true;
    child_stop(torch);
    return false;
}

/* The system's python3 has the system's PyTorch; another python3 may come first in PATH. */
bool torch_start(Child *torch, const Plan *plan, const Setting *setting,
                 const TorchVariant *variant, size_t warm_up)
{
    size_t threads = variant->one_core ? 1 : plan->cores;
    return start_with(torch, "python3", threads, setting, variant, warm_up) ||
           start_with(torch, "/usr/bin/python3", threads, setting, variant, warm_up);
}

bool torch_steps(Child *torch, size_t count, double *seconds)
{
    fprintf(torch->to, "%zu\n", count);
    return fflush(torch->to) == 0 && fscanf(torch->from, "%lf", seconds) == 1;
}
