/* rope_scaling.c: how much slower each plane turns.
 *
 * YaRN asks of each plane how many turns it makes in the L tokens of training,
 *
 *     r[i] = L theta[i] / (2 pi)
 *
 * and slows it down by s where r <= alpha, not at all where r >= beta, and in between by parts:
 *
 *     g[i] = (r[i] - alpha) / (beta - alpha), at least 0 and at most 1
 *     theta[i] (g[i] + (1 - g[i]) / s)
 *
 * alpha = 1 is a statement about any length: a plane that does not finish its first turn has angles
 * that training never showed. beta = 32 is not: the paper gives it for Llama's models, and Llama 2
 * has L = 4096, room for up to L / (2 pi) = 652 turns. With L = 64 the fastest plane makes 10: then
 * beta = 32 would slow every plane down, and in proportion to L it would be 1/2, less than alpha.
 * Turns fall geometrically from plane to plane, so it is the logarithms that are kept in proportion
 * here: beta stands as far between one turn and the most there can be as it does in Llama 2,
 *
 *     ln beta / ln(L / (2 pi))  =  ln 32 / ln(4096 / (2 pi))  =  0.535
 *
 * which is 32 for L = 4096 and 3.46 for L = 64. The 16 planes of a head of D = 32 channels, base
 * 10000, then make 10.2, 5.7, 3.2, 1.8, 1.02, 0.6, ... turns: planes 0 and 1 keep their speed, 2 to
 * 4 are slowed down by parts (g = 0.90, 0.33, 0.01), and 11 of 16 turn s times slower.
 *
 * A longer text has more keys to choose from, which makes the odds of attention flatter. YaRN
 * divides scores by a temperature t, sqrt(1/t) = 0.1 ln s + 1: since a score is a product, it is
 * enough to multiply queries and keys by that root.
 */
#include "pos/rope_scaling.h"

#include <string.h>

static const double PI = 3.14159265358979323846;
static const double ALPHA = 1, LLAMA_BETA = 32, LLAMA_LENGTH = 4096;

/* --- the option --- */

static const char *const kind_names[] = {"none", "linear", "ntk", "yarn", "dynamic"};

static bool takes_scale(RopeScalingKind kind)
{
    return kind == SCALING_LINEAR || kind == SCALING_NTK || kind == SCALING_YARN;
}

bool rope_scaling_read(const char *text, RopeScaling *scaling)
{
    size_t length = strcspn(text, ":");
    for (int kind = SCALING_NONE; kind <= SCALING_DYNAMIC; kind++) {
        if (strlen(kind_names[kind]) != length || strncmp(text, kind_names[kind], length) != 0)
            continue;
        *scaling = (RopeScaling){(RopeScalingKind)kind, 1};
        if (!takes_scale(scaling->kind))
            return text[length] == '\0';
        return text[length] == ':' && text_to_real(text + length + 1, &scaling->s) &&
               scaling->s >= 1 && scaling->s <= 1000;
    }
    return false;
}

bool rope_scaling_is_legal(const char *text)
{
    RopeScaling scaling;
    return rope_scaling_read(text, &scaling);
}

/* --- the planes --- */

/* g of yarn, for a plane that makes so many turns in training. */
static double share_not_slowed(double turns, double trained)
{
    double most = trained / (2 * PI);
    double beta = pow(most, log(LLAMA_BETA) / log(LLAMA_LENGTH / (2 * PI)));
    if (turns <= ALPHA)
        return 0;
    return turns >= beta ? 1 : (turns - ALPHA) / (beta - ALPHA);
}

/* s^(-i/(n-1)): 1 for plane 0, also where it is the only one. */
static double kept_by_ntk(double s, size_t i, size_t planes)
{
    return i == 0 ? 1 : pow(s, -(double)i / (double)(planes - 1));
}

void rope_scaling_speeds(RopeScaling scaling, size_t trained, size_t length, const double *theta,
                         size_t planes, double *scaled)
{
    double s = scaling.s;
    if (scaling.kind == SCALING_DYNAMIC && length > trained)
        s = (double)length / (double)trained;
    for (size_t i = 0; i < planes; i++) {
        double kept = 1, g; /* the share of its speed that plane i keeps */
        switch (scaling.kind) {
        case SCALING_NONE:
            break;
        case SCALING_LINEAR:
            kept = 1 / s;
            break;
        case SCALING_NTK:
        case SCALING_DYNAMIC:
            kept = kept_by_ntk(s, i, planes);
            break;
        case SCALING_YARN:
            g = share_not_slowed((double)trained * theta[i] / (2 * PI), (double)trained);
            kept = g + (1 - g) / s;
            break;
        }
        scaled[i] = theta[i] * kept;
    }
}

double rope_scaling_factor(RopeScaling scaling)
{
    return scaling.kind == SCALING_YARN ? 0.1 * log(scaling.s) + 1 : 1;
}

/* --- a rotation --- */

/* From the first token of a text to its last, wherever it stands. */
static size_t length_of(Positions positions)
{
    int first = positions.at[0], last = first;
    for (size_t t = 1; t < positions.count; t++) {
        first = positions.at[t] < first ? positions.at[t] : first;
        last = positions.at[t] > last ? positions.at[t] : last;
    }
    return (size_t)(last - first) + 1;
}

const Rotation *rope_scaled(Tape *tape, const Rotation *rotation, RopeScaling scaling,
                            size_t trained, Positions positions)
{
    if (scaling.kind == SCALING_NONE)
        return rotation;
    Rotation *scaled = tape_struct(tape, sizeof *scaled);
    double *theta = tape_struct(tape, rotation->planes * sizeof *theta);
    rope_scaling_speeds(scaling, trained, length_of(positions), rotation->theta, rotation->planes,
                        theta);
    *scaled = *rotation;
    scaled->theta = theta;
    scaled->factor = rope_scaling_factor(scaling);
    return scaled;
}

size_t rope_scaling_lasting_length(RopeScaling scaling, size_t trained)
{
    return scaling.kind == SCALING_DYNAMIC ? trained : 0;
}
