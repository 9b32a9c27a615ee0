/* text.h: the few things about strings that C's library lacks. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* printf into an arena. NULL when there is no more memory. */
char *text_format(Arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);

/* A text that grows; starts as {0}. `bytes` is NULL before the first call, and then always ends in
 * a 0 that `length` does not count. When memory runs out, `failed` is set and further calls do
 * nothing: check it once, at the end. */
typedef struct TextBuffer {
    char *bytes;
    size_t length, capacity;
    bool failed;
} TextBuffer;

void text_append(TextBuffer *buffer, const char *bytes, size_t length);
void text_append_format(TextBuffer *buffer, const char *format, ...) PRINTF_LIKE(2, 3);
void text_buffer_free(TextBuffer *buffer);

/* Appends a word so that a shell takes it as it is: in single quotes where it holds anything but
 * letters, digits and -_./=,:+@ (POSIX, Shell Command Language, 2.2.2). */
void text_append_quoted(TextBuffer *buffer, const char *word);

/* The edit distance of two names: insert, delete, replace, swap of neighbours cost 1 each. Capital
 * and small letters are the same, so are '-' and '_'. A name of more than 64 bytes is as far as it
 * can be from any other. */
size_t text_distance(const char *a, const char *b);

/* Which of `count` names a person may have meant by `typed`; NULL if none is near enough
 * (at most a third of the longer one's characters differ). */
const char *text_nearest(const char *typed, const char *const *names, size_t count);

/* What an error says of `typed`, which is none of `count` names: 'expected one of: train, eval',
 * and before it, where one is near enough, 'did you mean "eval"? '. */
void text_append_choices(TextBuffer *buffer, const char *typed, const char *const *names,
                         size_t count);

/* Whole numbers and decimal numbers in full: "12", "1e-3". False for anything else: trailing
 * characters, hexadecimal, inf, nan, a sign before a whole number, or what does not fit (1e999, and
 * 1e-999, which would become 0). */
bool text_to_size(const char *text, size_t *value);
bool text_to_real(const char *text, double *value);

/* 1234567 as "1,234,567", and bytes as "12.3 MiB", into the buffer, which is also returned. */
enum { TEXT_NUMBER_SIZE = 32 };
char *text_thousands(char buffer[TEXT_NUMBER_SIZE], uint64_t value);
char *text_bytes(char buffer[TEXT_NUMBER_SIZE], uint64_t bytes);

/* A number with so many decimals, "-0.042"; and a difference, always with its sign: "+0.042". One
 * that comes out as 0 has none, and NaN is "not known". The text lives as long as the expression
 * that it is part of: printf("%s", text_change(x, 3).text). */
typedef struct NumberText {
    char text[TEXT_NUMBER_SIZE];
} NumberText;
NumberText text_decimal(double value, int decimals);
NumberText text_change(double value, int decimals);

/* The same as printf's %g: "0.5", "1e+30", "inf"; but NaN is "nan", whatever sign its bits have. */
NumberText text_short(double value);

/* A duration as a person would say it: "8 s", "2 min 05 s", "1 h 02 min"; "?" where it is not known
 * (not a number, infinite, negative, 1e12 and more). */
char *text_duration(char buffer[TEXT_NUMBER_SIZE], double seconds);

#endif
