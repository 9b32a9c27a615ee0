/* test_flops.c: tests of src/model/flops.c, with counts made by hand. */
#include "support/check.h"

#include "model/flops.h"

/* One block of 2 channels for a vocabulary of 5, 3 sequences of 4 tokens: 12 tokens. Forward,
 * in multiply-adds:
 *     q, k, v          12 x 2 times 2 x 6      144
 *     behind attention 12 x 2 times 2 x 2       48
 *     feed-forward     12 x 2 times 2 x 8      192, and 12 x 8 times 8 x 2: 192
 *     head             12 x 2 times 2 x 5      120
 *     attention        4 x 2 times 2 x 4, and 4 x 4 times 4 x 2, for 3 sequences: 192 */
static const GptConfig small = {
    .n_layer = 1, .n_head = 1, .n_embd = 2, .block_size = 4, .vocab_size = 5};

static void each_product_counts_three_times(void **state)
{
    (void)state;
    assert_close(gpt_step_flops(&small, 3, 4), 3 * 2 * (144 + 48 + 192 + 192 + 120 + 192), 0);
}

static void a_mask_halves_attention(void **state)
{
    (void)state;
    GptConfig config = small;
    config.causal = true;
    assert_close(gpt_step_flops(&config, 3, 4), 3 * 2 * (144 + 48 + 192 + 192 + 120 + 192 / 2), 0);
}

static void blocks_add_up_and_share_one_head(void **state)
{
    (void)state;
    GptConfig config = small;
    config.n_layer = 10;
    assert_close(gpt_step_flops(&config, 3, 4), 3 * 2 * (10 * (144 + 48 + 192 + 192 + 192) + 120),
                 0);
}

/* How the channels are parted among heads changes nothing. */
static void heads_do_not_count(void **state)
{
    (void)state;
    GptConfig config = small;
    config.n_head = 2;
    assert_close(gpt_step_flops(&config, 3, 4), gpt_step_flops(&small, 3, 4), 0);
}

/* The setting that nanoGPT names for a CPU: 3.62 GFLOP in the linear layers, 0.04 in the head, 0.15
 * in the causal half of attention. */
static void nanogpt_on_a_cpu_takes_3_81_gflop(void **state)
{
    (void)state;
    GptConfig config = {.n_layer = 4,
                        .n_head = 4,
                        .n_embd = 128,
                        .block_size = 64,
                        .vocab_size = 65,
                        .causal = true};
    assert_close(gpt_step_flops(&config, 12, 64), 3.81e9, 0.005e9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_product_counts_three_times),
        cmocka_unit_test(a_mask_halves_attention),
        cmocka_unit_test(blocks_add_up_and_share_one_head),
        cmocka_unit_test(heads_do_not_count),
        cmocka_unit_test(nanogpt_on_a_cpu_takes_3_81_gflop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
