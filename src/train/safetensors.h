/* safetensors.h: tensors in a file that any framework opens.
 *
 * The format (the safetensors project's own description):
 *
 *     8 bytes   N, the length of the header, little-endian
 *     N bytes   JSON: {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [begin, end]},
 *               ..., "__metadata__": {"key": "text", ...}}, padded with spaces to a multiple of 8
 *     the rest  the tensors' bytes, row-major and little-endian, one behind the other without
 *               holes; offsets count from here
 *
 * A file is not to be trusted: each claim of its header is held against the file's size before
 * anything is allocated by it. Refused: a header that is not JSON of this form, unknown dtypes, a
 * shape whose size does not match its bytes, holes, overlaps, bytes left over, duplicate names,
 * more than SAFETENSORS_MAX_RANK dimensions.
 */
#ifndef TRAIN_SAFETENSORS_H
#define TRAIN_SAFETENSORS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"

enum { SAFETENSORS_MAX_RANK = 8 };

typedef struct SafeTensor {
    const char *name;
    const char *dtype; /* F64 I64 U64, F32 I32 U32, F16 BF16 I16 U16, I8 U8 BOOL F8_E5M2 F8_E4M3 */
    size_t rank;       /* 0: a single number */
    size_t shape[SAFETENSORS_MAX_RANK]; /* a 0 in it: no numbers */
    const void *data;
    size_t bytes; /* of data: shape's product times the size of dtype */
} SafeTensor;

typedef struct SafeText {
    const char *key, *value; /* UTF-8; value_length bytes, and a 0 behind them */
    size_t value_length;
} SafeText;

typedef struct SafeFile {
    SafeTensor *tensors;
    size_t n_tensors;
    SafeText *metadata;
    size_t n_metadata;
} SafeFile;

/* Writes a file, all or nothing (see file.h). Tensors and texts keep the order in which they are
 * given; names and keys differ, and no tensor is called "__metadata__". Tensors of larger numbers
 * come first (F64 before F32; assert): then each one starts at a multiple of its number's size. */
bool safetensors_write(const char *path, const SafeFile *contents, Error *error);

/* Reads a file into the arena; tensors and texts are in the order of its header. Wherever a tensor
 * stands in the file, its data are aligned to the size of its numbers: F32 can be read as float.
 * Messages name the file and what is wrong in it; *contents is empty then. */
bool safetensors_read(Arena *arena, const char *path, SafeFile *contents, Error *error);

/* The same of a file that is in memory, where a 0 stands behind it (see file_read) and where it
 * stays: the contents point into it. Messages do not name it. */
bool safetensors_parse(Arena *arena, FileBytes file, SafeFile *contents, Error *error);

/* The metadata alone, of a file that may be long: its data are not read, nor is what the header
 * says of them held against anything. Messages name the file. */
bool safetensors_read_metadata(Arena *arena, const char *path, SafeFile *contents, Error *error);

/* The tensor or the text of this name, or NULL. */
const SafeTensor *safetensors_find(const SafeFile *contents, const char *name);
const SafeText *safetensors_text(const SafeFile *contents, const char *key);

#endif
