/* card.c: where the values of the card come from. */
#include "cli/card.h"

#include <math.h>

#include "base/text.h"
#include "math/parallel.h"

static void say_corpus(Terminal *terminal, const Corpus *corpus)
{
    char all[TEXT_NUMBER_SIZE], train[TEXT_NUMBER_SIZE], validation[TEXT_NUMBER_SIZE];
    char different[TEXT_NUMBER_SIZE];
    CARD_LINE(terminal, "corpus", "%s: %s %ss, %s different ones", corpus->path,
              text_thousands(all, corpus->all.count), vocab_unit(&corpus->vocab),
              text_thousands(different, corpus->vocab.size));
    CARD_LINE(terminal, "", "the first %s to train on, the last %s to validate with",
              text_thousands(train, corpus->train.count),
              text_thousands(validation, corpus->validation.count));
    if (corpus->had_crlf)
        CARD_LINE(terminal, "", "line ends %s are read as LF", "CRLF");
    TextBuffer unseen = {0};
    corpus_say_unseen(corpus, &unseen);
    if (unseen.length > 0)
        CARD_LINE(terminal, "", "%s", unseen.bytes);
    text_buffer_free(&unseen);
}

static void say_task(Terminal *terminal, const TaskOptions *options)
{
    TaskLengths lengths = task_lengths(options);
    CARD_LINE(terminal, "task", "%s: %s", task_of(options)->name, task_of(options)->title);
    CARD_LINE(terminal, "solved by", "%s", task_of(options)->solved_by);
    if (lengths.min < lengths.test)
        CARD_LINE(terminal, "", "trained on %zu to %zu symbols, examined on up to %zu", lengths.min,
                  lengths.max, lengths.test);
}

static void say_scheme(Terminal *terminal, const Gpt *gpt)
{
    const Pos *pos = &gpt->pos;
    const PosScheme *scheme = pos->scheme;
    char parameters[TEXT_NUMBER_SIZE];
    CARD_LINE(terminal, "positions", "%s: %s", scheme->name, scheme->title);
    CARD_LINE(terminal, "", "%s, %s parameters of its own", pos_doors(scheme),
              text_thousands(parameters, gpt->pos_numbers));
    if (!scheme->describe)
        return;
    TextBuffer details = {0};
    scheme->describe(pos, &details);
    CARD_LINE(terminal, "", "%s", details.failed ? "?" : details.bytes);
    text_buffer_free(&details);
}

static void say_model(Terminal *terminal, const Gpt *gpt)
{
    char parameters[TEXT_NUMBER_SIZE];
    const GptConfig *config = &gpt->config;
    CARD_LINE(terminal, "model", "%zu layer%s, %zu head%s, %zu channels, block %zu: %s parameters",
              config->n_layer, config->n_layer == 1 ? "" : "s", config->n_head,
              config->n_head == 1 ? "" : "s", config->n_embd, config->block_size,
              text_thousands(parameters, gpt->params.n_numbers));
}

static void say_training(Terminal *terminal, const Trainer *trainer)
{
    const Config *config = trainer->config;
    size_t rows = config->batch_size * config->gradient_accumulation_steps;
    if (task_of(&config->task))
        CARD_LINE(terminal, "training", "%zu steps of %zu sequences, learning rate %g to %g",
                  config->max_iters, rows, config->learning_rate, config->min_lr);
    else
        CARD_LINE(terminal, "training", "%zu steps of %zu x %zu %ss, learning rate %g to %g",
                  config->max_iters, rows, config->block_size, vocab_unit(&trainer->corpus->vocab),
                  config->learning_rate, config->min_lr);
}

void card_before(Terminal *terminal, const Run *run, const Trainer *trainer)
{
    const Config *config = trainer->config;
    const MemoryNeed *memory = &trainer->memory;
    char total[TEXT_NUMBER_SIZE], step[TEXT_NUMBER_SIZE];
    CARD_LINE(terminal, "run", "%s", run->folder);
    if (task_of(&config->task))
        say_task(terminal, &config->task);
    else
        say_corpus(terminal, trainer->corpus);
    say_model(terminal, &trainer->gpt);
    say_scheme(terminal, &trainer->gpt);
    say_training(terminal, trainer);
    CARD_LINE(terminal, "memory", "%s, of which %s for the activations of a step",
              text_bytes(total, memory->parameters + memory->step + memory->evaluation),
              text_bytes(step, memory->step));
    CARD_LINE(terminal, "threads", "%zu%s", parallel_threads(),
              parallel_available() ? "" : " (compiled without OpenMP)");
    terminal_line(terminal, "");
}

void card_after(Terminal *terminal, const Trainer *trainer, Yardsticks yardsticks)
{
    const Progress *progress = &trainer->progress;
    size_t block_size = trainer->config->block_size;
    const char *unit = vocab_unit(&trainer->corpus->vocab);
    const double bits = 1 / log(2);
    if (task_of(&trainer->config->task)) {
        CARD_LINE(terminal, "validation", "%.4f nats per answer, %.1f %% of sequences all right",
                  progress->val_loss, 100 * trainer->exact);
        return;
    }
    CARD_LINE(terminal, "validation", "%.4f nats = %.4f bits per %s, all %zu windows of %zu",
              progress->val_loss, progress->val_loss * bits, unit,
              window_count(trainer->corpus->validation, block_size), block_size);
    if (!isnan(progress->train_loss))
        CARD_LINE(terminal, "training",
                  "%.4f nats on as much of the training text, without dropout",
                  progress->train_loss);
    if (progress->best_loss < progress->val_loss)
        CARD_LINE(terminal, "best", "%.4f nats at step %zu", progress->best_loss,
                  progress->best_step);
    if (isnan(yardsticks.unigram) || isnan(yardsticks.bigram))
        return;
    CARD_LINE(terminal, "to compare", "%.4f nats: a reader who knows how often each %s occurs",
              yardsticks.unigram, unit);
    CARD_LINE(terminal, "", "%.4f nats: one who also sees the %s before", yardsticks.bigram, unit);
    if (isnan(yardsticks.floor))
        return;
    CARD_LINE(terminal, "the floor", "%.4f nats: one who knows the grammar and sees the window",
              yardsticks.floor);
    CARD_LINE(terminal, "the gap", "%.4f nats between the model and that",
              progress->val_loss - yardsticks.floor);
}
