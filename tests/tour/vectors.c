/* vectors.c: the chapters in which a character becomes a vector, and the vector learns its
 * place. */
#include "tour.h"

/* --- 1 --- */

static void pieces_line(Tour *tour, TextBuffer *out, const char *name, size_t from)
{
    put_name(out, name);
    for (size_t t = from; t < from + tour->main.walk.question.length && t < from + MOST_NUMBERS;
         t++)
        text_append_format(out, " %6s", piece_at(tour, &tour->main, t));
    text_append_format(out, "\n");
}

static void numbers_line(TextBuffer *out, const char *name, const int *numbers, size_t count)
{
    put_name(out, name);
    for (size_t t = 0; t < count && t < MOST_NUMBERS; t++)
        text_append_format(out, " %6d", numbers[t]);
    text_append_format(out, "\n");
}

void chapter_vocabulary(Tour *tour, TextBuffer *out)
{
    const Reading *reading = &tour->main;
    size_t T = reading->walk.question.length, at = tour->options.at;
    text_append_format(out, "the vocabulary has %zu characters; a window has %zu\n\n",
                       reading->saved.vocab.size, reading->saved.gpt.config.block_size);
    pieces_line(tour, out, "input", 0);
    numbers_line(out, "its token", reading->tokens, T);
    numbers_line(out, "its position", reading->at, T);
    pieces_line(tour, out, "what comes next", 1);
    text_append_format(out,
                       "\nfollowed: %s, token %d, at position %d; right would be %s, token %d\n",
                       piece_at(tour, reading, at), reading->tokens[at], reading->at[at],
                       piece_at(tour, reading, at + 1), reading->tokens[at + 1]);
}

/* --- 2 --- */

void chapter_embedding(Tour *tour, TextBuffer *out)
{
    const Reading *reading = &tour->main;
    const Gpt *gpt = &reading->saved.gpt;
    size_t at = tour->options.at, C = gpt->config.n_embd;
    text_append_format(out, "token table [%zu, %zu]\n", gpt->config.vocab_size, C);
    const char *row =
        text_format(&tour->arena, "row %d, %s", reading->tokens[at], piece_at(tour, reading, at));
    put_row(out, row ? row : "?", row_at(gpt->wte, (size_t)reading->tokens[at]), C, 2);
    text_append_format(out, "\nvectors of the line\n");
    for (size_t t = at > 2 ? at - 2 : 0; t <= at; t++)
        put_row(out, named(tour, "position", reading, t), row_at(reading->walk.see.token.x, t), C,
                2);
}

/* --- 3 --- */

static double distance_between(const Tensor *x, size_t t, size_t u)
{
    double sum = 0;
    for (size_t c = 0; c < tensor_width(x); c++) {
        double difference = (double)(row_at(x, t)[c] - row_at(x, u)[c]);
        sum += difference * difference;
    }
    return sqrt(sum);
}

static void show_door_1(Tour *tour, TextBuffer *out, Reading *reading)
{
    const Sights *see = &reading->walk.see;
    size_t at = tour->options.at, other = twin_of_followed(tour), C = tensor_width(see->input.x);
    text_append_format(out, "scheme %s\n", reading->walk.real->name);
    put_row(out, named(tour, "before", reading, other), row_at(see->token.x, other), C, 2);
    put_row(out, named(tour, "before", reading, at), row_at(see->token.x, at), C, 2);
    put_row(out, named(tour, "behind", reading, other), row_at(see->input.x, other), C, 2);
    put_row(out, named(tour, "behind", reading, at), row_at(see->input.x, at), C, 2);
    text_append_format(out, "how far apart     ");
    put_number(out, distance_between(see->token.x, other, at), 2);
    text_append_format(out, " before,");
    put_number(out, distance_between(see->input.x, other, at), 2);
    text_append_format(out, " behind the door\n");
}

