/* query_key.c: what becomes of queries and keys, as figures of its planes and matrices. */
#include "lab/inspect/inspect.h"

#include <math.h>

#include "base/text.h"
#include "lab/inspect/hands.h"
#include "lab/inspect/planes.h"

/* What all figures of this door are made from, and where they go. */
typedef struct View {
    Gallery *gallery;
    Doors doors;
    Planes planes;
} View;

static bool fail_memory(Error *error)
{
    return fail(error, "out of memory: queries and keys to look at");
}

/* --- planes --- */

/* "0, 1" for a plane, "5" for a channel that is alone. */
static const char **plane_names(Arena *arena, const Planes *planes)
{
    const char **names = arena_alloc(arena, planes->count, sizeof *names);
    for (size_t p = 0; names && p < planes->count; p++) {
        const Plane *plane = &planes->at[p];
        names[p] = plane->first == plane->second
                       ? text_format(arena, "%zu", plane->first)
                       : text_format(arena, "%zu, %zu", plane->first, plane->second);
        if (!names[p])
            return NULL;
    }
    return names;
}

static const char *planes_note(const Planes *planes)
{
    if (!planes->alike)
        return "of head 0 in layer 0; others differ";
    return planes->steady
               ? "the same in all heads and layers; the angle is the position times theta"
               : "the same in all heads and layers; the angle is not just the position "
                 "times theta";
}

enum { THETA, WAVELENGTH, Q_LENGTH, K_LENGTH, N_PLANE_COLUMNS };
static const char *const plane_columns[] = {"theta", "wavelength", "length of q", "length of k"};

static bool add_planes(View *view, const char **names, Error *error)
{
    const Planes *planes = &view->planes;
    const double full = 2 * acos(-1.0);
    size_t last = view->doors.T - 1;
    Figure *figure = gallery_add(
        view->gallery,
        (Figure){.name = "planes",
                 .title = "channels that turn together: theta in radians, 2 pi / theta positions "
                          "to a full turn",
                 .note = text_format(view->gallery->arena, "%s (lengths: at position %zu)",
                                     planes_note(planes), last),
                 .kind = FIGURE_TABLE,
                 .rows = {.name = "channels", .count = planes->count, .labels = names},
                 .columns = {.count = N_PLANE_COLUMNS, .labels = plane_columns},
                 .n_panels = 1});
    if (!figure || !figure->note)
        return fail_memory(error);
    for (size_t p = 0; p < planes->count; p++) {
        const Plane *plane = &planes->at[p];
        double *row = figure->panels[0].values + p * N_PLANE_COLUMNS;
        row[THETA] = plane->theta;
        row[WAVELENGTH] = full / fabs(plane->theta); /* infinite for one that stands still */
        row[Q_LENGTH] = plane->q.length[last];
        row[K_LENGTH] = plane->k.length[last];
    }
    return true;
}

/* "6.28", "1117", "stays" */
static const char **wavelengths(Arena *arena, const Planes *planes)
{
    const double full = 2 * acos(-1.0);
    const char **names = arena_alloc(arena, planes->count, sizeof *names);
    for (size_t p = 0; names && p < planes->count; p++) {
        double theta = fabs(planes->at[p].theta), length = full / theta;
        names[p] = theta > 0 ? text_format(arena, length < 100 ? "%.3g" : "%.0f", length) : "stays";
        if (!names[p])
            return NULL;
    }
    return names;
}

static bool add_angles(View *view, Error *error)
{
    const Planes *planes = &view->planes;
    size_t T = view->doors.T;
    const char **names = wavelengths(view->gallery->arena, planes);
    Figure *figure = gallery_add(
        view->gallery,
        (Figure){
            .name = "angles",
            .title = "the cosine of the angle that each plane is turned by",
            .note = "1: where it began; -1: half a turn on",
            .kind = FIGURE_MAP,
            .rows = {.name = "wavelength of the plane", .count = planes->count, .labels = names},
            .columns = {.name = "position", .count = T},
            .n_panels = 1});
    if (!figure || !names)
        return fail_memory(error);
    for (size_t p = 0; p < planes->count; p++)
        for (size_t t = 0; t < T; t++)
            figure->panels[0].values[p * T + t] = cos(planes->at[p].q.angle[t]);
    return true;
}

/* --- matrices --- */

static const char *matrices_note(const Planes *planes)
{
    if (!planes->linear)
        return "what becomes of vectors with a single 1, in columns; of others, no sum of these: "
               "the door is not linear";
    return planes->are_turns ? "the door makes y = R x of a query x"
                             : "the door makes y = R x of a query x; R is no turn in planes";
}

static bool add_matrices(View *view, Error *error)
{
    size_t D = view->doors.D, last = view->doors.T - 1;
    size_t places[] = {last < 1 ? last : 1, last < 16 ? last : 16};
    size_t n = places[0] == places[1] ? 1 : 2;
    Figure *figure =
        gallery_add(view->gallery, (Figure){.name = "matrices",
                                            .title = "the matrix R that a query is multiplied by",
                                            .note = matrices_note(&view->planes),
                                            .kind = FIGURE_MAP,
                                            .rows = {.name = "channel of y", .count = D},
                                            .columns = {.name = "channel of x", .count = D},
                                            .n_panels = n});
    if (!figure)
        return fail_memory(error);
    if (view->planes.are_turns)
        figure->summary = &figure->panels[n - 1]; /* the table of planes says the rest */
    for (size_t p = 0; p < n; p++) {
        Panel *panel = &figure->panels[p];
        panel->title = text_format(view->gallery->arena, "at position %zu", places[p]);
        if (!panel->title)
            return fail_memory(error);
        if (!door_matrix(&view->doors, places[p], panel->values, error))
            return false;
    }
    return true;
}

