/* fault_judge.c: what may come of a fault. */
#include "support/fault_judge.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "support/bad_input.h"
#include "support/fixtures.h"
#include "train/safetensors.h"

/* --- what is the same --- */

static bool is_picture(const char *path)
{
    size_t length = strlen(path);
    return length > 4 &&
           (strcmp(path + length - 4, ".png") == 0 || strcmp(path + length - 4, ".svg") == 0);
}

/* Two lines about the machine may differ: a processor whose name cannot be read is "unknown". */
static bool same_bytes(const TreeFile *a, const TreeFile *b)
{
    const char *of_a = strstr(a->bytes, "\ncpu = "), *of_b = strstr(b->bytes, "\ncpu = ");
    if (of_a && of_b) {
        size_t before = (size_t)(of_a - a->bytes);
        return before == (size_t)(of_b - b->bytes) && memcmp(a->bytes, b->bytes, before) == 0 &&
               strcmp(strchr(of_a + 1, '\n'), strchr(of_b + 1, '\n')) == 0;
    }
    return a->length == b->length && memcmp(a->bytes, b->bytes, a->length) == 0;
}

/* The first file of a that b lacks, or has otherwise; NULL: there is none. Logs may differ. */
static const char *first_difference(const Tree *a, const Tree *b, bool without_pictures)
{
    for (size_t f = 0; f < a->count; f++) {
        const TreeFile *file = &a->files[f], *other = tree_find(b, file->path);
        if (strstr(file->path, "logs/") || (without_pictures && is_picture(file->path)))
            continue;
        if (!other || !same_bytes(file, other))
            return file->path;
    }
    return NULL;
}

static const char *difference(const Tree *a, const Tree *b, bool without_pictures)
{
    const char *first = first_difference(a, b, without_pictures);
    return first ? first : first_difference(b, a, without_pictures);
}

static const char *text_of(const Tree *tree, const char *path)
{
    const TreeFile *file = tree_find(tree, path);
    return file ? file->bytes : "";
}

/* The first of two texts that differ. */
static const char *different_line(Bench *bench, const char *expected, const char *found)
{
    size_t line = 0;
    for (size_t c = 0; expected[c] == found[c] && expected[c] != '\0'; c++)
        line = expected[c] == '\n' ? c + 1 : line;
    return bench_text(bench, "expected: %.*s\nfound:    %.*s", (int)strcspn(expected + line, "\n"),
                      expected + line, (int)strcspn(found + line, "\n"), found + line);
}

/* --- a reason --- */

/* A path that one look could not tell of is asked for again, and then may be found missing. */
static bool names_reason(const char *text, const Fault *fault)
{
    return strstr(text, strerror(fault->number)) || strstr(text, "out of memory") ||
           (strcmp(fault->kind, "look") == 0 && strstr(text, strerror(ENOENT)));
}

/* --- a success --- */

/* A line of stderr, or of the report of a comparison, that says why something is missing. */
static bool says_reason(const Faulted *faulted, const Tree *out, const Fault *fault)
{
    const char *const texts[] = {faulted->outcome.err, faulted->outcome.out,
                                 text_of(out, "all/report.html")};
    for (size_t t = 0; t < COUNT_OF(texts); t++)
        if (names_reason(texts[t], fault))
            return true;
    return false;
}

static const char *wrong_success(Bench *bench, const FaultyCommand *command,
                                 const Reference *reference, const Fault *fault,
                                 const Faulted *faulted, const Tree *out)
{
    const char *expected = reference->faulted.outcome.out, *found = faulted->outcome.out;
    bool no_picture = strstr(faulted->outcome.err, "no picture of") != NULL;
    const char *file = difference(out, &reference->after, no_picture);
    if (strstr(faulted->outcome.err, "posgpt: "))
        return "exit code 0 with an error";
    if (!file && strcmp(found, expected) == 0)
        return NULL;
    if (command->makes_summaries && says_reason(faulted, out, fault))
        return NULL;
    if (file) {
        expected = text_of(&reference->after, file);
        found = text_of(out, file);
    }
    return bench_text(bench, "exit code 0, but not the same: %s\n%s", file ? file : "stdout",
                      different_line(bench, expected, found));
}

/* --- a failure --- */

/* 2 where the system refuses a text or a grammar that somebody named: another request may do. 1
 * where the machine fails, and for files that the program names itself. */
static int expected_code(Bench *bench, const Fault *fault, const char *err)
{
    static const char *const named[] = {"@/words.txt", "@/x.grammar", "@/out/x.txt"};
    for (size_t n = 0; n < COUNT_OF(named) && fault->number == EACCES; n++)
        if (strstr(err,
                   bench_text(bench, "%s: %s\n", with_folder(bench, named[n]), strerror(EACCES))))
            return 2;
    return 1;
}

