/* test_bias_mlp.c: tests of src/pos/bias_mlp.c. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "pos/bias_mlp.h"
#include "support/fixtures.h"
#include "support/gradcheck.h"
#include "support/tape_rules.h"

typedef struct MlpCase {
    size_t n_head, n_query, n_key, width;
    Tensor *x;
    Mlp mlp;
    double gain;
    bool causal;
    GradInput inputs[4];
} MlpCase;

static MlpCase mlp_case(Fixture *f, size_t n_head, size_t n_query, size_t n_key, size_t width,
                        bool causal)
{
    MlpCase c = {n_head, n_query, n_key, width, .gain = 1.5, .causal = causal};
    c.x = random_tensor(&f->arena, 1, SHAPE(n_query, n_key));
    c.mlp = (Mlp){.in = random_tensor(&f->arena, 2, SHAPE(width, 1)),
                  .start = random_tensor(&f->arena, 3, SHAPE(width)),
                  .out = random_tensor(&f->arena, 4, SHAPE(n_head, width))};
    c.inputs[0] = (GradInput){.name = "x", .x = c.x, .kinks = true};
    c.inputs[1] = (GradInput){.name = "in", .x = c.mlp.in, .kinks = true};
    c.inputs[2] = (GradInput){.name = "start", .x = c.mlp.start, .kinks = true};
    c.inputs[3] = (GradInput){.name = "out", .x = c.mlp.out};
    return c;
}

static Tensor *biases(Tape *tape, void *context)
{
    const MlpCase *c = context;
    ScoreBias bias = bias_mlp(tape, c->x, c->mlp, c->gain, c->causal);
    assert_null(bias.by_distance);
    return bias.by_pair;
}

/* The bias of a pair straight from the formula; 0 behind the mask. */
static double literal_bias(const MlpCase *c, size_t h, size_t i, size_t j)
{
    double sum = 0, x = (double)c->x->data[i * c->n_key + j];
    if (c->causal && j > c->n_key - c->n_query + i)
        return 0;
    for (size_t w = 0; w < c->width; w++)
        sum += (double)c->mlp.out->data[h * c->width + w] *
               fmax(0, (double)c->mlp.in->data[w] * x + (double)c->mlp.start->data[w]);
    return c->gain * sum;
}

static void each_pair_is_sent_through_the_network(void **state)
{
    Fixture *f = *state;
    const size_t shapes[][4] = {{1, 1, 1, 1}, {3, 1, 40, 32}, {2, 9, 9, 5}, {5, 21, 33, 32}};
    for (size_t s = 0; s < COUNT_OF(shapes); s++)
        for (int causal = 0; causal < 2; causal++) {
            const size_t *shape = shapes[s], size = shape[0] * shape[1] * shape[2];
            MlpCase c = mlp_case(f, shape[0], shape[1], shape[2], shape[3], causal == 1);
            const Tensor *bias = biases(&f->tape, &c);
            assert_int_equal(bias->rank, 4);
            assert_int_equal(bias->shape[0], 1);
            assert_memory_equal(bias->shape + 1, shape, 3 * sizeof *shape);
            double *expected = new_doubles(&f->arena, size);
            for (size_t i = 0; i < size; i++)
                expected[i] = literal_bias(&c, i / (c.n_query * c.n_key), i / c.n_key % c.n_query,
                                           i % c.n_key);
            assert_numbers_close(bias->data, expected, size);
        }
}

/* Then a text that is continued has the biases of one that is read at once. */
static void the_last_queries_alone_have_the_same_bits(void **state)
{
    Fixture *f = *state;
    enum { H = 3, T = 41 };
    for (size_t last = 1; last < T; last += 13) {
        MlpCase c = mlp_case(f, H, T, T, 32, true), part = c;
        const Tensor *whole = biases(&f->tape, &c);
        part.n_query = last;
        part.x = random_tensor(&f->arena, 1, SHAPE(last, T));
        memcpy(part.x->data, c.x->data + (T - last) * T, last * T * sizeof(real));
        const Tensor *bias = biases(&f->tape, &part);
        for (size_t h = 0; h < H; h++)
            assert_same_bits(bias->data + h * last * T, whole->data + (h * T + T - last) * T,
                             last * T);
    }
}

