/* angle_measure.c: a text alone, moved, and with words in front. */
#include "lab/claims/angle.h"

#include "lab/claims/first_layer.h"
#include "lab/claims/measure.h"
#include "lab/claims/specimen.h"

/* --- the first layer --- */

double angle_move(const Gpt *gpt, Tape *tape, AngleText text, int shift)
{
    const int *tokens = text.tokens + text.front;
    tape_reset(tape);
    FirstLayer here = first_layer(gpt, tape, tokens, positions_on(tape, 0, text.count));
    FirstLayer there = first_layer(gpt, tape, tokens, positions_on(tape, shift, text.count));
    double most = 0;
    for (size_t h = 0; h < gpt->config.n_head; h++)
        for (size_t i = 0; i < text.count; i++)
            for (size_t j = 0; j <= i; j++) {
                double change =
                    first_layer_score(&there, h, i, j) - first_layer_score(&here, h, i, j);
                most = measure_worse(most, fabs(change) / first_layer_most(&here, h, i, j));
            }
    return most;
}

/* What plane i adds to q.k, with q at position m and k at position n, where the angles m theta and
 * n theta are floats. As complex numbers q = a + b i and k = c + d i, each turned by its own angle,
 * of which only the difference counts:
 *
 *     Re q conj(k) e^(i turn)  =  (a c + b d) cos(turn)  -  (b c - a d) sin(turn)              */
static double float_plane(const real *q, const real *k, size_t i, size_t D, int m, int n)
{
    float theta = (float)pow(10000.0, -2.0 * (double)i / (double)D);
    float of_q = (float)m * theta, of_k = (float)n * theta;
    double turn = (double)of_q - (double)of_k;
    double a = (double)q[2 * i], b = (double)q[2 * i + 1];
    double c = (double)k[2 * i], d = (double)k[2 * i + 1];
    return (a * c + b * d) * cos(turn) - (b * c - a * d) * sin(turn);
}

double angle_move_float(const Gpt *gpt, Tape *tape, AngleText text, int shift)
{
    tape_reset(tape);
    FirstLayer layer =
        first_layer(gpt, tape, text.tokens + text.front, positions_on(tape, 0, text.count));
    size_t D = layer.straight.q.head_size;
    double most = 0;
    for (size_t h = 0; h < gpt->config.n_head; h++)
        for (size_t i = 0; i < text.count; i++)
            for (size_t j = 0; j <= i; j++) {
                const real *q = head_data(&layer.straight.q, 0, h, i);
                const real *k = head_data(&layer.straight.k, 0, h, j);
                double there = 0;
                for (size_t plane = 0; plane < D / 2; plane++)
                    there += float_plane(q, k, plane, D, shift + (int)i, shift + (int)j);
                double change = there / sqrt((double)D) - first_layer_score(&layer, h, i, j);
                most = measure_worse(most, fabs(change) / first_layer_most(&layer, h, i, j));
            }
    return most;
}

static double cosine_of(const Tensor *x, size_t i, size_t j)
{
    size_t C = tensor_width(x);
    const real *a = x->data + i * C, *b = x->data + j * C;
    return dot_of(a, b, C) / sqrt(dot_of(a, a, C) * dot_of(b, b, C));
}

static double change_of_cosines(const Gpt *gpt, Tape *tape, AngleText text)
{
    const int *tokens = text.tokens + text.front;
    tape_reset(tape);
    FirstLayer here = first_layer(gpt, tape, tokens, positions_on(tape, 0, text.count));
    FirstLayer there =
        first_layer(gpt, tape, tokens, positions_on(tape, (int)text.front, text.count));
    double most = 0;
    for (size_t i = 0; i < text.count; i++)
        for (size_t j = 0; j < i; j++)
            most = measure_worse(
                most, fabs(cosine_of(there.vectors, i, j) - cosine_of(here.vectors, i, j)));
    return most;
}

/* --- the whole model --- */

