/* page_parts.h: the parts of the page that page.c puts together. */
#ifndef LAB_CLAIMS_PAGE_PARTS_H
#define LAB_CLAIMS_PAGE_PARTS_H

#include "base/text.h"
#include "lab/claims/page.h"

/* What the style sheet has beyond that of a comparison's report (report/parts.h). */
void claims_style(TextBuffer *out);

/* The section of one claim. */
void claims_section(TextBuffer *out, const ClaimsPage *page, const Judgement *judgement);

/* The verdict in its colour: "does not hold", or "no answer". */
void claims_verdict(TextBuffer *out, const Judgement *judgement);

#endif
