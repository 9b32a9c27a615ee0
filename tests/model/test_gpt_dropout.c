/* test_gpt_dropout.c: tests of where src/model/gpt.c drops numbers: after the embedding, in the
 * weights of attention, and at the end of both branches of every block. */
#include "support/check.h"

#include <math.h>

#include "support/model_case.h"

static void dropout_acts_in_training_alone_and_by_its_key(void **state)
{
    Fixture *f = *state;
    ModelShape shape = small_model;
    shape.gpt.dropout = 0.5;
    ModelCase *with = model_case(f, pos_find("none"), NULL, shape);
    ModelCase *without = model_case(f, pos_find("none"), NULL, small_model);
    Tape sampling;
    assert_true(tape_init(&sampling, false, NULL));
    const Tensor *y = model_case_logits(&f->tape, without);
    const Tensor *sampled = model_case_logits(&sampling, with);
    assert_same_bits(sampled->data, y->data, tensor_size(y));

    const Tensor *first = model_case_logits(&f->tape, with);
    const Tensor *again = model_case_logits(&f->tape, with);
    assert_same_bits(again->data, first->data, tensor_size(y));
    assert_true(largest_difference(first->data, y->data, tensor_size(y)) > 0.1);
    with->input.dropout_key = random_seed(77);
    const Tensor *other = model_case_logits(&f->tape, with);
    assert_true(largest_difference(first->data, other->data, tensor_size(y)) > 0.1);
    tape_free(&sampling);
    model_case_free(with);
    model_case_free(without);
}

static void set_all(Tensor *x, double value)
{
    for (size_t i = 0; i < tensor_size(x); i++)
        x->data[i] = (real)value;
}

/* Without what the branches add, nothing is left to drop but the embedding. */
static void the_embedding_is_dropped(void **state)
{
    Fixture *f = *state;
    const real *logits[2];
    size_t size = 2 * 5 * 7;
    for (int on = 0; on < 2; on++) {
        ModelShape shape = small_model;
        shape.gpt.dropout = on ? 0.5 : 0;
        ModelCase *c = model_case(f, pos_find("none"), NULL, shape);
        for (size_t layer = 0; layer < 2; layer++) {
            const GptBlock *block = &c->gpt.blocks[layer];
            set_all(block->attn_proj_weight, 0), set_all(block->attn_proj_bias, 0);
            set_all(block->mlp_proj_weight, 0), set_all(block->mlp_proj_bias, 0);
        }
        logits[on] = model_case_logits(&f->tape, c)->data;
        model_case_free(c);
    }
    assert_true(largest_difference(logits[0], logits[1], size) > 0.1);
}

enum { WIDE = 512, BRANCHES = 4 };

static void set_diagonal(Tensor *x, double value)
{
    for (size_t i = 0; i < tensor_size(x); i++)
        x->data[i] = i % (tensor_width(x) + 1) == 0 ? (real)value : 0;
}

/* A model of two blocks that hides nothing: the only key has all the weight, each channel is a
 * head, all values are 1, and the maps at the end of the branches make constants of what they get.
 * A factor of dropout is 0 or 2. So the branches add 2 (1, 4, 16 and 64) to each channel, or
 * nothing. There are as many symbols as channels, and the head is the unit matrix: logits are the
 * residual stream behind its last layer norm. */
static ModelCase *seen_branches(Fixture *f)
{
    const ModelShape shape = {
        .gpt = {.n_layer = 2,
                .n_head = WIDE,
                .n_embd = WIDE,
                .block_size = 1,
                .vocab_size = WIDE,
                .dropout = 0.5,
                .bias = true},
        .batch_size = 1,
        .length = 1,
    };
    ModelCase *c = model_case(f, pos_find("none"), NULL, shape);
    set_diagonal(c->gpt.wte, 1);
    set_all(c->gpt.ln_f_weight, 1), set_all(c->gpt.ln_f_bias, 0);
    for (size_t layer = 0; layer < 2; layer++) {
        const GptBlock *block = &c->gpt.blocks[layer];
        set_all(block->c_attn_weight, 0), set_all(block->c_attn_bias, 1);
        set_diagonal(block->attn_proj_weight, layer == 0 ? 0.5 : 8); /* 2 times 0.5 is 1 */
        set_all(block->attn_proj_bias, 0);
        set_all(block->mlp_proj_weight, 0);
        set_all(block->mlp_proj_bias, layer == 0 ? 4 : 64);
    }
    return c;
}

/* Which branches each channel has got, as digits to the base of 4. A layer norm keeps the order and
 * the ratios of differences: the least logit is that of a channel without any, the largest that of
 * one with all, 1 + 4 + 16 + 64 = 85. Among so many channels there are some of each kind. */
static void read_branches(const ModelCase *c, const real *logits, int codes[WIDE - 1])
{
    double least = INFINITY, most = -INFINITY;
    for (int i = 0; i < WIDE; i++)
        if (i != c->tokens[0]) { /* there the token's own vector is 1 */
            least = fmin(least, (double)logits[i]);
            most = fmax(most, (double)logits[i]);
        }
    for (int i = 0; i < WIDE; i++)
        if (i != c->tokens[0]) {
            double code = ((double)logits[i] - least) / (most - least) * 85;
            assert_close(code, round(code), 1e-2);
            *codes++ = (int)round(code);
        }
}

/* What attention hands on is kept twice, among its weights and at the end of the branch. */
static void branches_are_dropped_independently_of_each_other(void **state)
{
    Fixture *f = *state;
    const double n = WIDE - 1, rate[BRANCHES] = {0.25, 0.5, 0.25, 0.5};
    double kept[BRANCHES] = {0}, alike[BRANCHES][BRANCHES] = {{0}};
    int codes[WIDE - 1];
    ModelCase *c = seen_branches(f);
    read_branches(c, model_case_logits(&f->tape, c)->data, codes);
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        for (int a = 0; a < BRANCHES; a++) {
            int digit = codes[i] >> 2 * a & 3;
            assert_in_range(digit, 0, 1);
            kept[a] += digit;
            for (int b = 0; b < a; b++)
                alike[a][b] += digit == (codes[i] >> 2 * b & 3);
        }
    for (int a = 0; a < BRANCHES; a++) {
        assert_close(kept[a] / n, rate[a], 5 * sqrt(rate[a] * (1 - rate[a]) / n));
        for (int b = 0; b < a; b++) {
            double expected = rate[a] * rate[b] + (1 - rate[a]) * (1 - rate[b]);
            assert_close(alike[a][b] / n, expected, 5 * sqrt(expected * (1 - expected) / n));
        }
    }
    model_case_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(dropout_acts_in_training_alone_and_by_its_key),
        fixture_test(the_embedding_is_dropped),
        fixture_test(branches_are_dropped_independently_of_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
