/* board.c: a row is a text; the terminal draws them. */
#include "cli/board.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static const double REDRAW_SECONDS = 0.5;

enum { CELL_WIDTH = 9, LEAST_NAME = 10 };

static const Experiment *experiment_of(const Pool *pool)
{
    return pool->jobs[0].experiment;
}

static size_t name_width(const Experiment *experiment)
{
    size_t width = LEAST_NAME;
    for (size_t arm = 0; arm < experiment->n_arms; arm++)
        if (strlen(experiment->arms[arm].name) > width)
            width = strlen(experiment->arms[arm].name);
    return width;
}

/* The jobs of a pool stand as the trials of its experiment. */
static const Job *job_of(const Pool *pool, size_t arm, size_t seed)
{
    return &pool->jobs[arm * experiment_of(pool)->n_seeds + seed];
}

/* --- cells --- */

static int percent_of(const Job *job)
{
    double share = (double)job->step / (double)job->trial->config.max_iters;
    return (int)(100 * (share < 1 ? share : 1));
}

static void append_cell(const Job *job, TextBuffer *row)
{
    char cell[32];
    switch (job->state) {
    case JOB_WAITING:
        snprintf(cell, sizeof cell, job->step > 0 ? "(%d %%)" : ".", percent_of(job));
        break;
    case JOB_RUNNING:
        snprintf(cell, sizeof cell, "%d %%", percent_of(job));
        break;
    case JOB_ELSEWHERE:
        snprintf(cell, sizeof cell, "*%d %%", percent_of(job));
        break;
    case JOB_FINISHED:
        snprintf(cell, sizeof cell, "%.4f", job->loss);
        break;
    case JOB_FAILED:
        snprintf(cell, sizeof cell, "failed");
        break;
    }
    text_append_format(row, "%*s", CELL_WIDTH, cell);
}

/* "3 done, 1 at work", where there are too many seeds for a cell each. */
static void append_counts(const Pool *pool, size_t arm, TextBuffer *row)
{
    size_t done = 0, running = 0, failed = 0, n_seeds = experiment_of(pool)->n_seeds;
    for (size_t seed = 0; seed < n_seeds; seed++) {
        JobState state = job_of(pool, arm, seed)->state;
        done += state == JOB_FINISHED;
        running += state == JOB_RUNNING || state == JOB_ELSEWHERE;
        failed += state == JOB_FAILED;
    }
    text_append_format(row, "   %4zu of %zu done", done, n_seeds);
    if (running > 0)
        text_append_format(row, ", %zu at work", running);
    if (failed > 0)
        text_append_format(row, ", %zu failed", failed);
}

static double mean_so_far(const Pool *pool, size_t arm)
{
    double sum = 0;
    size_t done = 0;
    for (size_t seed = 0; seed < experiment_of(pool)->n_seeds; seed++) {
        const Job *job = job_of(pool, arm, seed);
        done += job->state == JOB_FINISHED;
        sum += job->state == JOB_FINISHED ? job->loss : 0;
    }
    return sum / (double)done;
}

/* --- rows --- */

/* Is there room for a cell for each seed, and the mean? */
static bool has_cells(const Board *board, const Experiment *experiment)
{
    size_t needed = name_width(experiment) + CELL_WIDTH * (experiment->n_seeds + 1);
    return needed < board->terminal->columns;
}

static void append_header(const Experiment *experiment, bool cells, TextBuffer *row)
{
    text_append_format(row, "%*s", (int)name_width(experiment), "");
    for (size_t seed = 0; cells && seed < experiment->n_seeds; seed++)
        text_append_format(row, "%4s%5zu", seed == 0 ? "seed" : "",
                           experiment->request->first_seed + seed);
    text_append_format(row, cells ? "%*s" : "   mean%*s", cells ? CELL_WIDTH : 0,
                       cells ? "mean" : "");
}

static void append_arm(const Pool *pool, size_t arm, bool cells, TextBuffer *row)
{
    const Experiment *experiment = experiment_of(pool);
    double mean = mean_so_far(pool, arm);
    char text[32] = "";
    if (!isnan(mean))
        snprintf(text, sizeof text, "%.4f", mean);
    text_append_format(row, "%-*s", (int)name_width(experiment), experiment->arms[arm].name);
    if (!cells)
        text_append_format(row, "%*s", CELL_WIDTH, text);
    for (size_t seed = 0; cells && seed < experiment->n_seeds; seed++)
        append_cell(job_of(pool, arm, seed), row);
    if (cells)
        text_append_format(row, "%*s", CELL_WIDTH, text);
    else
        append_counts(pool, arm, row);
}

static void append_total(const Pool *pool, TextBuffer *row)
{
    size_t failed = pool_count(pool, JOB_FAILED), elsewhere = pool_count(pool, JOB_ELSEWHERE);
    double left = pool_seconds_left(pool);
    char duration[TEXT_NUMBER_SIZE];
    text_append_format(row, "%zu of %zu runs are done, %zu at work", pool_count(pool, JOB_FINISHED),
                       pool->count, pool_count(pool, JOB_RUNNING));
    if (elsewhere > 0)
        text_append_format(row, ", %zu (*) in another process", elsewhere);
    if (failed > 0)
        text_append_format(row, ", %zu failed", failed);
    if (!isnan(left))
        text_append_format(row, ", %s left", text_duration(duration, left));
}

/* --- the observer --- */

static void draw(Board *board, const Pool *pool)
{
    const Experiment *experiment = experiment_of(pool);
    bool cells = has_cells(board, experiment), failed = false;
    size_t count = experiment->n_arms + 2;
    TextBuffer rows[MAX_ARMS + 2] = {0};
    const char *lines[MAX_ARMS + 2];
    append_header(experiment, cells, &rows[0]);
    for (size_t arm = 0; arm < experiment->n_arms; arm++)
        append_arm(pool, arm, cells, &rows[1 + arm]);
    append_total(pool, &rows[count - 1]);
    for (size_t row = 0; row < count; row++) {
        failed = failed || rows[row].failed;
        lines[row] = rows[row].bytes;
    }
    if (!failed)
        terminal_board(board->terminal, lines, count);
    for (size_t row = 0; row < count; row++)
        text_buffer_free(&rows[row]);
    board->drawn = clock_seconds();
}

static void at_tick(void *context, const Pool *pool)
{
    Board *board = context;
    if (board->terminal->live && clock_seconds() - board->drawn >= REDRAW_SECONDS)
        draw(board, pool);
}

/* A failure stays on the screen. What went well does where no board is drawn. */
static void at_end(void *context, const Pool *pool, const Job *job)
{
    Board *board = context;
    const Trial *trial = job->trial;
    size_t done = pool_count(pool, JOB_FINISHED) + pool_count(pool, JOB_FAILED);
    char duration[TEXT_NUMBER_SIZE];
    if (job->state == JOB_FAILED)
        terminal_printf(board->terminal, "%s, seed %zu failed: %s", trial->arm->name, trial->seed,
                        job->reason);
    else if (!board->terminal->live)
        terminal_printf(board->terminal, "%s, seed %zu: %.4f   (%zu of %zu runs, %s left)",
                        trial->arm->name, trial->seed, job->loss, done, pool->count,
                        text_duration(duration, pool_seconds_left(pool)));
    if (board->terminal->live)
        draw(board, pool);
}

PoolObserver board_observer(Board *board)
{
    return (PoolObserver){.context = board, .at_tick = at_tick, .at_end = at_end};
}
