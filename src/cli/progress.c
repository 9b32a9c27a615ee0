/* progress.c: what the line says, and how often it is redrawn. */
#include "cli/progress.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static const double REDRAW_SECONDS = 0.1;
enum { LEAST_BARS = 8, MOST_BARS = 40 }; /* of the sparkline */
enum { MAX_VALUES = 1 << 20 };           /* losses that it is drawn from */

bool progress_init(ProgressView *view, Arena *arena, Terminal *terminal, const Trainer *trainer,
                   Error *error)
{
    const Config *config = trainer->config;
    size_t rows =
        config->max_iters / config->log_interval + config->max_iters / config->eval_interval;
    *view = (ProgressView){
        .terminal = terminal,
        .max_losses = rows < MAX_VALUES ? rows + 2 : MAX_VALUES,
        .val_loss = trainer->progress.val_loss,
        .chars_per_second = NAN,
        .begin = clock_seconds(),
        .first_step = trainer->progress.step,
    };
    view->losses = arena_alloc(arena, view->max_losses, sizeof *view->losses);
    return view->losses ? true : fail(error, "out of memory: progress");
}

static double seconds_left(const ProgressView *view, const Trainer *trainer)
{
    size_t step = trainer->progress.step, steps = trainer->config->max_iters;
    if (step <= view->first_step)
        return NAN;
    double per_step = (clock_seconds() - view->begin) / (double)(step - view->first_step);
    return per_step * (double)(steps - step);
}

static int digits(size_t number)
{
    int count = 1;
    while (number /= 10)
        count++;
    return count;
}

/* What stands behind the step, in this order. */
typedef enum Part { LOSS, VAL, EXACT, SPEED, LEFT, N_PARTS } Part;
enum { PART_SIZE = 64 };

/* Numbers that are not known yet are left out; the place of the loss is kept, so that lines stand
 * in columns. */
static void write_parts(const ProgressView *view, const Trainer *trainer,
                        char parts[N_PARTS][PART_SIZE])
{
    const Progress *progress = &trainer->progress;
    size_t steps = trainer->config->max_iters;
    char text[TEXT_NUMBER_SIZE];
    memset(parts, 0, N_PARTS * sizeof *parts);
    if (view->n_losses > 0)
        snprintf(parts[LOSS], PART_SIZE, "   loss %.3f", view->losses[view->n_losses - 1]);
    else
        snprintf(parts[LOSS], PART_SIZE, "%*s", (int)strlen("   loss 0.000"), "");
    if (!isnan(view->val_loss))
        snprintf(parts[VAL], PART_SIZE, "   val %.3f", view->val_loss);
    if (!isnan(trainer->exact))
        snprintf(parts[EXACT], PART_SIZE, "   exact %5.1f %%", 100 * trainer->exact);
    if (!isnan(view->chars_per_second))
        snprintf(parts[SPEED], PART_SIZE, "   %7s %s/s",
                 text_thousands(text, (uint64_t)view->chars_per_second),
                 vocab_kind_names[trainer->corpus->vocab.kind]);
    if (progress->step < steps && progress->step > view->first_step)
        snprintf(parts[LEFT], PART_SIZE, "   %s left",
                 text_duration(text, seconds_left(view, trainer)));
}

/* How long a line may be. One of a file or a pipe may have any length. */
static size_t most_columns(const Terminal *terminal)
{
    if (!terminal->live)
        return SIZE_MAX;
    return terminal->columns > 0 ? terminal->columns - 1 : 0;
}

/* Everything but the sparkline: the step, and what fits beside it, the most important first. */
static void append_numbers(const ProgressView *view, const Trainer *trainer, TextBuffer *line)
{
    static const Part by_importance[N_PARTS] = {LOSS, VAL, EXACT, LEFT, SPEED};
    size_t steps = trainer->config->max_iters, most = most_columns(view->terminal);
    char parts[N_PARTS][PART_SIZE];
    write_parts(view, trainer, parts);
    text_append_format(line, "step %*zu/%zu", digits(steps), trainer->progress.step, steps);
    size_t used = line->length;
    for (size_t p = 0; p < N_PARTS; p++) {
        char *part = parts[by_importance[p]];
        if (used + strlen(part) > most)
            part[0] = '\0';
        used += strlen(part);
    }
    for (size_t p = 0; p < N_PARTS; p++)
        text_append_format(line, "%s", parts[p]);
}

static void append_sparkline(const ProgressView *view, TextBuffer *line)
{
    size_t used = line->length + 4, columns = view->terminal->columns;
    if (line->failed || view->n_losses < 2 || used + LEAST_BARS > columns)
        return;
    char bars[4 * MOST_BARS + 1];
    size_t room = columns - used;
    sparkline(bars, sizeof bars, view->losses, view->n_losses, room < MOST_BARS ? room : MOST_BARS,
              view->terminal->unicode);
    text_append_format(line, "   %s", bars);
}

/* A line that stays, or the one that lives, which has a sparkline. */
static void show(ProgressView *view, const Trainer *trainer, bool stays)
{
    TextBuffer line = {0};
    append_numbers(view, trainer, &line);
    if (!stays)
        append_sparkline(view, &line);
    if (!line.failed && stays)
        terminal_line(view->terminal, line.bytes);
    else if (!line.failed)
        terminal_live(view->terminal, line.bytes);
    text_buffer_free(&line);
    view->drawn = clock_seconds();
}

static void at_step(void *context, const Trainer *trainer)
{
    ProgressView *view = context;
    if (fabs(clock_seconds() - view->drawn) >= REDRAW_SECONDS) /* also if the clock jumped back */
        show(view, trainer, false);
}

static void at_row(void *context, const Trainer *trainer, const MetricsRow *row)
{
    ProgressView *view = context;
    if (!isnan(row->train_loss) && view->n_losses < view->max_losses)
        view->losses[view->n_losses++] = row->train_loss;
    if (!isnan(row->chars_per_second))
        view->chars_per_second = row->chars_per_second;
    if (isnan(row->val_loss))
        return;
    view->val_loss = row->val_loss;
    show(view, trainer, true);
}

TrainObserver progress_observer(ProgressView *view)
{
    return (TrainObserver){.context = view, .at_step = at_step, .at_row = at_row};
}
