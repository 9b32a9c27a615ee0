/* hands.c: asks what becomes of two vectors that lie in one plane. */
#include "lab/inspect/hands.h"

#include <math.h>

#include "base/text.h"

/* Fox and crow, alone and with words put in front. */
enum { FOX, CROW, BETWEEN, N_ROWS, N_WORDS = 2, IN_FRONT = 5 };
static const int word_positions[] = {1, 4, 1 + IN_FRONT, 4 + IN_FRONT};
static const char *const row_names[] = {"fox (key)", "crow (query)", "from fox to crow"};
static const char *const column_names[] = {"position", "angle before", "angle after", "length"};

/* The two vectors before they are turned: their directions in degrees, and their lengths. Both are
 * chosen to be told apart by eye. */
static const double before[] = {25, 60}, lengths[] = {0.8, 1};

static const double DEGREES = 57.29577951308232088; /* in a radian */

static const Plane *choose_plane(const Planes *planes)
{
    const double pi = acos(-1.0), most = pi / (4 + IN_FRONT); /* half a turn by the last position */
    const Plane *chosen = NULL, *slowest = NULL;
    for (size_t p = 0; p < planes->count; p++) {
        const Plane *plane = &planes->at[p];
        double theta = fabs(plane->theta);
        if (theta == 0)
            continue;
        if (theta <= most && (!chosen || theta > fabs(chosen->theta)))
            chosen = plane;
        if (!slowest || theta < fabs(slowest->theta))
            slowest = plane;
    }
    return chosen ? chosen : slowest;
}

static double between_0_and_360(double degrees)
{
    return degrees - 360 * floor(degrees / 360);
}

/* A word's row, from what became of its vector at its position. */
static void fill_hand(double *row, size_t word, int position, const Plane *plane, const double *y)
{
    row[HAND_POSITION] = position;
    row[HAND_BEFORE] = before[word];
    row[HAND_AFTER] = between_0_and_360(atan2(y[plane->second], y[plane->first]) * DEGREES);
    row[HAND_LENGTH] = hypot(y[plane->first], y[plane->second]);
}

static void fill_panel(double *values, const int *positions, const Plane *plane, const double *fox,
                       const double *crow)
{
    double *of_fox = values + FOX * N_HAND_COLUMNS, *of_crow = values + CROW * N_HAND_COLUMNS;
    double *between = values + BETWEEN * N_HAND_COLUMNS;
    fill_hand(of_fox, FOX, positions[FOX], plane, fox);
    fill_hand(of_crow, CROW, positions[CROW], plane, crow);
    for (size_t c = 0; c < N_HAND_COLUMNS; c++)
        between[c] = c == HAND_LENGTH ? NAN : of_crow[c] - of_fox[c];
    between[HAND_AFTER] = between_0_and_360(between[HAND_AFTER]);
}

static void set_vector(double *x, const Plane *plane, size_t word)
{
    x[plane->first] = lengths[word] * cos(before[word] / DEGREES);
    x[plane->second] = lengths[word] * sin(before[word] / DEGREES);
}

/* The crow is shown to the door as the query, the fox as the key, at all four positions; each panel
 * takes the fox at its first and the crow at its second. */
static bool ask(Arena *arena, Doors *doors, const Plane *plane, Figure *figure, Error *error)
{
    size_t stride = doors->H * doors->D; /* from a position to the next; head 0 stands first */
    double *q = arena_alloc(arena, doors->D, sizeof *q);
    double *k = arena_alloc(arena, doors->D, sizeof *k);
    double *q_out = arena_alloc_raw(arena, doors->T * stride, sizeof *q_out);
    double *k_out = arena_alloc_raw(arena, doors->T * stride, sizeof *k_out);
    if (!q || !k || !q_out || !k_out)
        return fail(error, "out of memory: two words");
    set_vector(q, plane, CROW);
    set_vector(k, plane, FOX);
    door_query_key(doors, 0, q, k, q_out, k_out);
    for (size_t p = 0; p < figure->n_panels; p++) {
        size_t fox = p * N_WORDS + FOX, crow = p * N_WORDS + CROW;
        fill_panel(figure->panels[p].values, word_positions + p * N_WORDS, plane,
                   k_out + fox * stride, q_out + crow * stride);
    }
    figure->panels[0].title = "the fox saw the crow";
    figure->panels[1].title = "with 5 words put in front";
    return true;
}

bool inspect_hands(Gallery *gallery, const Pos *pos, const Planes *planes, Error *error)
{
    Doors doors;
    const Plane *plane = choose_plane(planes);
    Positions positions = {word_positions, sizeof word_positions / sizeof *word_positions};
    if (!plane || !pos_check(pos, positions, NULL))
        return true;
    const char *note = text_format(gallery->arena,
                                   "channels %zu and %zu, which turn by %.3g "
                                   "degrees a position; angles in degrees",
                                   plane->first, plane->second, plane->theta * DEGREES);
    Figure *figure =
        gallery_add(gallery, (Figure){.name = "words",
                                      .title = "two words in one plane, turned by their positions",
                                      .note = note,
                                      .kind = FIGURE_HANDS,
                                      .rows = {.count = N_ROWS, .labels = row_names},
                                      .columns = {.count = N_HAND_COLUMNS, .labels = column_names},
                                      .n_panels = 2});
    if (!note || !figure)
        return fail(error, "out of memory: two words");
    if (!doors_init(&doors, pos, positions, error))
        return false;
    bool ok = ask(gallery->arena, &doors, plane, figure, error);
    doors_free(&doors);
    return ok;
}
