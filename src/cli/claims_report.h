/* claims_report.h: the claims and their verdicts, on a terminal of 80 columns. */
#ifndef CLI_CLAIMS_REPORT_H
#define CLI_CLAIMS_REPORT_H

#include "base/text.h"
#include "lab/claims/book.h"

/* Before the runs: the questions to whoever watches, and how many runs there will be. */
void print_claim_questions(FILE *stream, const Book *book);

/* A row for each claim: what is said, and what came out. With `colour`, verdicts have one. */
void print_judgements(FILE *stream, const Judgement *judgements, size_t count, bool colour);

/* The same as CSV: claim,name,view,verdict,condition,deciding. A claim has a row with the view
 * "all", and where there are several views, one for each behind it. */
void append_judgements(TextBuffer *out, const Judgement *judgements, size_t count);

#endif
