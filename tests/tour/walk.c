/* walk.c: the scheme that looks, and the pass that it looks at. */
#include "walk.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "data/batch.h"

/* --- an operation that looks --- */

typedef struct Look {
    Node node;
    Tensor *x, *y;
    real *grad;
} Look;

static void look_forward(Node *node)
{
    Look *op = (Look *)node;
    memcpy(op->y->data, op->x->data, tensor_size(op->x) * sizeof(real));
}

static void look_backward(Node *node)
{
    Look *op = (Look *)node;
    size_t size = tensor_size(op->x);
    memcpy(op->grad, op->y->grad, size * sizeof(real));
    grad_ready_to_add(op->x);
    for (size_t i = 0; i < size; i++)
        op->x->grad[i] += op->grad[i];
}

/* y = x, and dx = dy, which stays. */
static Tensor *look(Tape *tape, Tensor *x, Sight *sight)
{
    Look *op = tape_node(tape, sizeof *op, look_forward, look_backward);
    op->x = tape_input(tape, x);
    op->y = tape_tensor_like(tape, x);
    op->grad = tape_numbers(tape, tensor_size(x));
    tape_run(tape, &op->node);
    *sight = (Sight){op->y, op->grad};
    return op->y;
}

typedef struct Zeros {
    Node node;
    Tensor *y;
    real *grad;
} Zeros;

static void zeros_forward(Node *node)
{
    Zeros *op = (Zeros *)node;
    memset(op->y->data, 0, tensor_size(op->y) * sizeof(real));
}

static void zeros_backward(Node *node)
{
    Zeros *op = (Zeros *)node;
    memcpy(op->grad, op->y->grad, tensor_size(op->y) * sizeof(real));
}

/* Numbers that change nothing, with a gradient that tells what they would change. */
static Tensor *zeros(Tape *tape, size_t rank, const size_t shape[], Sight *sight)
{
    Zeros *op = tape_node(tape, sizeof *op, zeros_forward, zeros_backward);
    op->y = tape_tensor(tape, rank, shape);
    op->grad = tape_numbers(tape, tensor_size(op->y));
    tape_run(tape, &op->node);
    *sight = (Sight){op->y, op->grad};
    return op->y;
}

/* --- the tape, seen from behind --- */

static bool computes(const Node *node, const Tensor *y)
{
    const TensorLink *link = node->outputs;
    while (link && link->x != y)
        link = link->next;
    return link;
}

static const Node *node_of(const Tape *tape, const Tensor *y)
{
    const Node *node = tape->last;
    while (!computes(node, y))
        node = node->previous;
    return node;
}

/* The tensor that was computed before, from which an operation with one such input computes y. */
static const Tensor *source_of(const Tape *tape, const Tensor *y)
{
    return node_of(tape, y)->inputs->x;
}

/* --- the scheme that looks --- */

/* The walk whose eyes these are: they stand in it. */
static Walk *walk_of(const Pos *pos)
{
    return (Walk *)((uintptr_t)pos->scheme - offsetof(Walk, eyes));
}

static Tensor *see_embedding(const Pos *pos, Tape *tape, Tensor *x, Positions positions)
{
    Walk *walk = walk_of(pos);
    x = look(tape, x, &walk->see.token);
    if (walk->real->at_embedding)
        x = walk->real->at_embedding(pos, tape, x, positions);
    return look(tape, x, &walk->see.input);
}

static void see_query_key(const Pos *pos, Tape *tape, PosSite *site)
{
    Walk *walk = walk_of(pos);
    Sights *see = &walk->see;
    if (site->layer > 0) {
        if (walk->real->at_query_key)
            walk->real->at_query_key(pos, tape, site);
        return;
    }
    Heads *heads = &site->heads;
    see->normalised = source_of(tape, heads->q.x);
    see->read = source_of(tape, see->normalised);
    heads->q.x = heads->k.x = heads->v.x = look(tape, heads->q.x, &see->qkv);
    see->q = see->turned_q = heads->q;
    see->k = see->turned_k = heads->k;
    see->v = heads->v;
    see->of_turned_q = see->of_turned_k = see->qkv;
    if (!walk->real->at_query_key)
        return;
    Sight aside; /* a scheme may turn vectors where they stand, so it gets others */
    heads->q.x = heads->k.x = heads->v.x = look(tape, heads->q.x, &aside);
    walk->real->at_query_key(pos, tape, site);
    heads->q.x = look(tape, heads->q.x, &see->of_turned_q);
    heads->k.x = look(tape, heads->k.x, &see->of_turned_k);
    see->turned_q = heads->q;
    see->turned_k = heads->k;
}

