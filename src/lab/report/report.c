/* report.c: the page as a whole. */
#include "lab/report/report.h"

#include "base/file.h"
#include "base/machine.h"
#include "lab/report/parts.h"

static void append_page(TextBuffer *out, const Findings *findings, const char *command)
{
    text_append_format(out,
                       "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                       "<title>posgpt: ");
    page_title(out, findings);
    text_append_format(out, "</title>\n<style>\n");
    report_style(out);
    text_append_format(out, "</style>\n</head>\n<body>\n");
    report_opening(out, findings);
    text_append_format(out, "<main>\n");
    report_arms(out, findings);
    report_pairs(out, findings);
    report_contexts(out, findings);
    report_lengths(out, findings);
    report_samples(out, findings);
    report_setup(out, findings, command);
    report_statistics(out);
    text_append_format(out, "</main>\n<footer>Written by posgpt %s.</footer>\n</body>\n</html>\n",
                       program_version);
}

bool report_write(const Findings *findings, const char *command, Error *error)
{
    Arena arena = {0};
    TextBuffer page = {0};
    const char *path = path_join(&arena, findings->experiment->folder, "report.html");
    if (path)
        append_page(&page, findings, command);
    bool ok = path && !page.failed ? file_write(path, page.bytes, page.length, error)
                                   : fail(error, "out of memory: report.html");
    text_buffer_free(&page);
    arena_free(&arena);
    return ok;
}
