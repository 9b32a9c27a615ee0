/* scores.c: the biases that a scheme adds to scores. They are looked at pair by pair; where all
 * pairs at the same distance turn out to share theirs, distances are enough to show them. */
#include "lab/inspect/inspect.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "lab/inspect/doors.h"

/* The biases of some layers at one time. */
typedef struct Biases {
    double *of_layer; /* [n_layer, H, T, T] */
    bool same_layers; /* one stands for all */
    bool has_nan;     /* some pair that the mask lets through has a bias that is no number */
    bool zero;        /* all of them are 0 */
    bool by_distance; /* all pairs at one distance share theirs */
    bool by_content;  /* they depend on what queries and keys are */
} Biases;

static size_t layer_size(const Subject *subject)
{
    size_t T = subject->positions.count;
    return subject->pos[0]->shape.n_head * T * T;
}

static bool same_numbers(const double *a, const double *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!(a[i] == b[i] || (isnan(a[i]) && isnan(b[i]))))
            return false;
    return true;
}

static bool all_zero(const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i]) && x[i] != 0)
            return false;
    return true;
}

/* NaN stands where a mask hides a pair, too: there it means nothing. x [rows / T, T, T] */
static bool any_nan(const double *x, size_t rows, size_t T, bool causal)
{
    for (size_t row = 0; row < rows; row++)
        for (size_t j = 0; j < (causal ? row % T + 1 : T); j++)
            if (isnan(x[row * T + j]))
                return true;
    return false;
}

/* Does each diagonal have one bias: is each that of the pair one up and one to the left? */
static bool is_by_distance(const double *layer, size_t n_head, size_t T)
{
    for (size_t h = 0; h < n_head; h++)
        for (size_t i = 1; i < T; i++)
            if (!same_numbers(layer + (h * T + i) * T + 1, layer + (h * T + i - 1) * T, T - 1))
                return false;
    return true;
}

/* All layers in one state of the subject, each asked twice, with other queries and keys. */
static bool gather(Gallery *gallery, const Subject *subject, size_t state, Biases *biases,
                   Error *error)
{
    const PosShape *shape = &subject->pos[state]->shape;
    size_t size = layer_size(subject);
    double *others = arena_alloc_raw(gallery->arena, size, sizeof *others);
    *biases = (Biases){.of_layer = arena_alloc_raw(gallery->arena, size * shape->n_layer,
                                                   sizeof *biases->of_layer),
                       .same_layers = true,
                       .by_distance = true};
    Doors doors;
    if (!others || !biases->of_layer)
        return fail(error, "out of memory: the biases of %zu layers", shape->n_layer);
    if (!doors_init(&doors, subject->pos[state], subject->positions, error))
        return false;
    for (size_t layer = 0; layer < shape->n_layer; layer++) {
        double *numbers = biases->of_layer + layer * size;
        door_scores(&doors, layer, 1, others);
        door_scores(&doors, layer, 0, numbers);
        biases->by_content = biases->by_content || !same_numbers(numbers, others, size);
        biases->same_layers = biases->same_layers && same_numbers(numbers, biases->of_layer, size);
        biases->by_distance =
            biases->by_distance && is_by_distance(numbers, shape->n_head, doors.T);
    }
    biases->has_nan =
        any_nan(biases->of_layer, shape->n_layer * shape->n_head * doors.T, doors.T, shape->causal);
    biases->zero = !biases->has_nan && all_zero(biases->of_layer, size * shape->n_layer);
    doors_free(&doors);
    return true;
}

/* --- how they are arranged --- */

/* One panel by distance, or n_head by pair. */
typedef struct Part {
    const char *title;
    const double *numbers; /* [H, T, T] */
} Part;

/* The layers of a state that are to be seen; how many they are. */
static size_t list_parts(Arena *arena, const Subject *subject, size_t state, const Biases *biases,
                         Part *parts)
{
    size_t n_layer = biases->same_layers ? 1 : subject->pos[state]->shape.n_layer;
    const char *when = subject->count > 1 ? subject->when[state] : "";
    for (size_t layer = 0; layer < n_layer; layer++) {
        parts[layer].numbers = biases->of_layer + layer * layer_size(subject);
        parts[layer].title =
            n_layer == 1 ? when
                         : text_format(arena, "layer %zu%s%s", layer, when[0] ? " " : "", when);
    }
    return n_layer;
}