static ScoreBias see_scores(const Pos *pos, Tape *tape, const PosSite *site)
{
    Walk *walk = walk_of(pos);
    ScoreBias bias = {0};
    if (walk->real->at_scores)
        bias = walk->real->at_scores(pos, tape, site);
    if (site->layer > 0)
        return bias;
    walk->see.door_3 = bias;
    size_t shape[] = {1, site->heads.q.n_head, site->queries.count, site->keys.count};
    bias.by_pair = bias.by_pair ? look(tape, bias.by_pair, &walk->see.bias)
                                : zeros(tape, 4, shape, &walk->see.bias);
    walk->before_attention = tape->last;
    return bias;
}

/* --- the walk --- */

static bool make_targets(Walk *walk, Error *error)
{
    size_t T = walk->question.length, at = walk->question.at;
    walk->targets = arena_alloc(&walk->arena, T, sizeof *walk->targets);
    if (!walk->targets)
        return fail(error, "out of memory: %zu targets", T);
    for (size_t t = 0; t < T; t++)
        walk->targets[t] = t == at ? walk->question.tokens[t + 1] : NO_TARGET;
    return true;
}

static GptInput input_of(const Walk *walk)
{
    const Question *question = &walk->question;
    return (GptInput){.tokens = question->tokens,
                      .batch_size = 1,
                      .length = question->length,
                      .positions = question->positions};
}

/* A pass with open eyes. */
static void go(Walk *walk)
{
    Gpt *gpt = walk->gpt;
    Tape *tape = &walk->tape;
    Sights *see = &walk->see;
    GptInput input = input_of(walk);
    param_list_zero_gradients(&gpt->params);
    gpt->pos.scheme = &walk->eyes;
    Tensor *logits = gpt_forward(gpt, tape, &input);
    gpt->pos.scheme = walk->real;
    see->last = source_of(tape, logits);
    see->output = source_of(tape, see->last);
    Node *node = tape->last;
    while (node->previous != walk->before_attention)
        node = node->previous;
    see->mixed = node->outputs->x;
    Tensor *loss = cross_entropy(tape, look(tape, logits, &see->logits), walk->targets, NULL);
    walk->loss = (double)loss->data[0];
    tape_backward(tape, loss);
}

/* The weights of attention are kept on a tape without gradients only. */
static bool see_weights(Walk *walk, Error *error)
{
    Tensor **weights = arena_alloc(&walk->arena, walk->gpt->config.n_layer, sizeof(Tensor *));
    if (!weights)
        return fail(error, "out of memory: weights");
    GptInput input = input_of(walk);
    input.attention = weights;
    gpt_forward(walk->gpt, &walk->plain, &input);
    walk->see.weights = weights[0];
    return true;
}

bool walk_begin(Walk *walk, Gpt *gpt, Question question, Error *error)
{
    memset(walk, 0, sizeof *walk);
    walk->gpt = gpt;
    walk->question = question;
    walk->real = gpt->pos.scheme;
    walk->eyes = *walk->real;
    walk->eyes.at_embedding = see_embedding;
    walk->eyes.at_query_key = see_query_key;
    walk->eyes.at_scores = see_scores;
    bool ok = pos_check(&gpt->pos, question.positions, error) && make_targets(walk, error) &&
              tape_init(&walk->tape, true, error) && tape_init(&walk->plain, false, error) &&
              see_weights(walk, error);
    if (ok)
        go(walk);
    else
        walk_end(walk);
    return ok;
}

void walk_end(Walk *walk)
{
    tape_free(&walk->tape);
    tape_free(&walk->plain);
    arena_free(&walk->arena);
}

double walk_loss(Walk *walk)
{
    Tape tape;
    Error error;
    GptInput input = input_of(walk);
    if (!tape_init(&tape, false, &error))
        return NAN;
    Tensor *logits = gpt_forward(walk->gpt, &tape, &input);
    double loss = (double)cross_entropy(&tape, logits, walk->targets, NULL)->data[0];
    tape_free(&tape);
    return loss;
}
