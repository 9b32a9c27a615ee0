/* test_outcome.c: tests of src/train/outcome.c. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "support/config_keys.h"
#include "support/place.h"
#include "support/training.h"
#include "train/outcome.h"

#define HEADER "step,val_loss,train_loss,exact,parameters,position_parameters\n"

static bool same_float(double a, double b)
{
    return (isnan(a) && isnan(b)) || (float)a == (float)b;
}

static void assert_same_outcome(const Outcome *a, const Outcome *b)
{
    assert_int_equal(a->step, b->step);
    assert_true(same_float(a->val_loss, b->val_loss));
    assert_true(same_float(a->train_loss, b->train_loss));
    assert_true(same_float(a->exact, b->exact));
    assert_int_equal(a->parameters, b->parameters);
    assert_int_equal(a->position_parameters, b->position_parameters);
}

/* --- of a trainer --- */

/* Counted by hand: 2 layers of 32 channels have 2 * (2 * 32 + 12 * 32 * 32) numbers, the last norm
 * 32, the token table V * 32, and `learned` 16 positions of 32. */
static void the_outcome_of_a_text_has_its_losses_and_its_parameters(void **state)
{
    Training *training = *state;
    Small *run = small_run(training, "pos = learned\n");
    Trainer *trainer = &run->trainer;
    take_steps(run, 3);
    assert_true(trainer_evaluate(trainer, NULL) && trainer_evaluate_training(trainer, NULL));
    const Outcome outcome = outcome_of(trainer);
    const size_t rest = 2 * (2 * 32 + 12 * 32 * 32) + 32 + training->corpus.vocab.size * 32;
    assert_int_equal(outcome.step, 3);
    assert_true(outcome.val_loss == trainer->progress.val_loss && outcome.val_loss > 0);
    assert_true(outcome.train_loss == trainer->progress.train_loss && outcome.train_loss > 0);
    assert_true(isnan(outcome.exact));
    assert_int_equal(outcome.position_parameters, 16 * 32);
    assert_int_equal(outcome.parameters, rest + 16 * 32);
}

/* A trainer that comes from a checkpoint is examined anew, with the same questions. */
static void the_exact_share_of_a_task_is_found_again_after_a_checkpoint(void **state)
{
    Training *training = *state;
    Error error = {0};
    Config config;
    Corpus corpus;
    double loss;
    assert_true(config_init(&config, NULL));
    set_key(&config, "task", "who");
    assert_true(task_corpus(&training->arena, &config.task, &corpus, NULL));
    static const char settings[] = "task = who\nblock_size = 7\nn_layer = 1\n";
    Small *first = try_small_run(training, &corpus, settings, &error),
          *second = try_small_run(training, &corpus, settings, &error);
    if (!first || !second)
        fail_msg("%s", error.text);
    const Run run = run_folder(training, "task");
    take_steps(first, 20);
    assert_true(trainer_evaluate(&first->trainer, NULL));
    assert_true(trainer_save(&first->trainer, run.checkpoint, true, NULL));
    assert_true(trainer_resume(&second->trainer, run.checkpoint, NULL));
    assert_true(isnan(second->trainer.exact));
    assert_true(trainer_examine(&second->trainer, &loss, NULL));
    assert_true(loss == first->trainer.progress.val_loss);
    const Outcome of_first = outcome_of(&first->trainer), of_second = outcome_of(&second->trainer);
    ExamResult alone; /* sequences of `who` have one length */
    assert_true(exam_at(&first->trainer.exam, 6, EXAM_SEQUENCES, &alone, NULL));
    assert_true(alone.exact > 0);
    assert_true(of_first.exact == alone.exact);
    assert_true(of_second.exact == of_first.exact);
    assert_true(isnan(of_first.train_loss));
    assert_same_outcome(&of_second, &of_first);
    config_free(&config);
}

/* --- the file --- */

static bool read_bytes(Place *place, const char *bytes, Outcome *outcome)
{
    write_test_file(place->path, bytes, strlen(bytes));
    return outcome_read(&place->arena, place->path, outcome, &place->error);
}

static void the_file_is_a_header_and_a_row(void **state)
{
    Place *place = *state;
    const Outcome text = {2000, 1.75, 1.5, copysign(NAN, -1), 807808, 8192};
    const char expected[] = HEADER "2000,1.75,1.5,nan,807808,8192\n";
    assert_true(outcome_write(place->path, &text, &place->error));
    assert_file_is(place->path, expected, strlen(expected));
    assert_only_name(place, "result.csv");
}

