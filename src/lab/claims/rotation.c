/* rotation.c: "RoPE turns a word's vector by its position times theta".
 *
 * What a page says in one line has three qualifications, each of which can be measured (see
 * rotation_measure.c): it is queries and keys that turn, in each head and layer, while the vector
 * of the word, which runs through the model, keeps its bits; they turn plane by plane, D/2 planes
 * with a theta each; and so the vector as a whole turns by no single angle. Nothing is trained.
 *
 * The program never writes R(m) out, it turns pairs. That this is the same as R(m) x is measured
 * too.
 */
#include "lab/claims/rotation.h"

#include "lab/claims/measure.h"

static const ExperimentId draws_on[] = {NO_EXPERIMENT};

static const double DEGREES = 57.295779513082320877; /* in a radian */

static bool tabulate(Arena *arena, const Turning *found, Answer *answer)
{
    static const char *const header[] = {"what", "measured", "expected"};
    const char *const rows[][3] = {
        {"change of the token's vector (bits)", text_format(arena, "%g", found->stream_change),
         "0"},
        {"change of the values (bits)", text_format(arena, "%g", found->value_change), "0"},
        {"angle of a plane, off position x theta[i] (radians)",
         text_format(arena, "%.1e", found->angle_error), "rounding"},
        {"length of a pair, relative change", text_format(arena, "%.1e", found->length_error),
         "rounding"},
        {"pair by pair, off the matrix product R(m) x",
         text_format(arena, "%.1e", found->matrix_error), "rounding"},
        {"one position turns plane 0 by (degrees)",
         text_format(arena, "%.3f", found->plane[0][1] * DEGREES), "57.296"},
        {"one position turns plane 7 by (degrees)",
         text_format(arena, "%.3f", found->plane[TURN_PLANES - 1][1] * DEGREES), "0.018"},
        {"one position turns the whole query by (degrees)",
         text_format(arena, "%.3f", found->whole[1] * DEGREES), "no single angle"},
    };
    enum { N_ROWS = sizeof rows / sizeof *rows };
    TableMaker maker = table_begin(arena, header, 3, N_ROWS, &answer->table);
    for (size_t r = 0; r < N_ROWS; r++)
        table_add(&maker, &answer->table, rows[r]);
    return !maker.failed;
}

/* Four hands of the clock, and the vector as a whole. */
static bool draw(Arena *arena, const PosScheme *scheme, const Turning *found, Answer *answer)
{
    static const size_t planes[] = {0, 1, 2, 4};
    enum { N_PLANES = sizeof planes / sizeof *planes };
    AnswerSeries *series = arena_alloc(arena, N_PLANES + 1, sizeof *series);
    if (!series)
        return false;
    for (size_t p = 0; p < N_PLANES; p++) {
        const char *name = text_format(arena, "plane %zu", planes[p]);
        if (!name || !series_exact(arena, &series[p], name, NULL, TURN_POSITIONS,
                                   found->plane[planes[p]], DEGREES))
            return false;
    }
    answer->figure = (AnswerFigure){.title = "A query and itself, turned",
                                    .x_name = "position",
                                    .y_name = "angle between the two (degrees)",
                                    .series = series,
                                    .n_series = N_PLANES + 1};
    return series_exact(arena, &series[N_PLANES], "the whole query", scheme, TURN_POSITIONS,
                        found->whole, DEGREES);
}

static bool write_texts(Arena *arena, const Turning *found, Answer *answer)
{
    double error = measure_worse(found->angle_error, found->matrix_error);
    answer->verdict = rotation_verdict(found);
    if (answer->verdict == HOLDS_UNDER_A_CONDITION)
        answer->condition =
            "of queries and keys, in each head and layer, plane by plane, each with its own theta";
    answer->deciding = text_format(
        arena,
        "planes of q and k turn by position x theta[i] to %.0e; the token's vector changes by %g",
        error, found->stream_change);
    answer->text = text_format(
        arena,
        "In heads of %d channels, at positions 0 to 100,031: each of the %d planes of a query or "
        "key turns by its position times its own theta, to %.0e radians, and the length of a pair "
        "changes by %.0e of it at most. Turning pairs gives what the matrix product R(m) x gives, "
        "to %.0e. One position turns plane 0 by %.1f degrees and plane %d by %.3f, so the query "
        "as a whole turns by no one angle: by %.0f degrees after 1 position, %.0f after 3 and "
        "%.0f after 6. The vector of the token itself %s.",
        2 * TURN_PLANES, TURN_PLANES, found->angle_error, found->length_error, found->matrix_error,
        found->plane[0][1] * DEGREES, TURN_PLANES - 1, found->plane[TURN_PLANES - 1][1] * DEGREES,
        found->whole[1] * DEGREES, found->whole[3] * DEGREES, found->whole[6] * DEGREES,
        found->stream_change == 0 ? "keeps every bit" : "changes");
    return answer->deciding && answer->text;
}

static bool examine(const ClaimDesk *desk, Answer *answer, Error *error)
{
    Turning found;
    const PosScheme *scheme = pos_find("rope");
    RandomKey key = random_for(random_seed(desk->first_seed), "rotation");
    if (!rotation_measure(scheme, key, &found, error))
        return false;
    return (write_texts(desk->arena, &found, answer) && tabulate(desk->arena, &found, answer) &&
            draw(desk->arena, scheme, &found, answer)) ||
           fail(error, "out of memory: an answer");
}

extern const Claim claim_rotation;
const Claim claim_rotation = {
    .name = "rotation",
    .says = "RoPE turns a word's vector by an angle: its position times theta.",
    .question =
        "The same word stands at positions 0, 1, 2, 3. Its vector turns: all of it, by the "
        "same step each time? Draw the angle between the word's vector at position 0 and at "
        "position m, for m from 0 to 31.",
    .varied = "the position (0 to 31, 1000 to 1031, 100,000 to 100,031), the layer, the head, the "
              "plane",
    .held = "the vectors, standard normal numbers",
    .criterion =
        "Holds if the token's own vector turns, as a whole, by the position times one theta. Holds "
        "under a condition if queries and keys do, in each plane by the position times that "
        "plane's theta (to rounding), with the lengths they had, as the matrix product R(m) x "
        "says, while the token's vector keeps its bits. Does not hold otherwise.",
    .discuss = {"The token's vector is not turned. What would turn with it, if it were, in the "
                "layers after "
                "the first?",
                "Plane 7 turns by half a degree in 31 positions. What can a head do with such a "
                "plane, and with plane 0?",
                "R(m) x costs D^2 multiplications as a matrix product. How many does it cost pair "
                "by pair?"},
    .draws_on = draws_on,
    .examine = examine,
};
