/* test_claim_cache.c: tests of src/lab/claims/cache.c: with the schemes as they are, and with
 * schemes and a cache in which something is wrong. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "lab/claims/cache.h"
#include "support/fixtures.h"

static ClaimDesk desk_of(Fixture *f)
{
    return (ClaimDesk){.arena = &f->arena, .first_seed = 1};
}

static Answer answer_of(Fixture *f, const PosScheme *const *schemes, size_t n, GoOn go_on)
{
    ClaimDesk desk = desk_of(f);
    Answer answer = {.condition = ""};
    Error error = {0};
    if (!cache_answer(&desk, schemes, n, go_on, &answer, &error))
        fail_msg("%s", error.text);
    return answer;
}

static CacheFinding finding_of(const PosScheme *scheme, GoOn go_on)
{
    CacheFinding found;
    Error error = {0};
    if (!cache_look(scheme, go_on, random_seed(1), &found, &error))
        fail_msg("%s", error.text);
    return found;
}

static double longer_of(const CacheFinding *found)
{
    return logit_change_most(&found->longer, 0, CACHE_BEGINNING);
}

static double cached_of(const CacheFinding *found)
{
    return logit_change_most(&found->cached, 0, CACHE_TEXT);
}

/* --- as it is --- */

static void every_scheme_keeps_every_bit(void **state)
{
    Fixture *f = *state;
    Answer answer = answer_of(f, pos_schemes, pos_scheme_count, gpt_continue);
    assert_int_equal(answer.verdict, HOLDS_UNDER_A_CONDITION);
    assert_contains(answer.condition, "with every scheme, as long as the text fits");
    assert_contains(answer.condition, "no angle is scaled");
    assert_true(strlen(answer.deciding) <= 100);
    assert_int_equal(answer.table.n_rows, pos_scheme_count + 2);
    for (size_t s = 0; s < pos_scheme_count; s++) {
        const char *const *cells = answer.table.cells + s * answer.table.n_columns;
        assert_string_equal(cells[0], pos_schemes[s]->name);
        assert_string_equal(cells[1], "0");
        assert_string_equal(cells[2], "0");
        assert_string_equal(cells[3], "the same");
    }
}

static void seeing_both_sides_every_token_changes(void **state)
{
    (void)state;
    LogitChange change;
    assert_true(cache_look_both_sides(pos_find("rope"), random_seed(1), &change, NULL));
    for (size_t t = 0; t < CACHE_BEGINNING; t++)
        assert_true(change.at[t] > 0.01);
}

/* The first token sees itself alone, at any angle. Angles of a longer training are others, but do
 * not change as the text grows. */
static void angles_scaled_by_the_length_change_what_came_before(void **state)
{
    (void)state;
    const PosScheme *rope = pos_find("rope");
    LogitChange change;
    assert_true(
        cache_look_with(rope, (Setting){"rope_scaling", "dynamic"}, random_seed(1), &change, NULL));
    for (size_t t = 1; t < CACHE_BEGINNING; t++)
        assert_true(change.at[t] > 1e-3);
    assert_true(change.at[0] == 0);
    assert_true(
        cache_look_with(rope, (Setting){"rope_scaling", "ntk:4"}, random_seed(1), &change, NULL));
    assert_true(logit_change_most(&change, 0, CACHE_BEGINNING) == 0);
}

/* In one layer a window that slides is a window that is cropped, for a scheme that knows distances
 * alone; in two it is not. A table of absolute positions tells them apart in one. */
static void what_left_the_window_is_felt_from_the_second_layer_on(void **state)
{
    (void)state;
    const char *const by_distance[] = {"none", "relative", "t5", "alibi", "rope"};
    for (size_t s = 0; s < COUNT_OF(by_distance); s++) {
        CacheFinding found = finding_of(pos_find(by_distance[s]), gpt_continue);
        assert_true(logit_change_most(&found.slid[0], 0, CACHE_TEXT) < 1e-4);
        assert_true(logit_change_most(&found.slid[1], 0, CACHE_TEXT) > 0.1);
        assert_true(logit_change_most(&found.slid[1], 0, CACHE_WINDOW) == 0);
    }
    CacheFinding found = finding_of(pos_find("learned"), gpt_continue);
    assert_true(logit_change_most(&found.slid[0], 0, CACHE_TEXT) > 0.1);
}

