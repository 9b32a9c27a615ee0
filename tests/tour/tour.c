/* tour.c: takes the tour, and what its chapters share. */
#include "tour.h"

#include <string.h>

const TourOptions tour_usual = {
    .model = TOUR_MODEL,
    .text = TOUR_TEXT,
    .at = TOUR_AT,
};

#define LEARNED "tests/tour/models/learned.safetensors"
#define ALIBI   "tests/tour/models/alibi.safetensors"

const char *const tour_titles[TOUR_CHAPTERS + 1] = {
    [1] = "A character becomes a number",
    [2] = "A number becomes a vector",
    [3] = "Door 1: where the vector says its place",
    [4] = "One vector becomes three",
    [5] = "Door 2: the vectors turn",
    [6] = "Scores: who answers whom",
    [7] = "Door 3: a price on distance",
    [8] = "Softmax, and a mix of values",
    [9] = "Logits, and the loss",
    [10] = "The gradient at the top",
    [11] = "The way back",
    [12] = "Is it right, and one step",
};

static void (*const chapters[TOUR_CHAPTERS + 1])(Tour *, TextBuffer *) = {
    [1] = chapter_vocabulary,    [2] = chapter_embedding, [3] = chapter_door_1,
    [4] = chapter_q_k_v,         [5] = chapter_door_2,    [6] = chapter_scores,
    [7] = chapter_door_3,        [8] = chapter_softmax,   [9] = chapter_loss,
    [10] = chapter_top_gradient, [11] = chapter_way_back, [12] = chapter_step,
};

/* --- a model reads the line --- */

static bool make_question(Tour *tour, Reading *reading, Question *question, Error *error)
{
    const char *text = tour->options.text;
    size_t length = strlen(text), count = 0;
    reading->tokens = arena_alloc(&tour->arena, length + 1, sizeof(int));
    reading->at = arena_alloc(&tour->arena, length + 1, sizeof(int));
    if (!reading->tokens || !reading->at)
        return fail(error, "out of memory: a line");
    if (!vocab_encode(&reading->saved.vocab, text, length, reading->tokens, &count, error))
        return fail_within(error, "--text");
    if (count < tour->options.at + 2)
        return fail_request(error, "--at %zu: expected a place in the text with one behind it",
                            tour->options.at);
    for (size_t t = 0; t < count; t++)
        reading->at[t] = (int)(tour->options.shift + t);
    *question = (Question){.tokens = reading->tokens,
                           .length = count - 1,
                           .positions = {reading->at, count - 1},
                           .at = tour->options.at};
    return true;
}

static bool read_line(Tour *tour, Reading *reading, const char *path, Error *error)
{
    Question question;
    if (!saved_model_open(&reading->saved, path, error))
        return false;
    reading->open = true;
    GptConfig *config = &reading->saved.gpt.config;
    config->dropout = 0; /* nothing is left out of what is looked at */
    if (!config->causal)
        return fail_request(error, "%s: expected a model that predicts what comes next", path);
    if (tour->options.head >= config->n_head)
        return fail_request(error, "--head %zu: expected one of 0 to %zu", tour->options.head,
                            config->n_head - 1);
    if (!make_question(tour, reading, &question, error))
        return false;
    if (walk_begin(&reading->walk, &reading->saved.gpt, question, error))
        return true;
    reading->refused = error->kind == ERROR_REQUEST
                           ? arena_text(&tour->arena, error->text, strlen(error->text))
                           : NULL;
    return false;
}

static bool are_complete(Tour *tour, Error *error)
{
    for (size_t c = 1; c <= TOUR_CHAPTERS; c++)
        if (tour->chapters[c].failed)
            return fail(error, "out of memory: chapter %zu", c);
    return true;
}

