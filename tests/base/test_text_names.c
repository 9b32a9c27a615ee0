/* test_text_names.c: tests of src/base/text_names.c: which name was meant. */
#include "support/check.h"

#include <string.h>

#include "base/text.h"

static void distance_counts_single_edits(void **state)
{
    (void)state;
    const struct {
        const char *a, *b;
        size_t distance;
    } cases[] = {
        {"", "", 0},
        {"", "abc", 3},
        {"rope", "rope", 0},
        {"rop", "rope", 1},
        {"roope", "rope", 1},
        {"rape", "rope", 1},
        {"orpe", "rope", 1},
        {"kitten", "sitting", 3},
        {"saturday", "sunday", 3},
        {"ca", "abc", 3},
        {"batchsize", "batch_size", 1},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        assert_int_equal(text_distance(cases[c].a, cases[c].b), cases[c].distance);
        assert_int_equal(text_distance(cases[c].b, cases[c].a), cases[c].distance);
    }
}

static void distance_ignores_case_and_kind_of_dash(void **state)
{
    (void)state;
    assert_int_equal(text_distance("RoPE", "rope"), 0);
    assert_int_equal(text_distance("n-layer", "N_LAYER"), 0);
}

static void distance_of_long_names_is_their_length(void **state)
{
    (void)state;
    char longest[66];
    memset(longest, 'a', sizeof longest);
    longest[65] = '\0';
    assert_int_equal(text_distance(longest, longest), 65);
    assert_int_equal(text_distance(longest, "a"), 65);
    longest[64] = '\0';
    assert_int_equal(text_distance(longest, longest), 0);
    assert_int_equal(text_distance(longest, "a"), 63);
}

static void nearest_is_the_name_that_was_meant(void **state)
{
    (void)state;
    const char *const names[] = {"n_layer", "n_head", "n_embd", "block_size", "batch_size", "pos"};
    const size_t count = sizeof names / sizeof names[0];
    assert_string_equal(text_nearest("batchsize", names, count), "batch_size");
    assert_string_equal(text_nearest("n-layers", names, count), "n_layer");
    assert_string_equal(text_nearest("nhead", names, count), "n_head");
    assert_string_equal(text_nearest("blok_size", names, count), "block_size");
    assert_string_equal(text_nearest("beta0", (const char *const[]){"beta1", "beta2"}, 2), "beta1");
    assert_null(text_nearest("temperature", names, count));
    assert_null(text_nearest("", names, count));
    assert_null(text_nearest("pos", names, 0));
}

/* "pos" has three characters, of which one may differ, but not two. */
static void nearest_needs_two_thirds_of_the_characters(void **state)
{
    (void)state;
    const char *const names[] = {"pos"};
    assert_string_equal(text_nearest("pas", names, 1), "pos");
    assert_null(text_nearest("pax", names, 1));
    assert_null(text_nearest("p", names, 1));
}

static void choices_are_listed_behind_the_one_that_was_meant(void **state)
{
    (void)state;
    const char *const names[] = {"train", "eval", "sample"};
    const struct {
        const char *typed;
        size_t count;
        const char *text;
    } cases[] = {
        {"evl", 3, "did you mean \"eval\"? expected one of: train, eval, sample"},
        {"evl", 1, "expected one of: train"},
        {"", 3, "expected one of: train, eval, sample"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        TextBuffer buffer = {0};
        text_append_choices(&buffer, cases[i].typed, names, cases[i].count);
        assert_string_equal(buffer.bytes, cases[i].text);
        text_buffer_free(&buffer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distance_counts_single_edits),
        cmocka_unit_test(distance_ignores_case_and_kind_of_dash),
        cmocka_unit_test(distance_of_long_names_is_their_length),
        cmocka_unit_test(nearest_is_the_name_that_was_meant),
        cmocka_unit_test(nearest_needs_two_thirds_of_the_characters),
        cmocka_unit_test(choices_are_listed_behind_the_one_that_was_meant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
