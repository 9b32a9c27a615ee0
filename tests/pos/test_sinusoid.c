/* test_sinusoid.c: tests of src/pos/sinusoid.c. */
#include "support/check.h"

#include <math.h>

#include "pos/sinusoid.h"
#include "support/fixtures.h"
#include "support/model_case.h"

/* S [T, C], for positions first, first + 1, ... */
static const real *vectors(Fixture *f, size_t n_embd, int first, size_t count)
{
    real *s = new_tensor(&f->arena, SHAPE(count, n_embd))->data;
    sinusoids_at(positions_from(&f->arena, first, 1, count), n_embd, s);
    return s;
}

/* sin and cos of 1, 10, 512 and of a hundredth of these, and so on, to six digits. */
static void values_are_those_of_the_paper(void **state)
{
    const struct {
        size_t n_embd;
        int position;
        double values[8];
    } cases[] = {
        {4, 0, {0, 1, 0, 1}},
        {4, 1, {0.841471, 0.540302, 0.010000, 0.999950}},
        {4, 10, {-0.544021, -0.839072, 0.099833, 0.995004}},
        {4, 512, {0.079518, -0.996833, -0.918070, 0.396417}},
        {8, 1, {0.841471, 0.540302, 0.099833, 0.995004, 0.010000, 0.999950, 0.001000, 1.000000}},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const real *s = vectors(*state, cases[i].n_embd, cases[i].position, 1);
        for (size_t n = 0; n < cases[i].n_embd; n++)
            assert_close(s[n], cases[i].values[n], 6e-7);
    }
}

static void the_product_of_two_vectors_depends_on_their_distance_only(void **state)
{
    enum { C = 64, COUNT = 401 };
    const int firsts[] = {0, 1, 17, 1000};
    const struct {
        size_t k;
        double normalised; /* S[p].S[p+k] / (C/2), to three digits */
    } products[] = {{0, 1},      {1, 0.966},  {2, 0.885},   {5, 0.735},   {10, 0.658},
                    {20, 0.590}, {50, 0.490}, {100, 0.559}, {200, 0.357}, {400, 0.242}};
    for (size_t i = 0; i < COUNT_OF(firsts); i++) {
        const real *s = vectors(*state, C, firsts[i], COUNT);
        for (size_t p = 0; p < COUNT_OF(products); p++) {
            double exact = 0, k = (double)products[p].k;
            for (size_t clock = 0; clock < C / 2; clock++)
                exact += cos(k * pow(10000, -2 * (double)clock / C));
            double product = dot_product(s, s + products[p].k * C, C);
            assert_close(product, exact, REAL_TOLERANCE * C / 2);
            assert_close(product / (C / 2), products[p].normalised, 6e-4);
        }
    }
}

/* The vector of p + k is that of p with clock i turned by k w[i], for every p. */
static void a_step_is_the_same_turn_everywhere(void **state)
{
    enum { C = 16, K = 7 };
    const real *s = vectors(*state, C, 0, 200);
    for (size_t p = 0; p + K < 200; p++)
        for (size_t i = 0; i < C / 2; i++) {
            double turn = K * pow(10000, -2 * (double)i / C);
            double sine = (double)s[p * C + 2 * i], cosine = (double)s[p * C + 2 * i + 1];
            const real *then = s + (p + K) * C + 2 * i;
            assert_close(then[0], sine * cos(turn) + cosine * sin(turn), 2 * REAL_TOLERANCE);
            assert_close(then[1], cosine * cos(turn) - sine * sin(turn), 2 * REAL_TOLERANCE);
        }
}

static void an_odd_number_of_channels_ends_in_a_sine(void **state)
{
    const real *s = vectors(*state, 5, 3, 1);
    const double expected[] = {sin(3), cos(3), sin(3 / pow(10000, 0.4)), cos(3 / pow(10000, 0.4)),
                               sin(3 / pow(10000, 0.8))};
    assert_numbers_close(s, expected, 5);
}

/* In a list of positions in any order, and one by one. */
static void a_number_is_the_same_alone(void **state)
{
    enum { C = 7 };
    Fixture *f = *state;
    int at[] = {5, 0, 1000, 1, 5};
    real *s = new_tensor(&f->arena, SHAPE(COUNT_OF(at), C))->data;
    sinusoids_at((Positions){at, COUNT_OF(at)}, C, s);
    for (size_t t = 0; t < COUNT_OF(at); t++)
        for (size_t c = 0; c < C; c++)
            assert_close(s[t * C + c], (real)sinusoid_at((size_t)at[t], c, C), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(values_are_those_of_the_paper),
        fixture_test(the_product_of_two_vectors_depends_on_their_distance_only),
        fixture_test(a_step_is_the_same_turn_everywhere),
        fixture_test(an_odd_number_of_channels_ends_in_a_sine),
        fixture_test(a_number_is_the_same_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
