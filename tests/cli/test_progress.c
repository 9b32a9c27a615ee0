/* test_progress.c: tests of src/cli/progress.c: what a line says, and that it fits. */
#include "support/training.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/progress.h"

enum { MOST = 256 };

/* The line that stays of a look at the last step but one, where a step takes five minutes, on a
 * terminal of so many columns; 0: on none. */
static const char *kept_line(Training *training, size_t columns, double exact)
{
    Small *run = small_run(training, "max_iters = 2000\n");
    Trainer *trainer = &run->trainer;
    Terminal terminal = {.stream = tmpfile(), .live = columns > 0, .columns = columns};
    assert_non_null(terminal.stream);
    ProgressView view;
    assert_true(progress_init(&view, &training->arena, &terminal, trainer, NULL));
    view.begin -= 1999 * 300.0;
    trainer->progress.step = 1999;
    trainer->exact = exact;
    TrainObserver observer = progress_observer(&view);
    MetricsRow row = {.train_loss = 1.733, .val_loss = 1.702, .chars_per_second = 6840};
    observer.at_row(observer.context, trainer, &row);
    char *line = arena_alloc(&training->arena, MOST, 1);
    assert_non_null(line);
    rewind(terminal.stream);
    size_t length = fread(line, 1, MOST - 1, terminal.stream);
    fclose(terminal.stream);
    assert_true(length > 0 && strchr(line, '\n') == line + length - 1);
    line[length - 1] = '\0';
    return line;
}

static const char whole[] =
    "step 1999/2000   loss 1.733   val 1.702   exact  12.3 %     6,840 char/s   5 min 00 s left";

static void a_line_says_all_where_there_is_room(void **state)
{
    assert_string_equal(kept_line(*state, 100, 0.123), whole);
    assert_string_equal(kept_line(*state, 80, NAN), "step 1999/2000   loss 1.733   val 1.702     "
                                                    "6,840 char/s   5 min 00 s left");
}

static void no_line_is_wider_than_the_terminal(void **state)
{
    for (size_t columns = 20; columns < 100; columns++) {
        const char *line = kept_line(*state, columns, 0.123);
        assert_true(strlen(line) < columns);
        assert_int_equal(strncmp(line, "step 1999/2000", 14), 0);
    }
}

static void the_time_that_is_left_stays_longer_than_the_speed(void **state)
{
    assert_string_equal(
        kept_line(*state, 80, 0.123),
        "step 1999/2000   loss 1.733   val 1.702   exact  12.3 %   5 min 00 s left");
    assert_string_equal(kept_line(*state, 40, 0.123), "step 1999/2000   loss 1.733   val 1.702");
}

static void a_line_of_a_file_has_any_length(void **state)
{
    assert_string_equal(kept_line(*state, 0, 0.123), whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        training_test(a_line_says_all_where_there_is_room),
        training_test(no_line_is_wider_than_the_terminal),
        training_test(the_time_that_is_left_stays_longer_than_the_speed),
        training_test(a_line_of_a_file_has_any_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
