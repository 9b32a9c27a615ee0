/* fuzz.c: checks, and files that a target reads. */
#include "fuzz/fuzz.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"

void fuzz_abort(const char *what)
{
    fprintf(stderr, "%s\n", what);
    abort();
}

/* What a terminal takes for a command, a line break among them. */
static bool is_control(uint32_t code_point)
{
    return code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0);
}

void check_message(const char *text)
{
    size_t length = strlen(text), bytes;
    check(length > 0 && length < ERROR_TEXT_SIZE, "refused without a message");
    for (size_t at = 0; at < length; at += bytes) {
        uint32_t code_point = 0;
        bytes = utf8_decode(text + at, length - at, &code_point);
        check(bytes > 0 && !is_control(code_point), "a message that cannot be printed");
    }
}

void check_refusal(const Error *error, ErrorKind kind, const char *name)
{
    size_t length = strlen(name);
    check(error->kind == kind, "refused as another kind of error");
    check_message(error->text);
    check(strncmp(error->text, name, length) == 0 && error->text[length] == ':',
          "refused without the name in front");
}

void check_refused_line(const Error *error, ErrorKind kind, const char *name, const uint8_t *text,
                        size_t length)
{
    check_refusal(error, kind, name);
    size_t lines = 1;
    for (size_t at = 0; at < length; at++)
        lines += text[at] == '\n';
    char *end;
    const char *digits = error->text + strlen(name) + 1;
    unsigned long line = strtoul(digits, &end, 10);
    check(end > digits && *end == ':' && line >= 1 && line <= lines, "refused without its line");
}

FileBytes fuzz_file(const uint8_t *bytes, size_t length)
{
    FileBytes file = {malloc(length + 1), length};
    check(file.bytes != NULL, "out of memory");
    if (length > 0)
        memcpy(file.bytes, bytes, length);
    file.bytes[length] = '\0';
    return file;
}

bool same_number(double a, double b)
{
    char text_a[32], text_b[32];
    snprintf(text_a, sizeof text_a, "%.9g", a);
    snprintf(text_b, sizeof text_b, "%.9g", b);
    return (isnan(a) && isnan(b)) || strcmp(text_a, text_b) == 0;
}

const char *fuzz_path(const char *word)
{
    static struct {
        const char *word;
        char path[96];
    } known[FUZZ_PATHS];
    size_t k = 0;
    while (k < FUZZ_PATHS && known[k].word && strcmp(known[k].word, word) != 0)
        k++;
    check(k < FUZZ_PATHS, "too many files");
    if (!known[k].word) {
        const char *folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
        known[k].word = word;
        snprintf(known[k].path, sizeof known[k].path, "%s/posgpt-fuzz-%s-%ld", folder, word,
                 (long)getpid());
    }
    return known[k].path;
}

void fuzz_write(const char *path, const void *bytes, size_t length)
{
    FILE *stream = fopen(path, "wb");
    check(stream != NULL, "a file cannot be made");
    bool written = length == 0 || fwrite(bytes, 1, length, stream) == length;
    check(fclose(stream) == 0 && written, "a file cannot be written");
}
