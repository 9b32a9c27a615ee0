/* cmd_sample.c: posgpt sample RUN: text from a trained model, on stdout. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/sample_text.h"
#include "cli/saved.h"

typedef struct SampleSettings {
    const char *prompt;
    size_t sample_chars, top_k, seed;
    double temperature;
} SampleSettings;

#define AT(field) offsetof(SampleSettings, field)

/* clang-format off */
static const ConfigKey sample_keys[] = {
    {.name = "prompt", .type = KEY_TEXT, .offset = AT(prompt), .value = "",
     .help = "the text to continue; empty: a line break"},
    {.name = "sample_chars", .type = KEY_SIZE, .offset = AT(sample_chars), .value = "600",
     .min = 1, .max = 1e9, .help = "how many characters"},
    {.name = "temperature", .type = KEY_REAL, .offset = AT(temperature), .value = "0.8", .min = 0,
     .max = 100, .help = "0 always takes the likeliest character, 1 the model's odds"},
    {.name = "top_k", .type = KEY_SIZE, .offset = AT(top_k), .value = "0", .min = 0, .max = 1 << 20,
     .help = "sample among the k likeliest characters only; 0: among all"},
    {.name = "seed", .type = KEY_SIZE, .offset = AT(seed), .value = "1", .min = 0,
     .max = 9007199254740992.0, .help = "another seed, another text"},
};
/* clang-format on */

static KeyTable table_of(SampleSettings *values)
{
    return (KeyTable){"The sample", sample_keys, sizeof sample_keys / sizeof *sample_keys, values};
}

/* The prompt and what follows it, and how many of the words are known. */
static bool write_text(Arena *arena, const SavedModel *saved, const void *values, const Args *args,
                       Error *error)
{
    (void)arena, (void)args;
    const SampleSettings *settings = values;
    Terminal terminal = terminal_open(stderr);
    TextBuffer text = {0};
    SampleOptions options = {
        .temperature = settings->temperature,
        .top_k = settings->top_k,
        .past = sample_past_for(&saved->gpt),
        .key = random_for(random_seed(settings->seed), "sample"),
    };
    printf("%s", settings->prompt);
    bool ok = sample_text(&saved->gpt, &saved->vocab, settings->prompt, settings->sample_chars,
                          &options, stdout, &text, error);
    if (ok) {
        printf("\n");
        fflush(stdout);
        say_known_words(&terminal, saved->config.data, &text);
    }
    text_buffer_free(&text);
    return ok;
}

bool command_sample(Arena *arena, const Args *args, int *exit_code, Error *error)
{
    (void)exit_code;
    SampleSettings settings = {0};
    return with_saved_model(arena, args, table_of(&settings), write_text, error);
}

void command_sample_keys(void)
{
    SampleSettings settings = {0};
    saved_model_help(table_of(&settings));
}
