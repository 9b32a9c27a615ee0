/* svg_dark.c: a style sheet, put in behind the outermost tag. Its rules are stronger than the
 * colours that elements have as attributes. */
#include "lab/report/svg_dark.h"

#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "lab/report/greys.h"

enum { MAX_PICTURE = 1 << 24 }; /* bytes; most have some 50 thousand */

/* gnuplot writes #222222 as "rgb(34,34,34)", "rgb( 34,  34,  34)" or "#222222", and black by
 * name. */
static void append_rule(TextBuffer *out, const char *attribute, const Grey *grey)
{
    unsigned red = grey->rgb >> 16, green = grey->rgb >> 8 & 255, blue = grey->rgb & 255;
    if (grey->rgb == 0)
        text_append_format(out, "[%s=\"black\"]", attribute);
    else
        text_append_format(
            out, "[%s=\"rgb(%u,%u,%u)\"], [%s=\"rgb(%3u, %3u, %3u)\"], [%s=\"#%06x\"]", attribute,
            red, green, blue, attribute, red, green, blue, attribute, grey->rgb);
    text_append_format(out, " { %s: %s }\n", attribute, grey->dark);
}

static void append_style(TextBuffer *out)
{
    static const char *const attributes[] = {"fill", "stroke", "color"};
    text_append_format(out, "\n<style>\n@media screen and (prefers-color-scheme: dark) {\n");
    for (size_t g = 0; g < N_GREYS; g++)
        for (size_t a = 0; a < sizeof attributes / sizeof *attributes; a++)
            append_rule(out, attributes[a], &greys[g]);
    text_append_format(out, "}\n</style>");
}

/* Where the outermost tag ends; NULL: there is none. */
static const char *end_of_first_tag(const char *svg)
{
    const char *tag = strstr(svg, "<svg");
    const char *end = tag ? strchr(tag, '>') : NULL;
    return end ? end + 1 : NULL;
}

bool svg_add_dark(const char *path, Error *error)
{
    if (!file_may_exist(path))
        return true;
    Arena arena = {0};
    TextBuffer out = {0};
    FileBytes file;
    bool ok = file_read(&arena, path, MAX_PICTURE, &file, error);
    const char *inside = ok ? end_of_first_tag(file.bytes) : NULL;
    if (inside) {
        size_t before = (size_t)(inside - file.bytes);
        text_append(&out, file.bytes, before);
        append_style(&out);
        text_append(&out, inside, file.length - before);
        ok = out.failed ? fail(error, "out of memory: a picture")
                        : file_write(path, out.bytes, out.length, error);
    }
    text_buffer_free(&out);
    arena_free(&arena);
    return ok;
}
