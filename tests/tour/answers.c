/* answers.c: the chapters in which characters look at each other, and what comes of it. */
#include "tour.h"

/* --- 6 --- */

void chapter_scores(Tour *tour, TextBuffer *out)
{
    const Reading *reading = &tour->main;
    const Sights *see = &reading->walk.see;
    size_t at = tour->options.at, head = tour->options.head;
    text_append_format(out, "query: %s, head %zu\n", named(tour, "position", reading, at), head);
    text_append_format(out, "key                 before door 2    behind it\n");
    for (size_t j = first_shown(tour); j <= at; j++) {
        put_name(out, named(tour, "position", reading, j));
        text_append_format(
            out, " %13s %13s\n", text_decimal(score_of(&see->q, &see->k, head, at, j), 2).text,
            text_decimal(score_of(&see->turned_q, &see->turned_k, head, at, j), 2).text);
    }
}

/* --- 7 --- */

void chapter_door_3(Tour *tour, TextBuffer *out)
{
    const Reading *reading = &tour->alibi;
    const Sights *see = &reading->walk.see;
    size_t at = tour->options.at;
    text_append_format(out, "scheme %s                 head 0                   head 1\n",
                       reading->walk.real->name);
    text_append_format(out, "key                  q.k    bias   score      q.k    bias   score\n");
    for (size_t j = first_shown(tour); j <= at; j++) {
        put_name(out, named(tour, "position", reading, j));
        for (size_t h = 0; h < 2 && h < see->q.n_head; h++) {
            double score = score_of(&see->turned_q, &see->turned_k, h, at, j);
            double bias = door_3_of(&reading->walk, h, at, j);
            text_append_format(out, "%s", h > 0 ? " " : "");
            put_number(out, score, 2);
            put_number(out, bias, 4);
            put_number(out, score + bias, 2);
        }
        text_append_format(out, "\n");
    }
}

/* --- 8 --- */

static double weight_of(const Walk *walk, size_t head, size_t i, size_t j)
{
    size_t T = walk->question.length;
    return (double)walk->see.weights->data[(head * T + i) * T + j];
}

static double biased_score(const Walk *walk, size_t head, size_t i, size_t j)
{
    return score_of(&walk->see.turned_q, &walk->see.turned_k, head, i, j) +
           door_3_of(walk, head, i, j);
}

void chapter_softmax(Tour *tour, TextBuffer *out)
{
    const Reading *reading = &tour->main;
    const Walk *walk = &reading->walk;
    const Sights *see = &walk->see;
    size_t at = tour->options.at, head = tour->options.head, D = see->v.head_size;
    double most = -INFINITY, sum = 0, all = 0, mix[MOST_NUMBERS] = {0};
    for (size_t j = 0; j <= at; j++)
        most = fmax(most, biased_score(walk, head, at, j));
    text_append_format(out, "head %zu               score   e^(s-m)  weight     v\n", head);
    for (size_t j = 0; j <= at; j++) {
        double score = biased_score(walk, head, at, j), share = exp(score - most);
        double weight = weight_of(walk, head, at, j);
        const real *v = head_data(&see->v, 0, head, j);
        sum += share;
        all += weight;
        for (size_t d = 0; d < D && d < MOST_NUMBERS; d++)
            mix[d] += weight * (double)v[d];
        if (j < first_shown(tour))
            continue;
        put_name(out, named(tour, "position", reading, j));
        put_number(out, score, 2);
        put_number(out, share, 3);
        put_number(out, weight, 3);
        for (size_t d = 0; d < D && d < MOST_NUMBERS / 2; d++)
            put_number(out, (double)v[d], 2);
        text_append_format(out, "\n");
    }
    put_name(out, "sum");
    text_append_format(out, "        ");
    put_number(out, sum, 3);
    put_number(out, all, 3);
    text_append_format(out, "\n\n");
    put_name(out, "weights x v");
    for (size_t d = 0; d < D && d < MOST_NUMBERS; d++)
        put_number(out, mix[d], 2);
    text_append_format(out, "\n");
    put_row(out, "attention.c", row_at(see->mixed, at) + head * D, D, 2);
}

/* --- 9 --- */

/* p of each token behind the one at this place. */
static double *chances(Tour *tour, size_t t)
{
    const Tensor *logits = tour->main.walk.see.logits.x;
    size_t V = tensor_width(logits);
    double *p = arena_alloc(&tour->arena, V, sizeof *p), sum = 0;
    for (size_t v = 0; p && v < V; v++)
        sum += p[v] = exp((double)row_at(logits, t)[v]);
    for (size_t v = 0; p && v < V; v++)
        p[v] /= sum;
    return p;
}

/* The likeliest token that is less likely than `below`. */
static size_t likeliest_below(const double *p, size_t V, double below)
{
    size_t best = V;
    for (size_t v = 0; v < V; v++)
        if (p[v] < below && (best == V || p[v] > p[best]))
            best = v;
    return best < V ? best : 0;
}

/* The likeliest next characters after the followed one and after its twin, side by side. */
static void show_likeliest(Tour *tour, TextBuffer *out, const double *p, const double *p_twin)
{
    enum { BEST = 5 };
    const Reading *reading = &tour->main;
    const Tensor *logits = reading->walk.see.logits.x;
    size_t at = tour->options.at, V = tensor_width(logits);
    double last = 2, last_twin = 2;
    text_append_format(out, "\nafter %-18s logit      p    after %-14s      p\n",
                       named(tour, "position", reading, at),
                       named(tour, "position", reading, twin_of_followed(tour)));
    for (size_t rank = 0; rank < BEST; rank++) {
        size_t v = likeliest_below(p, V, last), u = likeliest_below(p_twin, V, last_twin);
        text_append_format(
            out, "      %-16s %7s %6s          %-14s %6s\n", piece_of(tour, reading, (int)v),
            text_decimal((double)row_at(logits, at)[v], 2).text, text_decimal(p[v], 3).text,
            piece_of(tour, reading, (int)u), text_decimal(p_twin[u], 3).text);
        last = p[v];
        last_twin = p_twin[u];
    }
}

void chapter_loss(Tour *tour, TextBuffer *out)
{
    const Reading *reading = &tour->main;
    const Sights *see = &reading->walk.see;
    size_t at = tour->options.at, C = tensor_width(see->last), V = tensor_width(see->logits.x);
    const double *p = chances(tour, at), *p_twin = chances(tour, twin_of_followed(tour));
    if (!p || !p_twin) {
        out->failed = true;
        return;
    }
    put_row(out, "behind the block", row_at(see->output, at), C, 2);
    put_row(out, "normalised", row_at(see->last, at), C, 2);
    show_likeliest(tour, out, p, p_twin);
    text_append_format(
        out, "\nright is %s, p = %s: the loss is -ln p = %s (ln %zu = %s: knows nothing)\n",
        piece_at(tour, reading, at + 1), text_decimal(p[reading->tokens[at + 1]], 3).text,
        text_decimal(reading->walk.loss, 3).text, V, text_decimal(log((double)V), 3).text);
}
