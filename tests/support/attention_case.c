/* attention_case.c: attention as in a textbook: every weight is kept, and the gradient of the
 * softmax is its whole Jacobian, dp[u] / ds[j] = p[u] ([u = j] - p[j]). */
#include "support/attention_case.h"

#include <math.h>
#include <string.h>

const AttentionShape attention_shapes[] = {
    {.batch = 2, .n_head = 2, .n_query = 5, .n_key = 5, .head_size = 3, .causal = true},
    {.batch = 2, .n_head = 2, .n_query = 5, .n_key = 5, .head_size = 3},
    {.batch = 1, .n_head = 3, .n_query = 1, .n_key = 9, .head_size = 4, .causal = true},
    {.batch = 2, .n_head = 1, .n_query = 4, .n_key = 7, .head_size = 5, .causal = true},
    {.batch = 2, .n_head = 1, .n_query = 4, .n_key = 7, .head_size = 1},
    {.batch = 2, .n_head = 3, .n_query = 6, .n_key = 6, .head_size = 3, .causal = true, .gap = 1},
    {.batch = 2, .n_head = 2, .n_query = 3, .n_key = 8, .head_size = 3, .causal = true, .gap = 2},
    {.batch = 2, .n_head = 2, .n_query = 5, .n_key = 5, .head_size = 2, .gap = 2},
    {.batch = 2,
     .n_head = 2,
     .n_query = 4,
     .n_key = 6,
     .head_size = 3,
     .causal = true,
     .by_pair = 1},
    {.batch = 2, .n_head = 2, .n_query = 5, .n_key = 5, .head_size = 3, .by_pair = 2},
    {.batch = 3, .n_head = 2, .n_query = 4, .n_key = 4, .head_size = 3, .gap = 2, .by_pair = 3},
    {.batch = 1, .n_head = 1, .n_query = 70, .n_key = 70, .head_size = 3, .causal = true, .gap = 1},
    {.batch = 1, .n_head = 2, .n_query = 65, .n_key = 70, .head_size = 2, .by_pair = 1},
    {.batch = 1, .n_head = 1, .n_query = 66, .n_key = 131, .head_size = 2, .causal = true},
    {.batch = 2, .n_head = 3, .n_query = 128, .n_key = 128, .head_size = 32, .causal = true},
    {.batch = 1,
     .n_head = 2,
     .n_query = 199,
     .n_key = 200,
     .head_size = 17,
     .gap = 2,
     .by_pair = 1},
    {2, 2, 6, 6, 3, .causal = true, .window = 2},
    {2, 2, 6, 6, 3, .causal = true, .gap = 2, .by_pair = 2, .window = 3},
    {1, 2, 3, 9, 3, .causal = true, .gap = 1, .by_pair = 1, .window = 4},
    {1, 2, 5, 5, 3, .causal = true, .window = 5},
    {1, 2, 140, 150, 8, .causal = true, .gap = 1, .window = 37},
    {2, 3, 5, 5, 3, .causal = true, .layout = THREE_PARTS},
    {2, 3, 5, 5, 3, .causal = true, .layout = ONLY_VALUES_A_PART},
    {2, 2, 4, 4, 3, .gap = 1, .by_pair = 2, .layout = THREE_PARTS},
    {2, 2, 4, 4, 3, .gap = 2, .layout = ONLY_VALUES_A_PART},
    {2, 3, 130, 130, 32, .causal = true, .layout = THREE_PARTS},
    {2, 3, 130, 130, 8, .causal = true, .layout = ONLY_VALUES_A_PART},
};
const size_t n_attention_shapes = COUNT_OF(attention_shapes);

/* Returns its number. */
static size_t add_input(AttentionCase *c, const char *name, Tensor *x)
{
    c->inputs[c->n_inputs] = (GradInput){.name = name, .x = x};
    return c->n_inputs++;
}

static void make_heads_sorted(AttentionCase *c, Arena *arena)
{
    const AttentionShape *s = &c->shape;
    Tensor *q = random_tensor(arena, 1, SHAPE(s->batch, s->n_head, s->n_query, s->head_size));
    Tensor *k = random_tensor(arena, 2, SHAPE(s->batch, s->n_head, s->n_key, s->head_size));
    Tensor *v = random_tensor(arena, 3, SHAPE(s->batch, s->n_head, s->n_key, s->head_size));
    c->heads = (Heads){sorted_by_head(q), sorted_by_head(k), sorted_by_head(v)};
    c->q_input = add_input(c, "q", q);
    c->k_input = add_input(c, "k", k);
    c->v_input = add_input(c, "v", v);
}

