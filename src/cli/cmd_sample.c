/* cmd_sample.c: posgpt sample RUN: text from a trained model, on stdout. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/help.h"
#include "cli/sample_text.h"
#include "cli/saved.h"

typedef struct SampleSettings {
    const char *prompt;
    size_t length, n, top_k, seed, window;
    double temperature, top_p;
    int past; /* SamplePast */
} SampleSettings;

static const char *const past_names[] = {"slide", "crop", "stop", NULL};

#define AT(field) offsetof(SampleSettings, field)

/* clang-format off */
static const ConfigKey sample_keys[] = {
    {.name = "prompt", .type = KEY_TEXT, .offset = AT(prompt), .value = "",
     .help = "the text to continue; empty: a line break"},
    {.name = "length", .type = KEY_SIZE, .offset = AT(length), .value = "600",
     .min = 1, .max = 1e9, .help = "how many characters"},
    {.name = "n", .type = KEY_SIZE, .offset = AT(n), .value = "1", .min = 1, .max = 1e6,
     .help = "how many texts; the second is that of seed + 1, and so on"},
    {.name = "temperature", .type = KEY_REAL, .offset = AT(temperature), .value = "0.8", .min = 0,
     .max = 100, .help = "0 always takes the likeliest character, 1 the model's odds"},
    {.name = "top_k", .type = KEY_SIZE, .offset = AT(top_k), .value = "0", .min = 0, .max = 1 << 20,
     .help = "draw from the k likeliest characters only; 0: from all"},
    {.name = "top_p", .type = KEY_REAL, .offset = AT(top_p), .value = "1", .min = 1e-6, .max = 1,
     .help = "draw from the likeliest that together have this share of the odds; 1: from all"},
    {.name = "seed", .type = KEY_SIZE, .offset = AT(seed), .value = "1", .min = 0,
     .max = LARGEST_SEED, .help = "another seed, another text"},
    {.name = "window", .type = KEY_SIZE, .offset = AT(window), .value = "0", .max = 1 << 20,
     .help = "how far back the model looks; 0: block_size, as in training"},
    {.name = "past", .type = KEY_CHOICE, .offset = AT(past), .value = "slide",
     .choices = past_names, .help = "the window's end: slide on; crop the text to it, and encode "
                                    "that anew (slow, as in training); or stop"},
};
/* clang-format on */

static KeyTable table_of(SampleSettings *values)
{
    return (KeyTable){"The sample", sample_keys, sizeof sample_keys / sizeof *sample_keys, values};
}

static bool write_text(const SavedModel *saved, const SampleSettings *settings, size_t number,
                       TextBuffer *text, Error *error)
{
    SampleOptions options = {
        .temperature = settings->temperature,
        .top_k = settings->top_k,
        .top_p = settings->top_p,
        .window = settings->window,
        .past = (SamplePast)settings->past,
        .placement = placement_of(&saved->config),
        .key = random_for(random_seed(settings->seed + number), "sample"),
    };
    return sample_text(&saved->gpt, &saved->vocab, settings->prompt, settings->length, &options,
                       stdout, text, error);
}

/* Was the model trained on a text whose words tell something? Of a task there is no text, and a
 * grammar has few words. */
static bool has_words(Arena *arena, const Config *config)
{
    return !task_of(&config->task) && !corpus_grammar(arena, config->data);
}

/* The prompt and what follows it, n times, and how many of the words are known. */
static bool write_texts(Arena *arena, const SavedModel *saved, const void *values, const Args *args,
                        Error *error)
{
    (void)args;
    const SampleSettings *settings = values;
    Terminal terminal = terminal_open(stderr);
    TextBuffer text = {0};
    bool ok = true;
    for (size_t number = 0; ok && number < settings->n; number++) {
        if (number > 0)
            printf("---\n");
        ok = write_text(saved, settings, number, &text, error);
        if (ok)
            printf("\n");
        text_append(&text, " ", 1); /* no word reaches from one text into the next */
    }
    fflush(stdout);
    if (ok && has_words(arena, &saved->config))
        say_known_words(&terminal, saved->config.data, &text);
    text_buffer_free(&text);
    return ok;
}

bool command_sample(Arena *arena, const Args *args, int *exit_code, Error *error)
{
    (void)exit_code;
    SampleSettings settings = {0};
    return with_saved_model(arena, args, table_of(&settings), write_texts, error);
}

void command_sample_keys(void)
{
    SampleSettings settings = {0};
    KeyTable table = table_of(&settings);
    help_table(&table);
    saved_model_help();
}
