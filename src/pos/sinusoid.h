/* sinusoid.h: the numbers of sinusoidal.c, for a scheme that starts from them. */
#ifndef POS_SINUSOID_H
#define POS_SINUSOID_H

#include <stddef.h>

/* S[position, channel], in vectors of n_embd channels. */
double sinusoid_at(size_t position, size_t channel, size_t n_embd);

/* The rms of these numbers: sqrt(1/2). */
#define SINUSOID_RMS 0.70710678118654752440

#endif
