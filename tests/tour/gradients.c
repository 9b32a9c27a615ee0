/* gradients.c: the chapters from the loss back to the numbers that it depends on. */
#include "tour.h"

static const real *score_gradients(const Tour *tour)
{
    const Walk *walk = &tour->main.walk;
    size_t T = walk->question.length;
    return walk->see.bias.grad + (tour->options.head * T + tour->options.at) * T;
}

static const real *head_gradient(const Sight *sight, const HeadView *view, size_t head, size_t t)
{
    return sight->grad + head_place(view, 0, head, t);
}

/* --- 10 --- */

void chapter_top_gradient(Tour *tour, TextBuffer *out)
{
    enum { BEST = 4 };
    const Reading *reading = &tour->main;
    const Sight *logits = &reading->walk.see.logits;
    size_t at = tour->options.at, V = tensor_width(logits->x);
    size_t target = (size_t)reading->tokens[at + 1];
    const real *gradient = grad_at(logits, at);
    double sum = 0, last = 2;
    for (size_t v = 0; v < V; v++)
        sum += (double)gradient[v];
    text_append_format(out, "logit of            gradient\n");
    text_append_format(out, "  %-16s %9s   right: p - 1\n", piece_of(tour, reading, (int)target),
                       text_decimal((double)gradient[target], 3).text);
    for (size_t rank = 0; rank < BEST; rank++) {
        size_t best = target;
        for (size_t v = 0; v < V; v++)
            if (v != target && (double)gradient[v] < last &&
                (best == target || gradient[v] > gradient[best]))
                best = v;
        text_append_format(out, "  %-16s %9s   p\n", piece_of(tour, reading, (int)best),
                           text_decimal((double)gradient[best], 3).text);
        last = (double)gradient[best];
    }
    text_append_format(out, "  all %zu            %7s\n", V, text_decimal(sum, 3).text);
}

/* --- 11 --- */

static void show_score_gradients(Tour *tour, TextBuffer *out)
{
    const real *ds = score_gradients(tour);
    double sum = 0;
    text_append_format(out, "head %zu             ", tour->options.head);
    size_t at = tour->options.at, first = first_shown(tour);
    for (size_t j = first; j <= at; j++)
        text_append_format(out, " %7s", piece_at(tour, &tour->main, j));
    text_append_format(out, "    sum\n");
    for (size_t j = 0; j <= at; j++)
        sum += (double)ds[j];
    put_name(out, "scores");
    for (size_t j = first; j <= at; j++)
        put_number(out, (double)ds[j], 3);
    put_number(out, sum, 3);
    text_append_format(out, "\n\n");
}

static void show_query_gradients(Tour *tour, TextBuffer *out)
{
    const Sights *see = &tour->main.walk.see;
    size_t at = tour->options.at, head = tour->options.head, D = see->q.head_size;
    const real *ds = score_gradients(tour);
    const real *behind = head_gradient(&see->of_turned_q, &see->turned_q, head, at);
    const real *before = head_gradient(&see->qkv, &see->q, head, at);
    double by_hand[MOST_NUMBERS] = {0};
    for (size_t j = 0; j <= at; j++)
        for (size_t d = 0; d < D && d < MOST_NUMBERS; d++)
            by_hand[d] +=
                (double)ds[j] * (double)head_data(&see->turned_k, 0, head, j)[d] / sqrt((double)D);
    put_name(out, "sum ds k / sqrt(D)");
    for (size_t d = 0; d < D && d < MOST_NUMBERS; d++)
        put_number(out, by_hand[d], 3);
    text_append_format(out, "\n");
    put_row(out, "q behind door 2", behind, D, 3);
    put_row(out, "q before door 2", before, D, 3);
    text_append_format(out, "  length           %s behind, %s before\n\n",
                       text_decimal(length_of(behind, D), 3).text,
                       text_decimal(length_of(before, D), 3).text);
}