static void make_heads_in_parts(AttentionCase *c, Arena *arena)
{
    const AttentionShape *s = &c->shape;
    size_t C = s->n_head * s->head_size;
    assert_int_equal(s->n_query, s->n_key);
    Tensor *qkv = random_tensor(arena, 1, SHAPE(s->batch, s->n_key, 3 * C));
    c->heads = split_heads(qkv, s->n_head);
    c->q_input = c->k_input = c->v_input = add_input(c, "q, k, v", qkv);
    if (s->layout == THREE_PARTS)
        return;
    Tensor *q = random_tensor(arena, 2, SHAPE(s->batch, s->n_key, C));
    Tensor *k = random_tensor(arena, 3, SHAPE(s->batch, s->n_key, C));
    c->heads.q = head_view(q, s->n_head, 0, 1);
    c->heads.k = head_view(k, s->n_head, 0, 1);
    c->q_input = add_input(c, "q", q);
    c->k_input = add_input(c, "k", k);
}

/* Key positions; the queries' are the last of them. The table reaches from the longest distance
 * backwards to the longest forwards. */
static void make_bias_by_distance(AttentionCase *c, Arena *arena)
{
    const AttentionShape *s = &c->shape;
    int *at = arena_alloc(arena, s->n_key, sizeof *at);
    assert_non_null(at);
    for (size_t j = 0; j < s->n_key; j++)
        at[j] = s->gap == 1 ? (int)j : (int)(300 + 2 * j + j % 3 / 2);
    int span = at[s->n_key - 1] - at[0];
    c->options.key_positions = at;
    c->options.query_positions = at + (s->n_key - s->n_query);
    c->options.bias.by_distance = random_tensor(arena, 4, SHAPE(s->n_head, (size_t)(2 * span + 1)));
    c->options.bias.first_distance = -span;
    c->distance_input = add_input(c, "bias by distance", c->options.bias.by_distance);
}

AttentionCase attention_case(Arena *arena, AttentionShape s)
{
    AttentionCase c = {.shape = s};
    c.options.causal = s.causal;
    c.options.window = s.window;
    c.options.dropout = s.dropout;
    c.options.key = random_seed(9);
    if (s.layout == SORTED_BY_HEAD)
        make_heads_sorted(&c, arena);
    else
        make_heads_in_parts(&c, arena);
    if (s.gap > 0)
        make_bias_by_distance(&c, arena);
    if (s.by_pair > 0) {
        c.options.bias.by_pair =
            random_tensor(arena, 5, SHAPE(s.by_pair, s.n_head, s.n_query, s.n_key));
        c.pair_input = add_input(&c, "bias by pair", c.options.bias.by_pair);
    }
    return c;
}

Heads heads_of_two(Arena *arena, const double q[2], const double k[2], const double v[2])
{
    return (Heads){sorted_by_head(tensor_of(arena, q, SHAPE(1, 1, 2, 1))),
                   sorted_by_head(tensor_of(arena, k, SHAPE(1, 1, 2, 1))),
                   sorted_by_head(tensor_of(arena, v, SHAPE(1, 1, 2, 1)))};
}

/* The same numbers, computed by a node of the tape. */
static Tensor *through_the_tape(Tape *tape, Tensor *x)
{
    Tensor *zeros = tape_constant(tape, 1, (size_t[]){tensor_width(x)});
    if (zeros->data)
        memset(zeros->data, 0, tensor_size(zeros) * sizeof *zeros->data);
    return add(tape, x, zeros);
}

Tensor *attention_of_case(Tape *tape, void *context)
{
    const AttentionCase *c = context;
    Heads heads = c->heads;
    if (c->shape.layout != SORTED_BY_HEAD) {
        bool one = c->shape.layout == THREE_PARTS;
        heads.v.x = through_the_tape(tape, heads.v.x);
        heads.q.x = one ? heads.v.x : through_the_tape(tape, heads.q.x);
        heads.k.x = one ? heads.v.x : through_the_tape(tape, heads.k.x);
    }
    return attention(tape, heads, c->options);
}

/* One query of one head, with the places of its rows in all that it reads and writes. */
typedef struct Query {
    const AttentionCase *c;
    const AttentionLiteral *out;
    size_t b, h, i;
    size_t q, y, w;          /* first number in q; in y; in the weights */
    size_t distances, pairs; /* first number of this head's bias table; of this query's bias row */
    size_t first, end;       /* the keys that it sees */
} Query;

