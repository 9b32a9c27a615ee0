/* test_args.c: tests of src/cli/args.c. */
#include "support/fixtures.h"

#include <string.h>

#include "cli/args.h"

static const char *const switches[] = {"csv", "by_position", NULL};

enum { MAX_WORDS = 8 };

/* The words of a command line, ended by NULL. */
static bool parse(Fixture *f, const char *const words[], Args *args, Error *error)
{
    char *argv[MAX_WORDS];
    int argc = 0;
    for (; words[argc] != NULL; argc++)
        argv[argc] = arena_text(&f->arena, words[argc], strlen(words[argc]));
    return args_parse(&f->arena, argc, argv, switches, args, error);
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static Args parsed(Fixture *f, const char *const words[])
{
    Args args;
    Error error = {0};
    if (!parse(f, words, &args, &error))
        fail_msg("%s", error.text);
    return args;
}

static void a_value_stands_behind_a_space_or_an_equals_sign(void **state)
{
    Fixture *f = *state;
    Args args = parsed(
        f, WORDS("--n-layer", "2", "--pos=rope", "--name=a=b", "--prompt=", "--min-lr", "-1"));
    assert_int_equal(args.n_flags, 5);
    assert_int_equal(args.n_operands, 0);
    assert_string_equal(args_value(&args, "n_layer"), "2");
    assert_string_equal(args_value(&args, "pos"), "rope");
    assert_string_equal(args_value(&args, "name"), "a=b");
    assert_string_equal(args_value(&args, "prompt"), "");
    assert_string_equal(args_value(&args, "min_lr"), "-1");
    assert_null(args_value(&args, "n"));
    assert_null(args_value(&args, "n_layers"));
    assert_string_equal(args.flags[0].origin, "--n-layer");
    assert_string_equal(args.flags[1].origin, "--pos");
}

static void dashes_and_underscores_are_the_same(void **state)
{
    Fixture *f = *state;
    Args args = parsed(f, WORDS("--n_layer", "2", "--by-position"));
    assert_string_equal(args_value(&args, "n_layer"), "2");
    assert_true(args_has(&args, "by_position"));
    args = parsed(f, WORDS("--by_position"));
    assert_true(args_has(&args, "by_position"));
}

static void the_last_of_two_flags_counts(void **state)
{
    Args args = parsed(*state, WORDS("--seed", "1", "--seed=2"));
    assert_string_equal(args_value(&args, "seed"), "2");
}

static void a_switch_takes_no_value(void **state)
{
    Args args = parsed(*state, WORDS("a", "--csv", "b"));
    assert_true(args_has(&args, "csv"));
    assert_null(args_value(&args, "csv"));
    assert_false(args_has(&args, "by_position"));
    assert_int_equal(args.n_operands, 2);
    assert_string_equal(args.operands[0], "a");
    assert_string_equal(args.operands[1], "b");
}

static void a_flag_with_a_value_is_no_switch(void **state)
{
    Args args = parsed(*state, WORDS("--seed", "1"));
    assert_false(args_has(&args, "seed"));
}

static void behind_two_dashes_all_words_are_operands(void **state)
{
    Args args = parsed(*state, WORDS("--csv", "--", "--seed", "-x", "--"));
    assert_int_equal(args.n_flags, 1);
    assert_int_equal(args.n_operands, 3);
    assert_string_equal(args.operands[0], "--seed");
    assert_string_equal(args.operands[1], "-x");
    assert_string_equal(args.operands[2], "--");
}

static void a_lone_dash_and_an_empty_word_are_operands(void **state)
{
    Args args = parsed(*state, WORDS("-", ""));
    assert_int_equal(args.n_operands, 2);
}

static void a_command_line_that_makes_no_sense_is_refused(void **state)
{
    Fixture *f = *state;
    static const struct {
        const char *const words[3];
        const char *message;
    } cases[] = {
        {{"--seed", NULL}, "--seed: expected a value"},
        {{"a", "--seed", NULL}, "--seed: expected a value"},
        {{"--csv=yes", NULL}, "--csv: takes no value"},
        {{"-n", "2", NULL}, "-n: expected a flag with two dashes"},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        Args args;
        Error error = {0};
        assert_false(parse(f, cases[c].words, &args, &error));
        assert_contains(error.text, cases[c].message);
        assert_int_equal(error.kind, ERROR_REQUEST);
        assert_false(parse(f, cases[c].words, &args, NULL));
    }
}

static void an_empty_command_line_is_empty(void **state)
{
    Fixture *f = *state;
    Args args = {.n_flags = 9, .n_operands = 9};
    assert_true(args_parse(&f->arena, 0, NULL, switches, &args, NULL));
    assert_int_equal(args.n_flags + args.n_operands, 0);
}

typedef struct Values {
    size_t n_layer;
    const char *config;
} Values;

static const ConfigKey keys[] = {
    {.name = "n_layer",
     .type = KEY_SIZE,
     .offset = offsetof(Values, n_layer),
     .value = "1",
     .min = 1,
     .max = 9},
    {.name = "config", .type = KEY_TEXT, .offset = offsetof(Values, config), .value = "none"},
};

static void flags_set_keys_except_the_one_left_out(void **state)
{
    Fixture *f = *state;
    Values values;
    Settings settings = {0};
    Error error = {0};
    assert_true(settings_add(&settings, (KeyTable){"", keys, COUNT_OF(keys), &values}, NULL));
    Args args = parsed(f, WORDS("--csv", "--n-layer", "3", "--config=x", "--n_layer=4"));
    assert_true(args_apply(&args, &settings, "config", NULL));
    assert_int_equal(values.n_layer, 4);
    assert_string_equal(values.config, "none");
    assert_string_equal(settings_origin(&settings, "n_layer"), "--n_layer");
    assert_true(args_apply(&args, &settings, NULL, NULL));
    assert_string_equal(values.config, "x");
    args = parsed(f, WORDS("--n-layer", "10"));
    assert_false(args_apply(&args, &settings, NULL, &error));
    assert_string_equal(error.text, "--n-layer = 10: expected a whole number from 1 to 9");
    args = parsed(f, WORDS("--n-layr", "2"));
    assert_false(args_apply(&args, &settings, NULL, &error));
    assert_contains(error.text, "did you mean \"n_layer\"?");
    settings_free(&settings);
}

static void a_command_is_repeated_with_its_values_and_without_one_of_them(void **state)
{
    Fixture *f = *state;
    Args args = parsed(f, WORDS("--csv", "--n-layer", "3", "--config=a b", "--n_layer=4"));
    args.program = "build/posgpt";
    assert_string_equal(args_repeated(&args, &f->arena, "train", NULL),
                        "build/posgpt train --n-layer 3 --config 'a b' --n_layer 4");
    assert_string_equal(args_repeated(&args, &f->arena, "claims", "n_layer"),
                        "build/posgpt claims --config 'a b'");
}

static void too_few_and_too_many_operands_are_refused(void **state)
{
    Args args = parsed(*state, WORDS("a", "b"));
    Error error = {0};
    assert_true(args_expect(&args, 0, 2, "runs", NULL));
    assert_true(args_expect(&args, 2, 2, "two runs", NULL));
    assert_false(args_expect(&args, 3, 3, "three runs", &error));
    assert_string_equal(error.text, "expected three runs");
    assert_false(args_expect(&args, 1, 1, "one run", &error));
    assert_string_equal(error.text, "\"b\": expected one run");
    assert_false(args_expect(&args, 0, 0, "", &error));
    assert_string_equal(error.text, "\"a\": expected flags only");
    assert_int_equal(error.kind, ERROR_REQUEST);
    args = parsed(*state, WORDS("a", ""));
    assert_false(args_expect(&args, 2, 2, "two runs", &error));
    assert_string_equal(error.text, "\"\": expected two runs");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(a_value_stands_behind_a_space_or_an_equals_sign),
        fixture_test(dashes_and_underscores_are_the_same),
        fixture_test(the_last_of_two_flags_counts),
        fixture_test(a_switch_takes_no_value),
        fixture_test(a_flag_with_a_value_is_no_switch),
        fixture_test(behind_two_dashes_all_words_are_operands),
        fixture_test(a_lone_dash_and_an_empty_word_are_operands),
        fixture_test(a_command_line_that_makes_no_sense_is_refused),
        fixture_test(an_empty_command_line_is_empty),
        fixture_test(flags_set_keys_except_the_one_left_out),
        fixture_test(a_command_is_repeated_with_its_values_and_without_one_of_them),
        fixture_test(too_few_and_too_many_operands_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
