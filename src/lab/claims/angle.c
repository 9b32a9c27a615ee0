/* angle.c: "words in front of two words leave the angle between them as it is".
 *
 * "The Man ran to the Snake", and the same with "in Chennai, " in front: each word stands 12 places
 * further on. RoPE turns both vectors by 12 theta more, and the angle between them, hence q.k, is
 * what it was. That is exact, and its rounding is looked at up to position 100,000:
 *
 *     R(m + s) q . R(n + s) k  =  R(m) q . R(n) k
 *
 * But a model does more than to compare two vectors. The softmax shares out attention among all
 * words there are, the new ones too; and from the second layer on queries and keys are made of
 * vectors into which the words in front have been mixed. So trained models of every scheme read
 * the sentence both ways, and each step is compared:
 *
 *     vectors of tokens -> scores of layer 1 -> weights of layer 1 -> weights of the last -> odds
 *
 * The sentence with its front is 36 characters long, as long as the windows of CLAIMS_CONFIG.
 */
#include "lab/claims/angle.h"

#include <string.h>

#include "lab/claims/measure.h"
#include "lab/claims/models.h"
#include "lab/claims/specimen.h"

#define FRONT    "in Chennai, "
#define SENTENCE "the Man ran to the Snake"

static const ExperimentId draws_on[] = {ON_TEXT, NO_EXPERIMENT};

/* What rounding may do to a score, as a share of the largest that it could be. */
static const double ROUNDING = 1e-5;

enum { N_SHIFTS = 11 };
static const int shifts[N_SHIFTS] = {1, 3, 10, 30, 100, 300, 1000, 3000, 10000, 30000, 100000};

/* What is drawn: the largest change of a score over the seeds, by shift. */
typedef struct Moves {
    double rope[N_SHIFTS], rope_float[N_SHIFTS], sinusoidal[N_SHIFTS];
} Moves;

typedef struct Found {
    const Findings *findings;
    AngleText text;
    bool own_words; /* a piece of the validation text, since that text cannot write the sentence */
    AngleFinding *of; /* [n_arms, n_seeds] */
    size_t rope, sinusoidal;
    Moves moves;
} Found;

/* --- the text --- */

static bool choose_text(Arena *arena, Found *found)
{
    const Corpus *corpus = &found->findings->experiment->corpus;
    size_t length = strlen(FRONT SENTENCE), count;
    size_t room = measure_block_size(found->findings);
    int *tokens = arena_alloc(arena, length, sizeof *tokens);
    if (!tokens)
        return false;
    found->text = (AngleText){tokens, strlen(FRONT), strlen(SENTENCE)};
    found->own_words =
        length > room ||
        !vocab_encode(&corpus->vocab, FRONT SENTENCE, length, tokens, &count, NULL) ||
        count != length;
    if (found->own_words)
        found->text = (AngleText){corpus->validation.at, room / 4, room - room / 4};
    return true;
}

/* --- the models --- */

static void note_moves(const Gpt *gpt, Tape *tape, AngleText text, AngleMove move, double *most)
{
    for (size_t s = 0; s < N_SHIFTS; s++)
        most[s] = measure_worse(most[s], move(gpt, tape, text, shifts[s]));
}

static bool look_at_run(Found *found, size_t arm, size_t seed, Tape *tape, Error *error)
{
    const Experiment *experiment = found->findings->experiment;
    SavedModel saved;
    if (!model_at_end(&saved, found->findings, arm, seed, error))
        return false;
    AngleFinding *of = &found->of[arm * experiment->n_seeds + seed];
    angle_look(&saved.gpt, tape, found->text, of);
    if (arm == found->rope) {
        note_moves(&saved.gpt, tape, found->text, angle_move, found->moves.rope);
        note_moves(&saved.gpt, tape, found->text, angle_move_float, found->moves.rope_float);
    }
    if (arm == found->sinusoidal)
        note_moves(&saved.gpt, tape, found->text, angle_move, found->moves.sinusoidal);
    saved_model_free(&saved);
    return true;
}

