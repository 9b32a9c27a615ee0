/* ten_steps.c: trains to the end, and reads what is left. */
#include "support/ten_steps.h"

#include <stdio.h>

const char ten_steps[] = "max_iters = 10\nlog_interval = 3\neval_interval = 4\n"
                         "dropout = 0.2\ngradient_accumulation_steps = 2\n";

const TrainObserver nobody = {0};

void run_to_its_end(Small *small, const Run *run, const TrainObserver *observer)
{
    Error error = {0};
    if (!train(&small->trainer, run, observer, &error))
        fail_msg("%s", error.text);
    assert_true(train_is_finished(&small->trainer));
}

Small *resumed(Training *training, const Run *run)
{
    Error error = {0};
    Small *small = small_run(training, ten_steps);
    if (!trainer_resume(&small->trainer, run->checkpoint, &error))
        fail_msg("%s", error.text);
    return small;
}

MetricsTable read_metrics(const char *path)
{
    MetricsTable table = {0};
    char line[512];
    FILE *stream = fopen(path, "r");
    assert_non_null(stream);
    assert_non_null(fgets(line, sizeof line, stream));
    assert_string_equal(line, "step,train_loss,val_loss,learning_rate,grad_norm,chars_per_second,"
                              "elapsed_s\n");
    while (fgets(line, sizeof line, stream)) {
        assert_true(table.n_rows < MOST_METRICS_ROWS);
        char(*row)[32] = table.cells[table.n_rows++];
        assert_int_equal(sscanf(line, "%31[^,],%31[^,],%31[^,],%31[^,],%31[^,],%31[^,],%31[^,\n]",
                                row[0], row[1], row[2], row[3], row[4], row[5], row[6]),
                         N_CELLS);
    }
    fclose(stream);
    return table;
}

void assert_same_rows(const MetricsTable *a, const MetricsTable *b)
{
    assert_int_equal(a->n_rows, b->n_rows);
    for (size_t row = 0; row < a->n_rows; row++)
        for (size_t c = 0; c < CHARS_PER_SECOND; c++)
            assert_string_equal(a->cells[row][c], b->cells[row][c]);
}
