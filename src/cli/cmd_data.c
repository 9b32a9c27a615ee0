/* cmd_data.c: posgpt data: makes texts in a language whose grammar is known, and says how
 * predictable a text is. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "base/utf8.h"
#include "cli/command.h"
#include "cli/help.h"
#include "data/entropy.h"
#include "data/floors.h"
#include "data/sentence.h"

#define CORPORA_FOLDER "build/corpora"

/* --- generate --- */

typedef struct GenerateSettings {
    const char *grammar, *out;
    size_t chars, seed;
} GenerateSettings;

#define AT(field) offsetof(GenerateSettings, field)

/* clang-format off */
static const ConfigKey generate_keys[] = {
    {.name = "grammar", .type = KEY_TEXT, .offset = AT(grammar), .value = "",
     .help = "the file of the grammar, such as data/escape.grammar"},
    {.name = "chars", .type = KEY_SIZE, .offset = AT(chars), .value = "400000", .min = 1,
     .max = 1e9, .help = "at least how many characters; the last sentence is whole"},
    {.name = "seed", .type = KEY_SIZE, .offset = AT(seed), .value = "1", .min = 0,
     .max = LARGEST_SEED, .help = "another seed, another text"},
    {.name = "out", .type = KEY_TEXT, .offset = AT(out), .value = "",
     .help = "the file to write; empty: " CORPORA_FOLDER "/NAME.txt, by the grammar's name"},
};
/* clang-format on */

#undef AT

static KeyTable generate_table(GenerateSettings *values)
{
    return (KeyTable){"posgpt data generate", generate_keys,
                      sizeof generate_keys / sizeof *generate_keys, values};
}

/* NULL when memory runs out. */
static const char *path_of_text(Arena *arena, const GenerateSettings *settings)
{
    if (settings->out[0] != '\0')
        return settings->out;
    const char *stem = path_stem(arena, settings->grammar);
    return stem != NULL ? text_format(arena, CORPORA_FOLDER "/%s.txt", stem) : NULL;
}

static bool write_text(const char *path, const TextBuffer *text, Error *error)
{
    if (text->failed)
        return fail(error, "%s: out of memory: text of %zu bytes", path, text->length);
    return file_write(path, text->bytes, text->length, error);
}

/* Copies the grammar beside its text, so that a run on the text knows it (corpus.h). */
static bool keep_grammar(Arena *arena, const char *grammar, const char *text_path, Error *error)
{
    const char *copy = corpus_grammar_path(arena, text_path);
    FileBytes file;
    if (copy == NULL)
        return fail(error, "out of memory");
    return strcmp(copy, grammar) == 0 || (file_read_named(arena, grammar, SIZE_MAX, &file, error) &&
                                          file_write(copy, file.bytes, file.length, error));
}

static bool generate(Arena *arena, const GenerateSettings *settings, const Args *args, Error *error)
{
    Grammar grammar;
    Automaton automaton;
    char characters[TEXT_NUMBER_SIZE];
    if (args_has(args, "csv") || args_has(args, "by_position"))
        return fail_request(error, "--csv, --by-position: expected with `describe` only");
    if (settings->grammar[0] == '\0')
        return fail_request(error, "--grammar: expected the file of a grammar");
    const char *path = path_of_text(arena, settings);
    if (path == NULL)
        return fail(error, "out of memory");
    if (corpus_is_grammar(path))
        return fail_request(error, "--out = %s: expected the name of a text, not of a grammar",
                            path);
    if (!grammar_load(arena, settings->grammar, &grammar, error) ||
        !automaton_compile(arena, &grammar, MAX_STATES, &automaton, error) ||
        (settings->out[0] == '\0' && !folder_make(CORPORA_FOLDER, error)))
        return false;
    if (!keep_grammar(arena, settings->grammar, path, error))
        return false;
    TextBuffer text = {0};
    size_t count = sentences_append(&grammar, settings->seed, settings->chars, &text);
    bool ok = write_text(path, &text, error);
    text_buffer_free(&text);
    if (ok)
        fprintf(stderr, "%s: %s characters in sentences of %.1f on average\n", path,
                text_thousands(characters, count), automaton.mean_length);
    return ok;
}

/* --- describe --- */

