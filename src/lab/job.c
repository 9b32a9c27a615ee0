/* job.c: what the files of a run say while another process writes them. */
#include "lab/job.h"

#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/terminal.h"
#include "train/metrics.h"

void job_look(Job *job, Arena *scratch)
{
    MetricsRow *rows;
    size_t count;
    arena_reset(scratch);
    if (!file_exists(job->trial->run.metrics) ||
        !metrics_read(scratch, job->trial->run.metrics, &rows, &count, NULL))
        return;
    for (size_t r = 0; r < count; r++) {
        job->step = rows[r].step;
        if (!isnan(rows[r].val_loss))
            job->loss = rows[r].val_loss;
    }
}

double job_done(const Job *job)
{
    if (job->state == JOB_FINISHED || job->state == JOB_FAILED)
        return 1;
    double share = (double)job->step / (double)job->trial->config.max_iters;
    return share < 1 ? share : 1;
}

double job_cost_left(const Job *job)
{
    return job->trial->cost * (1 - job_done(job));
}

int job_compare(const Job *a, const Job *b)
{
    double x = job_cost_left(a), y = job_cost_left(b);
    if (x != y)
        return x > y ? -1 : 1;
    return (a->trial->seed > b->trial->seed) - (a->trial->seed < b->trial->seed);
}

double job_seconds_left(const Job *job)
{
    double steps = (double)job->step - (double)job->begun_step;
    double left = (double)job->trial->config.max_iters - (double)job->step;
    return steps > 0 ? left * (clock_seconds() - job->begun) / steps : NAN;
}

/* The last line of the log, without the program's name before an error. Only the end of a log is
 * looked at, as it may be long. */
static char *last_line(const char *log, Arena *arena)
{
    static const char prefix[] = "posgpt: ";
    char end[4096];
    FILE *stream = fopen(log, "rb");
    if (!stream)
        return arena_text(arena, "", 0);
    if (fseek(stream, -(long)sizeof end, SEEK_END) != 0)
        rewind(stream); /* it is shorter than that */
    size_t length = fread(end, 1, sizeof end, stream);
    fclose(stream);
    while (length > 0 && end[length - 1] == '\n')
        length--;
    size_t begin = length;
    while (begin > 0 && end[begin - 1] != '\n')
        begin--;
    if (length - begin >= strlen(prefix) && memcmp(end + begin, prefix, strlen(prefix)) == 0)
        begin += strlen(prefix);
    return arena_text(arena, end + begin, length - begin);
}

bool job_found_folder_in_use(const Job *job, Arena *scratch)
{
    const char *line = last_line(job->log, scratch);
    return line && strstr(line, FOLDER_IN_USE);
}

const char *job_reason(const Job *job, int status, Arena *arena)
{
    const char *reason = last_line(job->log, arena);
    if (status > SPAWN_SIGNALLED)
        reason = text_format(arena, "ended by signal %d", status - SPAWN_SIGNALLED);
    else if (reason && reason[0] == '\0')
        reason = text_format(arena, "ended with exit code %d", status);
    return reason ? reason : "failed";
}
