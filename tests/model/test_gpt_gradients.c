/* test_gpt_gradients.c: tests of the gradients of src/model/gpt.c, and so of every scheme.
 *
 * Whatever a scheme does shows in the logits. So each scheme of the registry is checked through a
 * whole model, every number of every parameter, and nothing here names one: a new scheme is checked
 * as soon as it has its row in the registry.
 */
#include "support/check.h"

#include <math.h>

#include "support/literal_gpt.h"
#include "support/literal_pos.h"
#include "support/model_case.h"

#ifdef REAL_IS_DOUBLE

typedef enum Options { DEFAULTS, EVERY_CHOICE } Options;

/* Each scheme; of each that passes it is said. In a model without a mask the positions have gaps:
 * 0 1 3 6 10 15. */
static void check_all(Fixture *f, GradGraph graph, ModelShape shape, Options options)
{
    size_t count;
    const Variety *varieties = all_varieties(&f->arena, &count);
    for (size_t i = 0; i < count; i++) {
        if (options == DEFAULTS && varieties[i].options)
            continue;
        if (varieties[i].scheme->causal_only && !shape.gpt.causal)
            continue;
        ModelCase *c = model_case(f, varieties[i].scheme, varieties[i].options, shape);
        for (size_t t = 0; !shape.gpt.causal && t < shape.length; t++)
            c->positions[t] = (int)(t * (t + 1) / 2);
        Error error = {0};
        if (!gradcheck(graph, c, c->parameters, c->n_parameters, i, &error))
            fail_msg("%s: %s", variety_name(&f->arena, varieties[i]), error.text);
        print_message("             %s: %zu gradients are right\n",
                      variety_name(&f->arena, varieties[i]), c->gpt.params.n_numbers);
        model_case_free(c);
    }
}

static void gradients_of_logits_agree_with_differences(void **state)
{
    const GptConfig config = {.n_layer = 1,
                              .n_head = 2,
                              .n_embd = 12,
                              .block_size = 5,
                              .vocab_size = 7,
                              .bias = true,
                              .causal = true};
    check_all(*state, model_case_logits, (ModelShape){config, 2, 5}, DEFAULTS);
}

static void gradients_of_logits_agree_without_a_mask(void **state)
{
    const GptConfig config = {
        .n_layer = 2, .n_head = 3, .n_embd = 6, .block_size = 16, .vocab_size = 7};
    check_all(*state, model_case_logits, (ModelShape){config, 1, 6}, EVERY_CHOICE);
}

static void gradients_of_the_loss_agree_under_dropout(void **state)
{
    const GptConfig config = {.n_layer = 2,
                              .n_head = 2,
                              .n_embd = 8,
                              .block_size = 8,
                              .vocab_size = 7,
                              .dropout = 0.2,
                              .causal = true};
    check_all(*state, model_case_loss, (ModelShape){config, 1, 5}, EVERY_CHOICE);
}

static void gradients_of_the_loss_agree_under_dropout_without_a_mask(void **state)
{
    const GptConfig config = {.n_layer = 1,
                              .n_head = 3,
                              .n_embd = 12,
                              .block_size = 22,
                              .vocab_size = 7,
                              .dropout = 0.1,
                              .bias = true};
    check_all(*state, model_case_loss, (ModelShape){config, 1, 7}, DEFAULTS);
}

#endif

static double largest_of(const real *x, size_t n)
{
    double largest = 0;
    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, fabs((double)x[i]));
    return largest;
}

/* The sum of r[i] times the logits, in plain loops. */
static double literal_sum(ModelCase *c, const real *r)
{
    Arena scratch = {0};
    const double *logits = literal_logits(&scratch, c);
    size_t size = c->shape.batch_size * c->shape.length * c->shape.gpt.vocab_size;
    double sum = 0;
    for (size_t i = 0; i < size; i++)
        sum += (double)r[i] * logits[i];
    arena_free(&scratch);
    return sum;
}

/* A difference of the sum in plain loops, over a step so short that hardly ever a kink lies in it.
 * What counts is where x + h and x - h are after they were rounded. */
static double literal_gradient(ModelCase *c, real *number, const real *r)
{
    const double step = 0x1p-16;
    const real centre = *number, below = (real)((double)centre - step),
               above = (real)((double)centre + step);
    *number = below;
    double sum = -literal_sum(c, r);
    *number = above;
    sum += literal_sum(c, r);
    *number = centre;
    return sum / ((double)above - (double)below);
}

/* In a build with float too: some numbers of each parameter. */
static void gradients_are_those_of_plain_loops(void **state)
{
    Fixture *f = *state;
    for (size_t s = 0; s < pos_scheme_count; s++)
        for (int causal = pos_schemes[s]->causal_only; literal_knows(pos_schemes[s]) && causal < 2;
             causal++) {
            ModelShape shape = small_model;
            shape.gpt.causal = causal == 1;
            ModelCase *c = model_case(f, pos_schemes[s], NULL, shape);
            Tensor *logits = model_case_logits(&f->tape, c);
            const real *r = random_numbers(&f->arena, tensor_size(logits), s);
            tape_backward(&f->tape, weighted_sum(&f->tape, logits, r));
            for (size_t p = 0; p < c->n_parameters; p++) {
                const Tensor *x = c->parameters[p].x;
                double largest = largest_of(x->grad, tensor_size(x));
                for (size_t n = 0; n < 3; n++) {
                    size_t i = random_below(random_seed(p), n, tensor_size(x));
                    assert_close(x->grad[i], literal_gradient(c, x->data + i, r), 1e-4 * largest);
                }
            }
            tape_reset(&f->tape);
            model_case_free(c);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#ifdef REAL_IS_DOUBLE
        fixture_test(gradients_of_logits_agree_with_differences),
        fixture_test(gradients_of_logits_agree_without_a_mask),
        fixture_test(gradients_of_the_loss_agree_under_dropout),
        fixture_test(gradients_of_the_loss_agree_under_dropout_without_a_mask),
#endif
        fixture_test(gradients_are_those_of_plain_loops),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
