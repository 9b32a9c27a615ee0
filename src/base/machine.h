/* machine.h: what this program is, how it was built, and what it runs on: for --version, for the
 * record that each run keeps, and to refuse work that does not fit. */
#ifndef BASE_MACHINE_H
#define BASE_MACHINE_H

#include <stddef.h>

/* "0.1.0" */
extern const char *const program_version;

/* The compiler with its version, and the flags that decide about numbers. */
extern const char *const program_compiler;

/* The processor's name as the system tells it ("unknown" where it does not), in `name`, which has
 * room for CPU_NAME_SIZE characters and is returned. */
enum { CPU_NAME_SIZE = 128 };
const char *machine_cpu(char name[CPU_NAME_SIZE]);

/* Bytes of memory in this machine; SIZE_MAX where the system does not tell. */
size_t machine_memory(void);

#endif
