/* faults.c: an environment for the library, and folders in memory. */
#include "support/faults.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

enum { MAX_FILES = 256, SECONDS = 600 };

void only_with_faults(void)
{
    if (FAULTS_LIBRARY[0] != '\0')
        return;
    print_message("no call can be made to fail here: that needs glibc, and no sanitizers\n");
    skip();
}

/* OpenMP's settings are there already, so the program does not start itself again to set them. */
Faulted run_with_fault(Bench *bench, Fault fault, const char *words)
{
    const char *report = bench_path(bench, "report");
    remove(report);
    const char *environment = bench_text(
        bench, "LD_PRELOAD=%s|FAULT=%s,%zu,%d,%d,%s|GOMP_SPINCOUNT=1000|OMP_NUM_THREADS=1",
        FAULTS_LIBRARY, fault.kind, fault.call, fault.rest, fault.number, report);
    const Setting setting = {
        .programs = bench_path(bench, "programs"), .environment = environment, .seconds = SECONDS};
    Faulted faulted = {.outcome = run_posgpt(bench, &setting, "%s", words)};
    if (faulted.outcome.code == 128 + SIGALRM)
        fail_msg("%s %zu%s: no end within %d seconds: %s", fault.kind, fault.call,
                 fault.rest ? " and the rest" : "", SECONDS, words);
    faulted.report = bench_read(bench, report);
    return faulted;
}

size_t in_report(const Faulted *faulted, const char *name)
{
    for (const char *line = faulted->report; *line != '\0'; line = strchr(line, '\n') + 1)
        if (strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ' ')
            return strtoull(line + strlen(name), NULL, 10);
    return 0;
}

/* --- folders --- */

static void read_below(Arena *arena, const char *folder, const char *below, Tree *tree)
{
    char **names;
    size_t count;
    const char *place = below[0] != '\0' ? path_join(arena, folder, below) : folder;
    assert_true(folder_list(arena, place, &names, &count, NULL));
    for (size_t n = 0; n < count; n++) {
        const char *path = below[0] != '\0' ? path_join(arena, below, names[n]) : names[n],
                   *whole = path_join(arena, folder, path);
        FileBytes file;
        if (folder_exists(whole)) {
            read_below(arena, folder, path, tree);
        } else {
            assert_true(file_read(arena, whole, 1 << 26, &file, NULL));
            assert_true(tree->count < MAX_FILES);
            tree->files[tree->count++] = (TreeFile){path, file.bytes, file.length};
        }
    }
}

Tree tree_read(Arena *arena, const char *folder)
{
    Tree tree = {.files = arena_alloc(arena, MAX_FILES, sizeof *tree.files)};
    assert_non_null(tree.files);
    read_below(arena, folder, "", &tree);
    return tree;
}

void tree_write(const Tree *tree, const char *folder)
{
    Arena arena = {0};
    assert_true(folder_make(folder, NULL));
    for (size_t f = 0; f < tree->count; f++) {
        char *path = path_join(&arena, folder, tree->files[f].path), *slash = strrchr(path, '/');
        *slash = '\0';
        assert_true(folder_make(path, NULL));
        *slash = '/';
        write_test_file(path, tree->files[f].bytes, tree->files[f].length);
    }
    arena_free(&arena);
}

const TreeFile *tree_find(const Tree *tree, const char *path)
{
    for (size_t f = 0; f < tree->count; f++)
        if (strcmp(tree->files[f].path, path) == 0)
            return &tree->files[f];
    return NULL;
}

void tree_remove(const char *folder)
{
    char *copy = strdup(folder);
    if (folder_exists(folder))
        remove_test_folder(copy); /* which frees it */
    else
        free(copy);
}
