/* embedding.c: position vectors, and how alike they are. */
#include "lab/inspect/inspect.h"

#include <math.h>

#include "lab/inspect/doors.h"

/* Position vectors [T, C]: what becomes of zeros. *adds: does the door add just that to any vector?
 * Asked with one at random. */
static bool position_vectors(Arena *arena, const Subject *subject, size_t state, double *vectors,
                             bool *adds, Error *error)
{
    Doors doors;
    if (!doors_init(&doors, subject->pos[state], subject->positions, error))
        return false;
    size_t T = doors.T, C = doors.C;
    double *x = arena_alloc(arena, C, sizeof *x), *y = arena_alloc_raw(arena, T * C, sizeof *y);
    bool ok = (x && y) || fail(error, "out of memory: %zu vectors", T);
    if (ok) {
        door_embedding(&doors, x, vectors);
        for (size_t c = 0; c < C; c++)
            x[c] = random_normal(random_for(random_seed(1), "a token to look at"), c);
        door_embedding(&doors, x, y);
        for (size_t i = 0; i < T * C; i++)
            *adds = *adds && fabs(y[i] - x[i % C] - vectors[i]) <= 1e-5 * (1 + fabs(y[i]));
    }
    doors_free(&doors);
    return ok;
}

/* cos(a, b) = a.b / (|a| |b|); NaN where one has no length. */
static double cosine(const double *a, const double *b, size_t n)
{
    double dot = 0, a_square = 0, b_square = 0;
    for (size_t i = 0; i < n; i++) {
        dot += a[i] * b[i];
        a_square += a[i] * a[i];
        b_square += b[i] * b[i];
    }
    double lengths = sqrt(a_square) * sqrt(b_square);
    return lengths > 0 ? dot / lengths : NAN;
}

static void fill_cosines(const double *vectors, size_t T, size_t C, double *cosines)
{
    for (size_t i = 0; i < T; i++)
        for (size_t j = 0; j < T; j++)
            cosines[i * T + j] = cosine(vectors + i * C, vectors + j * C, C);
}

static void fill_nearness(const double *cosines, size_t T, double *nearness)
{
    for (size_t d = 0; d < T; d++) {
        nearness[d] = 0;
        for (size_t i = 0; i + d < T; i++)
            nearness[d] += cosines[i * T + i + d] / (double)(T - d);
    }
}

bool inspect_embedding(Gallery *gallery, const Subject *subject, Error *error)
{
    size_t T = subject->positions.count, C = subject->pos[0]->shape.n_embd;
    Axis positions = {.name = "position", .count = T};
    Figure *vectors = gallery_add(gallery, (Figure){.name = "vectors",
                                                    .title = "the position vectors",
                                                    .kind = FIGURE_MAP,
                                                    .own_scales = true,
                                                    .rows = positions,
                                                    .columns = {.name = "channel", .count = C},
                                                    .n_panels = subject->count});
    Figure *cosines = gallery_add(
        gallery, (Figure){.name = "cosines",
                          .title = "how alike the vectors of two positions are",
                          .note = "cosine similarity: 1 the same direction, 0 nothing in common",
                          .kind = FIGURE_MAP,
                          .rows = positions,
                          .columns = positions,
                          .n_panels = subject->count});
    Figure *nearness = gallery_add(
        gallery,
        (Figure){.name = "nearness",
                 .title = "how alike vectors are, by distance",
                 .note = "the mean cosine similarity of all pairs of positions so far apart",
                 .kind = FIGURE_CURVES,
                 .rows = {.count = subject->count, .labels = subject->when},
                 .columns = {.name = "distance", .count = T},
                 .n_panels = 1});
    if (!vectors || !cosines || !nearness)
        return fail(error, "out of memory: %zu position vectors", T);
    bool adds = true;
    for (size_t s = 0; s < subject->count; s++) {
        double *numbers = vectors->panels[s].values, *alike = cosines->panels[s].values;
        if (!position_vectors(gallery->arena, subject, s, numbers, &adds, error))
            return false;
        if (subject->count > 1)
            vectors->panels[s].title = cosines->panels[s].title = subject->when[s];
        fill_cosines(numbers, T, C, alike);
        fill_nearness(alike, T, nearness->panels[0].values + s * T);
    }
    vectors->note = adds ? "added to the vector of the token that stands there"
                         : "what becomes of a vector of zeros; to others the door does more than "
                           "add this";
    return true;
}
