/* test_arena.c: tests of src/base/arena.c. */
#include "support/check.h"

#include <string.h>

#include "base/arena.h"

enum { N_PIECES = 500 };

static bool all_bytes_are(const unsigned char *bytes, size_t count, unsigned char value)
{
    for (size_t b = 0; b < count; b++)
        if (bytes[b] != value)
            return false;
    return true;
}

static size_t piece_length(size_t p)
{
    return p * 37 % 3001;
}

static void pieces_are_aligned_zeroed_and_apart(void **state)
{
    (void)state;
    Arena arena = {0};
    unsigned char *pieces[N_PIECES];
    for (size_t p = 0; p < N_PIECES; p++) {
        pieces[p] = arena_alloc(&arena, piece_length(p), 1);
        assert_non_null(pieces[p]);
        assert_int_equal((uintptr_t)pieces[p] % ARENA_ALIGNMENT, 0);
        assert_true(all_bytes_are(pieces[p], piece_length(p), 0));
        memset(pieces[p], (int)(p % 255) + 1, piece_length(p));
    }
    for (size_t p = 0; p < N_PIECES; p++)
        assert_true(all_bytes_are(pieces[p], piece_length(p), (unsigned char)(p % 255 + 1)));
    arena_free(&arena);
}

static void a_piece_is_zero_again_after_a_reset(void **state)
{
    (void)state;
    Arena arena = {0};
    for (int round = 0; round < 3; round++) {
        unsigned char *piece = arena_alloc(&arena, 1000, 8);
        assert_true(all_bytes_are(piece, 8000, 0));
        memset(piece, 0xee, 8000);
        arena_reset(&arena);
    }
    arena_free(&arena);
}

static void empty_pieces_have_addresses_of_their_own(void **state)
{
    (void)state;
    Arena arena = {0};
    void *a = arena_alloc(&arena, 0, 8), *b = arena_alloc_raw(&arena, 8, 0);
    assert_non_null(a);
    assert_non_null(b);
    assert_ptr_not_equal(a, b);
    arena_free(&arena);
}

static void sizes_are_rounded_up_and_overflow_is_noticed(void **state)
{
    (void)state;
    assert_int_equal(arena_size_of(1, 1), 64);
    assert_int_equal(arena_size_of(64, 1), 64);
    assert_int_equal(arena_size_of(13, 5), 128);
    assert_int_equal(arena_size_of(1024, 1024), 1024 * 1024);
    assert_true(arena_size_of(SIZE_MAX, 1) == SIZE_MAX);
    assert_true(arena_size_of(SIZE_MAX - 62, 1) == SIZE_MAX);
    assert_true(arena_size_of(SIZE_MAX / 2, 3) == SIZE_MAX);
    assert_true(arena_size_of(3, SIZE_MAX / 2) == SIZE_MAX);
    assert_true(arena_size_of(SIZE_MAX / 8 + 2, 8) == SIZE_MAX); /* wraps to 8 */
}

static void too_much_is_refused_and_leaves_the_arena_usable(void **state)
{
    (void)state;
    Arena arena = {0};
    assert_null(arena_alloc(&arena, SIZE_MAX / 2, 3));
    assert_null(arena_alloc_raw(&arena, SIZE_MAX / 8 + 2, 8));
    assert_null(arena_alloc(&arena, SIZE_MAX, 1));
    assert_null(arena_alloc_raw(&arena, (size_t)PTRDIFF_MAX, 1));
    assert_null(arena_text(&arena, "x", SIZE_MAX));
    Error error = {0};
    assert_false(arena_reserve(&arena, SIZE_MAX, &error));
    assert_contains(error.text, "out of memory");
    assert_int_equal(arena.used, 0);
    assert_non_null(arena_alloc(&arena, 10, 10));
    arena_free(&arena);
}

static void reserved_pieces_lie_in_one_block(void **state)
{
    (void)state;
    enum { PIECE = 100 * 1024, COUNT = 50 };
    Arena arena = {0};
    assert_non_null(arena_alloc(&arena, 10, 1));
    assert_true(arena_reserve(&arena, (size_t)PIECE * COUNT, NULL));
    uintptr_t first = (uintptr_t)arena_alloc_raw(&arena, PIECE, 1);
    for (size_t p = 1; p < COUNT; p++)
        assert_true((uintptr_t)arena_alloc_raw(&arena, PIECE, 1) == first + p * PIECE);
    arena_free(&arena);
}

/* Pieces of one block are neighbours; so a second round that is as large as the first must find
 * all of them in a row. */
static void after_a_reset_the_same_round_needs_one_block(void **state)
{
    (void)state;
    enum { PIECE = 50 * 1024, COUNT = 40 };
    Arena arena = {0};
    for (size_t p = 0; p < COUNT; p++)
        assert_non_null(arena_alloc_raw(&arena, PIECE, 1));
    arena_reset(&arena);
    uintptr_t first = (uintptr_t)arena_alloc_raw(&arena, PIECE, 1);
    for (size_t p = 1; p < COUNT; p++)
        assert_true((uintptr_t)arena_alloc_raw(&arena, PIECE, 1) == first + p * PIECE);
    arena_reset(&arena);
    assert_true((uintptr_t)arena_alloc_raw(&arena, PIECE, 1) == first);
    arena_free(&arena);
}

static void use_and_its_peak_are_counted(void **state)
{
    (void)state;
    Arena arena = {0};
    arena_alloc(&arena, 100, 1);
    arena_alloc(&arena, 1, 1);
    assert_int_equal(arena.used, 128 + 64);
    arena_alloc(&arena, 1000 * 1000, 1);
    assert_int_equal(arena.used, 128 + 64 + 1000 * 1000);
    arena_reset(&arena);
    assert_int_equal(arena.used, 0);
    arena_alloc(&arena, 64, 1);
    assert_int_equal(arena.used, 64);
    assert_int_equal(arena.peak, 128 + 64 + 1000 * 1000);
    arena_free(&arena);
}

static void a_text_is_copied_with_a_zero_behind_it(void **state)
{
    (void)state;
    Arena arena = {0};
    char source[] = "abc\0def";
    char *part = arena_text(&arena, source, 2), *whole = arena_text(&arena, source, 7);
    source[0] = 'x';
    assert_string_equal(part, "ab");
    assert_memory_equal(whole, "abc\0def", 8);
    assert_string_equal(arena_text(&arena, NULL, 0), "");
    arena_free(&arena);
}

static void a_freed_arena_is_empty_and_can_be_used_again(void **state)
{
    (void)state;
    Arena arena = {0};
    arena_free(&arena);
    arena_reset(&arena);
    arena_alloc(&arena, 3, 3);
    arena_free(&arena);
    assert_null(arena.blocks);
    assert_int_equal(arena.used, 0);
    assert_non_null(arena_alloc(&arena, 3, 3));
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_aligned_zeroed_and_apart),
        cmocka_unit_test(a_piece_is_zero_again_after_a_reset),
        cmocka_unit_test(empty_pieces_have_addresses_of_their_own),
        cmocka_unit_test(sizes_are_rounded_up_and_overflow_is_noticed),
        cmocka_unit_test(too_much_is_refused_and_leaves_the_arena_usable),
        cmocka_unit_test(reserved_pieces_lie_in_one_block),
        cmocka_unit_test(after_a_reset_the_same_round_needs_one_block),
        cmocka_unit_test(use_and_its_peak_are_counted),
        cmocka_unit_test(a_text_is_copied_with_a_zero_behind_it),
        cmocka_unit_test(a_freed_arena_is_empty_and_can_be_used_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
