/* attention.c: one pass of the model with its weights kept, and labels for its tokens. */
#include "lab/inspect/attention.h"

#include <math.h>
#include <string.h>

#include "base/machine.h"

/* --- labels --- */

/* A character as it can be seen: in place of white space and control characters, a sign. */
static void append_visible(TextBuffer *out, const char *bytes, size_t length)
{
    for (size_t b = 0; b < length; b++)
        if (bytes[b] == ' ')
            text_append_format(out, "%s", "\u00b7");
        else if (bytes[b] == '\n')
            text_append_format(out, "%s", "\u23ce");
        else if (bytes[b] == '\t')
            text_append_format(out, "%s", "\u21e5");
        else if ((unsigned char)bytes[b] < 0x20 || bytes[b] == 0x7f)
            text_append_format(out, "%s", "\u2423");
        else
            text_append(out, bytes + b, 1);
}

/* A word is known by itself, without the space before it. */
static char *label_of(Arena *arena, const Vocab *vocab, int token)
{
    TextBuffer text = {0}, label = {0};
    vocab_decode(vocab, token, &text);
    size_t space = !text.failed && text.length > 1 && text.bytes[0] == ' ';
    if (!text.failed)
        append_visible(&label, text.bytes + space, text.length - space);
    char *copy = text.failed || label.failed ? NULL : arena_text(arena, label.bytes, label.length);
    text_buffer_free(&text);
    text_buffer_free(&label);
    return copy;
}

static const char **labels_of(Arena *arena, const Vocab *vocab, const int *tokens, size_t count,
                              Error *error)
{
    const char **labels = arena_alloc(arena, count, sizeof *labels);
    for (size_t t = 0; labels && t < count; t++)
        if (!(labels[t] = label_of(arena, vocab, tokens[t])))
            labels = NULL;
    if (!labels)
        fail(error, "out of memory: the names of %zu tokens", count);
    return labels;
}

/* --- a pass --- */

static bool encode(Arena *arena, const Vocab *vocab, const char *text, int **tokens, size_t *count,
                   Error *error)
{
    size_t length = strlen(text);
    *tokens = arena_alloc(arena, length + 1, sizeof **tokens);
    if (!*tokens)
        return fail(error, "out of memory: a text");
    *count = 0;
    if (length > 0 && !vocab_encode(vocab, text, length, *tokens, count, error))
        return fail_within(error, "the text");
    if (*count > MOST_ATTENTION)
        return fail_request(error, "the text: %zu %ss: expected at most %d", *count,
                            vocab_unit(vocab), MOST_ATTENTION);
    return *count > 0 ||
           fail_request(error, "the text: expected at least one %s", vocab_unit(vocab));
}

/* Memory for the pass, held against what the machine has; the weights are T x T for each head. */
static bool reserve(const Gpt *gpt, Tape *tape, const GptInput *input, Error *error)
{
    tape_measure_begin(tape);
    gpt_forward(gpt, tape, input);
    size_t bytes = tape_measure_end(tape);
    if ((double)bytes <= (double)machine_memory())
        return tape_reserve(tape, bytes, error);
    char asked[TEXT_NUMBER_SIZE];
    return fail_request(error, "the text: its %zu tokens take %s: expected a shorter one",
                        input->length, text_bytes(asked, bytes));
}

/* Copies weights [1, H, T, T], with blanks where the mask is. */
static void copy_weights(const Tensor *weights, bool causal, Panel *panels)
{
    size_t H = weights->shape[1], T = weights->shape[2];
    for (size_t h = 0; h < H; h++)
        for (size_t i = 0; i < T; i++)
            for (size_t j = 0; j < T; j++)
                panels[h].values[i * T + j] =
                    causal && j > i ? (double)NAN : (double)weights->data[(h * T + i) * T + j];
}

static bool look(const Gpt *gpt, const GptInput *input, Figure *figure, Error *error)
{
    Tape tape;
    if (!tape_init(&tape, false, error))
        return false;
    bool ok = reserve(gpt, &tape, input, error);
    if (ok) {
        gpt_forward(gpt, &tape, input);
        for (size_t layer = 0; layer < gpt->config.n_layer; layer++)
            copy_weights(input->attention[layer], gpt->config.causal,
                         figure->panels + layer * gpt->config.n_head);
    }
    tape_free(&tape);
    return ok;
}

/* --- the figure --- */

static bool name_panels(Arena *arena, const Gpt *gpt, Figure *figure, Error *error)
{
    size_t n_head = gpt->config.n_head;
    for (size_t p = 0; p < figure->n_panels; p++) {
        figure->panels[p].title = text_format(arena, "layer %zu head %zu", p / n_head, p % n_head);
        if (!figure->panels[p].title)
            return fail(error, "out of memory: attention");
    }
    return true;
}

static bool summarise(Arena *arena, const Gpt *gpt, AttentionChoice choice, Figure *figure,
                      Error *error)
{
    size_t n_head = gpt->config.n_head, size = figure->rows.count * figure->columns.count;
    const Panel *heads = figure->panels + choice.layer * n_head;
    if (choice.head < n_head) {
        figure->summary = &heads[choice.head];
        return true;
    }
    Panel *mean = arena_alloc(arena, 1, sizeof *mean);
    double *values = arena_alloc(arena, size, sizeof *values);
    if (!mean || !values)
        return fail(error, "out of memory: attention");
    *mean = (Panel){text_format(arena, "layer %zu, the mean of %zu heads", choice.layer, n_head),
                    values};
    for (size_t h = 0; h < n_head; h++)
        for (size_t i = 0; i < size; i++)
            values[i] += heads[h].values[i] / (double)n_head;
    figure->summary = mean;
    return mean->title || fail(error, "out of memory: attention");
}

static Figure *add_figure(Gallery *gallery, const Gpt *gpt, const char **labels, size_t T)
{
    return gallery_add(
        gallery,
        (Figure){.name = "attention",
                 .title = "where each head looks",
                 .note = "a row is the token that looks, a column the one that is looked at",
                 .kind = FIGURE_MAP,
                 .rows = {.name = "looks", .count = T, .labels = labels},
                 .columns = {.name = "is looked at", .count = T, .labels = labels},
                 .n_panels = gpt->config.n_layer * gpt->config.n_head});
}

bool inspect_attention(Gallery *gallery, const Gpt *gpt, Placement placement, const Vocab *vocab,
                       const char *text, AttentionChoice choice, Error *error)
{
    Arena *arena = gallery->arena;
    int *tokens;
    GptInput input = {.batch_size = 1};
    if (!encode(arena, vocab, text, &tokens, &input.length, error))
        return false;
    if (!placement_list(placement, arena, input.length, &input.positions, error) ||
        !pos_check(&gpt->pos, input.positions, error))
        return fail_within(error, "the text");
    const char **labels = labels_of(arena, vocab, tokens, input.length, error);
    if (!labels)
        return false;
    Figure *figure = add_figure(gallery, gpt, labels, input.length);
    input.tokens = tokens;
    input.attention = arena_alloc(arena, gpt->config.n_layer, sizeof(Tensor *));
    if (!figure || !input.attention)
        return fail(error, "out of memory: attention");
    return look(gpt, &input, figure, error) && name_panels(arena, gpt, figure, error) &&
           summarise(arena, gpt, choice, figure, error);
}
