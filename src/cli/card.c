/* card.c: a label, a value; a label, a value. */
#include "cli/card.h"

#include <math.h>

#include "base/text.h"
#include "math/parallel.h"

enum { LABEL_COLUMN = 12 };

/* One line of the card; an empty label goes on with the one before. */
static void say(Terminal *terminal, const char *label, TextBuffer *value)
{
    TextBuffer line = {0};
    text_append_format(&line, "  %-*s %s", LABEL_COLUMN, label, value->failed ? "?" : value->bytes);
    if (!line.failed)
        terminal_line(terminal, line.bytes);
    text_buffer_free(&line);
    text_buffer_free(value);
}

#define SAY(terminal, label, ...)                                                                  \
    do {                                                                                           \
        TextBuffer say_value = {0};                                                                \
        text_append_format(&say_value, __VA_ARGS__);                                               \
        say(terminal, label, &say_value);                                                          \
    } while (0)

static void say_corpus(Terminal *terminal, const Corpus *corpus)
{
    char all[32], train[32], validation[32];
    SAY(terminal, "corpus", "%s: %s characters, %zu different ones", corpus->path,
        text_thousands(all, corpus->all.count), corpus->vocab.size);
    SAY(terminal, "", "the first %s to train on, the last %s to validate with",
        text_thousands(train, corpus->train.count),
        text_thousands(validation, corpus->validation.count));
}

static void say_scheme(Terminal *terminal, const Gpt *gpt)
{
    const Pos *pos = &gpt->pos;
    const PosScheme *scheme = pos->scheme;
    char parameters[32];
    SAY(terminal, "positions", "%s: %s", scheme->name, scheme->title);
    TextBuffer details = {0};
    SAY(terminal, "", "%s, %s parameters of its own", pos_doors(scheme),
        text_thousands(parameters, gpt->pos_numbers));
    if (!scheme->describe)
        return;
    scheme->describe(pos, &details);
    say(terminal, "", &details);
}

static void say_model(Terminal *terminal, const Gpt *gpt)
{
    char parameters[32];
    const GptConfig *config = &gpt->config;
    SAY(terminal, "model", "%zu layer%s, %zu head%s, %zu channels, block %zu: %s parameters",
        config->n_layer, config->n_layer == 1 ? "" : "s", config->n_head,
        config->n_head == 1 ? "" : "s", config->n_embd, config->block_size,
        text_thousands(parameters, gpt->params.n_numbers));
}

void card_before(Terminal *terminal, const Run *run, const Trainer *trainer)
{
    const Config *config = trainer->config;
    const MemoryNeed *memory = &trainer->memory;
    char total[32], step[32];
    SAY(terminal, "run", "%s", run->folder);
    say_corpus(terminal, trainer->corpus);
    say_model(terminal, &trainer->gpt);
    say_scheme(terminal, &trainer->gpt);
    SAY(terminal, "training", "%zu steps of %zu x %zu characters, learning rate %g to %g",
        config->max_iters, config->batch_size * config->gradient_accumulation_steps,
        config->block_size, config->learning_rate, config->min_lr);
    SAY(terminal, "memory", "%s, of which %s for the activations of a step",
        text_bytes(total, memory->parameters + memory->step + memory->evaluation),
        text_bytes(step, memory->step));
    SAY(terminal, "threads", "%zu%s", parallel_threads(),
        parallel_available() ? "" : " (compiled without OpenMP)");
    terminal_line(terminal, "");
}

void card_after(Terminal *terminal, const Progress *progress, const Corpus *corpus,
                size_t block_size)
{
    double unigram, bigram;
    const double bits = 1 / log(2);
    SAY(terminal, "validation", "%.4f nats = %.4f bits per character, all %zu windows of %zu",
        progress->val_loss, progress->val_loss * bits, window_count(corpus->validation, block_size),
        block_size);
    if (!isnan(progress->train_loss))
        SAY(terminal, "training", "%.4f nats on as much of the training text, without dropout",
            progress->train_loss);
    if (progress->best_loss < progress->val_loss)
        SAY(terminal, "best", "%.4f nats at step %zu", progress->best_loss, progress->best_step);
    if (entropy_unigram(corpus->all, corpus->vocab.size, &unigram, NULL) &&
        entropy_bigram(corpus->all, corpus->vocab.size, &bigram, NULL)) {
        SAY(terminal, "to compare", "%.4f nats: a reader who knows how often each character occurs",
            unigram);
        SAY(terminal, "", "%.4f nats: one who also sees the character before", bigram);
    }
}
