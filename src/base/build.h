/* build.h: what this program is, how it was built and what it runs on: for --version, and for the
 * record that each run keeps. */
#ifndef BASE_BUILD_H
#define BASE_BUILD_H

/* "0.1.0" */
extern const char *const build_version;

/* The compiler with its version, and the flags that decide about numbers. */
extern const char *const build_compiler;

/* The processor's name as the system tells it ("unknown" where it does not), in `name`, which has
 * room for CPU_NAME_SIZE characters and is returned. */
enum { CPU_NAME_SIZE = 128 };
const char *build_cpu(char name[CPU_NAME_SIZE]);

#endif
