/* grammar_source.c: one character at a time. */
#include "data/grammar_source.h"

#include <string.h>

#include "base/utf8.h"
#include "data/grammar_check.h"

bool source_fail_here(Source *source)
{
    return grammar_fail_at(source->grammar, source->line, source->error);
}

bool source_fail_memory(Source *source)
{
    fail(source->error, "out of memory");
    return source_fail_here(source);
}

bool source_fail_expected(Source *source, const char *expected)
{
    enum { MOST = 40 };
    size_t length = utf8_cut(source->at, strcspn(source->at, " \t\r\n"), MOST);
    const char *what = *source->at == '\0' ? "the file ends" : "the line ends or a space follows";
    if (length == 0)
        fail_request(source->error, "%s: expected %s", what, expected);
    else
        fail_request(source->error, "\"%.*s\": expected %s", (int)length, source->at, expected);
    return source_fail_here(source);
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

void source_skip_blanks(Source *source)
{
    for (;; source->at++) {
        if (*source->at == '#')
            source->at += strcspn(source->at, "\n");
        if (*source->at == '\n')
            source->line++;
        else if (*source->at == '\0' || strchr(" \t\r", *source->at) == NULL)
            return;
    }
}

bool source_is_end_of_rule(const Source *source)
{
    return *source->at == '\0' || source->at == source->start || source->at[-1] == '\n';
}

bool source_read_name(Source *source, const char *expected, const char **name)
{
    if (!is_letter(*source->at))
        return source_fail_expected(source, expected);
    size_t length = 1;
    while (is_letter(source->at[length]) || is_digit(source->at[length]))
        length++;
    *name = arena_text(source->arena, source->at, length);
    source->at += length;
    return *name != NULL || source_fail_memory(source);
}
