/* test_diagnosis.c: tests of tests/support/diagnosis.c: each kind of mistake is told by name, and
 * not where the numbers are wrong for another reason. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "support/diagnosis.h"
#include "support/fixtures.h"

enum { ROWS = 3, WIDTH = 4, COUNT = ROWS * WIDTH };

/* No two alike, none 0. */
static const double expected[COUNT] = {0.5, -1.25, 2, 0.75,   -0.3, 1.1,
                                       3,   -2.2,  1, -0.125, 0.9,  -1.75};

/* What is said of got[], a matrix [ROWS, WIDTH]. */
static const char *said_of(const double got[COUNT], bool right)
{
    static char words[DIAGNOSIS_SIZE];
    Numbers numbers = {.name = "dx",
                       .got = got,
                       .expected = expected,
                       .rows = ROWS,
                       .width = WIDTH,
                       .row = "token",
                       .tolerance = 1e-4,
                       .factors = {{"D", 8, 1}, {"N", 5, -1}, {"V", 7, 0}}};
    assert_true(diagnose(&numbers, words) == right);
    return words;
}

static void the_right_numbers_are_right(void **state)
{
    double got[COUNT];
    (void)state;
    for (size_t i = 0; i < COUNT; i++)
        got[i] = expected[i] + (i % 2 ? 2e-4 : -2e-4); /* the largest is 3 */
    assert_string_equal(said_of(got, true), "right, all 12 numbers");
    got[7] += 5e-4;
    assert_contains(said_of(got, false), "right but for token 1; dx[1,3] = ");
}

static void a_number_that_is_none_is_said_first(void **state)
{
    double got[COUNT] = {0};
    (void)state;
    got[5] = NAN;
    got[9] = INFINITY;
    assert_contains(said_of(got, false), "dx[1,1] is not a number (so are 2 of 12 numbers): "
                                         "something is divided by 0, or never set");
}

static void zeros_are_told(void **state)
{
    const double got[COUNT] = {0};
    (void)state;
    assert_string_equal(said_of(got, false), "0 everywhere; dx[0,0] = 0: expected 0.5");
}

static void signs_and_factors_are_told(void **state)
{
    const struct {
        double factor;
        const char *words;
    } cases[] = {
        {-1, "the sign is the other way round; dx[0,0] = -0.5: expected 0.5"},
        {2, "every number is 2 times too large; dx[0,0] = 1: expected 0.5"},
        {8, "every number is 8 times too large: multiplied once too often by D; dx[0,0] = 4"},
        {1 / 8.0, "every number is 8 times too small: not multiplied by D;"},
        {1 / 64.0, "every number is 64 times too small: divided, not multiplied, by D;"},
        {1 / 5.0, "every number is 5 times too small: divided once too often by N;"},
        {25, "every number is 25 times too large: multiplied, not divided, by N;"},
        {7, "every number is 7 times too large: multiplied once too often by V;"},
        {1 / 7.0, "every number is 7 times too small: divided once too often by V;"},
        {-5, "the sign is the other way round, and every number is 5 times too large: not divided "
             "by N;"},
    };
    (void)state;
    for (size_t k = 0; k < COUNT_OF(cases); k++) {
        double got[COUNT];
        for (size_t i = 0; i < COUNT; i++)
            got[i] = cases[k].factor * expected[i];
        assert_contains(said_of(got, false), cases[k].words);
        got[5] += 0.1;
        assert_null(strstr(said_of(got, false), "every number"));
    }
}

static void a_transpose_is_told(void **state)
{
    double got[COUNT];
    (void)state;
    for (size_t i = 0; i < ROWS; i++)
        for (size_t j = 0; j < WIDTH; j++)
            got[j * ROWS + i] = expected[i * WIDTH + j];
    assert_contains(said_of(got, false), "transposed: the numbers of [i,j] stand at [j,i]");
}

static void a_step_aside_is_told(void **state)
{
    const struct {
        ptrdiff_t row, column;
        const char *words;
    } cases[] = {
        {-1, 0, "off by one: each token holds what belongs to the token before it"},
        {1, 0, "off by one: each token holds what belongs to the token after it"},
        {0, -1, "off by one: each column holds what belongs to the column before it"},
        {0, 1, "off by one: each column holds what belongs to the column after it"},
    };
    (void)state;
    for (size_t k = 0; k < COUNT_OF(cases); k++) {
        double got[COUNT];
        for (size_t i = 0; i < COUNT; i++) {
            size_t row = i / WIDTH + (size_t)cases[k].row;
            size_t column = i % WIDTH + (size_t)cases[k].column;
            got[i] = row < ROWS && column < WIDTH ? expected[row * WIDTH + column] : 77;
        }
        assert_contains(said_of(got, false), cases[k].words);
    }
}

