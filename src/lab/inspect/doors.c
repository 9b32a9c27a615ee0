/* doors.c: asks a scheme as a model would: `prepare` first, then the door. */
#include "lab/inspect/doors.h"

#include <string.h>

bool doors_init(Doors *doors, const Pos *pos, Positions positions, Error *error)
{
    size_t T = positions.count, C = pos->shape.n_embd;
    *doors = (Doors){
        .pos = pos,
        .positions = positions,
        .T = T,
        .C = C,
        .H = pos->shape.n_head,
        .D = pos_head_size(&pos->shape),
    };
    doors->x.data = arena_alloc(&doors->arena, arena_size_of(T, 3 * sizeof(real)), C);
    if (pos_check(pos, positions, error) && tape_init(&doors->tape, false, error) &&
        (doors->x.data || fail(error, "out of memory: %zu vectors", T)))
        return true;
    doors_free(doors);
    return false;
}

void doors_free(Doors *doors)
{
    tape_free(&doors->tape);
    arena_free(&doors->arena);
    *doors = (Doors){0};
}

/* A new pass, whose x has `parts` vectors of C channels for each position. */
static void begin(Doors *doors, size_t parts)
{
    const PosScheme *scheme = doors->pos->scheme;
    tape_reset(&doors->tape);
    doors->x.rank = 3;
    memcpy(doors->x.shape, (size_t[]){1, doors->T, parts * doors->C}, 3 * sizeof(size_t));
    doors->prepared = NULL;
    if (scheme->prepare)
        doors->prepared =
            scheme->prepare(doors->pos, &doors->tape, doors->positions, doors->positions);
}

void door_embedding(Doors *doors, const double *x, double *out)
{
    const PosScheme *scheme = doors->pos->scheme;
    begin(doors, 1);
    for (size_t t = 0; t < doors->T; t++)
        for (size_t c = 0; c < doors->C; c++)
            doors->x.data[t * doors->C + c] = (real)x[c];
    const Tensor *y = &doors->x;
    if (scheme->at_embedding)
        y = scheme->at_embedding(doors->pos, &doors->tape, &doors->x, doors->positions);
    for (size_t i = 0; i < doors->T * doors->C; i++)
        out[i] = (double)y->data[i];
}

/* The site of a layer where x is queries, keys and values, behind the query-key door. */
static PosSite site_of(Doors *doors, size_t layer)
{
    PosSite site = {layer, split_heads(&doors->x, doors->H), doors->positions, doors->positions,
                    doors->prepared};
    if (doors->pos->scheme->at_query_key)
        doors->pos->scheme->at_query_key(doors->pos, &doors->tape, &site);
    return site;
}

static void copy_out(const HeadView *view, double *out)
{
    for (size_t t = 0; t < view->length; t++)
        for (size_t h = 0; h < view->n_head; h++)
            for (size_t d = 0; d < view->head_size; d++)
                *out++ = (double)head_data(view, 0, h, t)[d];
}

void door_query_key(Doors *doors, size_t layer, const double *q, const double *k, double *q_out,
                    double *k_out)
{
    begin(doors, 3);
    for (size_t t = 0; t < doors->T; t++)
        for (size_t c = 0; c < doors->C; c++) {
            real *token = doors->x.data + 3 * t * doors->C;
            token[c] = (real)q[c % doors->D];
            token[doors->C + c] = (real)k[c % doors->D];
            token[2 * doors->C + c] = 0; /* nobody looks at the values */
        }
    PosSite site = site_of(doors, layer);
    copy_out(&site.heads.q, q_out);
    copy_out(&site.heads.k, k_out);
}

/* What a bias adds to the pair (i, j). */
static double bias_of(const ScoreBias *bias, Positions positions, size_t h, size_t i, size_t j)
{
    double sum = 0;
    if (bias->by_distance) {
        ptrdiff_t column = positions.at[j] - positions.at[i] - bias->first_distance;
        sum +=
            (double)bias->by_distance->data[h * tensor_width(bias->by_distance) + (size_t)column];
    }
    if (bias->by_pair)
        sum += (double)bias->by_pair->data[(h * positions.count + i) * positions.count + j];
    return sum;
}

void door_scores(Doors *doors, size_t layer, size_t draw, double *out)
{
    const PosScheme *scheme = doors->pos->scheme;
    RandomKey key = random_at(random_for(random_seed(1), "queries and keys to look at"), draw);
    ScoreBias bias = {0};
    begin(doors, 3);
    for (size_t i = 0; i < 3 * doors->T * doors->C; i++)
        doors->x.data[i] = (real)random_normal(key, i);
    PosSite site = site_of(doors, layer);
    if (scheme->at_scores)
        bias = scheme->at_scores(doors->pos, &doors->tape, &site);
    for (size_t h = 0; h < doors->H; h++)
        for (size_t i = 0; i < doors->T; i++)
            for (size_t j = 0; j < doors->T; j++)
                *out++ = doors->pos->shape.causal && j > i
                             ? (double)NAN
                             : bias_of(&bias, doors->positions, h, i, j);
}