static void a_row_made_by_hand_is_read_as_it_says(void **state)
{
    Place *place = *state;
    const Outcome task = {20, 0.0625, NAN, 0.96875, 200064, 0};
    Outcome found = {0};
    assert_true(read_bytes(place, HEADER "20,6.25e-2,nan,0.96875,200064,0\n", &found));
    assert_same_outcome(&found, &task);
}

static void what_is_written_is_read_back_to_the_same_floats(void **state)
{
    Place *place = *state;
    const Outcome outcomes[] = {
        {0, 0, 0, 0, 0, 0},
        {SIZE_MAX, 0.1F, 1.0F / 3, 2.0F / 3, SIZE_MAX, SIZE_MAX},
        {1, 4.16933870F, 1e-30F, 1, 3, 2},
        {7, INFINITY, -INFINITY, NAN, 1, 1},
    };
    for (size_t o = 0; o < COUNT_OF(outcomes); o++) {
        Outcome found = {0};
        assert_true(outcome_write(place->path, &outcomes[o], &place->error));
        assert_true(outcome_read(&place->arena, place->path, &found, &place->error));
        assert_same_outcome(&found, &outcomes[o]);
    }
}

static void what_is_not_one_such_row_is_refused(void **state)
{
    Place *place = *state;
    static const struct {
        const char *bytes, *says;
    } cases[] = {
        {"", "has 0 rows: expected one"},
        {HEADER, "has 0 rows: expected one"},
        {HEADER "2,1,1,nan,5,0", "has 0 rows: expected one"}, /* without its end */
        {HEADER "2,1,1,nan,5,0\n2,1,1,nan,5,0\n", "has 2 rows: expected one"},
        {HEADER "2,1,1,nan,5\n", ":2: "},
        {HEADER "2,1,1,nan,5,0,0\n", ":2: "},
        {HEADER "2.5,1,1,nan,5,0\n", ":2: step = 2.5: expected"},
        {HEADER "nan,1,1,nan,5,0\n", ":2: step = nan: expected"},
        {HEADER "2,,1,nan,5,0\n", ":2: val_loss = : expected"},
        {HEADER "2,1,x,nan,5,0\n", ":2: train_loss = x: expected"},
        {HEADER "2,1,1,many,5,0\n", ":2: exact = many: expected"},
        {HEADER "2,1,1,nan,-5,0\n", ":2: parameters = -5: expected"},
        {HEADER "2,1,1,nan,5,0.5\n", ":2: position_parameters = 0.5: expected"},
        {"step,val_loss\n2,1\n", ":1: expected the columns step,val_loss,train_loss,exact,"},
        {"2,1,1,nan,5,0\n", ":1: expected the columns"},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        Outcome found;
        if (read_bytes(place, cases[c].bytes, &found))
            fail_msg("accepted: %s", cases[c].bytes);
        assert_contains(place->error.text, place->path);
        assert_contains(place->error.text, cases[c].says);
    }
}

static void a_file_that_cannot_be_read_or_written_is_said(void **state)
{
    Place *place = *state;
    Outcome outcome = {0};
    assert_false(outcome_read(&place->arena, place->path, &outcome, &place->error));
    assert_contains(place->error.text, "result.csv");
    const char *deep = place_path(place, "no/result.csv");
    assert_false(outcome_write(deep, &outcome, &place->error));
    assert_contains(place->error.text, "no/result.csv: cannot be written");
}

#define IN_A_PLACE(test) place_test(test, "result.csv")

int main(void)
{
    const struct CMUnitTest tests[] = {
        training_test(the_outcome_of_a_text_has_its_losses_and_its_parameters),
        training_test(the_exact_share_of_a_task_is_found_again_after_a_checkpoint),
        IN_A_PLACE(the_file_is_a_header_and_a_row),
        IN_A_PLACE(a_row_made_by_hand_is_read_as_it_says),
        IN_A_PLACE(what_is_written_is_read_back_to_the_same_floats),
        IN_A_PLACE(what_is_not_one_such_row_is_refused),
        IN_A_PLACE(a_file_that_cannot_be_read_or_written_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
