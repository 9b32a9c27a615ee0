/* report_case.c: writes the page into the comparison's folder, and reads it again. */
#include "support/report_case.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "lab/report/report.h"

const char *write_page(Place *place, FindingsCase *made)
{
    FileBytes file;
    if (!report_write(&made->findings, REPORT_COMMAND, &place->error) ||
        !file_read(&place->arena, findings_path(made, "report.html"), SIZE_MAX, &file,
                   &place->error))
        fail_msg("%s", place->error.text);
    assert_int_equal(strlen(file.bytes), file.length);
    assert_good_page(file.bytes);
    return file.bytes;
}

const char *page_of(Place *place, FindingsPlan plan)
{
    FindingsCase *made = make_findings(place->folder, plan);
    const char *page = write_page(place, made);
    free_findings(made);
    return page;
}

const char *page_section(const char *page, const char *id)
{
    char start[64];
    snprintf(start, sizeof start, "<section id=\"%s\">", id);
    const char *found = strstr(page, start);
    if (!found)
        fail_msg("no section %s", id);
    return found;
}
