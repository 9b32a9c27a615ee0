/* test_config.c: tests of src/train/config.c: the tables, what is refused, and what a config makes
 * of a model. The text of a config is in test_config_text.c, what makes two of them different in
 * test_config_difference.c. */
#include "support/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "support/config_keys.h"
#include "support/fixtures.h"

/* --- the tables --- */

static void each_key_has_a_default_in_its_range_and_one_line_of_help(void **state)
{
    Pair *pair = *state;
    for (size_t row = 0; row < n_rows(&pair->a); row++) {
        const ConfigKey *key = key_at(&pair->a, row);
        size_t length = strlen(key->help);
        assert_int_equal(strspn(key->name, "abcdefghijklmnopqrstuvwxyz_0123456789"),
                         strlen(key->name));
        assert_true(length > 0 && length < 100 && !strchr(key->help, '\n'));
        assert_true(key->help[length - 1] != '.' || strstr(key->help, "...") != NULL);
        if (key->type == KEY_SIZE || key->type == KEY_REAL) {
            double value = strtod(key->value, NULL);
            assert_true(key->min <= value && value <= key->max && key->min < key->max);
        }
    }
}

static void no_two_keys_have_one_name(void **state)
{
    Pair *pair = *state;
    for (size_t row = 0; row < n_rows(&pair->a); row++) {
        const ConfigKey *key = key_at(&pair->a, row);
        assert_ptr_equal(settings_find(&pair->a.settings, key->name, NULL), key);
    }
}

static void configs_default_ini_says_the_built_in_defaults(void **state)
{
    Pair *pair = *state;
    size_t n_set = 0;
    if (!settings_read(&pair->b.settings, "configs/default.ini", &pair->error))
        fail_msg("%s", pair->error.text);
    for (size_t row = 0; row < n_rows(&pair->a); row++) {
        assert_same_value(&pair->a, &pair->b, row);
        n_set += pair->b.settings.origin[row] != NULL;
    }
    assert_true(n_set > 0);
}

static void every_file_in_configs_makes_a_training(void **state)
{
    Pair *pair = *state;
    Arena arena = {0};
    char **names = NULL;
    size_t count = 0;
    assert_true(folder_list(&arena, "configs", &names, &count, NULL));
    assert_true(count >= 2);
    for (size_t n = 0; n < count; n++) {
        const char *path = path_join(&arena, "configs", names[n]);
        reset_keys(&pair->a);
        if (!settings_read(&pair->a.settings, path, &pair->error))
            fail_msg("%s", pair->error.text);
        config_settle(&pair->a);
        if (!config_check(&pair->a, &pair->error))
            fail_msg("%s", pair->error.text);
    }
    arena_free(&arena);
}

/* --- after training --- */

/* What of the settings of a command line, "key=value", may change a config after training. */
static bool change(Pair *pair, const char *key, const char *value, TextBuffer *changed)
{
    Settings settings = {0};
    bool ok = pos_options_add_after_training(&settings, NULL) &&
              (!key || settings_set(&settings, key, value, "--key", NULL));
    assert_true(ok);
    pair->error = (Error){0};
    ok = config_change(&pair->a, &settings, changed, &pair->error);
    settings_free(&settings);
    return ok;
}

static void only_what_was_set_changes_and_only_what_differs_is_told(void **state)
{
    Pair *pair = *state;
    TextBuffer changed = {0};
    set_key(&pair->a, "rope_scaling", "linear:2");
    set_key(&pair->b, "rope_scaling", "linear:2");
    assert_true(change(pair, NULL, NULL, &changed));
    assert_true(change(pair, "rope_scaling", "linear:2", &changed));
    assert_int_equal(changed.length, 0);
    assert_same_settings(&pair->a, &pair->b);
    assert_true(change(pair, "rope_scaling", "none", &changed));
    assert_string_equal(changed.bytes, "rope_scaling = none");
    assert_string_equal(settings_origin(&pair->a.settings, "rope_scaling"), "--key");
    set_key(&pair->b, "rope_scaling", "none");
    assert_same_settings(&pair->a, &pair->b);
    text_buffer_free(&changed);
}

static void the_option_of_another_scheme_changes_nothing(void **state)
{
    Pair *pair = *state;
    TextBuffer changed = {0};
    set_key(&pair->a, "pos", "alibi");
    assert_false(change(pair, "rope_scaling", "none", &changed));
    assert_int_equal(pair->error.kind, ERROR_REQUEST);
    assert_string_equal(pair->error.text, "--key: pos = alibi has no such option");
    assert_int_equal(changed.length, 0);
}

/* --- what is refused, and what is passed on --- */

