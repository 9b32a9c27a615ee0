/* ini.c: splits a copy of the text into lines in place, and each line at its '='.
 *
 * A value in double quotes is taken as it stands between them, with \" \\ \n \r \t for what could
 * not stand there otherwise. Without quotes a backslash and a quote are ordinary characters. */
#include "base/ini.h"

#include <string.h>

#include "base/arena.h"
#include "base/file.h"

enum { MAX_INI_BYTES = 16 * 1024 * 1024 };

static const char escape_letters[] = "\"\\nrt";
static const char escaped_bytes[] = "\"\\\n\r\t";

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

/* Drops white space at both ends, in place. */
static char *trim(char *text)
{
    while (is_blank(*text))
        text++;
    size_t length = strlen(text);
    while (length > 0 && is_blank(text[length - 1]))
        length--;
    text[length] = '\0';
    return text;
}

/* Ends the text where a comment starts: a '#' or ';' after white space. */
static void drop_comment(char *text)
{
    for (char *at = text; *at != '\0'; at++)
        if (is_blank(at[0]) && (at[1] == '#' || at[1] == ';')) {
            *at = '\0';
            return;
        }
}

/* Resolves a value that starts with a quote, in place. NULL if the quotes do not close, an escape
 * is unknown, or anything but a comment follows. */
static char *unquote(char *value)
{
    char *in = value + 1, *out = value;
    while (*in != '"') {
        if (*in == '\0')
            return NULL;
        if (*in == '\\') {
            const char *letter = in[1] != '\0' ? strchr(escape_letters, in[1]) : NULL;
            if (letter == NULL)
                return NULL;
            *out++ = escaped_bytes[letter - escape_letters];
            in += 2;
        } else {
            *out++ = *in++;
        }
    }
    char *rest = in + 1;
    drop_comment(rest);
    if (*trim(rest) != '\0')
        return NULL;
    *out = '\0';
    return value;
}

/* The line may be long: the reason is said first, so that it is not what is cut. */
static bool fail_line(const IniLine *line, const char *text, const char *reason, Error *error)
{
    fail_request(error, "%s", reason);
    return fail_within(error, "%s:%zu: \"%s\"", line->file, line->line, text);
}

static bool parse_section(IniLine *line, char *text, Error *error)
{
    drop_comment(text);
    text = trim(text);
    size_t length = strlen(text);
    if (text[length - 1] != ']')
        return fail_line(line, text, "expected a section like [name]", error);
    text[length - 1] = '\0';
    line->section = trim(text + 1);
    return true;
}

static bool parse_key(IniLine *line, char *text, Error *error)
{
    char *equals = strchr(text, '=');
    if (equals == NULL)
        return fail_line(line, text, "expected key = value", error);
    *equals = '\0';
    line->key = trim(text);
    if (line->key[0] == '\0')
        return fail_request(error, "%s:%zu: expected a key in front of the '='", line->file,
                            line->line);
    char *value = equals + 1;
    while (is_blank(*value))
        value++;
    if (*value == '"') {
        line->value = unquote(value);
        if (line->value == NULL)
            return fail_request(error,
                                "%s:%zu: %s: expected a closing '\"' at the end, and inside "
                                "no other escapes than \\\" \\\\ \\n \\r \\t",
                                line->file, line->line, line->key);
        return true;
    }
    drop_comment(equals + 1); /* from the white space behind the '=' on: `key = # no value` */
    line->value = trim(equals + 1);
    return true;
}

/* `text` is the parser's own copy, ends in 0 behind its `length` bytes, and is cut up. */
static bool parse_lines(const char *name, char *text, size_t length, IniVisitor visit,
                        void *context, Error *error)
{
    IniLine line = {.file = name, .section = ""};
    const char *end = text + length;
    if (strncmp(text, "\xef\xbb\xbf", 3) == 0) /* the byte-order mark of some editors */
        text += 3;
    while (text < end) {
        line.line++;
        char *line_end = memchr(text, '\n', (size_t)(end - text));
        if (line_end == NULL)
            line_end = text + (end - text);
        *line_end = '\0';
        if (strlen(text) != (size_t)(line_end - text))
            return fail_request(error, "%s:%zu: a NUL byte: expected text", name, line.line);
        char *content = trim(text);
        text = line_end + 1;
        if (*content == '\0' || *content == '#' || *content == ';')
            continue;
        if (*content == '[') {
            if (!parse_section(&line, content, error))
                return false;
            continue;
        }
        if (!parse_key(&line, content, error) || !visit(context, &line, error))
            return false;
    }
    return true;
}

bool ini_parse(const char *name, const char *text, size_t length, IniVisitor visit, void *context,
               Error *error)
{
    Arena arena = {0};
    char *copy = arena_text(&arena, text, length);
    bool ok = copy != NULL ? parse_lines(name, copy, length, visit, context, error)
                           : fail(error, "%s: out of memory", name);
    arena_free(&arena);
    return ok;
}

bool ini_read(const char *path, IniVisitor visit, void *context, Error *error)
{
    Arena arena = {0};
    FileBytes file;
    bool ok = file_read_named(&arena, path, MAX_INI_BYTES, &file, error) &&
              parse_lines(path, file.bytes, file.length, visit, context, error);
    arena_free(&arena);
    return ok;
}

static bool needs_quotes(const char *value)
{
    size_t length = strlen(value);
    if (length == 0)
        return false;
    if (value[0] == '"' || value[0] == '#' || value[0] == ';')
        return true;
    if (is_blank(value[0]) || is_blank(value[length - 1]))
        return true;
    for (size_t at = 0; at < length; at++) {
        bool comment = value[at] == '#' || value[at] == ';';
        if (value[at] == '\n' || (comment && is_blank(value[at - 1])))
            return true;
    }
    return false;
}

void ini_append(TextBuffer *out, const char *key, const char *value)
{
    if (!needs_quotes(value)) {
        text_append_format(out, "%s =%s%s\n", key, *value != '\0' ? " " : "", value);
        return;
    }
    text_append_format(out, "%s = \"", key);
    for (const char *at = value; *at != '\0'; at++) {
        const char *escaped = strchr(escaped_bytes, *at);
        if (escaped != NULL)
            text_append_format(out, "\\%c", escape_letters[escaped - escaped_bytes]);
        else
            text_append(out, at, 1);
    }
    text_append(out, "\"\n", 2);
}