void chapter_door_1(Tour *tour, TextBuffer *out)
{
    show_door_1(tour, out, &tour->main);
    text_append_format(out, "\n");
    if (tour->learned.refused)
        text_append_format(out, "%s\n", tour->learned.refused);
    else
        show_door_1(tour, out, &tour->learned);
}

/* --- 4 --- */

static void show_heads(TextBuffer *out, const char *name, const HeadView *view, size_t t)
{
    put_name(out, name);
    for (size_t h = 0; h < view->n_head && h < 2; h++) {
        for (size_t d = 0; d < view->head_size && d < MOST_NUMBERS / 2; d++)
            put_number(out, (double)head_data(view, 0, h, t)[d], 2);
        text_append_format(out, "%s", h + 1 < view->n_head && h == 0 ? "  |" : "");
    }
    text_append_format(out, "\n");
}

void chapter_q_k_v(Tour *tour, TextBuffer *out)
{
    const Reading *reading = &tour->main;
    const Sights *see = &reading->walk.see;
    size_t at = tour->options.at, other = twin_of_followed(tour), C = tensor_width(see->read);
    const real *x = row_at(see->read, at), *h = row_at(see->normalised, at);
    double mean = 0;
    for (size_t c = 0; c < C; c++)
        mean += (double)x[c] / (double)C;
    put_row(out, "x", x, C, 2);
    text_append_format(out, "mean %s, variance %s\n", text_decimal(mean, 3).text,
                       text_decimal(dot(x, x, C) / (double)C - mean * mean, 3).text);
    put_row(out, "h, scaled by w", h, C, 2);
    const real *row = row_at(reading->saved.gpt.blocks[0].c_attn_weight, 0);
    put_row(out, "row 0 of W", row, C, 2);
    text_append_format(out, "product, summed   ");
    put_number(out, dot(row, h, C), 2);
    text_append_format(out, "   the first number of q\n\n"
                            "                  head 0                             head 1\n");
    show_heads(out, named(tour, "q", reading, at), &see->q, at);
    show_heads(out, named(tour, "k", reading, at), &see->k, at);
    show_heads(out, named(tour, "v", reading, at), &see->v, at);
    show_heads(out, named(tour, "q", reading, other), &see->q, other);
}

/* --- 5 --- */

/* By how much plane (a, b) was turned, in radians from -pi to pi. */
static double angle_between(const real *from, const real *to)
{
    double a = (double)from[0], b = (double)from[1], c = (double)to[0], d = (double)to[1];
    return atan2(a * d - b * c, a * c + b * d);
}

static void show_turn(Tour *tour, TextBuffer *out, const char *name, const HeadView *from,
                      const HeadView *to, size_t t)
{
    size_t head = tour->options.head, D = from->head_size;
    const real *x = head_data(from, 0, head, t), *y = head_data(to, 0, head, t);
    const char *before = named(tour, name, &tour->main, t);
    put_row(out, before, x, D, 2);
    put_row(out, "  behind the door", y, D, 2);
    put_name(out, "  turned by");
    for (size_t d = 0; d + 1 < D && d < MOST_NUMBERS; d += 2)
        text_append_format(out, " %15s", text_decimal(angle_between(x + d, y + d), 3).text);
    text_append_format(out, "\n  length           %s before, %s behind\n",
                       text_decimal(length_of(x, D), 3).text,
                       text_decimal(length_of(y, D), 3).text);
}

void chapter_door_2(Tour *tour, TextBuffer *out)
{
    const Sights *see = &tour->main.walk.see;
    size_t at = tour->options.at, other = twin_of_followed(tour);
    text_append_format(out, "head %zu             %-15s plane 1\n", tour->options.head, "plane 0");
    show_turn(tour, out, "q", &see->q, &see->turned_q, at);
    show_turn(tour, out, "k", &see->k, &see->turned_k, other);
    show_turn(tour, out, "k", &see->k, &see->turned_k, at);
}