bool tour_take(Tour *tour, TourOptions options, Error *error)
{
    memset(tour, 0, sizeof *tour);
    tour->options = options;
    if (!read_line(tour, &tour->main, options.model, error))
        return false;
    tour->options.head = 0; /* the other two have heads of their own */
    if (!read_line(tour, &tour->alibi, ALIBI, error) ||
        (!read_line(tour, &tour->learned, LEARNED, error) && !tour->learned.refused))
        return false; /* that a table ends is worth a line, and no failure */
    tour->options.head = options.head;
    for (size_t c = 1; c <= TOUR_CHAPTERS; c++)
        chapters[c](tour, &tour->chapters[c]);
    return are_complete(tour, error);
}

static void close_reading(Reading *reading)
{
    walk_end(&reading->walk);
    if (reading->open)
        saved_model_free(&reading->saved);
}

void tour_free(Tour *tour)
{
    close_reading(&tour->main);
    close_reading(&tour->learned);
    close_reading(&tour->alibi);
    for (size_t c = 1; c <= TOUR_CHAPTERS; c++)
        text_buffer_free(&tour->chapters[c]);
    arena_free(&tour->arena);
}

/* --- lines --- */

size_t first_shown(const Tour *tour)
{
    size_t places = tour->options.at + 1;
    return places > MOST_NUMBERS ? places - MOST_NUMBERS : 0;
}

size_t twin_of_followed(const Tour *tour)
{
    size_t at = tour->options.at;
    const int *tokens = tour->main.tokens;
    for (size_t t = at; t-- > 0;)
        if (tokens[t] == tokens[at])
            return t;
    return at;
}

const char *named(Tour *tour, const char *what, const Reading *reading, size_t t)
{
    const char *name =
        text_format(&tour->arena, "%s %d %s", what, reading->at[t], piece_at(tour, reading, t));
    return name ? name : "?";
}

const char *piece_of(Tour *tour, const Reading *reading, int token)
{
    TextBuffer text = {0};
    vocab_quote(&reading->saved.vocab, token, &text);
    const char *copy = text.failed ? NULL : arena_text(&tour->arena, text.bytes, text.length);
    text_buffer_free(&text);
    return copy ? copy : "?";
}

const char *piece_at(Tour *tour, const Reading *reading, size_t t)
{
    return piece_of(tour, reading, reading->tokens[t]);
}

void put_name(TextBuffer *out, const char *name)
{
    text_append_format(out, "%-18s", name);
}

void put_number(TextBuffer *out, double x, int decimals)
{
    text_append_format(out, " %7s", text_decimal(x, decimals).text);
}

void put_row(TextBuffer *out, const char *name, const real *x, size_t n, int decimals)
{
    put_name(out, name);
    for (size_t c = 0; c < n && c < MOST_NUMBERS; c++)
        put_number(out, (double)x[c], decimals);
    text_append_format(out, "%s\n", n > MOST_NUMBERS ? " ..." : "");
}

/* --- numbers --- */

double dot(const real *a, const real *b, size_t n)
{
    double sum = 0;
    for (size_t c = 0; c < n; c++)
        sum += (double)a[c] * (double)b[c];
    return sum;
}

double length_of(const real *x, size_t n)
{
    return sqrt(dot(x, x, n));
}

const real *row_at(const Tensor *x, size_t t)
{
    return x->data + t * tensor_width(x);
}

const real *grad_at(const Sight *sight, size_t t)
{
    return sight->grad + t * tensor_width(sight->x);
}

double score_of(const HeadView *q, const HeadView *k, size_t head, size_t i, size_t j)
{
    return dot(head_data(q, 0, head, i), head_data(k, 0, head, j), q->head_size) /
           sqrt((double)q->head_size);
}

double door_3_of(const Walk *walk, size_t head, size_t i, size_t j)
{
    const ScoreBias *bias = &walk->see.door_3;
    const int *at = walk->question.positions.at;
    const Tensor *zeros_or_pairs = walk->see.bias.x;
    size_t T = walk->question.length;
    double sum = (double)zeros_or_pairs->data[(head * T + i) * T + j];
    if (bias->by_distance)
        sum += (double)bias->by_distance->data[(ptrdiff_t)(head * tensor_width(bias->by_distance)) +
                                               at[j] - at[i] - bias->first_distance];
    return sum;
}
