/* alibi.c: scores fall off in a straight line with distance (Attention with Linear Biases).
 *
 *     s[i,j] = q[i].k[j] / sqrt(D)  -  m[h] |i - j|        i and j: positions of query and key
 *
 * Nothing is learned. Each head h has a slope m of its own, from steep (a head that sees its
 * neighbours) to nearly flat (a head that sees everything). For H heads, H a power of two,
 *
 *     m[h] = 2^(-8 (h+1) / H)        h = 0 ... H-1:   H = 4:  1/4  1/16  1/64  1/256
 *
 * For any other H: the slopes of the largest power of two P below it, then every other slope of 2P
 * heads (the first, third, fifth, ...) until there are H.
 *
 * It is made to be trained on short texts and to read long ones. No position is the last one, and a
 * key that is further away than any in training only gets a weight that is smaller still. This does
 * not mean that what stands far away is used: where every token has equally much text before it,
 * the paper's loss stays as it was when the text grows (appendix B). And it takes several heads:
 * with H = 1 the only slope is 1/256, which over 64 tokens takes a quarter off a score at most.
 */
#include "pos/bias_table.h"
#include "pos/pos.h"

static double alibi_slope(size_t n_head, size_t h)
{
    size_t power = 1;
    while (2 * power <= n_head)
        power *= 2;
    if (h < power)
        return pow(2, -8.0 * (double)(h + 1) / (double)power);
    return pow(2, -8.0 * (double)(2 * (h - power) + 1) / (double)(2 * power));
}

static double alibi_bias(const Pos *pos, size_t h, ptrdiff_t distance)
{
    return -alibi_slope(pos->shape.n_head, h) * fabs((double)distance);
}

/* The same for every layer, so it is made once. */
static void *alibi_prepare(const Pos *pos, Tape *tape, Positions queries, Positions keys)
{
    ScoreBias *bias = tape_struct(tape, sizeof *bias);
    *bias = bias_fixed(pos, tape, alibi_bias, queries, keys);
    return bias;
}

static ScoreBias alibi_at_scores(const Pos *pos, Tape *tape, const PosSite *site)
{
    (void)pos, (void)tape;
    return *(const ScoreBias *)site->prepared;
}

/* By how much the scores of each head fall over the training length. */
static void alibi_describe(const Pos *pos, TextBuffer *out)
{
    size_t n_head = pos->shape.n_head, T = pos->shape.block_size;
    text_append_format(out, "scores fall by");
    for (size_t h = 0; h < n_head; h++)
        text_append_format(out, " %.3g", (double)T * alibi_slope(n_head, h));
    text_append_format(out, " over %zu tokens", T);
}

extern const PosScheme pos_alibi;
const PosScheme pos_alibi = {
    .name = "alibi",
    .title = "linear bias by distance",
    .source = "Press, Smith, Lewis 2022, arXiv 2108.12409, section 3",
    .cost = "nothing",
    .prepare = alibi_prepare,
    .at_scores = alibi_at_scores,
    .describe = alibi_describe,
};
