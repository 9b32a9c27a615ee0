/* ini.h: files of `key = value` lines.
 *
 *     # a comment, also after a ';'
 *     n_layer = 4
 *     [section]
 *     key = value
 *
 * White space around keys and values is dropped. A comment starts at the beginning of a line, or
 * after white space, which drops the space too. A value that holds what would be lost so stands in
 * double quotes, with \" \\ \n \r \t inside: `start = "ROMEO:\n"`. Keys before the first section
 * stand in section "".
 */
#ifndef BASE_INI_H
#define BASE_INI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

typedef struct IniLine {
    const char *file; /* for messages: "file:line: ..." */
    size_t line;      /* from 1 */
    const char *section, *key, *value;
} IniLine;

/* Called for each key in turn; returns false to stop with the error it has filled. The texts of the
 * line live until ini_read or ini_parse returns. */
typedef bool (*IniVisitor)(void *context, const IniLine *line, Error *error);

/* Reads a file and hands over each key. Errors of form (no '=', an empty key, an unclosed
 * section or quote, a NUL byte) are said with file and line. */
bool ini_read(const char *path, IniVisitor visit, void *context, Error *error);

/* The same on text that is in memory already; `name` stands for the file in messages. */
bool ini_parse(const char *name, const char *text, size_t length, IniVisitor visit, void *context,
               Error *error);

/* Appends the line `key = value`, quoted where it must be to be read back as it is. */
void ini_append(TextBuffer *out, const char *key, const char *value);

#endif
