/* pointers.c: the names and the files that the page points to. */
#include "page.h"

#include <ctype.h>
#include <string.h>

#include "base/file.h"

static bool in_name(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* --- definitions --- */

/* Is what begins at this line, at its very beginning, the definition of something of this name?
 * That is a function, a struct, an enum or an object with its body, or the end of a typedef. */
static bool line_defines(const char *line, Part name)
{
    size_t end = strcspn(line, "\n");
    if (line[0] == '}')
        return end == name.length + 3 && memcmp(line + 2, name.at, name.length) == 0;
    if (!in_name(line[0]))
        return false;
    for (size_t at = 0; at + name.length <= end; at++) {
        bool whole = (at == 0 || !in_name(line[at - 1])) && !in_name(line[at + name.length]);
        if (!whole || memcmp(line + at, name.at, name.length) != 0)
            continue;
        const char *rest = line + at + name.length;
        return rest[strcspn(rest, "{;")] == '{';
    }
    return false;
}

static bool is_defined(const char *source, Part name)
{
    for (const char *line = source; line; line = strchr(line, '\n'), line += line != NULL)
        if (line_defines(line, name))
            return true;
    return false;
}

/* --- pointers --- */

/* The name in backticks whose second backtick stands here. */
static Part name_before(const char *page, const char *backtick)
{
    const char *at = backtick;
    while (at > page && at[-1] != '`')
        at--;
    return (Part){at, (size_t)(backtick - at)};
}

/* The backtick behind the name that this one follows in a list ("`a`, `b` and `c`"); NULL: it is
 * the first. */
static const char *backtick_before(const char *page, Part name)
{
    static const char *const separators[] = {"`, ", "`,\n", "` and ", "` and\n", "`\nand "};
    const char *open = name.at - 1;
    for (size_t s = 0; s < sizeof separators / sizeof *separators; s++) {
        size_t length = strlen(separators[s]);
        if ((size_t)(open - page) >= length && memcmp(open - length, separators[s], length) == 0)
            return open - length;
    }
    return NULL;
}

/* The target of the link that begins here: "[text](target)". */
static const char *target_of(Arena *arena, const char *link)
{
    const char *middle = strstr(link, "](");
    return middle ? arena_text(arena, middle + 2, strcspn(middle + 2, ")#\n")) : NULL;
}

/* Checks the names of one pointer, whose last name ends at this backtick. */
static bool check_pointer(Arena *arena, const char *page, const char *backtick, const char *folder,
                          size_t *count, TextBuffer *report)
{
    FileBytes file;
    Error error = {0};
    const char *target = target_of(arena, backtick);
    const char *path = target ? path_join(arena, folder, target) : NULL;
    bool ok = true;
    if (!path || !file_read(arena, path, PAGE_MOST_BYTES, &file, &error)) {
        text_append_format(report, "%s\n", error.text);
        return false;
    }
    for (; backtick; ++*count) {
        Part name = name_before(page, backtick);
        if (!is_defined(file.bytes, name)) {
            text_append_format(report, "%s: no definition of %.*s\n", path, (int)name.length,
                               name.at);
            ok = false;
        }
        backtick = backtick_before(page, name);
    }
    return ok;
}

bool page_names_are_defined(const char *page, const char *folder, size_t *count, TextBuffer *report)
{
    Arena arena = {0};
    bool ok = true;
    *count = 0;
    for (const char *at = page; (at = strstr(at, "in [`")); at++)
        if (at - page >= 2 && at[-2] == '`' && isspace((unsigned char)at[-1]))
            ok = check_pointer(&arena, page, at - 2, folder, count, report) && ok;
    arena_free(&arena);
    return ok;
}

bool page_links_resolve(const char *page, const char *folder, size_t *count, TextBuffer *report)
{
    Arena arena = {0};
    bool ok = true;
    *count = 0;
    for (const char *at = page; (at = strstr(at, "](")); at++) {
        const char *target = target_of(&arena, at);
        if (!target || strstr(target, "://") || target[0] == '\0')
            continue;
        ++*count;
        const char *path = path_join(&arena, folder, target);
        if (path && path_is_taken(path))
            continue;
        text_append_format(report, "%s: there is no such file\n", path ? path : target);
        ok = false;
    }
    arena_free(&arena);
    return ok;
}
