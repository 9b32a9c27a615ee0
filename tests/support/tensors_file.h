/* tensors_file.h: small files in the format of safetensors, made byte by byte.
 *
 * Whatever a file says, it is either refused with a line that names it, or everything it claims
 * lies inside of it. Built with SAN=1, a step outside is an error by itself.
 */
#ifndef TESTS_SUPPORT_TENSORS_FILE_H
#define TESTS_SUPPORT_TENSORS_FILE_H

#include "support/place.h"
#include "train/safetensors.h"

enum { MOST_FILE_BYTES = 1024 };

typedef struct TensorsFile {
    unsigned char at[MOST_FILE_BYTES];
    size_t length;
} TensorsFile;

/* N, a header and as many bytes of data, numbered from 1. */
TensorsFile tensors_file(uint64_t n, const char *header, size_t data);

/* Writes it to the path of the place, and reads that. */
bool read_tensors(Place *place, const TensorsFile *file, SafeFile *contents);

/* The message is "path: ... piece ..."; the contents are empty. */
void assert_file_refused(Place *place, const TensorsFile *file, const char *piece);

/* The same of a file whose N is that of its header; and what is in one that is accepted. */
void assert_header_refused(Place *place, const char *header, size_t data, const char *piece);
SafeFile accepted(Place *place, const char *header, size_t data);

/* The tensors' bytes are all of the data; each one can be looked at. */
void assert_claims_are_true(const SafeFile *contents, size_t data);

#endif
