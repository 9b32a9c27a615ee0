/* picture.c: the pictures that gnuplot drew into a folder. */
#include "lab/report/parts.h"

#include "base/file.h"
#include "lab/report/html.h"
#include "lab/report/svg.h"

enum { MAX_PICTURE = 1 << 24 }; /* bytes; most have some 50 thousand */

/* False where the file is not there, is no picture, or cannot be read. */
static bool inline_file(TextBuffer *out, const char *folder, const char *name, const char *label,
                        Error *why)
{
    Arena arena = {0};
    FileBytes file;
    const char *path = text_format(&arena, "%s/%s.svg", folder, name);
    fail(why,
         "%s.svg was not drawn: gnuplot is missing (Debian: apt install gnuplot-nox), or failed",
         name);
    bool ok = path && file_may_exist(path) && file_read(&arena, path, MAX_PICTURE, &file, why) &&
              svg_inline(out, file.bytes, file.length, name, label);
    out->failed = out->failed || !path;
    arena_free(&arena);
    return ok;
}

bool page_figure(TextBuffer *out, const char *folder, const char *name, const char *label,
                 const char *how_to_read, Error *why)
{
    TextBuffer picture = {0};
    bool there = inline_file(&picture, folder, name, label, why);
    if (there) {
        text_append_format(out, "<figure><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
                                "aria-label=\"");
        html_append_format(out, "%s", label);
        text_append_format(out, "\">");
        text_append(out, picture.bytes, picture.length);
        text_append_format(out, "</div><figcaption>%s</figcaption></figure>\n", how_to_read);
    }
    out->failed = out->failed || picture.failed;
    text_buffer_free(&picture);
    return there;
}

void page_no_figure(TextBuffer *out, const Error *why)
{
    text_append_format(out, "<p class=\"missing\">No picture here: ");
    html_append_format(out, "%s", why->text);
    text_append_format(out, ".</p>\n");
}

void page_picture(TextBuffer *out, const Findings *findings, const char *name, const char *label,
                  const char *how_to_read)
{
    Error why;
    if (page_figure(out, findings->experiment->folder, name, label, how_to_read, &why))
        return;
    if (findings->finished == 0)
        text_append_format(out, "<p class=\"missing\">No picture here: no run is finished.</p>\n");
    else
        page_no_figure(out, &why);
}
