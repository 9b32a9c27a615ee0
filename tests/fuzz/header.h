/* header.h: changes to a file in the safetensors format that leave its outline.
 *
 * A change at random rarely leaves a file that is read to its end: the first eight bytes say how
 * long the header is, and the header says where everything stands. So most changes are to the
 * header alone, whose length follows, to its digits, or to the numbers behind it. */
#ifndef TESTS_FUZZ_HEADER_H
#define TESTS_FUZZ_HEADER_H

#include <stddef.h>
#include <stdint.h>

/* Changes a file of `length` bytes, in a buffer of `most`, by a seed. Returns its new length. */
size_t header_mutate(uint8_t *bytes, size_t length, size_t most, unsigned seed);

/* What a target with changes of its own defines. */
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t length, size_t most, unsigned seed);

#endif
