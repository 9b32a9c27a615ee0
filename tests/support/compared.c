/* compared.c: runs comparisons and reads what they leave. */
#include "support/compared.h"

#include "base/csv.h"

const char *compare_words(Bench *bench, const char *place, const char *more)
{
    return bench_text(bench,
                      "compare|--config=|--data|%s|--out-dir|%s/%s|--name|all|--pos|none,rope|"
                      "--seeds|2|--threads|4|--n-layer|1|--n-head|2|--n-embd|8|--block-size|8|"
                      "--batch-size|2|--max-iters|2|--warmup-iters|0|--eval-interval|2|"
                      "--log-interval|1|--sample-chars|20%s",
                      bench_corpus(bench), bench->folder, place, more);
}

Outcome compare(Bench *bench, const char *place, const char *more)
{
    return run_without_gnuplot(bench, compare_words(bench, place, more));
}

const char *comparison_read(Bench *bench, const char *place, const char *file)
{
    return bench_read(bench, bench_text(bench, "%s/%s/all/%s", bench->folder, place, file));
}

CsvTable comparison_table(Bench *bench, const char *place, const char *file, size_t n_rows)
{
    const char *path = bench_text(bench, "%s/%s/all/%s", bench->folder, place, file);
    return csv_of_rows(&bench->arena, path, n_rows);
}

const char *results_without_time(Bench *bench, const char *place)
{
    TextBuffer text = {0};
    CsvTable table = comparison_table(bench, place, "results.csv", 4);
    size_t kept;
    assert_true(csv_column(&table, "threads", &kept, NULL));
    for (size_t row = 0; row < table.n_rows; row++)
        for (size_t c = 0; c < kept; c++)
            text_append_format(&text, "%s = %s\n", table.names[c], csv_text(&table, row, c));
    const char *copy = bench_text(bench, "%s", text.bytes);
    text_buffer_free(&text);
    return copy;
}

const char *compared_file(Bench *bench, const char *place, size_t row, const char *file)
{
    CsvTable table = comparison_table(bench, place, "results.csv", 4);
    return bench_text(bench, "%s/%s/%s/%s", bench->folder, place, text_at(&table, row, "run"),
                      file);
}
