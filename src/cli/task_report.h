/* task_report.h: what a model makes of a task, as a table by length and as examples. */
#ifndef CLI_TASK_REPORT_H
#define CLI_TASK_REPORT_H

#include "train/exam.h"

/* Prints a row for each length of the report to stdout: how many sequences, the loss, and how many
 * of them are answered right from end to end. If `path` is not NULL, the rows go there as well, as
 * CSV. `csv`: the same on stdout. A length that the positional scheme cannot serve is a row that
 * says so. */
bool print_exam(Exam *exam, bool csv, const char *path, Error *error);

/* Prints a few sequences with the model's answers. */
bool print_task_examples(Exam *exam, Error *error);

#endif
