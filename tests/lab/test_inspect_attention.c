/* test_inspect_attention.c: tests of src/lab/inspect/attention.c. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "lab/inspect/attention.h"
#include "support/model_case.h"

/* A model that reads a text, and its answer to one. */
typedef struct Look {
    ModelCase *c;
    Vocab vocab;
    Placement placement;
    Gallery gallery;
    Error error;
} Look;

static Look *look_of(Fixture *f, const char *scheme, VocabKind kind, const char *corpus,
                     bool causal)
{
    Look *look = arena_alloc(&f->arena, 1, sizeof *look);
    size_t count;
    assert_non_null(look);
    assert_true(
        vocab_build(&f->arena, kind, "a text", corpus, strlen(corpus), &look->vocab, &count, NULL));
    ModelShape shape = small_model;
    shape.gpt.vocab_size = look->vocab.size + !causal;
    shape.gpt.causal = causal;
    look->c = model_case(f, pos_find(scheme), NULL, shape);
    look->gallery.arena = &f->arena;
    return look;
}

static const Figure *attend_to(Look *look, const char *text, size_t layer, size_t head)
{
    AttentionChoice choice = {layer, head};
    if (!inspect_attention(&look->gallery, &look->c->gpt, look->placement, &look->vocab, text,
                           choice, &look->error))
        fail_msg("%s", look->error.text);
    return gallery_find(&look->gallery, "attention");
}

/* Every row sums to 1 over what its token sees; what the mask hides is blank, not 0. */
static void a_row_shares_out_attention_among_what_is_seen(void **state)
{
    Fixture *f = *state;
    for (int causal = 0; causal < 2; causal++) {
        Look *look = look_of(f, "alibi", VOCAB_CHARACTERS, "the fox", causal == 1);
        const Figure *figure = attend_to(look, "tofex", 1, 2);
        assert_int_equal(figure->n_panels, 4);
        assert_string_equal(figure->panels[3].title, "layer 1 head 1");
        assert_true(figure->rows.count == 5 && figure->columns.count == 5);
        for (size_t row = 0; row < 4 * 5; row++) {
            double sum = 0;
            for (size_t j = 0; j < 5; j++) {
                double share = figure->panels[0].values[row * 5 + j];
                assert_true(isnan(share) == (causal && j > row % 5));
                sum += isnan(share) ? 0 : share;
            }
            assert_close(sum, 1, REAL_TOLERANCE);
        }
        model_case_free(look->c);
    }
}

static void the_summary_is_one_head_or_the_mean_of_all(void **state)
{
    Fixture *f = *state;
    Look *look = look_of(f, "learned", VOCAB_CHARACTERS, "the fox", true);
    const Figure *figure = attend_to(look, "the fox", 0, 2);
    assert_string_equal(figure->summary->title, "layer 0, the mean of 2 heads");
    for (size_t i = 0; i < 49; i++) {
        double mean = (figure->panels[0].values[i] + figure->panels[1].values[i]) / 2;
        if (!isnan(mean))
            assert_close(figure->summary->values[i], mean, 1e-15);
    }
    look->gallery.count = 0;
    figure = attend_to(look, "the fox", 1, 0);
    assert_ptr_equal(figure->summary, &figure->panels[2]);
    model_case_free(look->c);
}

static void tokens_are_their_own_labels(void **state)
{
    Fixture *f = *state;
    const struct {
        VocabKind kind;
        const char *corpus, *text;
        const char *labels[6];
    } cases[] = {
        {VOCAB_CHARACTERS,
         "a\n\t \"\x01\u00fc",
         "a \n\t\x01\u00fc",
         {"a", "\u00b7", "\u23ce", "\u21e5", "\u2423", "\u00fc"}},
        {VOCAB_WORDS,
         "The fox saw\na fox.",
         "The fox saw\n fox.",
         {"The", "fox", "saw", "\u23ce", "fox", "."}},
    };
    for (size_t n = 0; n < COUNT_OF(cases); n++) {
        Look *look = look_of(f, "none", cases[n].kind, cases[n].corpus, true);
        const Figure *figure = attend_to(look, cases[n].text, 0, 0);
        assert_int_equal(figure->rows.count, 6);
        for (size_t t = 0; t < 6; t++) {
            assert_string_equal(figure->rows.labels[t], cases[n].labels[t]);
            assert_string_equal(figure->columns.labels[t], cases[n].labels[t]);
        }
        model_case_free(look->c);
    }
}

/* Of a model of random positions: the figure is the pass over that list. */
static void a_text_stands_where_the_placement_says(void **state)
{
    Fixture *f = *state;
    enum { LENGTH = 7 };
    Look *look = look_of(f, "rope", VOCAB_CHARACTERS, "the fox", true);
    look->placement = (Placement){.random = 50, .key = random_seed(3)};
    const Figure *figure = attend_to(look, "the fox", 0, 0);
    Tensor *weights[2];
    int tokens[LENGTH];
    size_t count;
    Tape tape;
    GptInput input = {.tokens = tokens, .batch_size = 1, .length = LENGTH, .attention = weights};
    assert_true(vocab_encode(&look->vocab, "the fox", LENGTH, tokens, &count, NULL));
    assert_true(placement_list(look->placement, &f->arena, LENGTH, &input.positions, NULL));
    assert_true(tape_init(&tape, false, NULL));
    gpt_forward(&look->c->gpt, &tape, &input);
    for (size_t i = 0; i < LENGTH * LENGTH; i++)
        if (i % LENGTH <= i / LENGTH)
            assert_close(figure->panels[0].values[i], (double)weights[0]->data[i], REAL_TOLERANCE);
    tape_free(&tape);
    model_case_free(look->c);
}

static void a_text_that_cannot_be_read_is_refused(void **state)
{
    Fixture *f = *state;
    char long_text[MOST_ATTENTION + 2] = "";
    memset(long_text, 'f', sizeof long_text - 1);
    const struct {
        const char *text, *says;
    } cases[] = {
        {"", "the text: expected at least one character"},
        {long_text, "the text: 257 characters: expected at most 256"},
        {"the wolf", "the text: character 'w' (U+0077) at line 1: not in the vocabulary"},
        {"the fox fox", "the text: position 8: pos = learned was made for 8 positions, 0 to 7"},
    };
    Look *look = look_of(f, "learned", VOCAB_CHARACTERS, "the fox", true);
    for (size_t n = 0; n < COUNT_OF(cases); n++) {
        assert_false(inspect_attention(&look->gallery, &look->c->gpt, look->placement, &look->vocab,
                                       cases[n].text, (AttentionChoice){0, 0}, &look->error));
        assert_string_equal(look->error.text, cases[n].says);
        assert_int_equal(look->error.kind, ERROR_REQUEST);
        assert_int_equal(look->gallery.count, 0);
    }
    model_case_free(look->c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(a_row_shares_out_attention_among_what_is_seen),
        fixture_test(the_summary_is_one_head_or_the_mean_of_all),
        fixture_test(tokens_are_their_own_labels),
        fixture_test(a_text_stands_where_the_placement_says),
        fixture_test(a_text_that_cannot_be_read_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