static bool look_at_runs(Found *found, Arena *arena, Error *error)
{
    const Experiment *experiment = found->findings->experiment;
    Tape tape;
    found->of = arena_alloc(arena, experiment->n_arms * experiment->n_seeds, sizeof *found->of);
    if (!found->of || !choose_text(arena, found))
        return fail(error, "out of memory: an answer");
    if (!tape_init(&tape, false, error))
        return false;
    bool ok = tape_reserve(&tape, SPECIMEN_BYTES, error);
    for (size_t arm = 0; ok && arm < experiment->n_arms; arm++)
        for (size_t seed = 0; ok && seed < experiment->n_seeds; seed++)
            ok = look_at_run(found, arm, seed, &tape, error);
    tape_free(&tape);
    return ok;
}

/* --- the answer --- */

/* The number at this offset of an AngleFinding, over the seeds of an arm. */
static Estimate over_seeds_of(const Found *found, size_t arm, size_t offset)
{
    double x[MAX_SEEDS];
    size_t n_seeds = found->findings->experiment->n_seeds;
    for (size_t seed = 0; seed < n_seeds; seed++)
        memcpy(&x[seed], (const char *)&found->of[arm * n_seeds + seed] + offset, sizeof *x);
    return measure_seeds(x, n_seeds);
}

static double mean_of(const Found *found, size_t arm, size_t offset)
{
    return over_seeds_of(found, arm, offset).over_seeds.mean;
}

static double largest_move(const Found *found)
{
    double most = 0;
    for (size_t s = 0; s < N_SHIFTS; s++)
        most = measure_worse(most, found->moves.rope[s]);
    return most;
}

Verdict angle_judge(double score, Estimate odds)
{
    if (!(score <= ROUNDING))
        return DOES_NOT_HOLD;
    if (odds.interval.low > ROUNDING)
        return HOLDS_UNDER_A_CONDITION;
    return odds.interval.high <= ROUNDING ? HOLDS : NOT_SHOWN;
}

static bool tabulate(Arena *arena, const Found *found, Answer *answer)
{
    static const char *const header[] = {"scheme",
                                         "cosine of two vectors",
                                         "score, layer 1",
                                         "weights, layer 1",
                                         "among the words",
                                         "the same, last layer",
                                         "odds"};
    static const size_t offsets[] = {
        offsetof(AngleFinding, cosine),     offsetof(AngleFinding, score),
        offsetof(AngleFinding, weights),    offsetof(AngleFinding, among_first),
        offsetof(AngleFinding, among_last), offsetof(AngleFinding, odds)};
    enum { N = sizeof offsets / sizeof *offsets };
    size_t n_arms = found->findings->experiment->n_arms;
    TableMaker rows = table_begin(arena, header, N + 1, n_arms, &answer->table);
    for (size_t arm = 0; arm < n_arms; arm++) {
        const char *cells[N + 1] = {found->findings->names[arm]};
        for (size_t c = 0; c < N; c++)
            cells[c + 1] = text_format(arena, "%.2g", mean_of(found, arm, offsets[c]));
        table_add(&rows, &answer->table, cells);
    }
    return !rows.failed;
}

static bool draw_moves(Arena *arena, AnswerSeries *series, const char *name,
                       const PosScheme *scheme, const double *moves)
{
    SeriesNumbers to;
    if (!series_begin(arena, series, name, scheme, N_SHIFTS, &to))
        return false;
    for (size_t s = 0; s < N_SHIFTS; s++)
        series_point(&to, s, shifts[s], moves[s], (Interval){moves[s], moves[s]});
    return true;
}

static bool draw(Arena *arena, const Found *found, Answer *answer)
{
    enum { SERIES = 3 };
    const Arm *arms = found->findings->experiment->arms;
    AnswerSeries *series = arena_alloc(arena, SERIES, sizeof *series);
    if (!series ||
        !draw_moves(arena, &series[0], "rope", arms[found->rope].scheme, found->moves.rope) ||
        !draw_moves(arena, &series[1], "rope, its angles computed in 24 bits", NULL,
                    found->moves.rope_float) ||
        !draw_moves(arena, &series[2], "sinusoidal", arms[found->sinusoidal].scheme,
                    found->moves.sinusoidal))
        return false;
    answer->figure =
        (AnswerFigure){.title = "A text moved by so many positions, nothing in front of it",
                       .x_name = "positions further on",
                       .y_name = "largest change of a score, as a share of |q||k|/sqrt(D)",
                       .x_is_log = true,
                       .y_is_log = true,
                       .series = series,
                       .n_series = SERIES};
    return true;
}

