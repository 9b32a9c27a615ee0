/* test_page.c: tests of tests/tour/page.c: a page that points to what is not there is found out. */
#include "support/check.h"

#include "base/text.h"
#include "page.h"
#include "support/fixtures.h"
#include "tour.h"

static void names_that_are_not_defined_are_found(void **state)
{
    (void)state;
    TextBuffer report = {0};
    static const struct {
        const char *text;
        size_t count;
        bool right;
    } cases[] = {
        {"`rotate` in [`r`](pos/rotation.c)", 1, true},
        {"`turn`, `rotate` and `Angles` in [`r`](pos/rotation.c)", 3, true},
        {"`turn`\nin [`r`](pos/rotation.c) and `Heads`,\n`HeadView` in [`h`](autograd/heads.h)", 3,
         true},
        {"`pos_rope` in [`r`](pos/rope.c)", 1, true},
        {"`rotat` in [`r`](pos/rotation.c)", 1, false},
        {"`turn` and `otate` in [`r`](pos/rotation.c)", 2, false},
        {"`nothing` and `turn` in [`r`](pos/rotation.c)", 2, false},
        {"`rotate` in [`r`](pos/rotation.h)", 1, false},    /* declared there */
        {"`tape_node` in [`r`](pos/rotation.c)", 1, false}, /* called there */
        {"`turn` in [`r`](pos/nowhere.c)", 0, false},
        {"turn in [`r`](pos/nowhere.c)", 0, true},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        size_t count;
        bool right = page_names_are_defined(cases[c].text, "src", &count, &report);
        assert_int_equal(right, cases[c].right);
        assert_int_equal(count, cases[c].count);
    }
    text_buffer_free(&report);
}

static void links_that_lead_nowhere_are_found(void **state)
{
    (void)state;
    TextBuffer report = {0};
    size_t count;
    assert_false(page_links_resolve("[a](pos) [b](pos/nowhere.c)", "src", &count, &report));
    assert_int_equal(count, 2);
    assert_contains(report.bytes, "src/pos/nowhere.c");
    assert_true(
        page_links_resolve("[a](https://example.org) [b](pos/rope.c#L3)", "src", &count, &report));
    assert_int_equal(count, 1);
    text_buffer_free(&report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_that_are_not_defined_are_found),
        cmocka_unit_test(links_that_lead_nowhere_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
