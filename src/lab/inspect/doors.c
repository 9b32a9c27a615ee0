/* doors.c: asks a scheme as a model would: `prepare` first, then the door. */
#include "lab/inspect/doors.h"

#include <string.h>

/* A new pass, whose x has `parts` vectors of C channels for each position: 1 for the embedding
 * door, 3 where x is queries, keys and values, one behind the other. */
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

/* What becomes of x behind the embedding door. */
static const Tensor *behind_embedding(Doors *doors)
{
    const PosScheme *scheme = doors->pos->scheme;
    return scheme->at_embedding
               ? scheme->at_embedding(doors->pos, &doors->tape, &doors->x, doors->positions)
               : &doors->x;
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

static ScoreBias bias_at(Doors *doors, PosSite *site)
{
    const PosScheme *scheme = doors->pos->scheme;
    return scheme->at_scores ? scheme->at_scores(doors->pos, &doors->tape, site) : (ScoreBias){0};
}

/* Memory for the pass that takes the most. */
static bool reserve(Doors *doors, Error *error)
{
    tape_measure_begin(&doors->tape);
    begin(doors, 1);
    behind_embedding(doors);
    size_t embedding = tape_measure_end(&doors->tape);
    tape_measure_begin(&doors->tape);
    begin(doors, 3);
    PosSite site = site_of(doors, 0);
    bias_at(doors, &site);
    size_t scores = tape_measure_end(&doors->tape);
    return tape_reserve(&doors->tape, embedding > scores ? embedding : scores, error);
}

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
        (doors->x.data || fail(error, "out of memory: %zu vectors", T)) && reserve(doors, error))
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

void door_embedding(Doors *doors, const double *x, double *out)
{
    begin(doors, 1);
    for (size_t t = 0; t < doors->T; t++)
        for (size_t c = 0; c < doors->C; c++)
            doors->x.data[t * doors->C + c] = (real)x[c];
    const Tensor *y = behind_embedding(doors);
    for (size_t i = 0; i < doors->T * doors->C; i++)
        out[i] = (double)y->data[i];
}

/* out [T, H, D] */
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

double bias_of_pair(const ScoreBias *bias, size_t h, Positions queries, size_t i, Positions keys,
                    size_t j)
{
    double sum = 0;
    if (bias->by_distance) {
        ptrdiff_t distance = (ptrdiff_t)keys.at[j] - queries.at[i];
        size_t column = (size_t)(distance - bias->first_distance);
        sum += (double)bias->by_distance->data[h * tensor_width(bias->by_distance) + column];
    }
    if (bias->by_pair)
        sum += (double)bias->by_pair->data[(h * queries.count + i) * keys.count + j];
    return sum;
}

void door_scores(Doors *doors, size_t layer, size_t draw, double *out)
{
    RandomKey key = random_at(random_for(random_seed(1), "queries and keys to look at"), draw);
    begin(doors, 3);
    for (size_t i = 0; i < 3 * doors->T * doors->C; i++)
        doors->x.data[i] = (real)random_normal(key, i);
    PosSite site = site_of(doors, layer);
    ScoreBias bias = bias_at(doors, &site);
    for (size_t h = 0; h < doors->H; h++)
        for (size_t i = 0; i < doors->T; i++)
            for (size_t j = 0; j < doors->T; j++)
                *out++ = doors->pos->shape.causal && j > i
                             ? (double)NAN
                             : bias_of_pair(&bias, h, doors->positions, i, doors->positions, j);
}
