/* test_overfit.c: a model of every scheme learns one short text by heart: forward, backward and
 * optimiser work together. */
#include "support/check.h"

#include "support/model_case.h"
#include "train/adamw.h"

/* Every place of this text has a past of its own, also for a model that sees shares of letters
 * alone (to which "a" and "aa" are the same). What follows an "a" or a space depends on it. */
static const char text[] = "a dog saw a cat as";

enum { T = sizeof text - 2, STEPS = 300 };

static ModelCase *case_of_the_text(Fixture *f, const PosScheme *scheme)
{
    const ModelShape shape = {
        .gpt = {.n_layer = 2,
                .n_head = 4,
                .n_embd = 32,
                .block_size = T,
                .vocab_size = 27,
                .causal = true},
        .batch_size = 1,
        .length = T,
    };
    ModelCase *c = model_case(f, scheme, NULL, shape);
    for (size_t t = 0; t < T; t++) {
        c->tokens[t] = text[t] == ' ' ? 26 : text[t] - 'a';
        c->targets[t] = text[t + 1] == ' ' ? 26 : text[t + 1] - 'a';
    }
    gpt_initialise(&c->gpt, random_seed(1));
    return c;
}

static double loss_after_training(Fixture *f, ModelCase *c)
{
    AdamW adamw;
    assert_true(adamw_init(&adamw, &c->arena, &c->gpt.params, 0.9, 0.99, 0, NULL));
    for (size_t step = 0; step < STEPS; step++) {
        tape_reset(&f->tape);
        param_list_zero_gradients(&c->gpt.params);
        tape_backward(&f->tape, model_case_loss(&f->tape, c));
        double norm = adamw_gradient_norm(&adamw, &c->gpt.params);
        adamw_step(&adamw, &c->gpt.params, 3e-3, clip_scale(norm, 1));
    }
    tape_reset(&f->tape);
    return (double)model_case_loss(&f->tape, c)->data[0];
}

static void every_scheme_learns_a_text_by_heart(void **state)
{
    Fixture *f = *state;
    for (size_t s = 0; s < pos_scheme_count; s++) {
        ModelCase *c = case_of_the_text(f, pos_schemes[s]);
        double loss = loss_after_training(f, c);
        if (!(loss < 0.01))
            fail_msg("%s: loss %.3g after %d steps", pos_schemes[s]->name, loss, STEPS);
        model_case_free(c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(every_scheme_learns_a_text_by_heart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