static void combinations_that_cannot_be_are_refused_with_their_place(void **state)
{
    Pair *pair = *state;
    const struct {
        const char *text, *message;
    } cases[] = {
        {"n_head = 5", "x.ini:1: n_head = 5: does not divide n_embd = 128"},
        {"n_embd = 16\n\nn_head = 32", "x.ini:3: n_head = 32: does not divide n_embd = 16"},
        {"n_embd = 130", "default: n_head = 4: does not divide n_embd = 130"},
        {"min_lr = 0.25", "x.ini:1: min_lr = 0.25: expected at most learning_rate = 0.003"},
        {"\nmin_lr = 0.3\nlearning_rate = 0.2",
         "x.ini:2: min_lr = 0.3: expected at most learning_rate = 0.2"},
        {"warmup_iters = 2001", "x.ini:1: warmup_iters = 2001: expected at most max_iters = 2000"},
        {"lr_decay_iters = 9\nwarmup_iters = 10",
         "x.ini:2: warmup_iters = 10: expected at most lr_decay_iters = 9"},
        {"random_positions = 63",
         "x.ini:1: random_positions = 63: expected at least 64, the tokens "
         "of the longest sequence, or 0"},
        {"random_positions = 39\ntask = kback\nblock_size = 20",
         "x.ini:1: random_positions = 39: expected at least 40, the tokens of the longest "
         "sequence, "
         "or 0"},
        {"position_offset = 1\nrandom_positions = 64",
         "x.ini:2: random_positions = 64: expected 0, or position_offset = 0"},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        reset_keys(&pair->a);
        assert_true(
            settings_parse(&pair->a.settings, "x.ini", cases[c].text, strlen(cases[c].text), NULL));
        assert_false(config_check(&pair->a, &pair->error));
        assert_string_equal(pair->error.text, cases[c].message);
        assert_int_equal(pair->error.kind, ERROR_REQUEST);
        assert_false(config_check(&pair->a, NULL));
    }
    reset_keys(&pair->a);
    assert_true(settings_set(&pair->a.settings, "n-head", "5", "--n-head", NULL));
    assert_false(config_check(&pair->a, &pair->error));
    assert_string_equal(pair->error.text, "--n-head = 5: does not divide n_embd = 128");
}

static void combinations_at_the_border_are_accepted(void **state)
{
    Pair *pair = *state;
    const char *const texts[] = {
        "",
        "n_head = 1",
        "n_head = 128",
        "learning_rate = 0.1\nmin_lr = 0.1",
        "warmup_iters = 2000",
        "warmup_iters = 0\nmax_iters = 1",
        "warmup_iters = 3000\nlr_decay_iters = 3000",
        "random_positions = 64",
        "random_positions = 40\ntask = kback\nblock_size = 20",
        "random_positions = 0\nposition_offset = 64",
    };
    for (size_t c = 0; c < COUNT_OF(texts); c++) {
        reset_keys(&pair->a);
        assert_true(settings_parse(&pair->a.settings, "x.ini", texts[c], strlen(texts[c]), NULL));
        if (!config_check(&pair->a, &pair->error))
            fail_msg("%s", pair->error.text);
    }
}

static void the_model_has_the_shape_of_the_config(void **state)
{
    Pair *pair = *state;
    const char text[] = "n_layer = 3\nn_head = 2\nn_embd = 10\nblock_size = 7\ndropout = 0.25\n"
                        "bias = yes\n";
    assert_true(settings_parse(&pair->a.settings, "x.ini", text, strlen(text), NULL));
    GptConfig model = config_gpt(&pair->a, 63);
    assert_int_equal(model.n_layer, 3);
    assert_int_equal(model.n_head, 2);
    assert_int_equal(model.n_embd, 10);
    assert_int_equal(model.block_size, 7);
    assert_int_equal(model.vocab_size, 63);
    assert_close(model.dropout, 0.25, 0);
    assert_true(model.bias && model.causal);
}

static void the_model_knows_which_positions_training_shows(void **state)
{
    Pair *pair = *state;
    GptConfig model = config_gpt(&pair->a, 63);
    assert_true(model.span == 64 && model.shown == 64);
    set_key(&pair->a, "position_offset", "10");
    model = config_gpt(&pair->a, 63);
    assert_true(model.span == 64 && model.shown == 74);
    set_key(&pair->a, "position_offset", "0");
    set_key(&pair->a, "random_positions", "500");
    model = config_gpt(&pair->a, 63);
    assert_true(model.span == 500 && model.shown == 500);
}

static void a_model_that_sees_both_sides_has_one_symbol_more(void **state)
{
    Pair *pair = *state;
    set_key(&pair->a, "causal", "no");
    GptConfig model = config_gpt(&pair->a, 63);
    assert_int_equal(model.vocab_size, 64);
    assert_false(model.causal);
}

static void a_scheme_gets_its_own_options(void **state)
{
    Pair *pair = *state;
    for (size_t s = 0; s < pos_scheme_count; s++) {
        const PosScheme *scheme = pos_schemes[s];
        set_key(&pair->a, "pos", scheme->name);
        assert_ptr_equal(config_scheme(&pair->a), scheme);
        if (scheme->n_keys == 0) {
            assert_null(config_scheme_options(&pair->a));
            continue;
        }
        char value[64], *end = NULL;
        another_value(&scheme->keys[0], value);
        set_key(&pair->a, scheme->keys[0].name, value);
        TextBuffer text = {0};
        key_format(&scheme->keys[0], config_scheme_options(&pair->a), &text);
        if (scheme->keys[0].type == KEY_CHOICE)
            assert_string_equal(text.bytes, value);
        else
            assert_close(strtod(text.bytes, &end), strtod(value, NULL), 0);
        text_buffer_free(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_A_PAIR(each_key_has_a_default_in_its_range_and_one_line_of_help),
        WITH_A_PAIR(no_two_keys_have_one_name),
        WITH_A_PAIR(configs_default_ini_says_the_built_in_defaults),
        WITH_A_PAIR(every_file_in_configs_makes_a_training),
        WITH_A_PAIR(only_what_was_set_changes_and_only_what_differs_is_told),
        WITH_A_PAIR(the_option_of_another_scheme_changes_nothing),
        WITH_A_PAIR(combinations_that_cannot_be_are_refused_with_their_place),
        WITH_A_PAIR(combinations_at_the_border_are_accepted),
        WITH_A_PAIR(the_model_has_the_shape_of_the_config),
        WITH_A_PAIR(the_model_knows_which_positions_training_shows),
        WITH_A_PAIR(a_model_that_sees_both_sides_has_one_symbol_more),
        WITH_A_PAIR(a_scheme_gets_its_own_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
