/* parts.h: the parts of the page that report.c puts together, from top to bottom, and what
 * they are made of.
 *
 * Each part appends HTML, and looks up for itself what there is to say: whatever is missing (a run,
 * a picture, an interval of one seed) is said, or left out. Reading files takes an arena, for the
 * time of the call.
 */
#ifndef LAB_REPORT_PARTS_H
#define LAB_REPORT_PARTS_H

#include "base/text.h"
#include "lab/findings.h"

/* --- the parts --- */

void report_style(TextBuffer *out);                              /* the style sheet */
void report_opening(TextBuffer *out, const Findings *findings);  /* the first screen */
void report_arms(TextBuffer *out, const Findings *findings);     /* the table of arms */
void report_pairs(TextBuffer *out, const Findings *findings);    /* each arm beside each other */
void report_contexts(TextBuffer *out, const Findings *findings); /* context lengths of a text */
void report_lengths(TextBuffer *out, const Findings *findings);  /* of a task's sequences */
void report_samples(TextBuffer *out, const Findings *findings);  /* what the models write */
void report_setup(TextBuffer *out, const Findings *findings, const char *command);
void report_statistics(TextBuffer *out);

/* --- pieces of them --- */

/* What is compared, on what: "a, b and c on fables". */
void page_title(TextBuffer *out, const Findings *findings);

/* The last loss of each run, folded away; part of `report_pairs`. */
void report_runs(TextBuffer *out, const Findings *findings);

/* A picture of a folder ("loss": loss.svg) with a sentence, in HTML, on how to read it. `label` is
 * its name for those who do not see it. False, and nothing, where there is none; then the second
 * one says why. */
bool page_figure(TextBuffer *out, const char *folder, const char *name, const char *label,
                 const char *how_to_read, Error *why);
void page_no_figure(TextBuffer *out, const Error *why);

/* A picture of the comparison's folder, or the reason why it is not there. */
void page_picture(TextBuffer *out, const Findings *findings, const char *name, const char *label,
                  const char *how_to_read);

/* The sizes of the model and of its training, where all runs have the same. Of the findings only
 * the experiment has to be there. */
void page_facts(TextBuffer *out, const Findings *findings);

/* "1.6123", "-0.0042" with a real minus; a dash for NaN. */
void page_number(TextBuffer *out, double x, int decimals);

/* "1.6020 to 1.6226"; nothing for NaN. */
void page_interval(TextBuffer *out, Interval interval, int decimals);

/* A number over its interval. */
void page_with_interval(TextBuffer *out, double x, Interval interval, int decimals);

/* "0.0123", "< 0.0001"; the second one in bold where it is below SIGNIFICANCE. */
void page_p(TextBuffer *out, double p);
void page_shown_p(TextBuffer *out, double p);

/* "1,234,567" */
void page_count(TextBuffer *out, size_t count);

/* An arm's colour and name. */
void page_arm(TextBuffer *out, const Findings *findings, size_t arm);

/* A frame in which a table that is wider than the screen moves sideways; `name` for those who do
 * not see it. Ended by </table></div>. */
void page_table(TextBuffer *out, const char *class, const char *name);

/* The head of a table with a column for each length. Training had those from `shortest` to
 * `longest`; `longest` is 0 where it had not the same ones in all arms. */
void page_lengths_head(TextBuffer *out, const size_t *lengths, size_t n_lengths, size_t shortest,
                       size_t longest);

/* --- what several of them ask --- */

/* The settings of the first run; and whether a size in them, by its offset in a Config, is the same
 * in all runs. */
const Config *report_config(const Findings *findings);
bool report_same_in_all(const Findings *findings, size_t offset);

/* The task that the models learn in place of a text; or NULL. */
const Task *report_task(const Findings *findings);

#endif
