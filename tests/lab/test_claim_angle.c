/* test_claim_angle.c: tests of src/lab/claims/angle.c: what is measured, in models that were never
 * trained; with rotations that are wrong; and the answer from the models of made-up runs. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "lab/claims/angle.h"
#include "lab/claims/specimen.h"
#include "support/claim_case.h"
#include "support/model_case.h"

enum { FRONT = 8, COUNT = 24 };

static const GptConfig shape = {
    .n_layer = 2, .n_head = 2, .n_embd = 32, .block_size = 32, .vocab_size = 16, .causal = true};

static AngleText random_text(Fixture *f)
{
    return (AngleText){random_tokens(&f->arena, FRONT + COUNT, shape.vocab_size, 1), FRONT, COUNT};
}

/* The change of a score when a random text is moved, in a random model of the scheme. */
static double move_of(Fixture *f, const PosScheme *scheme, AngleMove move, int shift)
{
    Specimen specimen;
    assert_true(specimen_init_as(&specimen, &shape, scheme, NULL, random_seed(1), NULL));
    double change = move(&specimen.gpt, &specimen.tape, random_text(f), shift);
    specimen_free(&specimen);
    return change;
}

static AngleFinding look_at(const PosScheme *scheme, AngleText text)
{
    Specimen specimen;
    AngleFinding found;
    assert_true(specimen_init_as(&specimen, &shape, scheme, NULL, random_seed(1), NULL));
    angle_look(&specimen.gpt, &specimen.tape, text, &found);
    specimen_free(&specimen);
    return found;
}

/* An estimate that is far from 0. */
static const Estimate moved = {{5, 0.1, 0.01}, {0.09, 0.11}};

/* --- scores of the first layer --- */

static void rope_keeps_scores_up_to_position_100000(void **state)
{
    for (int shift = 1; shift <= 100000; shift *= 10) {
        double change = move_of(*state, pos_find("rope"), angle_move, shift);
        assert_true(change < 1e-5);
        assert_int_equal(angle_judge(change, moved), HOLDS_UNDER_A_CONDITION);
    }
}

