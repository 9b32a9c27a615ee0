/* inspected.c: runs posgpt inspect. */
#include "support/inspected.h"

#include <stdlib.h>
#include <string.h>

Outcome run_inspect(Bench *bench, const char *words)
{
    return run_without_gnuplot(bench, bench_text(bench, "inspect|%s", words));
}

Outcome inspect_scheme(Bench *bench, const char *pos, const char *more)
{
    return run_inspect(bench,
                       bench_text(bench,
                                  "%s|--out-dir|%s|--n-layer|2|--n-head|2|--n-embd|8|--block-"
                                  "size|8%s",
                                  pos, bench->folder, more));
}

Outcome inspect_x(Bench *bench, const char *more)
{
    return run_inspect(bench, bench_text(bench, "%s/x|--threads|1%s", bench->folder, more));
}

void check_figures(const char *text)
{
    assert_int_equal(strncmp(text, FIGURES_HEAD, strlen(FIGURES_HEAD)), 0);
    for (text = next_line(text); *text != '\0'; text = next_line(text)) {
        size_t commas = 0;
        bool quoted = false;
        for (const char *at = text; *at != '\n'; at++) {
            quoted = *at == '"' ? !quoted : quoted;
            commas += *at == ',' && !quoted;
        }
        assert_int_equal(commas, 6);
        const char *at = strchr(strchr(text, ',') + 1, ',') + 1;
        for (size_t number = 0; number < 3; number++) {
            char *end;
            strtod(at, &end);
            assert_true(end > at && *end == ',');
            at = end + 1;
        }
    }
}
