/* test_parallel.c: tests of src/math/parallel.c. */
#include "support/check.h"

#include "math/parallel.h"
#include "support/fixtures.h"

enum { MAX_COUNT = 1000 };

/* What a loop did. A range writes only what is its own, so no two threads write to one place. */
typedef struct Record {
    size_t grain;
    unsigned char visits[MAX_COUNT];           /* of each index */
    size_t begins[MAX_COUNT], ends[MAX_COUNT]; /* of each range */
    size_t threads[MAX_COUNT];                 /* on which it ran */
} Record;

static void visit(void *context, size_t begin, size_t end)
{
    Record *record = context;
    size_t range = begin / record->grain;
    record->begins[range] = begin;
    record->ends[range] = end;
    record->threads[range] = parallel_thread();
    for (size_t i = begin; i < end; i++)
        record->visits[i]++;
}

static void check_loop(size_t count, size_t grain)
{
    Record record = {.grain = grain};
    parallel_for(count, grain, visit, &record);
    for (size_t i = 0; i < MAX_COUNT; i++)
        assert_int_equal(record.visits[i], i < count ? 1 : 0);
    for (size_t first = 0; first < count; first += grain) {
        size_t range = first / grain;
        assert_int_equal(record.begins[range], first);
        assert_int_equal(record.ends[range], count - first < grain ? count : first + grain);
        assert_in_range(record.threads[range], 0, parallel_threads() - 1);
    }
}

static void every_index_is_visited_once_in_ranges_of_the_grain(void **state)
{
    (void)state;
    const size_t counts[] = {0, 1, 2, 3, 7, 16, 17, 63, 64, 65, 100, 999, 1000};
    const size_t grains[] = {1, 2, 3, 7, 16, 64, 999, 1000, 5000, SIZE_MAX};
    for (size_t threads = 1; threads <= 9; threads++) {
        parallel_set_threads(threads);
        for (size_t c = 0; c < COUNT_OF(counts); c++)
            for (size_t g = 0; g < COUNT_OF(grains); g++)
                check_loop(counts[c], grains[g]);
    }
}

static void note_bounds(void *context, size_t begin, size_t end)
{
    size_t(*bounds)[2] = context;
    size_t range = begin / (SIZE_MAX / 2);
    bounds[range][0] = begin;
    bounds[range][1] = end;
}

static void the_largest_count_does_not_wrap(void **state)
{
    (void)state;
    size_t bounds[3][2] = {{0}};
    parallel_for(SIZE_MAX, SIZE_MAX / 2, note_bounds, bounds);
    const size_t half = SIZE_MAX / 2,
                 expected[3][2] = {{0, half}, {half, 2 * half}, {2 * half, SIZE_MAX}};
    assert_memory_equal(bounds, expected, sizeof expected);
}

/* Each range of the outer loop runs an inner one of its own. */
typedef struct Outer {
    Record inner[8];
    size_t threads[8];
} Outer;

static void run_inner(void *context, size_t begin, size_t end)
{
    Outer *outer = context;
    for (size_t i = begin; i < end; i++) {
        outer->inner[i].grain = 10;
        outer->threads[i] = parallel_thread();
        parallel_for(95, 10, visit, &outer->inner[i]);
    }
}

static void a_loop_inside_a_loop_stays_on_its_thread(void **state)
{
    Fixture *f = *state;
    for (size_t threads = 1; threads <= 4; threads++) {
        Outer *outer = arena_alloc(&f->arena, 1, sizeof *outer);
        assert_non_null(outer);
        parallel_set_threads(threads);
        parallel_for(8, 1, run_inner, outer);
        for (size_t i = 0; i < 8; i++) {
            for (size_t index = 0; index < MAX_COUNT; index++)
                assert_int_equal(outer->inner[i].visits[index], index < 95 ? 1 : 0);
            for (size_t range = 0; range < 10; range++)
                assert_int_equal(outer->inner[i].threads[range], outer->threads[i]);
        }
    }
}

static void two_ranges_run_on_two_threads(void **state)
{
    (void)state;
    if (!parallel_available())
        skip();
    Record record = {.grain = 1};
    parallel_set_threads(2);
    parallel_for(2, 1, visit, &record);
    assert_int_not_equal(record.threads[0], record.threads[1]);
}

static void outside_of_a_loop_the_thread_is_number_0(void **state)
{
    (void)state;
    parallel_set_threads(3);
    check_loop(100, 1);
    assert_int_equal(parallel_thread(), 0);
}

static void the_number_of_threads_is_the_one_that_was_set(void **state)
{
    (void)state;
    assert_true(parallel_threads() >= 1); /* before anyone set it */
    for (size_t threads = 1; threads <= 5; threads++) {
        parallel_set_threads(threads);
        assert_int_equal(parallel_threads(), parallel_available() ? threads : 1);
    }
}

/* Some thousand numbers: more than a hand-over costs, and less than what a core's cache holds. */
static void a_range_of_rows_holds_some_thousand_numbers(void **state)
{
    (void)state;
    assert_true(parallel_grain(0) >= 1);
    for (size_t width = 1; width < 20000; width++) {
        size_t rows = parallel_grain(width);
        assert_true(rows >= 1);
        assert_in_range(rows * width, 2000, 20000);
    }
    assert_int_equal(parallel_grain(SIZE_MAX), 1);
}

static void columns_make_one_range_of_whole_cache_lines_for_each_thread(void **state)
{
    (void)state;
    const size_t threads[] = {1, 2, 3, 8}, before = parallel_threads();
    for (size_t t = 0; t < sizeof threads / sizeof *threads; t++) {
        parallel_set_threads(threads[t]);
        for (size_t columns = 1; columns < 300; columns++) {
            size_t grain = parallel_columns(columns);
            assert_true(grain >= 16 && grain % 16 == 0);
            assert_true((columns + grain - 1) / grain <= parallel_threads());
            assert_true(grain == 16 || (grain - 16) * parallel_threads() < columns);
        }
    }
    parallel_set_threads(before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(the_number_of_threads_is_the_one_that_was_set),
        fixture_test(every_index_is_visited_once_in_ranges_of_the_grain),
        fixture_test(the_largest_count_does_not_wrap),
        fixture_test(a_loop_inside_a_loop_stays_on_its_thread),
        fixture_test(two_ranges_run_on_two_threads),
        fixture_test(outside_of_a_loop_the_thread_is_number_0),
        fixture_test(a_range_of_rows_holds_some_thousand_numbers),
        cmocka_unit_test(columns_make_one_range_of_whole_cache_lines_for_each_thread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
