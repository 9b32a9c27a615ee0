/* board.c: a row is a text; the terminal draws them. */
#include "cli/board.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static const double REDRAW_SECONDS = 0.5;

enum { CELL_WIDTH = 9, LEAST_NAME = 10, JOB_WIDTH = 52 };

static const Experiment *experiment_of(const Pool *pool)
{
    return pool->jobs[0].experiment;
}

static bool has_several(const Pool *pool)
{
    for (size_t j = 1; j < pool->count; j++)
        if (pool->jobs[j].experiment != experiment_of(pool))
            return true;
    return false;
}

static size_t name_width(const Experiment *experiment)
{
    size_t width = LEAST_NAME;
    for (size_t arm = 0; arm < experiment->n_arms; arm++)
        if (strlen(experiment->arms[arm].name) > width)
            width = strlen(experiment->arms[arm].name);
    return width;
}

/* A pool of one experiment has its trials as jobs, in their order: the first arm's seeds first. */
static const Job *job_of(const Pool *pool, size_t arm, size_t seed)
{
    return &pool->jobs[arm * experiment_of(pool)->n_seeds + seed];
}

/* --- cells --- */

static int percent_of(const Job *job)
{
    return (int)(100 * job_done(job));
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
    if (!cells) {
        text_append_format(row, "   mean");
        return;
    }
    for (size_t seed = 0; seed < experiment->n_seeds; seed++)
        text_append_format(row, "%4s%5zu", seed == 0 ? "seed" : "",
                           experiment->request->first_seed + seed);
    text_append_format(row, "%*s", CELL_WIDTH, "mean");
}

static void append_arm(const Pool *pool, size_t arm, bool cells, TextBuffer *row)
{
    const Experiment *experiment = experiment_of(pool);
    double mean = mean_so_far(pool, arm); /* NaN: no run has ended */
    char text[32] = "";
    if (!isnan(mean))
        snprintf(text, sizeof text, "%.4f", mean);
    text_append_format(row, "%-*s", (int)name_width(experiment), experiment->arms[arm].name);
    if (!cells) {
        text_append_format(row, "%*s", CELL_WIDTH, text);
        append_counts(pool, arm, row);
        return;
    }
    for (size_t seed = 0; seed < experiment->n_seeds; seed++)
        append_cell(job_of(pool, arm, seed), row);
    text_append_format(row, "%*s", CELL_WIDTH, text);
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

/* Do two jobs have the same arm, text and seed? */
static bool are_alike(const Job *a, const Job *b)
{
    return a != b && a->trial->seed == b->trial->seed &&
           strcmp(a->trial->arm->name, b->trial->arm->name) == 0 &&
           strcmp(a->experiment->corpus.name, b->experiment->corpus.name) == 0;
}

static bool is_set(const Request *request, const Setting *setting)
{
    for (size_t s = 0; s < request->n_common; s++)
        if (strcmp(request->common[s].key, setting->key) == 0 &&
            strcmp(request->common[s].value, setting->value) == 0)
            return true;
    return false;
}

/* The settings that tell a job from others of the same name: ", learning_rate = 0.001". */
static void append_difference(const Pool *pool, const Job *job, TextBuffer *row)
{
    const Request *request = job->experiment->request;
    for (size_t s = 0; s < request->n_common; s++) {
        const Setting *setting = &request->common[s];
        bool differs = false;
        for (size_t j = 0; j < pool->count && !differs; j++)
            differs = are_alike(job, &pool->jobs[j]) &&
                      !is_set(pool->jobs[j].experiment->request, setting);
        if (differs)
            text_append_format(row, ", %s = %s", setting->key, setting->value);
    }
}

/* "learned, seed 103", with the text or the task where there are several experiments, and with what
 * else it takes to tell it from others there. */
static void append_name(const Pool *pool, const Job *job, TextBuffer *row)
{
    text_append_format(row, "%s", job->trial->arm->name);
    if (has_several(pool)) {
        text_append_format(row, " on %s", job->experiment->corpus.name);
        append_difference(pool, job, row);
    }
    text_append_format(row, ", seed %zu", job->trial->seed);
}

static void append_job(const Pool *pool, const Job *job, TextBuffer *row)
{
    append_name(pool, job, row);
    size_t width = row->length < JOB_WIDTH ? JOB_WIDTH - row->length : 0;
    text_append_format(row, "%*s", (int)width, "");
    append_cell(job, row);
}

/* --- the observer --- */

enum { MOST_ROWS = MAX_ARMS + 2 };

/* The two kinds of board, a row for each arm and a row for each job at work. Both return how many
 * rows they have filled in, above the last one, the total. */
static size_t append_arms(const Pool *pool, bool cells, TextBuffer *rows)
{
    const Experiment *experiment = experiment_of(pool);
    append_header(experiment, cells, &rows[0]);
    for (size_t arm = 0; arm < experiment->n_arms; arm++)
        append_arm(pool, arm, cells, &rows[1 + arm]);
    return 1 + experiment->n_arms;
}

static size_t append_jobs(const Pool *pool, TextBuffer *rows)
{
    size_t count = 0;
    for (size_t j = 0; j < pool->count && count + 1 < MOST_ROWS; j++)
        if (pool->jobs[j].state == JOB_RUNNING || pool->jobs[j].state == JOB_ELSEWHERE)
            append_job(pool, &pool->jobs[j], &rows[count++]);
    return count;
}

static void draw(Board *board, const Pool *pool)
{
    bool failed = false;
    TextBuffer rows[MOST_ROWS] = {0};
    const char *lines[MOST_ROWS];
    size_t count = has_several(pool)
                       ? append_jobs(pool, rows)
                       : append_arms(pool, has_cells(board, experiment_of(pool)), rows);
    append_total(pool, &rows[count++]);
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
    if (board->terminal->live && fabs(clock_seconds() - board->drawn) >= REDRAW_SECONDS)
        draw(board, pool);
}

/* A failure stays on the screen. What went well does where no board is drawn. */
static void at_end(void *context, const Pool *pool, const Job *job)
{
    Board *board = context;
    size_t done = pool_count(pool, JOB_FINISHED) + pool_count(pool, JOB_FAILED);
    char duration[TEXT_NUMBER_SIZE];
    TextBuffer name = {0};
    append_name(pool, job, &name);
    const char *run = name.failed ? job->trial->run.name : name.bytes;
    if (job->state == JOB_FAILED)
        terminal_printf(board->terminal, "%s failed: %s", run, job->reason);
    else if (!board->terminal->live)
        terminal_printf(board->terminal, "%s: %.4f   (%zu of %zu runs, %s left)", run, job->loss,
                        done, pool->count, text_duration(duration, pool_seconds_left(pool)));
    text_buffer_free(&name);
    if (board->terminal->live)
        draw(board, pool);
}

PoolObserver board_observer(Board *board)
{
    return (PoolObserver){.context = board, .at_tick = at_tick, .at_end = at_end};
}
