/* cmd_inspect.c: posgpt inspect POS|RUN: what a scheme does at its doors, as it starts or as a run
 * has trained it, and where the heads of a trained model look in a text. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "cli/command.h"
#include "cli/figure_files.h"
#include "cli/figure_text.h"
#include "cli/help.h"
#include "cli/saved.h"
#include "lab/inspect/attention.h"
#include "lab/inspect/inspect.h"
#include "train/run.h"

typedef struct InspectSettings {
    size_t length;
    const char *text, *layer, *head;
} InspectSettings;

enum { USUAL_LENGTH = 256, MOST_LENGTH = 512 };

#define AT(field) offsetof(InspectSettings, field)

/* clang-format off */
static const ConfigKey inspect_keys[] = {
    {.name = "length", .type = KEY_SIZE, .offset = AT(length), .value = "0", .max = MOST_LENGTH,
     .help = "positions to look at; 0: block_size, at most 256"},
    {.name = "text", .type = KEY_TEXT, .offset = AT(text), .value = "",
     .help = "of a RUN: shows where each head looks in this text"},
    {.name = "layer", .type = KEY_TEXT, .offset = AT(layer), .value = "",
     .help = "which layer's attention stands on the terminal, from 0 on; empty: the last"},
    {.name = "head", .type = KEY_TEXT, .offset = AT(head), .value = "",
     .help = "which head's, from 0 on; empty: the mean of all. Pictures show every one"},
};
/* clang-format on */

static KeyTable table_of(InspectSettings *values)
{
    return (KeyTable){"What is looked at", inspect_keys, sizeof inspect_keys / sizeof *inspect_keys,
                      values};
}

/* --- the answer --- */

/* What the figures are of, in a line. */
static const char *describe(Arena *arena, const Pos *pos)
{
    TextBuffer text = {0};
    text_append_format(&text, "%s", pos->scheme->title);
    if (pos->scheme->describe) {
        text_append_format(&text, ", ");
        pos->scheme->describe(pos, &text);
    }
    const char *line = text.failed ? NULL : arena_text(arena, text.bytes, text.length);
    text_buffer_free(&text);
    return line;
}

static bool print_figures(const Gallery *gallery, const Pos *pos, const char *line, Error *error)
{
    TextBuffer text = {0};
    Terminal terminal = terminal_open(stdout);
    text_append_format(&text, "%s: %s (%s)\n", pos->scheme->name, line, pos_doors(pos->scheme));
    if (!pos->scheme->at_embedding && !pos->scheme->at_query_key && !pos->scheme->at_scores)
        text_append_format(&text, "\nIt changes no vector and no score: there is nothing to see, "
                                  "which is the point.\n");
    for (size_t f = 0; f < gallery->count; f++)
        figure_append_text(&text, &terminal, &gallery->figures[f]);
    bool ok = text.failed ? fail(error, "out of memory: figures") : true;
    if (ok)
        fwrite(text.bytes, 1, text.length, stdout);
    fflush(stdout);
    text_buffer_free(&text);
    return ok;
}

/* Numbers or characters to stdout; with characters, files into the folder (NULL: none). */
static bool answer(const Gallery *gallery, const Pos *pos, const char *folder, const char *of,
                   const Args *args, Error *error)
{
    Terminal terminal = terminal_open(stderr);
    if (args_has(args, "csv"))
        return figure_print_csv(gallery, error);
    const char *line = describe(gallery->arena, pos);
    const char *subtitle = line ? text_format(gallery->arena, "%s%s", of, line) : NULL;
    if (!subtitle)
        return fail(error, "out of memory: a title");
    return print_figures(gallery, pos, line, error) &&
           (!folder || figure_files_write(gallery, folder, subtitle, &terminal, error));
}

static size_t length_of(const InspectSettings *settings, size_t block_size)
{
    if (settings->length > 0)
        return settings->length;
    return block_size < USUAL_LENGTH ? block_size : USUAL_LENGTH;
}

/* --- a scheme --- */

/* The operand chooses the scheme, the flags the rest of the model. */
static bool read_settings(const Args *args, Config *config, InspectSettings *settings, Error *error)
{
    if (!settings_add(&config->settings, table_of(settings), error) ||
        !args_read_config(args, config, error) ||
        !settings_set(&config->settings, "pos", args->operands[0], "POS", error))
        return false;
    if (args_value(args, "pos"))
        return fail_request(error, "--pos: the scheme is %s: expected no other", args->operands[0]);
    if (settings->text[0] != '\0' || settings->layer[0] != '\0' || settings->head[0] != '\0')
        return fail_request(error,
                            "--text, --layer, --head: a scheme alone reads no text: expected "
                            "a run");
    return true;
}

static bool show_scheme(Arena *arena, const Pos *pos, const Config *config,
                        const InspectSettings *settings, const Args *args, Error *error)
{
    Subject subject = {.pos = {pos}, .when = {"at the start"}, .count = 1};
    Gallery gallery = {.arena = arena};
    size_t length = length_of(settings, config->block_size);
    const char *folder = text_format(arena, "%s/inspect-%s", config->out_dir, pos->scheme->name);
    if (!folder)
        return fail(error, "out of memory: a folder's name");
    return positions_from_0(arena, length, &subject.positions, error) &&
           inspect(&gallery, &subject, error) && answer(&gallery, pos, folder, "", args, error);
}

