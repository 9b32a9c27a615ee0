/* test_registry_promises.c: tests of what the rows of src/pos/registry.c promise.
 *
 * A row says of its scheme which doors it uses, where its positions end, how long what was computed
 * lasts, what it costs, whether it needs a mask. Nothing here names a scheme: a new one is held to
 * its word as soon as it has its row, and a failure says which one broke it.
 */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "support/model_case.h"

static bool takes_memory_by_pair(const PosScheme *scheme)
{
    return strstr(scheme->cost, "memory in T^2") != NULL;
}

/* At the score door alone, and without a number for each pair: all that is left is a table by
 * distance. */
static bool is_by_distance(const PosScheme *scheme)
{
    return scheme->at_scores && !scheme->at_embedding && !scheme->at_query_key &&
           !takes_memory_by_pair(scheme);
}

static ModelCase *case_of(Fixture *f, Variety variety, bool causal, size_t length)
{
    ModelShape shape = small_model;
    shape.gpt.causal = causal;
    shape.gpt.longest = shape.length = length;
    shape.batch_size = 1;
    return model_case(f, variety.scheme, variety.options, shape);
}

/* --- distances --- */

static void a_bias_by_distance_does_not_feel_a_shift(void **state)
{
    Fixture *f = *state;
    size_t count, found = 0;
    const Variety *varieties = all_varieties(&f->arena, &count);
    for (size_t v = 0; v < 2 * count; v++) {
        Variety variety = varieties[v / 2];
        bool causal = v % 2 == 0;
        if (!is_by_distance(variety.scheme) || (variety.scheme->causal_only && !causal))
            continue;
        ModelCase *c = case_of(f, variety, causal, small_model.length);
        const Tensor *here = model_case_logits(&f->tape, c);
        for (size_t t = 0; t < c->shape.length; t++)
            c->positions[t] += 1000;
        const Tensor *there = model_case_logits(&f->tape, c);
        if (largest_difference(there->data, here->data, tensor_size(here)) != 0)
            fail_msg("%s: a shift of all positions changes the logits",
                     variety_name(&f->arena, variety));
        found++;
        tape_reset(&f->tape);
        model_case_free(c);
    }
    assert_true(found > 0);
}

/* --- lengths --- */

/* A text whose last token stands at `last`, far from the others. */
static bool can_stand_at(Fixture *f, ModelCase *c, size_t last)
{
    bool finite = true;
    c->positions[c->shape.length - 1] = (int)last;
    const Tensor *logits = model_case_logits(&f->tape, c);
    for (size_t i = 0; i < tensor_size(logits); i++)
        finite = finite && isfinite(logits->data[i]);
    tape_reset(&f->tape);
    return finite;
}

static void expect_refusal(const Pos *pos, size_t length)
{
    Error error = {0};
    const int last = (int)length - 1, next = (int)length;
    if (!pos_check(pos, (Positions){&last, 1}, &error))
        fail_msg("%s: %s", pos->scheme->name, error.text);
    if (pos_check(pos, (Positions){&next, 1}, &error))
        fail_msg("%s: position %zu of %zu is not refused", pos->scheme->name, length, length);
    assert_int_equal(error.kind, ERROR_REQUEST);
    assert_contains(error.text, pos->scheme->name);
}

static void every_position_up_to_max_length_can_be_used(void **state)
{
    enum { FAR = 5000 };
    Fixture *f = *state;
    size_t count;
    const Variety *varieties = all_varieties(&f->arena, &count);
    for (size_t v = 0; v < count; v++) {
        ModelCase *c = case_of(f, varieties[v], true, small_model.length);
        const Pos *pos = &c->gpt.pos;
        size_t length = pos->scheme->max_length ? pos->scheme->max_length(pos) : 0;
        if (length > 0)
            expect_refusal(pos, length);
        if (length > 0 && length < pos->shape.shown)
            fail_msg("%s: shorter than training", variety_name(&f->arena, varieties[v]));
        if (!can_stand_at(f, c, length > 0 ? length - 1 : FAR))
            fail_msg("%s: not a finite number at position %zu",
                     variety_name(&f->arena, varieties[v]), length > 0 ? length - 1 : FAR);
        model_case_free(c);
    }
}

/* What was computed of the first tokens is not computed anew while a text grows, so it must be what
 * the longer text has there. */
static void the_beginning_of_a_text_lasts_as_long_as_is_said(void **state)
{
    enum { SHORT = 5, LONG = 40 }; /* training has 8 */
    Fixture *f = *state;
    size_t count, lasting = 0;
    const Variety *varieties = all_varieties(&f->arena, &count);
    for (size_t v = 0; v < count; v++) {
        ModelCase *c = case_of(f, varieties[v], true, LONG);
        const Pos *pos = &c->gpt.pos;
        const Tensor *whole = model_case_logits(&f->tape, c);
        c->input.length = c->input.positions.count = SHORT;
        const Tensor *beginning = model_case_logits(&f->tape, c);
        bool same = largest_difference(beginning->data, whole->data, tensor_size(beginning)) == 0;
        if (pos_lasts(pos, LONG) && !same)
            fail_msg("%s: with %d tokens the first %d have other logits",
                     variety_name(&f->arena, varieties[v]), LONG, SHORT);
        lasting += pos_lasts(pos, LONG);
        tape_reset(&f->tape);
        model_case_free(c);
    }
    assert_in_range(lasting, 1, count - 1);
}

/* --- costs --- */

/* Where it is not said, twice the length takes at most twice the memory. */
static void memory_grows_with_the_square_of_the_length_where_it_is_said(void **state)
{
    for (size_t s = 0; s < pos_scheme_count; s++) {
        const PosScheme *scheme = pos_schemes[s];
        ModelCase *c = case_of(*state, (Variety){scheme, NULL}, true, 40000);
        size_t once, twice;
        assert_true(gpt_measure(&c->gpt, 1, 20000, true, &once, NULL));
        assert_true(gpt_measure(&c->gpt, 1, 40000, true, &twice, NULL));
        double growth = (double)twice / (double)once;
        bool by_pair = takes_memory_by_pair(scheme);
        if (growth < (by_pair ? 3.7 : 1.9) || growth > (by_pair ? 4 : 2))
            fail_msg("%s: adds %s; but twice the length takes %.2f times the memory", scheme->name,
                     scheme->cost, growth);
        model_case_free(c);
    }
}

/* --- masks --- */

static void a_model_without_a_mask_is_refused_where_it_is_said(void **state)
{
    (void)state;
    for (size_t s = 0; s < pos_scheme_count; s++) {
        const PosScheme *scheme = pos_schemes[s];
        GptConfig config = small_model.gpt;
        Error error = {0};
        config.causal = false;
        bool possible = model_is_possible(scheme, NULL, config, &error);
        if (possible == scheme->causal_only)
            fail_msg("%s: causal = no: %s", scheme->name, possible ? "not refused" : error.text);
        if (possible)
            continue;
        assert_int_equal(error.kind, ERROR_REQUEST);
        assert_contains(error.text, "causal = no: pos = ");
        assert_contains(error.text, ": expected causal = yes");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(a_bias_by_distance_does_not_feel_a_shift),
        fixture_test(every_position_up_to_max_length_can_be_used),
        fixture_test(the_beginning_of_a_text_lasts_as_long_as_is_said),
        fixture_test(memory_grows_with_the_square_of_the_length_where_it_is_said),
        cmocka_unit_test(a_model_without_a_mask_is_refused_where_it_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