/* Distances from -(T - 1) on: down the first column, then along the first row. */
static void fill_by_distance(const double *numbers, size_t n_head, size_t T, size_t width,
                             double *out)
{
    for (size_t h = 0; h < n_head; h++)
        for (size_t c = 0; c < width; c++)
            out[h * width + c] =
                c < T ? numbers[(h * T + T - 1 - c) * T] : numbers[h * T * T + c - (T - 1)];
}

static bool fail_memory(Error *error)
{
    return fail(error, "out of memory: biases");
}

static const char *head_name(Arena *arena, size_t h)
{
    return text_format(arena, "head %zu", h);
}

static const char *note_of(const Biases *now, bool by_distance, bool zero_start)
{
    if (now->has_nan)
        return "some are no numbers (NaN): the scheme or its training went wrong";
    if (now->by_content)
        return "it depends on what queries and keys are: shown for some at random";
    if (now->zero)
        return "all are 0: nothing is learned yet";
    if (zero_start)
        return "all were 0 at the start";
    return by_distance ? "the same for all pairs at one distance" : "";
}

static bool add_by_distance(Gallery *gallery, const Subject *subject, const Part *parts,
                            size_t n_parts, const char *note, Error *error)
{
    const PosShape *shape = &subject->pos[0]->shape;
    size_t T = subject->positions.count, H = shape->n_head;
    size_t width = shape->causal ? T : 2 * T - 1;
    const char **heads = arena_alloc(gallery->arena, H, sizeof *heads);
    Figure *figure =
        gallery_add(gallery, (Figure){.name = "bias",
                                      .title = "what is added to a score, by head and distance",
                                      .note = note,
                                      .kind = FIGURE_CURVES,
                                      .rows = {.name = "head", .count = H, .labels = heads},
                                      .columns = {.name = "distance (key - query)",
                                                  .count = width,
                                                  .first = 1 - (long)T},
                                      .n_panels = n_parts});
    if (!heads || !figure)
        return fail_memory(error);
    for (size_t h = 0; h < H; h++)
        if (!(heads[h] = head_name(gallery->arena, h)))
            return fail_memory(error);
    for (size_t p = 0; p < n_parts; p++) {
        figure->panels[p].title = parts[p].title;
        fill_by_distance(parts[p].numbers, H, T, width, figure->panels[p].values);
    }
    return true;
}

static bool add_by_pair(Gallery *gallery, const Subject *subject, const Part *parts, size_t n_parts,
                        const char *note, Error *error)
{
    size_t T = subject->positions.count, H = subject->pos[0]->shape.n_head;
    Axis positions = {.name = "position of the query", .count = T};
    Figure *figure =
        gallery_add(gallery, (Figure){.name = "bias",
                                      .title = "what is added to a score, by head and pair",
                                      .note = note,
                                      .kind = FIGURE_MAP,
                                      .rows = positions,
                                      .columns = {.name = "position of the key", .count = T},
                                      .n_panels = n_parts * H});
    if (!figure)
        return fail_memory(error);
    for (size_t p = 0; p < n_parts * H; p++) {
        Panel *panel = &figure->panels[p];
        const char *part = parts[p / H].title;
        panel->title = text_format(gallery->arena, "%s%shead %zu", part, part[0] ? " " : "", p % H);
        if (!panel->title)
            return fail_memory(error);
        memcpy(panel->values, parts[p / H].numbers + p % H * T * T, T * T * sizeof(double));
    }
    return true;
}

/* A start at which all biases are 0 is said, not shown. */
bool inspect_scores(Gallery *gallery, const Subject *subject, Error *error)
{
    Biases biases[2] = {{0}};
    size_t n_parts = 0, now = subject->count - 1;
    Part *parts = arena_alloc(gallery->arena, 2 * subject->pos[0]->shape.n_layer, sizeof *parts);
    if (!parts)
        return fail_memory(error);
    bool by_distance = true, zero_start = false;
    for (size_t s = 0; s < subject->count; s++) {
        if (!gather(gallery, subject, s, &biases[s], error))
            return false;
        by_distance = by_distance && biases[s].by_distance;
        zero_start = zero_start || (s < now && biases[s].zero);
        if (s == now || !biases[s].zero)
            n_parts += list_parts(gallery->arena, subject, s, &biases[s], parts + n_parts);
    }
    for (size_t p = 0; p < n_parts; p++)
        if (!parts[p].title)
            return fail_memory(error);
    const char *note = note_of(&biases[now], by_distance, zero_start);
    return by_distance ? add_by_distance(gallery, subject, parts, n_parts, note, error)
                       : add_by_pair(gallery, subject, parts, n_parts, note, error);
}