typedef struct DescribeSettings {
    const char *grammar;
    size_t block_size;
} DescribeSettings;

#define AT(field) offsetof(DescribeSettings, field)

/* clang-format off */
static const ConfigKey describe_keys[] = {
    {.name = "grammar", .type = KEY_TEXT, .offset = AT(grammar), .value = "",
     .help = "the grammar of the text: adds how low the loss on its validation part can be"},
    {.name = "block_size", .type = KEY_SIZE, .offset = AT(block_size), .value = "64", .min = 1,
     .max = 1 << 20, .help = "characters in a window of that part"},
};
/* clang-format on */

#undef AT

static KeyTable describe_table(DescribeSettings *values)
{
    return (KeyTable){"posgpt data describe FILE", describe_keys,
                      sizeof describe_keys / sizeof *describe_keys, values};
}

typedef struct Description {
    const Corpus *corpus;
    double unigram, bigram, trigram;
    bool has_floors;
    Floors floors;
    double mean_length, n_sentences;
    size_t block_size;
} Description;

static bool describe_text(Description *description, Error *error)
{
    Tokens all = description->corpus->all;
    size_t V = description->corpus->vocab.size;
    return entropy_unigram(all, V, &description->unigram, error) &&
           entropy_bigram(all, V, &description->bigram, error) &&
           entropy_trigram(all, V, &description->trigram, error);
}

static bool find_floors(Arena *arena, const char *path, Description *description, Error *error)
{
    Grammar grammar;
    Automaton automaton;
    const Corpus *corpus = description->corpus;
    if (!corpus_check_block_size(corpus, description->block_size, error) ||
        !grammar_load(arena, path, &grammar, error) ||
        !automaton_compile(arena, &grammar, MAX_STATES, &automaton, error) ||
        !floors_compute(arena, &automaton, corpus, corpus->validation, description->block_size,
                        &description->floors, error))
        return false;
    description->has_floors = true;
    description->mean_length = automaton.mean_length;
    description->n_sentences = automaton.n_sentences;
    return true;
}

/* The vocabulary on one line: a space and what cannot be seen by their names. */
static void print_alphabet(const Vocab *vocab)
{
    printf("alphabet   ");
    for (size_t v = 0; v < vocab->size; v++) {
        char bytes[UTF8_MAX_BYTES];
        uint32_t character = vocab->characters[v];
        if (character == '\n')
            printf("\\n ");
        else if (character == ' ')
            printf("(space) ");
        else if (utf8_is_control(character))
            printf("U+%04X ", (unsigned)character);
        else
            printf("%.*s", (int)utf8_encode(character, bytes), bytes);
    }
    printf("\n");
}

static void print_unseen(const Corpus *corpus)
{
    TextBuffer unseen = {0};
    corpus_say_unseen(corpus, &unseen);
    if (unseen.length > 0 || unseen.failed)
        printf("unseen     %s\n", unseen.failed ? "(out of memory)" : unseen.bytes);
    text_buffer_free(&unseen);
}

static void print_loss(const char *reader, double nats)
{
    printf("  %-56s %.4f\n", reader, nats);
}

static void print_floors(const Description *d)
{
    char questions[TEXT_NUMBER_SIZE], windows[TEXT_NUMBER_SIZE];
    printf("\nknows the grammar: %.10g sentences, of %.1f characters on average\n"
           "(on %s characters of the validation part, in %s windows of %zu)\n",
           d->n_sentences, d->mean_length, text_thousands(questions, d->floors.questions),
           text_thousands(windows, d->floors.windows), d->block_size);
    print_loss("past: has read everything before", d->floors.past.mean);
    print_loss("window: has read the window so far, as a model has", d->floors.window.mean);
    if (d->floors.not_computed == NULL)
        print_loss("order-blind: words of the sentence so far, as a bag",
                   d->floors.order_blind.mean);
    else
        printf("  order-blind: not computed: %s\n", d->floors.not_computed);
}

