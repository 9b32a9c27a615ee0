/* test_none.c: tests of src/pos/none.c: what a model knows about order when nothing tells it, and
 * that with any other scheme it knows more. */
#include "support/check.h"

#include <string.h>

#include "support/model_case.h"

static bool is_none(const PosScheme *scheme)
{
    return strcmp(scheme->name, "none") == 0;
}

/* The order of the tokens is all that it takes. */
static bool counts_itself(const PosScheme *scheme)
{
    return strcmp(scheme->name, "cope") == 0;
}

static void all_doors_are_shut(void **state)
{
    (void)state;
    const PosScheme *none = pos_find("none");
    assert_true(!none->at_embedding && !none->at_query_key && !none->at_scores);
    assert_true(!none->init && !none->prepare && !none->max_length && none->n_keys == 0);
    assert_string_equal(pos_doors(none), "no door");
}

/* A model of each scheme on its own, with the effect of a change on its logits. */
typedef struct Trial {
    Fixture *f;
    ModelCase *c;
    size_t size;        /* of the logits */
    const real *before; /* the logits */
} Trial;

static Trial begin_trial(Fixture *f, const PosScheme *scheme, bool causal, size_t n_layer)
{
    ModelShape shape = small_model;
    shape.batch_size = 1;
    shape.gpt.causal = causal;
    shape.gpt.n_layer = n_layer;
    Trial trial = {.f = f, .c = model_case(f, scheme, NULL, shape)};
    for (size_t t = 0; t < shape.length; t++)
        trial.c->tokens[t] = (int)t; /* all different */
    const Tensor *logits = model_case_logits(&f->tape, trial.c);
    trial.size = tensor_size(logits);
    trial.before = logits->data;
    return trial;
}

static const real *logits_now(const Trial *trial)
{
    return model_case_logits(&trial->f->tape, trial->c)->data;
}

static void end_trial(const Trial *trial)
{
    tape_reset(&trial->f->tape);
    model_case_free(trial->c);
}

static void positions_count_for_every_scheme_that_looks_at_them(void **state)
{
    for (size_t s = 0; s < pos_scheme_count; s++)
        for (int causal = pos_schemes[s]->causal_only; causal < 2; causal++) {
            Trial trial = begin_trial(*state, pos_schemes[s], causal == 1, 2);
            memcpy(trial.c->positions, (const int[]){3, 7, 0, 1, 5}, 5 * sizeof(int));
            const real *after = logits_now(&trial);
            if (is_none(pos_schemes[s]) || counts_itself(pos_schemes[s]))
                assert_same_bits(after, trial.before, trial.size);
            else
                assert_true(largest_difference(after, trial.before, trial.size) > 0.01);
            end_trial(&trial);
        }
}

/* Tokens 0 1 2 3 4 become 4 2 0 1 3, at the same five positions. */
static void without_a_mask_a_text_is_a_bag_of_characters(void **state)
{
    Fixture *f = *state;
    enum { V = 7 };
    const size_t order[] = {4, 2, 0, 1, 3};
    for (size_t s = 0; s < pos_scheme_count; s++) {
        if (pos_schemes[s]->causal_only)
            continue;
        Trial trial = begin_trial(f, pos_schemes[s], false, 3);
        double *moved = new_doubles(&f->arena, trial.size);
        real *moved_too = random_numbers(&f->arena, trial.size, 1);
        for (size_t t = 0; t < COUNT_OF(order); t++) {
            trial.c->tokens[t] = (int)order[t];
            for (size_t v = 0; v < V; v++) {
                moved_too[t * V + v] = trial.before[order[t] * V + v];
                moved[t * V + v] = (double)moved_too[t * V + v];
            }
        }
        const real *after = logits_now(&trial);
        if (is_none(pos_schemes[s]))
            assert_numbers_close(after, moved, trial.size);
        else
            assert_true(largest_difference(after, moved_too, trial.size) > 0.01);
        end_trial(&trial);
    }
}

/* Tokens 0 1 2 3 4 become 2 0 3 1 4: the last one stays, and what stands before it stays as
 * a set. */
static void swap_the_earlier_tokens(Trial *trial)
{
    memcpy(trial->c->tokens, (const int[]){2, 0, 3, 1, 4}, 5 * sizeof(int));
}

static void the_last_token_of_one_causal_layer_cannot_tell_the_order_before_it(void **state)
{
    Fixture *f = *state;
    enum { LAST = 4 * 7 };
    for (size_t s = 0; s < pos_scheme_count; s++) {
        Trial trial = begin_trial(f, pos_schemes[s], true, 1);
        swap_the_earlier_tokens(&trial);
        const real *after = logits_now(&trial);
        if (is_none(pos_schemes[s]))
            assert_numbers_close(after + LAST, as_doubles(&f->arena, trial.before + LAST, 7), 7);
        else
            assert_true(largest_difference(after + LAST, trial.before + LAST, 7) > 0.01);
        end_trial(&trial);
    }
}

static void the_last_token_of_two_causal_layers_can(void **state)
{
    enum { LAST = 4 * 7 };
    Trial trial = begin_trial(*state, pos_find("none"), true, 2);
    swap_the_earlier_tokens(&trial);
    assert_true(largest_difference(logits_now(&trial) + LAST, trial.before + LAST, 7) > 0.01);
    end_trial(&trial);
}

/* Under a mask a change at t leaves all that stands before it as it was, to the last bit. */
static void a_causal_model_does_not_see_the_future(void **state)
{
    enum { V = 7 };
    for (size_t s = 0; s < pos_scheme_count; s++)
        for (int causal = pos_schemes[s]->causal_only; causal < 2; causal++)
            for (size_t t = 1; t < 5; t++) {
                Trial trial = begin_trial(*state, pos_schemes[s], causal == 1, 2);
                trial.c->tokens[t] = 6;
                const real *after = logits_now(&trial);
                if (causal)
                    assert_same_bits(after, trial.before, t * V);
                else
                    assert_true(largest_difference(after, trial.before, t * V) > 1e-3);
                assert_true(largest_difference(after + t * V, trial.before + t * V, V) > 1e-3);
                end_trial(&trial);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_doors_are_shut),
        fixture_test(positions_count_for_every_scheme_that_looks_at_them),
        fixture_test(without_a_mask_a_text_is_a_bag_of_characters),
        fixture_test(the_last_token_of_one_causal_layer_cannot_tell_the_order_before_it),
        fixture_test(the_last_token_of_two_causal_layers_can),
        fixture_test(a_causal_model_does_not_see_the_future),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
