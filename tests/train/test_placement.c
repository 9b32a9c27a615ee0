/* test_placement.c: tests of src/train/placement.c: random choices of positions. */
#include "support/fixtures.h"

#include "train/placement.h"

enum { MOST = 300 };

static RandomKey key_of(uint64_t seed)
{
    return random_for(random_seed(seed), "a choice");
}

static void a_choice_rises_within_its_limits(void **state)
{
    (void)state;
    const struct {
        size_t count, among;
    } cases[] = {{1, 1}, {1, 300}, {2, 3}, {7, 8}, {8, 8}, {40, 160}, {299, 300}, {300, 300}};
    for (size_t c = 0; c < COUNT_OF(cases); c++)
        for (uint64_t seed = 0; seed < 50; seed++) {
            int at[MOST], before = -1;
            positions_draw(key_of(seed), cases[c].among, at, cases[c].count);
            for (size_t t = 0; t < cases[c].count; t++) {
                assert_true(at[t] > before && at[t] < (int)cases[c].among);
                before = at[t];
            }
        }
}

/* 3 of 6 numbers are one of 20 sets. In 20,000 draws the deviations from 1000 each have a
 * chi-square with 19 degrees of freedom, above 43.8 in one of 1000 cases. */
static void every_set_is_equally_likely(void **state)
{
    (void)state;
    enum { AMONG = 6, COUNT = 3, DRAWS = 20000, SETS = 20 };
    double times[1 << AMONG] = {0}, chi_square = 0;
    size_t met = 0;
    for (uint64_t n = 0; n < DRAWS; n++) {
        int at[COUNT];
        positions_draw(random_at(key_of(1), n), AMONG, at, COUNT);
        times[1 << at[0] | 1 << at[1] | 1 << at[2]]++;
    }
    for (size_t set = 0; set < COUNT_OF(times); set++)
        if (times[set] > 0) {
            double expected = (double)DRAWS / SETS, off = times[set] - expected;
            chi_square += off * off / expected;
            met++;
        }
    assert_int_equal(met, SETS);
    assert_true(chi_square < 43.8);
}

/* How often each of 200 numbers is among 20: n of its number of times is binomial with p = 1/10,
 * and the counts add up to what they must, so that the sum of squares over L p (1 - p), times
 * (L - 1) / L, is a chi-square with 199 degrees of freedom: above 266 in one of 1000 cases, below
 * 143 in another. */
static void every_number_is_equally_likely(void **state)
{
    (void)state;
    enum { AMONG = 200, COUNT = 20, DRAWS = 5000 };
    double times[AMONG] = {0}, chi_square = 0, p = (double)COUNT / AMONG;
    for (uint64_t n = 0; n < DRAWS; n++) {
        int at[COUNT];
        positions_draw(random_at(key_of(2), n), AMONG, at, COUNT);
        for (size_t t = 0; t < COUNT; t++)
            times[at[t]]++;
    }
    for (size_t number = 0; number < AMONG; number++) {
        double off = times[number] - DRAWS * p;
        chi_square += off * off / (DRAWS * p * (1 - p)) * (AMONG - 1) / AMONG;
    }
    assert_true(chi_square > 143 && chi_square < 266);
}

static void without_random_positions_they_are_counted_from_0(void **state)
{
    Fixture *f = *state;
    Positions positions;
    assert_true(placement_list((Placement){0}, &f->arena, 5, &positions, NULL));
    assert_int_equal(positions.count, 5);
    for (int t = 0; t < 5; t++)
        assert_int_equal(positions.at[t], t);
}

static Placement placement_for(Fixture *f, const char *settings)
{
    Config *config = arena_alloc(&f->arena, 1, sizeof *config);
    assert_true(config && config_init(config, NULL));
    assert_true(settings_parse(&config->settings, "x.ini", settings, strlen(settings), NULL));
    Placement placement = placement_of(config);
    config_free(config);
    return placement;
}

static size_t n_shared(Placement a, Placement b, size_t count)
{
    int of_a[MOST], of_b[MOST];
    size_t shared = 0;
    placement_fill(a, of_a, count);
    placement_fill(b, of_b, count);
    for (size_t t = 0; t < count; t++)
        shared += of_a[t] == of_b[t];
    return shared;
}

static void the_list_of_a_length_depends_on_the_seed_alone(void **state)
{
    Fixture *f = *state;
    const char *const same[] = {
        "random_positions = 250\npos = alibi\nn_layer = 1\n",
        "random_positions = 250\nblock_size = 8\nbatch_size = 3\nmax_iters = 7\n"};
    Placement a = placement_for(f, "random_positions = 250\n");
    for (size_t n = 0; n < COUNT_OF(same); n++)
        assert_int_equal(n_shared(a, placement_for(f, same[n]), 100), 100);
    assert_in_range(n_shared(a, placement_for(f, "random_positions = 250\nseed = 2\n"), 100), 0,
                    50);
}

/* Two lengths are two draws: the shorter list is not the beginning of the longer one. */
static void each_length_has_a_list_of_its_own(void **state)
{
    Placement placement = placement_for(*state, "random_positions = 250\n");
    int shorter[20], longer[21];
    size_t shared = 0;
    placement_fill(placement, shorter, 20);
    placement_fill(placement, longer, 21);
    for (size_t t = 0; t < 20; t++)
        shared += shorter[t] == longer[t];
    assert_in_range(shared, 0, 10);
}

static void more_tokens_than_positions_are_refused(void **state)
{
    Fixture *f = *state;
    Placement placement = {.random = 10};
    Positions positions;
    Error error = {0};
    assert_true(placement_list(placement, &f->arena, 10, &positions, NULL));
    assert_int_equal(positions.at[9], 9);
    assert_false(placement_list(placement, &f->arena, 11, &positions, &error));
    assert_int_equal(error.kind, ERROR_REQUEST);
    assert_string_equal(error.text, "11 tokens: random_positions = 10 has a place for 10 at most");
    assert_true(placement_check((Placement){0}, 1 << 20, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_choice_rises_within_its_limits),
        cmocka_unit_test(every_set_is_equally_likely),
        cmocka_unit_test(every_number_is_equally_likely),
        fixture_test(without_random_positions_they_are_counted_from_0),
        fixture_test(the_list_of_a_length_depends_on_the_seed_alone),
        fixture_test(each_length_has_a_list_of_its_own),
        fixture_test(more_tokens_than_positions_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
