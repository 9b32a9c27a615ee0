/* sinusoid.h: the sines and cosines of sinusoidal.c, also for a scheme that starts from them. */
#ifndef POS_SINUSOID_H
#define POS_SINUSOID_H

#include "pos/pos.h"

/* S[position, channel] (see sinusoid.c), in vectors of n_embd channels. */
double sinusoid_at(size_t position, size_t channel, size_t n_embd);

/* The vectors of several positions: S [T, n_embd]. */
void sinusoids_at(Positions positions, size_t n_embd, real *S);

/* The rms of these numbers: sqrt(1/2). */
#define SINUSOID_RMS 0.70710678118654752440

#endif
