/* test_canvas.c: tests of src/base/canvas.c. */
#include "support/check.h"

#include <string.h>

#include "base/canvas.h"

#define RED  "\033[31m"
#define BLUE "\033[34m"
#define END  "\033[0m"

static Canvas new_canvas(Arena *arena, size_t rows, size_t columns)
{
    Canvas canvas;
    assert_true(canvas_init(&canvas, arena, rows, columns));
    return canvas;
}

static void assert_printed(const Canvas *canvas, const char *expected)
{
    TextBuffer out = {0};
    canvas_append(&out, canvas);
    assert_false(out.failed);
    assert_string_equal(out.bytes != NULL ? out.bytes : "", expected);
    text_buffer_free(&out);
}

static void blanks_are_printed_before_a_character_and_not_behind_it(void **state)
{
    (void)state;
    Arena arena = {0};
    Canvas canvas = new_canvas(&arena, 3, 5);
    assert_printed(&canvas, "\n\n\n");
    canvas_put(&canvas, 1, 2, 'x', NULL);
    canvas_put(&canvas, 1, 4, ' ', RED);
    canvas_put(&canvas, 2, 4, 0x2514, "");
    assert_printed(&canvas, "\n  x\n    └\n");
    arena_free(&arena);
}

static void what_is_outside_is_not_drawn(void **state)
{
    (void)state;
    Arena arena = {0};
    Canvas canvas = new_canvas(&arena, 2, 3);
    canvas_put(&canvas, 2, 0, 'x', NULL);
    canvas_put(&canvas, 0, 3, 'x', NULL);
    canvas_put(&canvas, SIZE_MAX, SIZE_MAX, 'x', NULL);
    assert_int_equal(canvas_text(&canvas, 0, 1, "abcd", SIZE_MAX, NULL), 4);
    assert_int_equal(canvas_text(&canvas, 5, 0, "abcd", SIZE_MAX, NULL), 4);
    assert_printed(&canvas, " ab\n\n");
    Canvas nothing = new_canvas(&arena, 0, 0);
    canvas_put(&nothing, 0, 0, 'x', NULL);
    assert_printed(&nothing, "");
    arena_free(&arena);
}

static void a_text_is_cut_by_characters(void **state)
{
    (void)state;
    Arena arena = {0};
    Canvas canvas = new_canvas(&arena, 1, 10);
    assert_int_equal(canvas_text(&canvas, 0, 0, "äöü€", 3, NULL), 3);
    assert_printed(&canvas, "äöü\n");
    assert_int_equal(canvas_text(&canvas, 0, 4, "x", 0, NULL), 0);
    assert_printed(&canvas, "äöü\n");
    arena_free(&arena);
}

static void neither_control_characters_nor_bad_bytes_get_through(void **state)
{
    (void)state;
    Arena arena = {0};
    Canvas canvas = new_canvas(&arena, 1, 20);
    canvas_text(&canvas, 0, 0, "a\033[2J\n\x7f\xc2\x9b\xff z\xe2\x82", SIZE_MAX, NULL);
    assert_printed(&canvas, "a?[2J???? z??\n");
    arena_free(&arena);
}

static void a_colour_is_set_once_for_a_run_and_ends_with_the_line(void **state)
{
    (void)state;
    Arena arena = {0};
    Canvas canvas = new_canvas(&arena, 2, 8);
    canvas_text(&canvas, 0, 0, "a", 1, NULL);
    canvas_text(&canvas, 0, 1, "b", 1, RED);
    canvas_text(&canvas, 0, 3, "c", 1, RED);
    canvas_text(&canvas, 0, 4, "d", 1, BLUE);
    canvas_text(&canvas, 0, 5, "e", 1, NULL);
    canvas_text(&canvas, 1, 0, "f", 1, BLUE);
    assert_printed(&canvas, "a" RED "b c" BLUE "d" END "e\n" BLUE "f" END "\n");
    arena_free(&arena);
}

static void a_page_that_is_too_large_is_refused(void **state)
{
    (void)state;
    Arena arena = {0};
    Canvas canvas;
    assert_false(canvas_init(&canvas, &arena, SIZE_MAX / 2, 4));
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blanks_are_printed_before_a_character_and_not_behind_it),
        cmocka_unit_test(what_is_outside_is_not_drawn),
        cmocka_unit_test(a_text_is_cut_by_characters),
        cmocka_unit_test(neither_control_characters_nor_bad_bytes_get_through),
        cmocka_unit_test(a_colour_is_set_once_for_a_run_and_ends_with_the_line),
        cmocka_unit_test(a_page_that_is_too_large_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
