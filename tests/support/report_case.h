/* report_case.h: the page that is written of findings. */
#ifndef TESTS_SUPPORT_REPORT_CASE_H
#define TESTS_SUPPORT_REPORT_CASE_H

#include "support/findings_case.h"
#include "support/markup.h"
#include "support/place.h"

#define REPORT_COMMAND "posgpt compare --pos all --seeds 3"

/* The page, in the place's arena. It is a good one (see markup.h), or the test fails. */
const char *write_page(Place *place, FindingsCase *made);

/* The same of a plan's findings, which go. */
const char *page_of(Place *place, FindingsPlan plan);

/* Where a part of the page begins: <section id="...">. */
const char *page_section(const char *page, const char *id);

#endif
