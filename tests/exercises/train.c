/* train.c: a small model trained for some steps: train SCHEME STEPS
 *
 * Prints the loss of the first ten batches and of those up to each quarter of the way, in nats per
 * character, to the last digit. Linked with a student's file in front of the library, and without
 * it, it shows what the difference comes to.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "train/trainer.h"

static const char settings[] = "n_layer = 2\nn_head = 2\nn_embd = 32\nblock_size = 32\n"
                               "batch_size = 8\nwarmup_iters = 10\nlearning_rate = 0.01\n"
                               "data = data/fables.txt\n";

static bool configure(Config *config, const char *scheme, const char *steps, Error *error)
{
    return config_init(config, error) &&
           settings_parse(&config->settings, "train", settings, strlen(settings), error) &&
           settings_set(&config->settings, "pos", scheme, "train", error) &&
           settings_set(&config->settings, "max_iters", steps, "train", error) &&
           config_check(config, error);
}

enum { FIRST = 10, PARTS = 4 };

static bool train(Trainer *trainer, size_t steps, Error *error)
{
    for (size_t step = 1; step <= steps; step++) {
        if (!trainer_step(trainer, error))
            return false;
        if (step != FIRST && step * PARTS / steps == (step - 1) * PARTS / steps)
            continue;
        Progress *progress = &trainer->progress;
        printf("%zu %.9g\n", step, progress->loss_sum / (double)progress->loss_count);
        progress->loss_sum = 0;
        progress->loss_count = 0;
    }
    return true;
}

int main(int argc, char *argv[])
{
    static Config config;
    static Trainer trainer;
    Arena arena = {0};
    Corpus corpus;
    Error error = {0};
    size_t steps = 0;
    if (argc != 3 || !text_to_size(argv[2], &steps) ||
        !configure(&config, argv[1], argv[2], &error) ||
        !corpus_load(&arena, config.data, VOCAB_CHARACTERS, &corpus, &error) ||
        !trainer_init(&trainer, &config, &corpus, &error) || !train(&trainer, steps, &error)) {
        fprintf(stderr, "train: %s\n", argc == 3 ? error.text : "expected SCHEME STEPS");
        return 1;
    }
    trainer_free(&trainer);
    config_free(&config);
    arena_free(&arena);
    return 0;
}
