/* weights.h: the tensors of a file as the numbers of a model.
 *
 * A file fits a model if it holds each of the model's parameters under its name, in its shape, as
 * F32 or F64, and every number is finite. Beside these may stand what programs with the same names
 * leave in their files (all other tensors are refused):
 *
 *     lm_head.weight              the output head, which is the token table here: the same numbers,
 *                                 bit for bit; or it is there in the table's place
 *     transformer.h.0.attn.bias   the causal mask of GPT-2 and nanoGPT (and .attn.masked_bias):
 *                                 not learned, not looked at
 *     optimizer. ...              the optimiser's, not the model's
 *
 * Messages begin with the tensor: `tensor "transformer.wte.weight": missing`. A file that does not
 * fit is a wrong request, one that is damaged is not.
 */
#ifndef TRAIN_WEIGHTS_H
#define TRAIN_WEIGHTS_H

#include <stdint.h>

#include "autograd/param.h"
#include "data/vocab.h"
#include "train/safetensors.h"

#define WEIGHTS_OF_OPTIMIZER "optimizer." /* how the names of the optimiser's tensors begin */

/* 64 bits of the bytes of all tensors, in the file's order, and of the texts that say what they
 * mean: "config", "vocabulary" and "tokens". */
uint64_t weights_checksum(const SafeFile *file);

/* Is the metadata's "checksum", in hex, that one? A file may have none. *lacks says what is not
 * there and whoever uses the file should know of: "no checksum", "no vocabulary", or both; NULL:
 * nothing. */
bool weights_verify(const SafeFile *file, const char **lacks, Error *error);

/* The metadata's "vocabulary", which must be there. Its "tokens" are characters unless they say so.
 */
bool weights_vocabulary(Arena *arena, const SafeFile *file, Vocab *vocab, Error *error);

/* Refuses NaN, infinity, and types other than F32 and F64. */
bool weights_check_numbers(const SafeTensor *tensor, Error *error);

/* Does the file fit the parameters? They need no memory for their numbers yet. */
bool weights_check(const SafeFile *file, const ParamList *params, Error *error);

/* Takes the values of all parameters from a file that fits. */
void weights_copy(const SafeFile *file, ParamList *params);

/* Copies one tensor, held against a shape in the same way, to `numbers`. */
bool weights_read(const SafeFile *file, const char *name, const Tensor *shape, real *numbers,
                  Error *error);

/* All of it: the values of all parameters from a file of this program or another, with metadata or
 * without. If it has a vocabulary, that must be `vocab`. *lacks: see weights_verify. On failure no
 * value has changed; the message names the file. */
bool weights_load(const char *path, const Vocab *vocab, ParamList *params, const char **lacks,
                  Error *error);

#endif