static void print_description(const Description *d)
{
    char all[TEXT_NUMBER_SIZE], validation[TEXT_NUMBER_SIZE];
    printf("text       %s\nsize       %s characters, the last %s for validation\n", d->corpus->path,
           text_thousands(all, d->corpus->all.count),
           text_thousands(validation, d->corpus->validation.count));
    printf("distinct   %zu characters\n", d->corpus->vocab.size);
    print_alphabet(&d->corpus->vocab);
    if (d->corpus->had_crlf)
        printf("line ends  CRLF, read as LF\n");
    print_unseen(d->corpus);
    printf("\nLoss of a reader who ...%*snats per character\n\n", 34, "");
    print_loss("knows how often each character is (unigram)", d->unigram);
    print_loss("sees the character before, too (bigram)", d->bigram);
    print_loss("sees the two before (trigram)", d->trigram);
    if (d->has_floors)
        print_floors(d);
}

static void print_csv(const Description *d)
{
    printf("characters,distinct,unigram_nats,bigram_nats,trigram_nats,block_size,questions,"
           "past_nats,window_nats,order_blind_nats\n");
    printf("%zu,%zu,%.9g,%.9g,%.9g,", d->corpus->all.count, d->corpus->vocab.size, d->unigram,
           d->bigram, d->trigram);
    if (d->has_floors)
        printf("%zu,%zu,%.9g,%.9g,%.9g\n", d->block_size, d->floors.questions, d->floors.past.mean,
               d->floors.window.mean, d->floors.order_blind.mean);
    else
        printf("nan,nan,nan,nan,nan\n");
}

static void print_by_position(const Description *d, bool csv)
{
    const Floors *floors = &d->floors;
    printf(csv ? "position,windows,past_nats,window_nats,order_blind_nats\n"
               : "position  windows     past   window   order-blind\n");
    for (size_t t = 0; t < d->block_size; t++)
        printf(csv ? "%zu,%zu,%.9g,%.9g,%.9g\n" : "%8zu %8zu   %.4f   %.4f   %.4f\n", t,
               floors->windows, floors->past.by_position[t], floors->window.by_position[t],
               floors->order_blind.by_position[t]);
}

static bool describe(Arena *arena, const char *path, const DescribeSettings *settings,
                     const Args *args, Error *error)
{
    Corpus corpus;
    Description description = {.corpus = &corpus, .block_size = settings->block_size};
    bool by_position = args_has(args, "by_position"), csv = args_has(args, "csv");
    if (by_position && settings->grammar[0] == '\0')
        return fail_request(error, "--by-position: expected --grammar too");
    if (!corpus_load(arena, path, VOCAB_CHARACTERS, &corpus, error) ||
        !describe_text(&description, error))
        return false;
    if (settings->grammar[0] != '\0' && !find_floors(arena, settings->grammar, &description, error))
        return false;
    if (by_position)
        print_by_position(&description, csv);
    else if (csv)
        print_csv(&description);
    else
        print_description(&description);
    return true;
}

/* --- both --- */

bool command_data(Arena *arena, const Args *args, int *exit_code, Error *error)
{
    (void)exit_code;
    static const char what[] = "`generate`, or `describe` and a text file";
    GenerateSettings to_generate = {0};
    DescribeSettings to_describe = {0};
    Settings settings = {0};
    const char *action = args->n_operands > 0 ? args->operands[0] : "";
    bool is_generate = strcmp(action, "generate") == 0;
    if (args->n_operands > 0 && !is_generate && strcmp(action, "describe") != 0)
        return fail_request(error, "\"%s\": expected %s", action, what);
    size_t operands = is_generate ? 1 : 2;
    KeyTable table = is_generate ? generate_table(&to_generate) : describe_table(&to_describe);
    bool ok = args_expect(args, operands, operands, what, error) &&
              settings_add(&settings, table, error) && args_apply(args, &settings, NULL, error);
    if (ok)
        ok = is_generate ? generate(arena, &to_generate, args, error)
                         : describe(arena, args->operands[1], &to_describe, args, error);
    settings_free(&settings);
    return ok;
}

void command_data_keys(void)
{
    GenerateSettings to_generate = {0};
    DescribeSettings to_describe = {0};
    KeyTable first = generate_table(&to_generate), second = describe_table(&to_describe);
    help_table(&first);
    help_table(&second);
    help_row("--by-position", "", "the three floors for each place in the window");
    help_row("--csv", "", "prints comma-separated values");
}
