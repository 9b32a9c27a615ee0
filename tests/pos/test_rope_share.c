/* test_rope_share.c: tests of src/pos/rope.c: a share of the channels turns, or of the planes, and
 * the others do not. */
#include "support/check.h"

#include <math.h>

#include "support/model_case.h"
#include "support/rope_case.h"

/* Random heads at a few positions, turned with these options; 2 heads of 12 channels. */
static Heads turned(Fixture *f, const char *options, const Heads *x)
{
    ModelCase *c = rope_case(f, options, 2, 12);
    Heads y = heads_at(&f->tape, &c->gpt, *x, positions_from(&f->arena, 3, 4, 5));
    model_case_free(c);
    return y;
}

/* theta is computed for the channels that turn, as GPT-NeoX does, and so are the halves. */
static void a_share_of_the_channels_turns_like_a_smaller_head(void **state)
{
    Fixture *f = *state;
    const struct {
        const char *options, *of_smaller;
        size_t turned;
    } cases[] = {{"rope_share=0.5", NULL, 6},
                 {"rope_share=0.34", NULL, 4},
                 {"rope_share=0.45", NULL, 6}, /* 2.7 planes */
                 {"rope_share=0", NULL, 2},
                 {"rope_share=0.5 rope_pairing=half", "rope_pairing=half", 6}};
    for (size_t n = 0; n < COUNT_OF(cases); n++) {
        size_t d = cases[n].turned;
        const Heads x = random_heads(f, 1, 2, 5, 12), y = turned(f, cases[n].options, &x);
        ModelCase *smaller = rope_case(f, cases[n].of_smaller, 1, d);
        for (size_t h = 0; h < 2; h++)
            for (size_t t = 0; t < 5; t++) {
                Tensor *first = new_tensor(&f->arena, SHAPE(1, 1, d));
                for (size_t i = 0; i < d; i++)
                    first->data[i] = head_data(&x.q, 0, h, t)[i];
                HeadView alone = head_view(first, 1, 0, 1);
                Heads expected = heads_at(&f->tape, &smaller->gpt, (Heads){alone, alone, alone},
                                          positions_from(&f->arena, 3 + 4 * (int)t, 1, 1));
                assert_same_bits(head_data(&y.q, 0, h, t), expected.q.x->data, d);
                assert_same_bits(head_data(&y.q, 0, h, t) + d, head_data(&x.q, 0, h, t) + d,
                                 12 - d);
                assert_same_bits(head_data(&y.k, 0, h, t) + d, head_data(&x.k, 0, h, t) + d,
                                 12 - d);
            }
        model_case_free(smaller);
    }
}

static void a_share_of_the_planes_keeps_turning_from_the_fastest_on(void **state)
{
    Fixture *f = *state;
    const struct {
        const char *options;
        size_t turning;
    } cases[] = {{"rope_frequencies=0", 0},
                 {"rope_frequencies=0.5", 3},
                 {"rope_frequencies=0.6", 4}, /* 3.6 planes */
                 {"rope_frequencies=0.7", 4},
                 {"rope_frequencies=1", 6}};
    const Heads x = random_heads(f, 1, 2, 5, 12), all = turned(f, NULL, &x);
    for (size_t n = 0; n < COUNT_OF(cases); n++) {
        size_t d = 2 * cases[n].turning;
        const Heads y = turned(f, cases[n].options, &x);
        for (size_t h = 0; h < 2; h++)
            for (size_t t = 0; t < 5; t++) {
                assert_same_bits(head_data(&y.q, 0, h, t), head_data(&all.q, 0, h, t), d);
                assert_same_bits(head_data(&y.q, 0, h, t) + d, head_data(&x.q, 0, h, t) + d,
                                 12 - d);
            }
    }
}

static void all_of_both_is_rope(void **state)
{
    Fixture *f = *state;
    const Heads x = random_heads(f, 1, 2, 5, 12), rope = turned(f, NULL, &x),
                y = turned(f, "rope_share=1 rope_frequencies=1 rope_scaling=none", &x);
    assert_same_bits(y.q.x->data, rope.q.x->data, tensor_size(y.q.x));
    assert_same_bits(y.k.x->data, rope.k.x->data, tensor_size(y.k.x));
}

/* What arrives at a channel that does not turn is handed on as it is: from the query and from the
 * key, which are the same vector here, twice. */
static void channels_that_do_not_turn_have_a_gradient(void **state)
{
    Fixture *f = *state;
    const char *const options[] = {"rope_share=0.5", "rope_share=0.5 rope_pairing=half",
                                   "rope_frequencies=0.5"};
    for (size_t n = 0; n < COUNT_OF(options); n++) {
        ModelCase *c = rope_case(f, options[n], 1, 12);
        Tensor *x = random_tensor(&f->arena, 1, SHAPE(1, 5, 12));
        HeadView all = head_view(x, 1, 0, 1);
        Heads y =
            heads_at(&f->tape, &c->gpt, (Heads){all, all, all}, positions_from(&f->arena, 3, 4, 5));
        real *upstream = random_numbers(&f->arena, 60, 2);
        tape_backward(&f->tape, add(&f->tape, weighted_sum(&f->tape, y.q.x, upstream),
                                    weighted_sum(&f->tape, y.k.x, upstream)));
        for (size_t i = 0; i < 60; i++)
            if (i % 12 >= 6)
                assert_true(x->grad[i] == 2 * upstream[i]);
        assert_true(fabs((double)(x->grad[12] - 2 * upstream[12])) > 0.1);
        tape_reset(&f->tape);
        model_case_free(c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(a_share_of_the_channels_turns_like_a_smaller_head),
        fixture_test(a_share_of_the_planes_keeps_turning_from_the_fastest_on),
        fixture_test(all_of_both_is_rope),
        fixture_test(channels_that_do_not_turn_have_a_gradient),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
