/* card.c: where the values of the card come from. */
#include "cli/card.h"

#include <math.h>

#include "base/text.h"
#include "math/parallel.h"

static void say_corpus(Terminal *terminal, const Corpus *corpus)
{
    char all[TEXT_NUMBER_SIZE], train[TEXT_NUMBER_SIZE], validation[TEXT_NUMBER_SIZE];
    CARD_LINE(terminal, "corpus", "%s: %s characters, %zu different ones", corpus->path,
              text_thousands(all, corpus->all.count), corpus->vocab.size);
    CARD_LINE(terminal, "", "the first %s to train on, the last %s to validate with",
              text_thousands(train, corpus->train.count),
              text_thousands(validation, corpus->validation.count));
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

void card_before(Terminal *terminal, const Run *run, const Trainer *trainer)
{
    const Config *config = trainer->config;
    const MemoryNeed *memory = &trainer->memory;
    char total[TEXT_NUMBER_SIZE], step[TEXT_NUMBER_SIZE];
    CARD_LINE(terminal, "run", "%s", run->folder);
    say_corpus(terminal, trainer->corpus);
    say_model(terminal, &trainer->gpt);
    say_scheme(terminal, &trainer->gpt);
    CARD_LINE(terminal, "training", "%zu steps of %zu x %zu characters, learning rate %g to %g",
              config->max_iters, config->batch_size * config->gradient_accumulation_steps,
              config->block_size, config->learning_rate, config->min_lr);
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
    const double bits = 1 / log(2);
    CARD_LINE(terminal, "validation", "%.4f nats = %.4f bits per character, all %zu windows of %zu",
              progress->val_loss, progress->val_loss * bits,
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
    CARD_LINE(terminal, "to compare",
              "%.4f nats: a reader who knows how often each character occurs", yardsticks.unigram);
    CARD_LINE(terminal, "", "%.4f nats: one who also sees the character before", yardsticks.bigram);
}