/* A pass over count tokens: the logits, and the weights [1, H, T, T] of each layer. */
typedef struct Pass {
    const real *logits;
    Tensor **weights;
    size_t count;
} Pass;

static Pass pass_over(const Gpt *gpt, Tape *tape, const int *tokens, size_t count)
{
    Pass pass = {.count = count};
    pass.weights = tape_struct(tape, gpt->config.n_layer * sizeof *pass.weights);
    GptInput input = {.tokens = tokens,
                      .batch_size = 1,
                      .length = count,
                      .positions = positions_on(tape, 0, count),
                      .attention = pass.weights};
    pass.logits = gpt_forward(gpt, tape, &input)->data;
    return pass;
}

static const real *row_of_weights(const Pass *pass, size_t layer, size_t h, size_t query)
{
    return pass->weights[layer]->data + (h * pass->count + query) * pass->count;
}

/* The mean share of a layer's weights that the words in front move: half of what they get
 * themselves, for they had nothing, and half of what changes at the text's own tokens. With
 * `among`, the latter alone, the own weights scaled to sum up to 1 again. The text's first token
 * has no other to look at, and is left out. */
static double change_of_weights(const Gpt *gpt, const Pass *alone, const Pass *longer, size_t layer,
                                bool among)
{
    size_t front = longer->count - alone->count, n_head = gpt->config.n_head;
    double sum = 0;
    for (size_t h = 0; h < n_head; h++)
        for (size_t i = 1; i < alone->count; i++) {
            const real *before = row_of_weights(alone, layer, h, i);
            const real *after = row_of_weights(longer, layer, h, front + i);
            double own = 0, in_front = 0, change = 0;
            for (size_t j = 0; j < front; j++)
                in_front += (double)after[j];
            for (size_t j = 0; j <= i; j++)
                own += (double)after[front + j];
            for (size_t j = 0; j <= i; j++)
                change += fabs((double)after[front + j] / (among ? own : 1) - (double)before[j]);
            sum += (change + (among ? 0 : in_front)) / 2;
        }
    return sum / (double)(n_head * (alone->count - 1));
}

/* Softmax. odds [n] */
static void odds_of(const real *logits, size_t n, double *odds)
{
    double most = (double)logits[0], sum = 0;
    for (size_t v = 1; v < n; v++)
        most = fmax(most, (double)logits[v]);
    for (size_t v = 0; v < n; v++)
        sum += odds[v] = exp((double)logits[v] - most);
    for (size_t v = 0; v < n; v++)
        odds[v] /= sum;
}

/* scratch [2 V] */
static double change_of_odds(const Gpt *gpt, const Pass *alone, const Pass *longer, double *scratch)
{
    size_t V = gpt->config.vocab_size, front = longer->count - alone->count;
    double *before = scratch, *after = scratch + V, sum = 0;
    for (size_t t = 0; t < alone->count; t++) {
        odds_of(alone->logits + t * V, V, before);
        odds_of(longer->logits + (front + t) * V, V, after);
        for (size_t v = 0; v < V; v++)
            sum += fabs(after[v] - before[v]) / 2;
    }
    return sum / (double)alone->count;
}

void angle_look(const Gpt *gpt, Tape *tape, AngleText text, AngleFinding *found)
{
    tape_reset(tape);
    size_t last = gpt->config.n_layer - 1;
    double *scratch = tape_struct(tape, 2 * gpt->config.vocab_size * sizeof *scratch);
    Pass alone = pass_over(gpt, tape, text.tokens + text.front, text.count);
    Pass longer = pass_over(gpt, tape, text.tokens, text.front + text.count);
    found->weights = change_of_weights(gpt, &alone, &longer, 0, false);
    found->among_first = change_of_weights(gpt, &alone, &longer, 0, true);
    found->among_last = change_of_weights(gpt, &alone, &longer, last, true);
    found->odds = change_of_odds(gpt, &alone, &longer, scratch);
    found->cosine = change_of_cosines(gpt, tape, text);
    found->score = angle_move(gpt, tape, text, (int)text.front);
}
