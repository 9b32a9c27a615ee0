/* test_claim_decay.c: tests of src/lab/claims/decay.c: held against figures that were computed from
 * the formulas, and with turnings of other kinds. */
#include "support/check.h"

#include <complex.h>
#include <math.h>
#include <string.h>

#include "lab/claims/decay.h"
#include "support/claim_case.h"
#include "support/model_case.h"

static ByDistance of_kind(const PosScheme *scheme, size_t D, DecayKind kind)
{
    ByDistance by;
    Error error = {0};
    if (!decay_of_kind(scheme, D, kind, random_seed(1), &by, &error))
        fail_msg("%s", error.text);
    return by;
}

static ByDistance of_rope(size_t D, DecayKind kind)
{
    return of_kind(pos_find("rope"), D, kind);
}

/* --- what there is to know beforehand --- */

/* q = k: the mean over planes of cos(r theta[i]). */
static void equal_vectors_have_the_scores_of_the_formula(void **state)
{
    (void)state;
    for (size_t D = 16; D <= 64; D += 48) {
        ByDistance by = of_rope(D, EQUAL);
        for (size_t r = 0; r < DISTANCES; r++) {
            double sum = 0;
            for (size_t i = 0; i < D / 2; i++)
                sum += cos((double)r * pow(10000, -2.0 * (double)i / (double)D));
            assert_close(by.score[r], fabs(sum) / (double)(D / 2), 1e-6);
        }
    }
}

/* (2/D) sum of |S|, which is what equal vectors of ones make of the bound, beside |q||k|. */
static void the_bound_is_that_of_the_paper(void **state)
{
    (void)state;
    const struct {
        size_t D, distance;
        double bound;
    } known[] = {{64, 0, 16.5},  {64, 1, 15.95},  {64, 5, 10.43},  {64, 10, 8.81},
                 {64, 50, 5.73}, {64, 100, 7.47}, {64, 200, 3.86}, {16, 0, 4.5},
                 {16, 1, 4.24},  {16, 20, 3.53},  {16, 50, 1.71},  {16, 200, 3.01}};
    for (size_t i = 0; i < COUNT_OF(known); i++)
        assert_close(of_rope(known[i].D, EQUAL).bound[known[i].distance], known[i].bound, 0.006);
    assert_int_equal(decay_rises(of_rope(64, EQUAL).bound), 113);
}

static void no_score_is_above_the_bound(void **state)
{
    (void)state;
    for (size_t D = 16; D <= 64; D += 48)
        for (size_t kind = 0; kind < N_KINDS; kind++) {
            ByDistance by = of_rope(D, (DecayKind)kind);
            for (size_t r = 0; r < DISTANCES; r++)
                assert_true(by.score[r] <= by.bound[r] * (1 + 1e-5));
        }
}

static void the_bound_says_something_where_it_was_made_to(void **state)
{
    (void)state;
    assert_true(of_rope(64, SMOOTH).useful > 0.5);
    assert_true(of_rope(64, EQUAL).useful == 0);
    assert_true(of_rope(16, RANDOM).useful < 0.01);
}

static void a_turned_key_is_nearest_where_it_was_turned_to(void **state)
{
    (void)state;
    ByDistance by = of_rope(16, TURNED);
    for (size_t r = 0; r < DISTANCES; r++)
        assert_true(r == TURN ? fabs(by.score[r] - 1) < 1e-5 : by.score[r] < 0.999);
}

/* The cosine of two random directions in 16 dimensions has the mean size 0.196: that of a ratio of
 * gamma functions, Gamma(8) / (sqrt(pi) Gamma(8.5)). */
static void random_vectors_are_alike_at_all_distances(void **state)
{
    (void)state;
    ByDistance by = of_rope(16, RANDOM);
    double expected = exp(lgamma(8) - lgamma(8.5)) / sqrt(acos(-1));
    for (size_t r = 0; r < DISTANCES; r++)
        assert_close(by.score[r], expected, 0.03);
    assert_close(decay_far(by.score), 1, 0.05);
}

static void far_is_a_share_of_near(void **state)
{
    (void)state;
    double x[DISTANCES] = {0};
    for (size_t r = 0; r < DISTANCES; r++)
        x[r] = r < NEAR_END ? 2 : r < FAR_BEGIN || r >= FAR_END ? 100 : 0.5;
    assert_close(decay_far(x), 0.25, 1e-12);
    assert_int_equal(decay_rises(x), 2);
}

/* --- other turnings --- */

/* Behind the scheme's own door, multiplies the vector at position p by e^(rate p). */
static HeadView scaled(Tape *tape, const HeadView *x, Positions positions, double rate)
{
    Tensor *y = tape_constant(tape, 3, (size_t[]){x->batch, x->length, x->n_head * x->head_size});
    HeadView to = head_view(y, x->n_head, 0, 1);
    for (size_t b = 0; b < x->batch; b++)
        for (size_t h = 0; h < x->n_head; h++)
            for (size_t t = 0; t < x->length; t++)
                for (size_t d = 0; d < x->head_size; d++)
                    y->data[head_place(&to, b, h, t) + d] =
                        head_data(x, b, h, t)[d] * (real)exp(rate * positions.at[t]);
    return to;
}

static void fade(const Pos *pos, Tape *tape, PosSite *site)
{
    pos_find("rope")->at_query_key(pos, tape, site);
    site->heads.q = scaled(tape, &site->heads.q, site->queries, -0.1);
    site->heads.k = scaled(tape, &site->heads.k, site->keys, 0.1);
}