static bool inspect_scheme(Arena *arena, const Args *args, Error *error)
{
    InspectSettings settings = {0};
    Config *config = arena_alloc(arena, 1, sizeof *config);
    if (!config)
        return fail(error, "out of memory");
    if (!config_init(config, error))
        return false;
    bool ok = read_settings(args, config, &settings, error);
    if (ok) {
        Pos pos;
        ParamList params;
        GptConfig shape = config_gpt(config, 1); /* no scheme asks for the vocabulary */
        ok = gpt_scheme_alone(&pos, &params, &shape, config_scheme(config),
                              config_scheme_options(config), random_seed(config->seed), error) &&
             show_scheme(arena, &pos, config, &settings, args, error);
        pos_free(&pos);
        param_list_free(&params);
    }
    config_free(config);
    return ok;
}

/* --- a run --- */

/* "3" as one of 0 ... count - 1; an empty text as `usual`. */
static bool read_number(const char *text, const char *flag, size_t count, size_t usual,
                        size_t *number, Error *error)
{
    *number = usual;
    return text[0] == '\0' || (text_to_size(text, number) && *number < count) ||
           fail_request(error, "%s = %s: expected a whole number from 0 to %zu", flag, text,
                        count - 1);
}

static bool add_attention(Gallery *gallery, const SavedModel *saved,
                          const InspectSettings *settings, Error *error)
{
    const GptConfig *shape = &saved->gpt.config;
    AttentionChoice choice;
    if (!read_number(settings->layer, "--layer", shape->n_layer, shape->n_layer - 1, &choice.layer,
                     error) ||
        !read_number(settings->head, "--head", shape->n_head, shape->n_head, &choice.head, error))
        return false;
    if (settings->text[0] != '\0')
        return inspect_attention(gallery, &saved->gpt, placement_of(&saved->config), &saved->vocab,
                                 settings->text, choice, error);
    return (settings->layer[0] == '\0' && settings->head[0] == '\0') ||
           fail_request(error, "--layer, --head: expected a --text to look at");
}

/* The folder of a run that was given by its folder or its name; NULL for a file. */
static bool find_folder(Arena *arena, const char *word, const char **folder, const char **of,
                        Error *error)
{
    Run run;
    *folder = NULL;
    *of = "";
    if (file_exists(word))
        return true;
    if (!run_folder_path(arena, word, folder, error) || !run_in_folder(arena, *folder, &run, error))
        return false;
    *folder = run.folder;
    *of = text_format(arena, "%s: ", run.name);
    return *of || fail(error, "out of memory: a title");
}

static bool show_saved(Arena *arena, const SavedModel *saved, Subject *subject,
                       const InspectSettings *settings, const Args *args, Error *error)
{
    Gallery gallery = {.arena = arena};
    const char *folder, *of;
    size_t length = length_of(settings, saved->config.block_size);
    return positions_from_0(arena, length, &subject->positions, error) &&
           find_folder(arena, args->operands[0], &folder, &of, error) &&
           inspect(&gallery, subject, error) && add_attention(&gallery, saved, settings, error) &&
           answer(&gallery, &saved->gpt.pos, folder, of, args, error);
}

/* Is there a start to be shown beside the trained scheme? A scheme that learns nothing stays what
 * it is, and how one began that took its weights from a file is not known. */
static bool has_start(const SavedModel *saved)
{
    return saved->gpt.pos_numbers > 0 && saved->config.init_from[0] == '\0';
}

static bool inspect_saved(Arena *arena, const SavedModel *saved, const void *values,
                          const Args *args, Error *error)
{
    Pos start = {0};
    ParamList params = {0};
    const Gpt *gpt = &saved->gpt;
    const char *now = text_format(arena, "after %zu steps", saved->progress.step);
    Subject subject = {.pos = {&gpt->pos}, .when = {now}, .count = 1};
    bool ok = now || fail(error, "out of memory: a title");
    if (ok && has_start(saved)) {
        subject = (Subject){.pos = {&start, &gpt->pos}, .when = {"at the start", now}, .count = 2};
        ok = gpt_scheme_alone(&start, &params, &gpt->config, gpt->pos.scheme, gpt->pos.options,
                              random_seed(saved->config.seed), error);
    }
    ok = ok && show_saved(arena, saved, &subject, values, args, error);
    pos_free(&start);
    param_list_free(&params);
    return ok;
}

/* --- which of the two --- */

static bool is_run(Arena *arena, const char *word)
{
    const char *folder;
    return file_exists(word) || run_folder_path(arena, word, &folder, NULL);
}

static bool fail_operand(const char *word, Error *error)
{
    TextBuffer expected = {0};
    text_append_choices(&expected, word, pos_names, pos_scheme_count);
    fail_request(error, "%s: neither a scheme nor a run: %s, or a run", word,
                 expected.failed ? "expected a scheme" : expected.bytes);
    text_buffer_free(&expected);
    return false;
}

bool command_inspect(Arena *arena, const Args *args, int *exit_code, Error *error)
{
    (void)exit_code;
    InspectSettings settings = {0};
    if (!args_expect(args, 1, 1, "one scheme or one run", error))
        return false;
    if (pos_find(args->operands[0]))
        return inspect_scheme(arena, args, error);
    if (!is_run(arena, args->operands[0]))
        return fail_operand(args->operands[0], error);
    return with_saved_model(arena, args, table_of(&settings), inspect_saved, error);
}

void command_inspect_keys(void)
{
    InspectSettings settings = {0};
    printf("\nA POS is the name of a scheme. It is shown as it is before training, in a model\n"
           "that flags of posgpt train describe. A RUN is shown as it was trained.\n");
    KeyTable table = table_of(&settings);
    help_table(&table);
    help_row("--csv", "", "all numbers as comma-separated values, in place of pictures");
    saved_model_help();
}