/* Exactly one line is of the program, the last, and it names a reason. Where stderr itself cannot
 * be written, there may be none. */
static const char *wrong_message(const Faulted *faulted, const Fault *fault)
{
    const char *err = faulted->outcome.err, *line = strstr(err, "posgpt: ");
    if (strcmp(fault->kind, "write") == 0 && (!line || fault->rest))
        return NULL;
    if (!line || !is_last_line(err, "posgpt: ") || strstr(line + 1, "\nposgpt: "))
        return "not one line at the end";
    bool named = names_reason(line, fault) || strstr(line, "stdout: cannot be written") ||
                 strstr(line, "runs failed: ");
    return named ? NULL : "a line without the reason";
}

/* Whatever model is there can be read. */
static const char *damaged_model(Bench *bench, const Tree *out)
{
    for (size_t f = 0; f < out->count; f++) {
        SafeFile file;
        const char *path = bench_text(bench, "%s/out/%s", bench->folder, out->files[f].path);
        if (strstr(path, ".safetensors") && !strstr(path, ".tmp") &&
            !safetensors_read(&bench->arena, path, &file, NULL))
            return path;
    }
    return NULL;
}

/* A model that was there, of which nothing is left: it may only have been moved, or have given way
 * to the one that the command makes. */
static const char *lost_model(const Reference *reference, const Tree *out)
{
    for (size_t m = 0; m < reference->before.count; m++) {
        const TreeFile *model = &reference->before.files[m];
        const TreeFile *next = tree_find(&reference->after, model->path);
        bool kept = !strstr(model->path, ".safetensors");
        for (size_t f = 0; f < out->count && !kept; f++)
            kept = same_bytes(&out->files[f], model) || (next && same_bytes(&out->files[f], next));
        if (!kept)
            return model->path;
    }
    return NULL;
}

/* What a command that was cut off left to be removed, although it could be. */
static const char *left_temporary(const Tree *out, const Fault *fault)
{
    for (size_t f = 0; f < out->count; f++)
        if (strstr(out->files[f].path, ".tmp") && strcmp(fault->kind, "remove") != 0)
            return out->files[f].path;
    return NULL;
}

/* The same command again, with nothing that fails. If the run that was there is set aside already,
 * the new one goes on. */
static const char *wrong_afterwards(Bench *bench, const FaultyCommand *command,
                                    const Reference *reference)
{
    const char *words = with_folder(bench, command->words), *fresh = strstr(words, "|--fresh");
    if (fresh && folder_exists(bench_path(bench, "out/x-old-1")))
        words = bench_text(bench, "%.*s", (int)(fresh - words), words);
    Faulted again = run_with_fault(bench, (Fault){.kind = "open"}, words);
    Tree out = tree_read(&bench->arena, bench_path(bench, "out"));
    if (again.outcome.code != 0)
        return bench_text(bench, "afterwards: %s", again.outcome.err);
    const char *file = difference(&out, &reference->after, false);
    return file ? bench_text(bench, "afterwards: not the same: %s", file) : NULL;
}

static const char *wrong_failure(Bench *bench, const FaultyCommand *command,
                                 const Reference *reference, const Fault *fault,
                                 const Faulted *faulted, const Tree *out)
{
    int code = expected_code(bench, fault, faulted->outcome.err);
    if (faulted->outcome.code != code)
        return bench_text(bench, "exit code %d: expected %d", faulted->outcome.code, code);
    const char *message = wrong_message(faulted, fault), *file = damaged_model(bench, out);
    if (message)
        return message;
    if (file)
        return bench_text(bench, "damaged: %s", file);
    file = lost_model(reference, out);
    if (file)
        return bench_text(bench, "lost: %s", file);
    file = left_temporary(out, fault);
    return file ? bench_text(bench, "left: %s", file) : wrong_afterwards(bench, command, reference);
}

/* --- both --- */

static const char *wrong_in_report(const Reference *reference, const Faulted *faulted)
{
    if (faulted->report[0] == '\0')
        return "ended in the middle";
    if (in_report(faulted, "hits") == 0)
        return "the call is not made";
    if (in_report(faulted, "blocks") > in_report(&reference->faulted, "blocks"))
        return "memory is not freed";
    if (in_report(faulted, "files") > in_report(&reference->faulted, "files"))
        return "a file is not closed";
    return NULL;
}

const char *fault_problem(Bench *bench, const FaultyCommand *command, const Reference *reference,
                          const Fault *fault, const Faulted *faulted, const Tree *out)
{
    const char *problem = wrong_in_report(reference, faulted);
    if (problem)
        return problem;
    return faulted->outcome.code == 0
               ? wrong_success(bench, command, reference, fault, faulted, out)
               : wrong_failure(bench, command, reference, fault, faulted, out);
}