static void a_term_that_is_missing_is_told(void **state)
{
    double all[COUNT], by_row[COUNT];
    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        size_t row = i / WIDTH;
        all[i] = expected[i] + 1.5;
        by_row[i] = expected[i] + 1.5 * (double)(1 + row);
    }
    assert_contains(said_of(all, false), "1.5 too much everywhere");
    assert_contains(said_of(by_row, false), "within a token all numbers are off by the same");
}

static void where_it_is_right_is_told(void **state)
{
    const struct {
        const char *wrong; /* one digit for each number */
        const char *words;
    } cases[] = {
        {"0000 1011 1101", "right in token 0, wrong from token 1 on; dx[1,0] = "},
        {"0000 0000 1101", "right but for token 2; dx[2,0] = "},
        {"1100 0111 0000", "wrong up to token 1, right from there on"},
        {"0101 0101 0101", "right in the even columns, wrong in the odd ones"},
        {"1010 1010 0010", "right in the odd columns, wrong in the even ones"},
        {"0001 0001 0001", "right but for column 3"},
        {"0011 0011 0011", "right up to column 1, wrong from there on"},
        {"1010 0110 0001", "5 of 12 numbers are wrong"},
    };
    (void)state;
    for (size_t k = 0; k < COUNT_OF(cases); k++) {
        double got[COUNT], turned[COUNT];
        size_t i = 0;
        for (const char *digit = cases[k].wrong; *digit; digit++)
            if (*digit != ' ') {
                got[i] = expected[i] + (*digit == '1' ? 0.3 * (double)(1 + i * i) : 0);
                turned[i] = *digit == '1' ? -expected[i] : expected[i];
                i++;
            }
        assert_int_equal(i, COUNT);
        assert_contains(said_of(got, false), cases[k].words);
        assert_contains(said_of(turned, false), "right but for the sign");
    }
}

static void what_the_wrong_ones_have_in_common_is_told(void **state)
{
    const struct {
        double factor;
        const char *by_row, *scattered;
    } cases[] = {
        {0, "right in token 0, wrong from token 1 on: these are 0;", "4 of 12 numbers are 0;"},
        {3, "wrong from token 1 on: these are 3 times too large;",
         "4 of 12 numbers are 3 times too large;"},
        {-1, "wrong from token 1 on: these are right but for the sign;",
         "4 of 12 numbers are right but for the sign;"},
    };
    (void)state;
    for (size_t k = 0; k < COUNT_OF(cases); k++) {
        double by_row[COUNT], scattered[COUNT];
        for (size_t i = 0; i < COUNT; i++) {
            by_row[i] = (i < WIDTH ? 1 : cases[k].factor) * expected[i];
            scattered[i] = (i % 3 ? 1 : cases[k].factor) * expected[i];
        }
        assert_contains(said_of(by_row, false), cases[k].by_row);
        assert_contains(said_of(scattered, false), cases[k].scattered);
    }
}

static void a_known_mistake_comes_before_its_trace(void **state)
{
    double half[COUNT], other[COUNT];
    char words[DIAGNOSIS_SIZE];
    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        half[i] = expected[i] / 2;
        other[i] = expected[i] * expected[i];
    }
    Numbers numbers = {.name = "y",
                       .got = half,
                       .expected = expected,
                       .rows = 1,
                       .width = COUNT,
                       .tolerance = 1e-4,
                       .guesses = {{"squared", other}, {"the half is missing", half}}};
    assert_false(diagnose(&numbers, words));
    assert_string_equal(words, "the half is missing; y[0] = 0.25: expected 0.5");
}

/* Where everything should be 0, nothing is relative to anything. */
static void zeros_can_be_expected(void **state)
{
    const double zeros[2] = {0}, got[2] = {0, 0.5};
    char words[DIAGNOSIS_SIZE];
    (void)state;
    Numbers numbers = {
        .name = "y", .got = zeros, .expected = zeros, .rows = 1, .width = 2, .tolerance = 1e-4};
    assert_true(diagnose(&numbers, words));
    numbers.got = got;
    assert_false(diagnose(&numbers, words));
    assert_contains(words, "y[1] = 0.5: expected 0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_right_numbers_are_right),
        cmocka_unit_test(a_number_that_is_none_is_said_first),
        cmocka_unit_test(zeros_are_told),
        cmocka_unit_test(signs_and_factors_are_told),
        cmocka_unit_test(a_transpose_is_told),
        cmocka_unit_test(a_step_aside_is_told),
        cmocka_unit_test(a_term_that_is_missing_is_told),
        cmocka_unit_test(where_it_is_right_is_told),
        cmocka_unit_test(what_the_wrong_ones_have_in_common_is_told),
        cmocka_unit_test(a_known_mistake_comes_before_its_trace),
        cmocka_unit_test(zeros_can_be_expected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