static void biases_by_distance_keep_them_to_the_bit(void **state)
{
    const char *const names[] = {"none", "relative", "t5", "alibi"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        assert_true(move_of(*state, pos_find(names[i]), angle_move, 1000) == 0);
}

static void vectors_of_absolute_positions_do_not(void **state)
{
    assert_true(move_of(*state, pos_find("learned"), angle_move, FRONT) > 0.01);
    assert_true(move_of(*state, pos_find("sinusoidal"), angle_move, FRONT) > 0.01);
}

/* An angle of 100,000 in 24 bits is off by up to 2^-8. */
static void angles_in_24_bits_are_worse_the_further_on_they_are(void **state)
{
    double near = move_of(*state, pos_find("rope"), angle_move_float, 1);
    double far = move_of(*state, pos_find("rope"), angle_move_float, 100000);
    assert_true(near < 1e-6);
    assert_in_range((long)(far * 1e6), 50, 8000);
}

/* --- what is wrong is found out --- */

/* A copy of what a view shows, with the vector of each token turned by `direction` times what RoPE
 * turns it by. */
static HeadView turned(Tape *tape, const HeadView *x, Positions positions, double direction)
{
    Tensor *y = tape_constant(tape, 3, (size_t[]){1, x->length, x->n_head * x->head_size});
    HeadView to = head_view(y, x->n_head, 0, 1);
    for (size_t h = 0; h < x->n_head; h++)
        for (size_t t = 0; t < x->length; t++)
            for (size_t i = 0; i < x->head_size; i += 2) {
                const real *from = head_data(x, 0, h, t) + i;
                double theta = pow(10000, -(double)i / (double)x->head_size);
                double angle = direction * positions.at[t] * theta;
                real *at = y->data + head_place(&to, 0, h, t) + i;
                at[0] = (real)((double)from[0] * cos(angle) - (double)from[1] * sin(angle));
                at[1] = (real)((double)from[0] * sin(angle) + (double)from[1] * cos(angle));
            }
    return to;
}

static void turn_both(const Pos *pos, Tape *tape, PosSite *site)
{
    (void)pos;
    site->heads.q = turned(tape, &site->heads.q, site->queries, 1);
    site->heads.k = turned(tape, &site->heads.k, site->keys, 1);
}

static void turn_keys_the_wrong_way(const Pos *pos, Tape *tape, PosSite *site)
{
    (void)pos;
    site->heads.q = turned(tape, &site->heads.q, site->queries, 1);
    site->heads.k = turned(tape, &site->heads.k, site->keys, -1);
}

static void turn_queries_alone(const Pos *pos, Tape *tape, PosSite *site)
{
    (void)pos;
    site->heads.q = turned(tape, &site->heads.q, site->queries, 1);
}

static void a_rotation_that_is_wrong_does_not_keep_scores(void **state)
{
    const struct {
        void (*door)(const Pos *, Tape *, PosSite *);
        Verdict verdict;
    } cases[] = {{turn_both, HOLDS_UNDER_A_CONDITION},
                 {turn_keys_the_wrong_way, DOES_NOT_HOLD},
                 {turn_queries_alone, DOES_NOT_HOLD}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        PosScheme scheme = *pos_find("rope");
        scheme.at_query_key = cases[i].door;
        double change = move_of(*state, &scheme, angle_move, 5);
        assert_int_equal(angle_judge(change, moved), cases[i].verdict);
    }
}

static Tensor *add_random(const Pos *pos, Tape *tape, Tensor *x, Positions positions)
{
    (void)pos;
    size_t C = tensor_width(x);
    Tensor *y = tape_constant(tape, 2, (size_t[]){positions.count, C});
    for (size_t i = 0; i < positions.count * C; i++)
        y->data[i] = (real)(0.1 * random_normal(random_seed((uint64_t)positions.at[i / C]), i % C));
    return add(tape, x, y);
}

static void a_vector_for_each_position_is_found_out_at_every_step(void **state)
{
    PosScheme scheme = *pos_find("rope");
    scheme.at_embedding = add_random;
    assert_int_equal(angle_judge(move_of(*state, &scheme, angle_move, 1), moved), DOES_NOT_HOLD);
    AngleFinding found = look_at(&scheme, random_text(*state));
    assert_true(found.cosine > 0.01 && found.score > 0.01 && found.among_first > 0.01);
}

static void the_odds_decide_where_the_scores_are_kept(void **state)
{
    (void)state;
    const Estimate unmoved = {{5, 1e-7, 1e-8}, {5e-8, 2e-7}};
    const Estimate wide = {{2, 0.01, 0.02}, {-0.1, 0.12}};
    assert_int_equal(angle_judge(1e-7, moved), HOLDS_UNDER_A_CONDITION);
    assert_int_equal(angle_judge(1e-7, unmoved), HOLDS);
    assert_int_equal(angle_judge(1e-7, wide), NOT_SHOWN);
    assert_int_equal(angle_judge(1e-3, unmoved), DOES_NOT_HOLD);
    assert_int_equal(angle_judge(NAN, unmoved), DOES_NOT_HOLD);
}

/* --- weights and odds --- */

static void in_the_first_layer_rope_changes_shares_alone(void **state)
{
    AngleFinding found = look_at(pos_find("rope"), random_text(*state));
    assert_true(found.cosine == 0);
    assert_true(found.score < 1e-5 && found.among_first < 1e-5);
    assert_true(found.weights > 0.01 && found.among_last > 0.01 && found.odds > 0.01);
}

/* Where all tokens are the same and have no position, every weight of token i is 1/(i+1), with 8
 * in front 1/(i+9): the share 8/(i+9) goes to those. What comes out is the same. */
static void equal_tokens_share_evenly(void **state)
{
    Fixture *f = *state;
    const int *tokens = arena_alloc(&f->arena, FRONT + COUNT, sizeof *tokens);
    AngleFinding found = look_at(pos_find("none"), (AngleText){tokens, FRONT, COUNT});
    double expected = 0;
    for (size_t i = 1; i < COUNT; i++)
        expected += (double)FRONT / (double)(i + 1 + FRONT) / (COUNT - 1);
    assert_close(found.weights, expected, 1e-5);
    assert_close(found.among_first, 0, 1e-5);
    assert_close(found.among_last, 0, 1e-5);
    assert_close(found.odds, 0, 1e-5);
}

static void nothing_in_front_changes_nothing(void **state)
{
    AngleText text = random_text(*state);
    text.front = 0;
    AngleFinding found = look_at(pos_find("sinusoidal"), text);
    assert_true(found.cosine == 0 && found.score == 0 && found.weights == 0);
    assert_close(found.among_first, 0, 1e-6);
    assert_close(found.among_last, 0, 1e-6);
    assert_true(found.odds == 0);
}

/* --- the answer --- */

extern const Claim claim_angle;

static void the_answer_comes_from_the_models_of_the_runs(void **state)
{
    Fixture *f = *state;
    Answer answer = answer_from_models(&f->arena, &claim_angle);
    assert_int_equal(answer.verdict, HOLDS_UNDER_A_CONDITION);
    assert_int_equal(answer.table.n_rows, pos_scheme_count);
    assert_contains(answer.text, "the beginning of the validation text"); /* it has no capitals */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(rope_keeps_scores_up_to_position_100000),
        fixture_test(biases_by_distance_keep_them_to_the_bit),
        fixture_test(vectors_of_absolute_positions_do_not),
        fixture_test(angles_in_24_bits_are_worse_the_further_on_they_are),
        fixture_test(a_rotation_that_is_wrong_does_not_keep_scores),
        fixture_test(a_vector_for_each_position_is_found_out_at_every_step),
        fixture_test(the_odds_decide_where_the_scores_are_kept),
        fixture_test(in_the_first_layer_rope_changes_shares_alone),
        fixture_test(equal_tokens_share_evenly),
        fixture_test(nothing_in_front_changes_nothing),
        fixture_test(the_answer_comes_from_the_models_of_the_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