/* --- with something wrong --- */

/* From the tenth token on a new one stands one place further than it should. */
static Tensor *off_by_one(GptCache *cache, Tape *tape, const int *tokens, size_t count,
                          Error *error)
{
    if (cache->next == 10)
        cache->next++;
    return gpt_continue(cache, tape, tokens, count, error);
}

static void a_cache_that_is_off_by_one_position_is_found_out(void **state)
{
    Fixture *f = *state;
    const PosScheme *const schemes[] = {pos_find("none"), pos_find("rope")};
    Answer answer = answer_of(f, schemes, 2, off_by_one);
    assert_int_equal(answer.verdict, DOES_NOT_HOLD);
    CacheFinding rope = finding_of(schemes[1], off_by_one);
    assert_true(longer_of(&rope) == 0);
    assert_true(logit_change_most(&rope.cached, 0, 10) == 0);
    assert_true(logit_change_most(&rope.cached, 10, CACHE_TEXT) > 0.01);
    CacheFinding none = finding_of(schemes[0], off_by_one); /* which has no positions */
    assert_true(cached_of(&none) == 0);
}

/* The vectors of tokens are changed by how many come after them, as if positions counted from the
 * end. (A tape that only measures has no numbers.) */
static Tensor *from_the_end(const Pos *pos, Tape *tape, Tensor *x, Positions positions)
{
    (void)pos;
    Tensor *y = tape_constant(tape, 2, (size_t[]){positions.count, tensor_width(x)});
    for (size_t t = 0; y->data && t < positions.count; t++)
        for (size_t c = 0; c < tensor_width(x); c++)
            y->data[t * tensor_width(x) + c] =
                (real)(0.1 * random_normal(random_seed(positions.count - t), c));
    return add(tape, x, y);
}

static PosScheme broken(const char *name,
                        Tensor *(*at_embedding)(const Pos *, Tape *, Tensor *, Positions))
{
    PosScheme scheme = *pos_find(name);
    scheme.at_embedding = at_embedding;
    return scheme;
}

static void a_scheme_that_looks_at_the_end_is_found_out(void **state)
{
    Fixture *f = *state;
    const PosScheme rope = broken("rope", from_the_end);
    const PosScheme *const schemes[] = {&rope};
    assert_int_equal(answer_of(f, schemes, 1, gpt_continue).verdict, DOES_NOT_HOLD);
    CacheFinding found = finding_of(&rope, gpt_continue);
    assert_true(longer_of(&found) > 0.01 && cached_of(&found) > 0.01);
    assert_false(found.same_sample);
}

static void one_that_is_not_rope_makes_it_a_condition(void **state)
{
    Fixture *f = *state;
    const PosScheme alibi = broken("alibi", from_the_end);
    const PosScheme *const schemes[] = {&alibi, pos_find("rope")};
    Answer answer = answer_of(f, schemes, 2, gpt_continue);
    assert_int_equal(answer.verdict, HOLDS_UNDER_A_CONDITION);
    assert_contains(answer.condition, "not with every scheme");
    assert_contains(answer.deciding, "1 of 2 schemes");
}

static Tensor *not_a_number(const Pos *pos, Tape *tape, Tensor *x, Positions positions)
{
    (void)pos;
    Tensor *y = tape_constant(tape, 1, (size_t[]){tensor_width(x)});
    for (size_t c = 0; y->data && c < tensor_width(x); c++)
        y->data[c] = positions.count > CACHE_BEGINNING ? (real)NAN : 0;
    return add(tape, x, y);
}

static void what_is_not_a_number_is_a_change(void **state)
{
    (void)state;
    const PosScheme rope = broken("rope", not_a_number);
    CacheFinding found = finding_of(&rope, gpt_continue);
    assert_true(isinf(longer_of(&found)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(every_scheme_keeps_every_bit),
        fixture_test(seeing_both_sides_every_token_changes),
        fixture_test(angles_scaled_by_the_length_change_what_came_before),
        fixture_test(what_left_the_window_is_felt_from_the_second_layer_on),
        fixture_test(a_cache_that_is_off_by_one_position_is_found_out),
        fixture_test(a_scheme_that_looks_at_the_end_is_found_out),
        fixture_test(one_that_is_not_rope_makes_it_a_condition),
        fixture_test(what_is_not_a_number_is_a_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