static const char *tell(Arena *arena, const Found *found)
{
    const char *setting = measure_setting(arena, found->findings);
    if (!setting)
        return NULL;
    return text_format(
        arena,
        "On %s, reading %s: with RoPE no score of two given vectors moves by more than %.1e of "
        "|q||k|/sqrt(D) up to position %d; where the angle itself is a float of 24 bits, the error "
        "grows with the position, to %.1e. With the words in front a share of %.2f of the weights "
        "in layer 1 moves, most of it to the new words; of what is left to the old ones %.1e, and "
        "in the last layer %.2f, as its queries and keys have the new words mixed into them. The "
        "odds of the next character move by %.2f. Sinusoidal vectors move scores of layer 1 by up "
        "to %.2f of |q||k|/sqrt(D).",
        setting,
        found->own_words ? "the beginning of the validation text"
                         : "\"" SENTENCE "\" with and without \"" FRONT "\"",
        largest_move(found), shifts[N_SHIFTS - 1], found->moves.rope_float[N_SHIFTS - 1],
        mean_of(found, found->rope, offsetof(AngleFinding, weights)),
        mean_of(found, found->rope, offsetof(AngleFinding, among_first)),
        mean_of(found, found->rope, offsetof(AngleFinding, among_last)),
        mean_of(found, found->rope, offsetof(AngleFinding, odds)),
        mean_of(found, found->sinusoidal, offsetof(AngleFinding, score)));
}

static bool examine(const ClaimDesk *desk, Answer *answer, Error *error)
{
    const Findings *findings = desk->findings[ON_TEXT];
    Found found = {.findings = findings,
                   .rope = measure_arm(findings, "rope"),
                   .sinusoidal = measure_arm(findings, "sinusoidal")};
    if (!look_at_runs(&found, desk->arena, error))
        return false;
    Estimate odds = over_seeds_of(&found, found.rope, offsetof(AngleFinding, odds));
    answer->verdict = angle_judge(largest_move(&found), odds);
    if (answer->verdict == HOLDS_UNDER_A_CONDITION)
        answer->condition = "of the score of two given vectors, not of attention's weights nor of "
                            "what the model says";
    answer->deciding =
        text_format(desk->arena, "scores move by %.0e of their range, the odds by %.3f (95 %%: %s)",
                    largest_move(&found), odds.over_seeds.mean,
                    measure_interval(odds.interval, text_decimal, 3).text);
    answer->text = tell(desk->arena, &found);
    return (answer->deciding && answer->text && tabulate(desk->arena, &found, answer) &&
            draw(desk->arena, &found, answer)) ||
           fail(error, "out of memory: an answer");
}

extern const Claim claim_angle;
const Claim claim_angle = {
    .name = "angle",
    .says = "RoPE keeps the angle between two words when words are put in front of both.",
    .question =
        "\"" SENTENCE "\", and the same with \"" FRONT "\" in front. What of it will be the same "
        "in a model with RoPE: the score of Man and Snake, the weight that one gives to the other, "
        "the character that is guessed next?",
    .varied =
        "where the text stands, up to position 100,000; what stands in front of it; the scheme",
    .held = "the trained model, and the text",
    .criterion =
        "Does not hold if a score of the first layer with RoPE moves by more than 1e-5 of |q||k| / "
        "sqrt(D) at any shift up to 100,000. Else it holds under a condition if words in front are "
        "shown to move the odds of the next character (lower end of the 95 % interval over the "
        "seeds above 1e-5), and holds if they are shown not to.",
    .discuss =
        {"The scores of layer 1 are the same. Why are its weights not?",
         "In layer 1 the weights of the old words keep their proportions. Why not in layer 2?",
         "A graphics card computes in 16 bits. Up to which position would you trust an angle "
         "that is computed there?"},
    .draws_on = draws_on,
    .examine = examine,
};
