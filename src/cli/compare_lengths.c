/* compare_lengths.c: two tables with a row for each arm and a column for each length. */
#include "cli/compare_lengths.h"

#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "cli/compare_cells.h"

/* There is room for MOST lengths; the longest ones have it. */
enum { MOST = 8, COLUMN = 8, CELL_SIZE = 32 };

static size_t first_length(const Findings *findings)
{
    return findings->n_lengths > MOST ? findings->n_lengths - MOST : 0;
}

/* Is this the first length behind those of training? */
static bool is_behind_bar(const Findings *findings, size_t l)
{
    size_t trained = findings->trained_length;
    return trained > 0 && l > 0 && findings->lengths[l - 1] <= trained &&
           findings->lengths[l] > trained;
}

typedef void (*WriteCell)(char cell[CELL_SIZE], const LengthFinding *found);

static void write_mean(char cell[CELL_SIZE], const LengthFinding *found)
{
    double mean = found->exact.over_seeds.mean;
    if (isnan(mean))
        snprintf(cell, CELL_SIZE, "%s", found->refused ? "refused" : "-");
    else
        snprintf(cell, CELL_SIZE, "%.1f", 100 * mean);
}

static void write_range(char cell[CELL_SIZE], const LengthFinding *found)
{
    if (isnan(found->lowest))
        snprintf(cell, CELL_SIZE, "%s", found->refused ? "refused" : "-");
    else
        snprintf(cell, CELL_SIZE, "%.0f-%.0f", 100 * found->lowest, 100 * found->highest);
}

static void print_cell(const Findings *findings, size_t l, const char *cell)
{
    if (is_behind_bar(findings, l))
        printf(" |%*s", COLUMN - 1, cell);
    else
        printf("%*s", COLUMN, cell);
}

static void print_table(const Findings *findings, WriteCell write)
{
    char cell[CELL_SIZE];
    printf("%*s", NAME_WIDTH, "");
    for (size_t l = first_length(findings); l < findings->n_lengths; l++) {
        snprintf(cell, sizeof cell, "%zu", findings->lengths[l]);
        print_cell(findings, l, cell);
    }
    printf("\n");
    for (size_t place = 0; place < findings->experiment->n_arms; place++) {
        size_t arm = findings->order[place];
        print_name(findings->names[arm]);
        for (size_t l = first_length(findings); l < findings->n_lengths; l++) {
            write(cell, findings_at_length(findings, arm, l));
            print_cell(findings, l, cell);
        }
        printf("\n");
    }
}

void print_lengths(const Findings *findings)
{
    char questions[TEXT_NUMBER_SIZE];
    size_t n = findings->n_lengths, n_seeds = findings->experiment->n_seeds;
    if (n == 0)
        return;
    bool goes_on =
        findings->trained_length > 0 && findings->lengths[n - 1] > findings->trained_length;
    printf("\nAll right by length, %% of %s sequences%s\n\n",
           text_thousands(questions, findings->length_questions),
           goes_on ? "; behind the bar, longer than trained" : "");
    print_table(findings, write_mean);
    if (n_seeds < 2)
        return;
    printf("\nThe lowest and the highest of the %zu seeds\n\n", n_seeds);
    print_table(findings, write_range);
}