/* Trained models whose scores fall to 0.5, or stay. */
static const Estimate fallen = {{5, 0.5, 0.02}, {0.45, 0.55}};
static const Estimate unmoved = {{5, 1, 0.02}, {0.95, 1.05}};
static const Estimate unknown = {{2, 0.8, 0.1}, {0.1, 1.5}};

static Verdict verdict_of(const PosScheme *scheme, Estimate trained)
{
    double equal = decay_far(of_kind(scheme, 16, EQUAL).score);
    double random = decay_far(of_kind(scheme, 16, RANDOM).score);
    return decay_judge(equal, random, trained);
}

static void the_verdict_is_another_with_another_turning(void **state)
{
    (void)state;
    PosScheme fading = *pos_find("rope"), standing = fading;
    fading.at_query_key = fade;
    standing.at_query_key = NULL;
    assert_int_equal(verdict_of(pos_find("rope"), fallen), HOLDS_UNDER_A_CONDITION);
    assert_int_equal(verdict_of(&fading, fallen), HOLDS);
    assert_int_equal(verdict_of(&fading, unmoved), HOLDS_UNDER_A_CONDITION);
    assert_int_equal(verdict_of(&fading, unknown), NOT_SHOWN);
    assert_int_equal(verdict_of(&standing, fallen), DOES_NOT_HOLD);
    assert_int_equal(decay_judge(NAN, 1, fallen), DOES_NOT_HOLD);
}

/* --- models --- */

/* max over i of |h[i+1] - h[i]| * sum over i of |S[i+1]| with complex numbers, h = q conj(k). */
static double literal_bound(const real *q, const real *k, size_t D, size_t r)
{
    double complex before = 0, wave = 0;
    double step = 0, sum = 0;
    for (size_t i = 0; i <= D / 2; i++) {
        double complex h = 0;
        if (i < D / 2) {
            double theta = pow(10000, -2.0 * (double)i / (double)D);
            wave += cexp(_Complex_I * (double)r * theta);
            sum += cabs(wave);
            h = ((double)q[2 * i] + _Complex_I * (double)q[2 * i + 1]) *
                conj((double)k[2 * i] + _Complex_I * (double)k[2 * i + 1]);
        }
        if (i > 0)
            step = fmax(step, cabs(h - before));
        before = h;
    }
    return step * sum;
}

/* The first layer's q and k, turned by a literal loop. */
static void a_model_is_asked_for_its_own_queries_and_keys(void **state)
{
    Fixture *f = *state;
    enum { T = 5, D = 8, H = 2 };
    ModelShape shape = small_model;
    shape.gpt.n_head = H;
    shape.gpt.n_embd = H * D;
    ModelCase *c = model_case(f, pos_find("rope"), NULL, shape);
    const GptBlock *block = &c->gpt.blocks[0];
    Tensor *x = embedding(&f->tape, c->gpt.wte, c->tokens, T);
    x = layer_norm(&f->tape, x, block->ln_1_weight, block->ln_1_bias);
    x = linear(&f->tape, x, block->c_attn_weight, block->c_attn_bias); /* [T, 3 H D] */
    ByDistance by;
    assert_true(decay_of_model(&c->gpt, c->tokens, T, &by, NULL));
    for (size_t r = 0; r < 40; r += 13) {
        double sum = 0, bounds = 0;
        for (size_t h = 0; h < H; h++)
            for (size_t i = 0; i < T; i++)
                for (size_t j = 0; j <= i; j++) {
                    const real *q = x->data + i * 3 * H * D + h * D;
                    const real *k = x->data + j * 3 * H * D + H * D + h * D;
                    double score = 0;
                    for (size_t d = 0; d < D; d += 2) {
                        double angle = (double)r * pow(10000, -(double)d / D);
                        double a = (double)q[d] * cos(angle) - (double)q[d + 1] * sin(angle);
                        double b = (double)q[d] * sin(angle) + (double)q[d + 1] * cos(angle);
                        score += a * (double)k[d] + b * (double)k[d + 1];
                    }
                    double most = sqrt(dot_product(q, q, D) * dot_product(k, k, D));
                    sum += fabs(score) / most;
                    bounds += literal_bound(q, k, D, r) / most;
                }
        assert_close(by.score[r], sum / (H * T * (T + 1) / 2), 1e-5);
        assert_close(by.bound[r], bounds / (H * T * (T + 1) / 2), 1e-4);
    }
    model_case_free(c);
}

extern const Claim claim_decay;

static void the_answer_comes_from_the_models_of_the_runs(void **state)
{
    Fixture *f = *state;
    Answer answer = answer_from_models(&f->arena, &claim_decay);
    assert_int_equal(answer.verdict, HOLDS_UNDER_A_CONDITION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(equal_vectors_have_the_scores_of_the_formula),
        fixture_test(the_bound_is_that_of_the_paper),
        fixture_test(no_score_is_above_the_bound),
        fixture_test(the_bound_says_something_where_it_was_made_to),
        fixture_test(a_turned_key_is_nearest_where_it_was_turned_to),
        fixture_test(random_vectors_are_alike_at_all_distances),
        fixture_test(far_is_a_share_of_near),
        fixture_test(the_verdict_is_another_with_another_turning),
        fixture_test(a_model_is_asked_for_its_own_queries_and_keys),
        fixture_test(the_answer_comes_from_the_models_of_the_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