/* --- the score against distance --- */

enum { ALIKE, AT_RANDOM, N_DECAYS, DRAWS = 256 };
static const char *const decay_names[] = {"q = k = ones", "random (rms)"};

/* A query and a key, both of length 1, and what the door makes of them at each position. */
typedef struct Pair {
    double *q, *k;         /* [D] */
    double *q_out, *k_out; /* [T, H, D] */
} Pair;

static void set_length_1(double *x, size_t n)
{
    double square = 0;
    for (size_t i = 0; i < n; i++)
        square += x[i] * x[i];
    for (size_t i = 0; i < n; i++)
        x[i] /= sqrt(square);
}

/* The score of the query at position i with the key at position j, in head 0. */
static double score(const Doors *doors, const Pair *pair, size_t i, size_t j)
{
    double sum = 0;
    for (size_t d = 0; d < doors->D; d++)
        sum += pair->q_out[i * doors->H * doors->D + d] * pair->k_out[j * doors->H * doors->D + d];
    return sum;
}

/* The query is the last, the key stands d positions before it. */
static double score_at(const Doors *doors, const Pair *pair, size_t d)
{
    return score(doors, pair, doors->T - 1, doors->T - 1 - d);
}

/* Have all pairs at the same distance the score of the one whose query is the last? */
static bool by_distance_alone(const Doors *doors, const Pair *pair)
{
    for (size_t i = 0; i < doors->T; i++)
        for (size_t j = 0; j <= i; j++) {
            double expected = score_at(doors, pair, i - j);
            if (fabs(score(doors, pair, i, j) - expected) > 1e-5 * (1 + fabs(expected)))
                return false;
        }
    return true;
}

/* The score by distance [T] of vectors that are alike. Is it the same wherever they stand? */
static bool fill_alike(Doors *doors, Pair *pair, double *curve)
{
    for (size_t c = 0; c < doors->D; c++)
        pair->q[c] = pair->k[c] = 1 / sqrt((double)doors->D);
    door_query_key(doors, 0, pair->q, pair->k, pair->q_out, pair->k_out);
    for (size_t d = 0; d < doors->T; d++)
        curve[d] = score_at(doors, pair, d);
    return by_distance_alone(doors, pair);
}

/* The same of vectors at random. Their mean score is 0, so their size is told by the root of the
 * mean square. */
static void fill_at_random(Doors *doors, Pair *pair, double *curve)
{
    size_t T = doors->T, D = doors->D;
    RandomKey key = random_for(random_seed(1), "pairs to look at");
    for (size_t d = 0; d < T; d++)
        curve[d] = 0;
    for (size_t draw = 0; draw < DRAWS; draw++) {
        for (size_t c = 0; c < D; c++) {
            pair->q[c] = random_normal(random_at(key, draw), 2 * c);
            pair->k[c] = random_normal(random_at(key, draw), 2 * c + 1);
        }
        set_length_1(pair->q, D);
        set_length_1(pair->k, D);
        door_query_key(doors, 0, pair->q, pair->k, pair->q_out, pair->k_out);
        for (size_t d = 0; d < T; d++)
            curve[d] += pow(score_at(doors, pair, d), 2) / DRAWS;
    }
    for (size_t d = 0; d < T; d++)
        curve[d] = sqrt(curve[d]);
}

static bool add_decay(View *view, Error *error)
{
    Arena *arena = view->gallery->arena;
    Doors *doors = &view->doors;
    size_t size = doors->T * doors->H * doors->D;
    Pair pair = {
        arena_alloc(arena, doors->D, sizeof(double)), arena_alloc(arena, doors->D, sizeof(double)),
        arena_alloc_raw(arena, size, sizeof(double)), arena_alloc_raw(arena, size, sizeof(double))};
    Figure *figure =
        gallery_add(view->gallery, (Figure){.name = "decay",
                                            .title = "the score q.k of vectors of length 1, by "
                                                     "distance",
                                            .kind = FIGURE_CURVES,
                                            .rows = {.count = N_DECAYS, .labels = decay_names},
                                            .columns = {.name = "positions from the key to the "
                                                                "query",
                                                        .count = doors->T},
                                            .n_panels = 1});
    if (!figure || !pair.q || !pair.k || !pair.q_out || !pair.k_out)
        return fail_memory(error);
    double *curves = figure->panels[0].values;
    fill_at_random(doors, &pair, curves + AT_RANDOM * doors->T);
    figure->note = fill_alike(doors, &pair, curves + ALIKE * doors->T)
                       ? "the same for all pairs so far apart, wherever they stand"
                       : "for the last query; at one distance other pairs have other scores";
    return true;
}

bool inspect_query_key(Gallery *gallery, const Subject *subject, Error *error)
{
    View view = {.gallery = gallery};
    const Pos *now = subject->pos[subject->count - 1];
    if (!doors_init(&view.doors, now, subject->positions, error))
        return false;
    bool ok = planes_find(gallery->arena, &view.doors, &view.planes, error);
    if (ok && view.planes.are_turns) {
        const char **names = plane_names(gallery->arena, &view.planes);
        ok = (names || fail_memory(error)) && add_planes(&view, names, error) &&
             add_angles(&view, error);
    }
    ok = ok && add_matrices(&view, error) && add_decay(&view, error) &&
         (!view.planes.are_turns || inspect_hands(gallery, now, &view.planes, error));
    doors_free(&view.doors);
    return ok;
}