static void not_a_number_stays_one(void **state)
{
    Fixture *f = *state;
    MlpCase c = mlp_case(f, 1, 2, 2, 4, false);
    c.x->data[1] = (real)NAN;
    Tensor *bias = biases(&f->tape, &c);
    assert_true(!isnan(bias->data[0]) && isnan(bias->data[1]) && !isnan(bias->data[2]));
    tape_backward(&f->tape, weighted_sum(&f->tape, bias, (real[]){1, 1, 1, 1}));
    assert_true(isnan(c.mlp.in->grad[0]) && isnan(c.mlp.out->grad[0]));
}

static void gradients_agree_with_differences(void **state)
{
    for (int causal = 0; causal < 2; causal++) {
        MlpCase c = mlp_case(*state, 2, 3, 4, 6, causal == 1);
        assert_gradients(biases, &c, c.inputs, 4);
    }
}

/* The gradients of the network are summed up in 16 groups of queries: of 20, some share one. */
static void gradients_agree_where_queries_share_a_group(void **state)
{
    for (int causal = 0; causal < 2; causal++) {
        MlpCase c = mlp_case(*state, 2, 20, 20, 3, causal == 1);
        assert_gradients(biases, &c, c.inputs + 1, 3);
    }
}

/* The others get the gradients that they get when all learn. */
static void what_does_not_learn_is_left_alone(void **state)
{
    Fixture *f = *state;
    for (size_t fixed = 0; fixed < 4; fixed++) {
        MlpCase all = mlp_case(f, 2, 3, 4, 6, true), c = mlp_case(f, 2, 3, 4, 6, true);
        c.inputs[fixed].x->grad = NULL;
        MlpCase *const both[] = {&all, &c};
        for (size_t i = 0; i < 2; i++) {
            Tensor *bias = biases(&f->tape, both[i]);
            const real *r = random_numbers(&f->arena, tensor_size(bias), 7);
            tape_backward(&f->tape, weighted_sum(&f->tape, bias, r));
        }
        for (size_t i = 0; i < 4; i++)
            if (i != fixed)
                assert_same_bits(c.inputs[i].x->grad, all.inputs[i].x->grad,
                                 tensor_size(c.inputs[i].x));
    }
}

static void the_rules_of_the_tape_are_kept(void **state)
{
    MlpCase c = mlp_case(*state, 4, 150, 170, 32, true);
    assert_tape_rules(biases, &c, c.inputs, 4);
    assert_first_shares_are_set(biases, &c, c.inputs, 1);
}

static void it_starts_at_zero_with_its_bends_spread_about(void **state)
{
    (void)state;
    enum { H = 3, W = 4096 };
    ParamList params = {0};
    Mlp mlp;
    assert_true(mlp_declare(&mlp, &params, "a.b", W, H) && param_list_allocate(&params, NULL));
    param_list_initialise(&params, random_seed(1));
    assert_ptr_equal(&param_find(&params, "a.b.c_fc.weight")->tensor, mlp.in);
    assert_ptr_equal(&param_find(&params, "a.b.c_fc.bias")->tensor, mlp.start);
    assert_ptr_equal(&param_find(&params, "a.b.c_proj.weight")->tensor, mlp.out);
    size_t inside = 0;
    for (size_t w = 0; w < W; w++) {
        double bend = -(double)mlp.start->data[w] / (double)mlp.in->data[w];
        inside += bend > 0 && bend < 1;
    }
    assert_close((double)inside / W, 0.25, 5 * sqrt(0.25 * 0.75 / W));
    for (size_t i = 0; i < H * W; i++)
        assert_close(mlp.out->data[i], 0, 0);
    for (const Param *param = params.first; param; param = param->next)
        assert_int_equal(param->decay, NO_DECAY);
    param_list_free(&params);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(each_pair_is_sent_through_the_network),
        fixture_test(the_last_queries_alone_have_the_same_bits),
        fixture_test(not_a_number_stays_one),
        fixture_test(gradients_agree_with_differences),
        fixture_test(gradients_agree_where_queries_share_a_group),
        fixture_test(what_does_not_learn_is_left_alone),
        fixture_test(the_rules_of_the_tape_are_kept),
        cmocka_unit_test(it_starts_at_zero_with_its_bends_spread_about),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
