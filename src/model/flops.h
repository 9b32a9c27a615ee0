/* flops.h: how much arithmetic a training step is.
 *
 * Counted are the products, a multiply-add as two: [M, K] times [K, N] takes 2 M N K. Each product
 * of the forward pass has two in the backward pass, one for the gradient of either factor, so a
 * step takes three times the forward pass:
 *
 *     linear layers    3 * 2 B T (12 C^2) for each block: 3 C^2 for q, k and v, C^2 behind
 *                      attention, 8 C^2 in the feed-forward layer
 *     output head      3 * 2 B T C V
 *     attention        3 * 2 * 2 B T^2 C for each block: q k^T, and weights times v; with a causal
 *                      mask half of that
 *
 * Everything else (exp, norms, the optimiser, what a positional scheme does) and what is computed a
 * second time to save memory count for nothing. So this is the least that a step can be, and its
 * share of what the processor could do in the same time says how good the program is. */
#ifndef MODEL_FLOPS_H
#define MODEL_FLOPS_H

#include "model/gpt.h"

/* Floating-point operations of one training step on B sequences of T. */
double gpt_step_flops(const GptConfig *config, size_t batch_size, size_t length);

#endif