/* The gradient of the followed token's row is a sum over the places where the row was used. */
static void show_row_gradient(Tour *tour, TextBuffer *out)
{
    const Reading *reading = &tour->main;
    const Sights *see = &reading->walk.see;
    const Gpt *gpt = &reading->saved.gpt;
    size_t at = tour->options.at, C = gpt->config.n_embd;
    int token = reading->tokens[at];
    real share[MOST_NUMBERS];
    for (size_t t = 0; t <= at; t++)
        if (reading->tokens[t] == token) {
            const char *name = text_format(&tour->arena, "read at position %d", reading->at[t]);
            put_row(out, name ? name : "?", grad_at(&see->token, t), C, 3);
        }
    for (size_t c = 0; c < C && c < MOST_NUMBERS; c++)
        share[c] = grad_at(&see->logits, at)[token] * row_at(see->last, at)[c];
    put_row(out, "compared at end", share, C < MOST_NUMBERS ? C : MOST_NUMBERS, 3);
    put_row(out, "the row's gradient", gpt->wte->grad + (size_t)token * C, C, 3);
}

void chapter_way_back(Tour *tour, TextBuffer *out)
{
    show_score_gradients(tour, out);
    show_query_gradients(tour, out);
    show_row_gradient(tour, out);
}

/* --- 12 --- */

/* The number of the followed token's row on which the loss depends most. */
static size_t steepest(const real *gradient, size_t n)
{
    size_t best = 0;
    for (size_t c = 1; c < n; c++)
        if (fabs((double)gradient[c]) > fabs((double)gradient[best]))
            best = c;
    return best;
}

static double loss_with(Tour *tour, real *number, real value)
{
    real before = *number;
    *number = value;
    double loss = walk_loss(&tour->main.walk);
    *number = before;
    return loss;
}

static void nudge(Tour *tour, TextBuffer *out, real *number, double gradient)
{
    const real step = (real)0.001;
    double more = loss_with(tour, number, *number + step);
    double less = loss_with(tour, number, *number - step);
    text_append_format(out, "loss with 0.001 more %8s\nloss with 0.001 less %8s\n",
                       text_decimal(more, 5).text, text_decimal(less, 5).text);
    text_append_format(out, "difference / 0.002   %8s\nbackward said        %8s\n\n",
                       text_decimal((more - less) / 0.002, 2).text, text_decimal(gradient, 2).text);
}

static void step(Tour *tour, TextBuffer *out, const real *number)
{
    const double rate = 1e-2;
    Gpt *gpt = &tour->main.saved.gpt;
    AdamW adamw;
    Error error;
    double value = (double)*number, loss = walk_loss(&tour->main.walk);
    if (!adamw_init(&adamw, &tour->arena, &gpt->params, 0.9, 0.99, 0, &error)) {
        out->failed = true;
        return;
    }
    adamw_step(&adamw, &gpt->params, rate, 1);
    double after = walk_loss(&tour->main.walk);
    text_append_format(out, "one step of AdamW, learning rate %s\n", text_decimal(rate, 2).text);
    text_append_format(out, "this number         %8s, was %s\n",
                       text_decimal((double)*number, 4).text, text_decimal(value, 4).text);
    text_append_format(out, "the loss            %8s, was %s\np of %-14s %8s, was %s\n",
                       text_decimal(after, 3).text, text_decimal(loss, 3).text,
                       piece_at(tour, &tour->main, tour->options.at + 1),
                       text_decimal(exp(-after), 3).text, text_decimal(exp(-loss), 3).text);
}

void chapter_step(Tour *tour, TextBuffer *out)
{
    const Reading *reading = &tour->main;
    const Gpt *gpt = &reading->saved.gpt;
    size_t C = gpt->config.n_embd, token = (size_t)reading->tokens[tour->options.at];
    size_t c = steepest(gpt->wte->grad + token * C, C);
    real *number = gpt->wte->data + token * C + c;
    text_append_format(out, "channel %zu of row %zu: %s\n", c, token,
                       text_decimal((double)*number, 4).text);
    nudge(tour, out, number, (double)gpt->wte->grad[token * C + c]);
    step(tour, out, number);
}
