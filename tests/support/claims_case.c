/* claims_case.c: small files, and answers without a question. */
#include "support/claims_case.h"

#include <math.h>
#include <string.h>

#include "base/file.h"
#include "pos/pos.h"

/* --- the book --- */

static const char *write_text(Place *place, const char *name, const char *line)
{
    TextBuffer text = {0};
    const char *path = place_path(place, name);
    for (size_t n = 0; n < 100; n++)
        text_append_format(&text, "%s %zu\n", line, n);
    assert_false(text.failed);
    write_test_file(path, text.bytes, text.length);
    text_buffer_free(&text);
    return path;
}

ClaimsCase *claims_case(Place *place, const Claim *const *claims_of_it, size_t n_claims)
{
    static const char config[] = "n_layer = 1\nn_head = 1\nn_embd = 8\nblock_size = 8\n"
                                 "max_iters = 20\nlearning_rate = 0.003\nmin_lr = 0.0001\n";
    ClaimsCase *c = arena_alloc(&place->arena, 1, sizeof *c);
    assert_non_null(c);
    *c = (ClaimsCase){.place = place};
    c->plan = (BookPlan){.claims = claims_of_it,
                         .n_claims = n_claims,
                         .scale = {.first_seed = 7,
                                   .n_seeds = 2,
                                   .config = place_path(place, "small.ini"),
                                   .data = write_text(place, "one.txt", "the fox and the crow"),
                                   .learning_rate = "",
                                   .out_dir = place_path(place, "runs")},
                         .other_text = write_text(place, "two.txt", "a lion met a mouse")};
    write_test_file(c->plan.scale.config, config, strlen(config));
    return c;
}

void lay_out_book(ClaimsCase *c)
{
    if (!book_init(&c->book, &c->place->arena, &c->plan, &c->place->error))
        fail_msg("%s", c->place->error.text);
}

void close_book(ClaimsCase *c)
{
    book_free(&c->book);
}

/* --- runs --- */

static void write_file(const char *path, TextBuffer *text)
{
    assert_false(text->failed);
    write_test_file(path, text->bytes, text->length);
    text_buffer_free(text);
}

static void write_contexts(const Trial *trial, double loss)
{
    size_t length = trial->config.block_size;
    TextBuffer contexts = {0}, positions = {0};
    text_append_format(&contexts, "context,training,windows,characters,loss_nats,loss_bits,"
                                  "same_characters,same_nats,same_bits,refused\n");
    text_append_format(&contexts, "%zu,%zu,10,%zu,%.9g,%.9g,10,%.9g,%.9g,\n", length, length,
                       10 * length, loss, loss / log(2), loss, loss / log(2));
    text_append_format(&positions, "context,position,characters,loss_nats\n");
    for (size_t p = 0; p < length; p++)
        text_append_format(&positions, "%zu,%zu,10,%.9g\n", length, p, loss);
    write_file(trial->run.contexts, &contexts);
    write_file(trial->run.context_positions, &positions);
}

static void write_exam(const Trial *trial, double loss)
{
    TextBuffer exam = {0};
    text_append_format(
        &exam, "length,tokens,trained,sequences,loss,exact_match\n5,6,yes,512,%.9g,0.5\n", loss);
    write_file(trial->run.exam, &exam);
}

void finish_run(const Trial *trial, double loss)
{
    TextBuffer metrics = {0}, result = {0};
    bool task = task_of(&trial->config.task) != NULL;
    assert_true(folder_make(trial->run.folder, NULL));
    text_append_format(&metrics,
                       "step,train_loss,val_loss,learning_rate,grad_norm,chars_per_second,"
                       "elapsed_s\n0,nan,4.1,nan,nan,nan,0.1\n%zu,%.9g,%.9g,0.001,1,1000,1\n",
                       trial->config.max_iters, loss, loss);
    text_append_format(&result,
                       "step,val_loss,train_loss,exact,parameters,position_parameters\n"
                       "%zu,%.9g,%s,%s,1000,0\n",
                       trial->config.max_iters, loss, task ? "nan" : "1", task ? "0.5" : "nan");
    write_file(trial->run.metrics, &metrics);
    if (task)
        write_exam(trial, loss);
    else
        write_contexts(trial, loss);
    write_file(trial->run.result, &result);
}

