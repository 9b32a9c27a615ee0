/* tables.h: what a comparison found, as files for other programs: CSV tables in its folder.
 *
 *     results.csv   a row for each run. The columns from `threads` on are about time, and differ
 *                   from one making of the same runs to the next; all others do not
 *     schemes.csv   a row for each arm: means over seeds with their 95 % intervals
 *     pairs.csv     a row for each pair of arms: what separates their losses
 *     lengths.csv   of a task, a row for each run and length: how many sequences were asked, and of
 *                   how many every answer was right. No sequences: the scheme has no positions for
 *                   that length. Without a task, its first line only
 *
 * Losses are in nats. `nan` stands for what was not measured.
 */
#ifndef LAB_TABLES_H
#define LAB_TABLES_H

#include "base/text.h"
#include "lab/findings.h"

/* Appends results.csv. */
void tables_append_results(const Findings *findings, TextBuffer *out);

/* Writes all four into the comparison's folder, which is there. */
bool tables_write(const Findings *findings, Error *error);

#endif