static Query query_at(const AttentionCase *c, const AttentionLiteral *out, size_t b, size_t h,
                      size_t i)
{
    const AttentionShape *s = &c->shape;
    size_t head = b * s->n_head + h;
    size_t pair_head = s->by_pair == 1 ? h : head;
    size_t end = s->causal ? s->n_key - s->n_query + i + 1 : s->n_key;
    return (Query){
        .c = c,
        .out = out,
        .b = b,
        .h = h,
        .i = i,
        .q = head_place(&c->heads.q, b, h, i),
        .y = ((b * s->n_query + i) * s->n_head + h) * s->head_size,
        .w = (head * s->n_query + i) * s->n_key,
        .distances = s->gap > 0 ? h * tensor_width(c->options.bias.by_distance) : 0,
        .pairs = (pair_head * s->n_query + i) * s->n_key,
        .first = s->window > 0 && end > s->window ? end - s->window : 0,
        .end = end,
    };
}

/* Where the bias of this query and key j stands in the table by distance. */
static size_t distance_place(const Query *query, size_t j)
{
    const AttentionOptions *o = &query->c->options;
    ptrdiff_t distance = o->key_positions[j] - o->query_positions[query->i];
    return query->distances + (size_t)(distance - o->bias.first_distance);
}

/* Where the vector of key j begins, and where that of its value. */
static size_t key_place(const Query *query, size_t j)
{
    return head_place(&query->c->heads.k, query->b, query->h, j);
}

static size_t value_place(const Query *query, size_t j)
{
    return head_place(&query->c->heads.v, query->b, query->h, j);
}

static void literal_forward(const Query *query)
{
    const AttentionCase *c = query->c;
    size_t D = c->shape.head_size;
    double *weights = query->out->weights + query->w, sum = 0;
    for (size_t j = query->first; j < query->end; j++) {
        double score = 0;
        for (size_t d = 0; d < D; d++)
            score += (double)c->heads.q.x->data[query->q + d] *
                     (double)c->heads.k.x->data[key_place(query, j) + d];
        score /= sqrt((double)D);
        if (c->shape.gap > 0)
            score += (double)c->options.bias.by_distance->data[distance_place(query, j)];
        if (c->shape.by_pair > 0)
            score += (double)c->options.bias.by_pair->data[query->pairs + j];
        sum += weights[j] = exp(score);
    }
    for (size_t j = query->first; j < query->end; j++) {
        weights[j] /= sum;
        for (size_t d = 0; d < D; d++)
            query->out->y[query->y + d] +=
                weights[j] * (double)c->heads.v.x->data[value_place(query, j) + d];
    }
}

static void literal_backward(const Query *query, const real *dy, double *dp)
{
    const AttentionCase *c = query->c;
    double *const *gradients = query->out->gradients;
    size_t D = c->shape.head_size;
    const double *weights = query->out->weights + query->w;
    for (size_t j = query->first; j < query->end; j++) {
        dp[j] = 0;
        for (size_t d = 0; d < D; d++) {
            double up = (double)dy[query->y + d];
            dp[j] += up * (double)c->heads.v.x->data[value_place(query, j) + d];
            gradients[c->v_input][value_place(query, j) + d] += weights[j] * up;
        }
    }
    for (size_t j = query->first; j < query->end; j++) {
        double ds = 0;
        for (size_t u = query->first; u < query->end; u++)
            ds += dp[u] * weights[u] * ((u == j) - weights[j]);
        for (size_t d = 0; d < D; d++) {
            double q = (double)c->heads.q.x->data[query->q + d];
            double k = (double)c->heads.k.x->data[key_place(query, j) + d];
            gradients[c->q_input][query->q + d] += ds * k / sqrt((double)D);
            gradients[c->k_input][key_place(query, j) + d] += ds * q / sqrt((double)D);
        }
        if (c->shape.gap > 0)
            gradients[c->distance_input][distance_place(query, j)] += ds;
        if (c->shape.by_pair > 0)
            gradients[c->pair_input][query->pairs + j] += ds;
    }
}

AttentionLiteral attention_literal(Arena *arena, const AttentionCase *c, const real *dy)
{
    const AttentionShape *s = &c->shape;
    size_t n_queries = s->batch * s->n_head * s->n_query;
    AttentionLiteral out = {0};
    out.weights = new_doubles(arena, n_queries * s->n_key);
    out.y = new_doubles(arena, n_queries * s->head_size);
    for (size_t i = 0; i < c->n_inputs; i++)
        out.gradients[i] = new_doubles(arena, tensor_size(c->inputs[i].x));
    double *dp = new_doubles(arena, s->n_key);
    for (size_t b = 0; b < s->batch; b++)
        for (size_t h = 0; h < s->n_head; h++)
            for (size_t i = 0; i < s->n_query; i++) {
                Query query = query_at(c, &out, b, h, i);
                literal_forward(&query);
                literal_backward(&query, dy, dp);
            }
    return out;
}
