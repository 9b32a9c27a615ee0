/* test_diagnosis_terms.c: tests of tests/support/diagnosis_factors.c: where one term of a sum is
 * the wrong one, it is told by name. */
#include "support/check.h"

#include "support/diagnosis.h"
#include "support/fixtures.h"

enum { ROWS = 3, WIDTH = 4, COUNT = ROWS * WIDTH };

static const double expected[COUNT] = {0.5, -1.25, 2, 0.75,   -0.3, 1.1,
                                       3,   -2.2,  1, -0.125, 0.9,  -1.75};

/* expected = (expected - 1) + 1, and these are two terms. */
static const char *said_of_terms(double first, double second)
{
    static char words[DIAGNOSIS_SIZE];
    double ones[COUNT], rest[COUNT], got[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        ones[i] = 1;
        rest[i] = expected[i] - 1;
        got[i] = first * rest[i] + second * ones[i];
    }
    Numbers numbers = {.name = "y",
                       .got = got,
                       .expected = expected,
                       .rows = ROWS,
                       .width = WIDTH,
                       .tolerance = 1e-4,
                       .factors = {{"D", 8, 1}},
                       .terms = {{"the first", rest}, {"the second", ones}}};
    assert_false(diagnose(&numbers, words));
    return words;
}

static void a_term_is_told_by_name(void **state)
{
    const struct {
        double first, second;
        const char *words;
    } cases[] = {
        {1, 0, "the second is missing; y[0,0] = -0.5: expected 0.5"},
        {0, 1, "the first is missing;"},
        {-1, 1, "the first has the wrong sign;"},
        {1, 3, "the second is 3 times too large;"},
        {0.125, 1, "the first is 8 times too small: not multiplied by D;"},
        {1, -8,
         "the second has the wrong sign and is 8 times too large: multiplied once too often "
         "by D;"},
        {-1, 0, "the first has the wrong sign, and the second is missing;"},
        {-1, -1, "the sign is the other way round;"},
    };
    (void)state;
    for (size_t k = 0; k < COUNT_OF(cases); k++)
        assert_contains(said_of_terms(cases[k].first, cases[k].second), cases[k].words);
}

/* expected = half + 1 + half, but for rounding, and one half is missing: which one? */
static void terms_that_cannot_be_told_apart_are_not_named(void **state)
{
    double got[COUNT], half[COUNT], ones[COUNT], other[COUNT];
    char words[DIAGNOSIS_SIZE];
    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        ones[i] = 1;
        half[i] = (expected[i] - 1) / 2;
        other[i] = half[i] + 1e-7 * (double)i;
        got[i] = half[i] + 1;
    }
    Numbers numbers = {.name = "y",
                       .got = got,
                       .expected = expected,
                       .rows = ROWS,
                       .width = WIDTH,
                       .tolerance = 1e-4,
                       .terms = {{"half", half}, {"one", ones}, {"other", other}}};
    assert_false(diagnose(&numbers, words));
    assert_contains(words, "11 of 12 numbers are wrong; y[0,0] = 0.75: expected 0.5");
}

static void no_term_is_named_where_none_explains_it(void **state)
{
    double got[COUNT], half[COUNT];
    char words[DIAGNOSIS_SIZE];
    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        half[i] = expected[i] / 2;
        got[i] = expected[i] + (i % 2 ? 0.1 : -0.2) * (double)i;
    }
    Numbers numbers = {.name = "y",
                       .got = got,
                       .expected = expected,
                       .rows = ROWS,
                       .width = WIDTH,
                       .tolerance = 1e-4,
                       .terms = {{"half", half}}};
    assert_false(diagnose(&numbers, words));
    assert_contains(words, "11 of 12 numbers are wrong");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_term_is_told_by_name),
        cmocka_unit_test(terms_that_cannot_be_told_apart_are_not_named),
        cmocka_unit_test(no_term_is_named_where_none_explains_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
