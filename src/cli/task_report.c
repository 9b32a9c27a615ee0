/* task_report.c: the table, its file, and the examples. */
#include "cli/task_report.h"

#include <stdio.h>

#include "base/file.h"
#include "train/exam_file.h"

static void print_row(const ExamResult *r, bool trained)
{
    char sequences[TEXT_NUMBER_SIZE];
    printf("%8zu %8zu %11s   %7.4f   %11.4f%s\n", r->length, r->tokens,
           text_thousands(sequences, r->sequences), r->loss, r->exact,
           trained ? "" : "   longer than in training");
}

/* One length: a row of numbers, or the reason why there are none. */
static bool examine(Exam *exam, size_t length, ExamRow *row, bool print, Error *error)
{
    ExamResult *result = &row->result;
    Error why = {0};
    TaskLengths lengths = task_lengths(exam->options);
    row->trained = length >= lengths.min && length <= lengths.max;
    if (exam_at(exam, length, exam_sequences(exam->options), result, &why)) {
        if (print)
            print_row(result, row->trained);
        return true;
    }
    if (why.kind != ERROR_REQUEST)
        return fail(error, "%s", why.text);
    result->loss = result->exact = NAN;
    if (print)
        printf("%8zu %8zu   %s\n", length, result->tokens, why.text);
    return true;
}

static void print_yardsticks(const TaskOptions *options)
{
    const Task *task = task_of(options);
    size_t shortest = task_lengths(options).min;
    printf("  %-12s %s\n", task->name, task->title);
    printf("  %-12s %s\n", "solved by", task->solved_by);
    printf("  %-12s loss %.4f, exact match %.2g at length %zu\n", "by chance",
           task_blind_loss(options), task_blind_exact(options, shortest), shortest);
    printf("  %-12s %s\n", "bag reader", task->unordered);
    printf("  %-12s %s\n\n", "", "(it knows which symbols there are, but not their order)");
}

bool print_exam(Exam *exam, bool csv, const char *path, Error *error)
{
    size_t lengths[EXAM_LENGTHS];
    ExamRow rows[EXAM_LENGTHS];
    ExamTable table = {rows, exam_lengths(exam->options, lengths)};
    TextBuffer text = {0};
    if (!csv) {
        print_yardsticks(exam->options);
        printf("  length   tokens   sequences      loss   exact match\n");
    }
    for (size_t i = 0; i < table.count; i++)
        if (!examine(exam, lengths[i], &rows[i], !csv, error))
            return false;
    exam_table_append(&table, &text);
    bool ok = text.failed ? fail(error, "out of memory: a table") : true;
    if (ok && csv)
        fputs(text.bytes, stdout);
    if (ok && path)
        ok = file_write(path, text.bytes, text.length, error);
    text_buffer_free(&text);
    return ok;
}

/* "17 4 63 ?   answers 4, right"; of several answers those that are asked for. */
static bool print_example(const Exam *exam, const ExamExample *example, Error *error)
{
    TextBuffer line = {0};
    for (size_t t = 0; t < example->tokens; t++) {
        task_token_text(exam->options, example->inputs[t], &line);
        text_append_format(&line, " ");
    }
    text_append_format(&line, "  ->");
    for (size_t t = 0; t < example->tokens; t++)
        if (example->targets[t] != NO_TARGET) {
            text_append_format(&line, " ");
            task_token_text(exam->options, example->answers[t], &line);
            if (example->answers[t] != example->targets[t])
                text_append_format(&line, "(!)");
        }
    bool ok = line.failed ? fail(error, "out of memory: an example") : true;
    if (ok)
        printf("%s\n", line.bytes);
    text_buffer_free(&line);
    return ok;
}

bool print_task_examples(Exam *exam, Error *error)
{
    enum { EXAMPLES = 4 };
    TaskLengths lengths = task_lengths(exam->options);
    size_t length = lengths.min + (lengths.max - lengths.min) / 4;
    printf("\n");
    for (size_t n = 0; n < EXAMPLES; n++) {
        ExamExample example;
        if (!exam_example(exam, length, n, &example, error) ||
            !print_example(exam, &example, error))
            return false;
    }
    printf("(!): a wrong answer\n");
    return true;
}