void finish_runs(const Experiment *experiment, double (*loss)(const Trial *trial))
{
    for (size_t t = 0; t < experiment->n_arms * experiment->n_seeds; t++)
        finish_run(experiment->trials[t], loss(experiment->trials[t]));
}

/* --- claims --- */

static bool examine_numbers(const ClaimDesk *desk, Answer *answer, Error *error)
{
    (void)desk;
    (void)error;
    answer->verdict = HOLDS;
    answer->deciding = "largest difference: 0";
    answer->text = "Equal to the last bit.";
    return true;
}

/* The first arm of whichever experiment is there. */
static bool examine_loss(const ClaimDesk *desk, Answer *answer, Error *error)
{
    const Findings *findings =
        desk->findings[ON_TEXT] ? desk->findings[ON_TEXT] : desk->findings[ON_WHO];
    double loss = findings->arms[0].val_loss.over_seeds.mean;
    answer->verdict = loss < 2 ? HOLDS : DOES_NOT_HOLD;
    answer->deciding = text_format(desk->arena, "%.3f nats", loss);
    answer->text = text_format(desk->arena, "On %s.", findings->experiment->corpus.name);
    return (answer->deciding && answer->text) || fail(error, "out of memory");
}

static const ExperimentId nothing[] = {NO_EXPERIMENT}, text[] = {ON_TEXT, NO_EXPERIMENT},
                          task[] = {ON_WHO, NO_EXPERIMENT},
                          both[] = {ON_WHO, ON_TEXT, NO_EXPERIMENT};

#define WORDS                                                                                      \
    .question = "What will come out?", .varied = "this", .held = "that",                           \
    .criterion = "Holds if the loss is below 2."

const Claim claim_of_numbers = {.name = "numbers",
                                .says = "Two and two are four.",
                                WORDS,
                                .draws_on = nothing,
                                .examine = examine_numbers};
const Claim claim_on_text = {.name = "on-text",
                             .says = "A text is learned.",
                             WORDS,
                             .discuss = {"Why?", "What else?"},
                             .draws_on = text,
                             .examine = examine_loss};
const Claim claim_on_task = {.name = "on-task",
                             .says = "A task is learned.",
                             WORDS,
                             .draws_on = task,
                             .examine = examine_loss};
const Claim claim_on_both = {.name = "on-both",
                             .says = "Both are learned.",
                             WORDS,
                             .draws_on = both,
                             .examine = examine_loss};

/* --- answers --- */

static const char *const header[] = {"context", "loss"};
static const char *const cells[] = {"16", "1.50", "32", "1.25"};

Answer answer_with_curves(void)
{
    static const double x[] = {16, 32, 64}, y[] = {1.5, 1.25, 3}, low[] = {1.4, 1.2, 2.5},
                        high[] = {1.6, 1.3, 3.5}, flat[] = {1.75, 1.5, NAN};
    static AnswerSeries series[2];
    series[0] = (AnswerSeries){"sinusoidal, \"plain\"", pos_schemes[2], x, y, low, high, 3};
    series[1] = (AnswerSeries){"chance & co", NULL, x, flat, NULL, NULL, 3};
    return (Answer){.verdict = HOLDS_UNDER_A_CONDITION,
                    .condition = "up to the length of training",
                    .deciding = "loss at 64 less that at 32: +1.750 nats",
                    .text = "It rises.",
                    .table = {header, cells, 2, 2},
                    .figure = {.title = "Loss by context",
                               .x_name = "context",
                               .y_name = "loss (nats)",
                               .x_is_log = true,
                               .trained_up_to = 32,
                               .series = series,
                               .n_series = 2}};
}

Answer answer_with_bars(void)
{
    static const double x[] = {0, 1}, y[] = {0.5, -0.25}, low[] = {0.25, -0.5}, high[] = {0.75, 0};
    static const char *const words[] = {"one layer, causal", "two"};
    static AnswerSeries series[2];
    series[0] = (AnswerSeries){"none", pos_schemes[0], x, y, low, high, 2};
    series[1] = (AnswerSeries){"learned", pos_schemes[1], x, y, low, high, 2};
    return (Answer){.verdict = DOES_NOT_HOLD,
                    .condition = "",
                    .deciding = "0.500 against 0.250",
                    .text = "They differ.",
                    .figure = {.title = "Share of right answers",
                               .x_name = "model",
                               .y_name = "share",
                               .x_words = words,
                               .n_x_words = 2,
                               .series = series,
                               .n_series = 2}};
}
