/* flops.c: the arithmetic of a training step, in doubles, which do not overflow. */
#include "model/flops.h"

double gpt_step_flops(const GptConfig *config, size_t batch_size, size_t length)
{
    double B = (double)batch_size, T = (double)length, C = (double)config->n_embd;
    double V = (double)config->vocab_size, n_layer = (double)config->n_layer;
    double linears = n_layer * 12 * C * C + C * V; /* multiply-adds for each token */
    double attention = n_layer * 2 * T * C * (config->causal ? 0.5 : 1);
    return 3 * 2 * B * T * (linears + attention);
}
