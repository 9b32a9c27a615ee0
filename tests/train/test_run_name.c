/* test_run_name.c: tests of src/train/run.c: the name of a run, and names that are refused. */
#include "support/check.h"

#include <stdio.h>
#include <string.h>

#include "support/config_keys.h"
#include "support/fixtures.h"
#include "support/run_home.h"
#include "train/run.h"

static bool is_refused(RunHome *home, const char *name)
{
    home->error = (Error){0};
    set_key(&home->config, "name", name);
    return !run_of_config(&home->arena, &home->config, &home->corpus, &home->run, &home->error);
}

static void the_default_name_says_scheme_corpus_and_seed(void **state)
{
    RunHome *home = *state;
    unsigned hash;
    int end = 0;
    const char *name = run_of(home)->name;
    assert_int_equal(sscanf(name, "rope-fables-seed1-%8x%n", &hash, &end), 1);
    assert_int_equal(strlen(name), strlen("rope-fables-seed1-") + 8);
    assert_int_equal(end, strlen(name));

    set_key(&home->config, "pos", "alibi");
    set_key(&home->config, "seed", "23");
    home->corpus.name = "my text";
    assert_int_equal(strncmp(run_of(home)->name, "alibi-my text-seed23-", 21), 0);
}

static void another_setting_gives_another_name(void **state)
{
    RunHome *home = *state;
    const char *first = run_of(home)->name;
    const char *const changes[][2] = {
        {"n_layer", "5"}, {"learning_rate", "0.002"}, {"bias", "yes"},     {"rope_base", "500"},
        {"causal", "no"}, {"max_iters", "2001"},      {"dropout", "0.25"}, {"seed", "2"},
        {"pos", "none"}};
    for (size_t c = 0; c < COUNT_OF(changes); c++) {
        reset_keys(&home->config);
        set_key(&home->config, changes[c][0], changes[c][1]);
        assert_string_not_equal(run_of(home)->name, first);
    }
    reset_keys(&home->config);
    home->corpus.sha256[0] = 'c';
    assert_string_not_equal(run_of(home)->name, first);
}

static void what_does_not_change_the_numbers_does_not_change_the_name(void **state)
{
    RunHome *home = *state;
    const char *first = run_of(home)->name;
    const char *const changes[][2] = {{"eval_interval", "7"}, {"log_interval", "7"},
                                      {"threads", "3"},       {"temperature", "0.5"},
                                      {"sample_chars", "1"},  {"data", "elsewhere/fables.txt"},
                                      {"t5_buckets", "12"}};
    for (size_t c = 0; c < COUNT_OF(changes); c++)
        set_key(&home->config, changes[c][0], changes[c][1]);
    assert_string_equal(run_of(home)->name, first);
}

static void a_name_that_is_given_is_taken(void **state)
{
    RunHome *home = *state;
    char longest[201];
    memset(longest, 'x', 200);
    longest[200] = '\0';
    const char *const names[] = {"a", "my run", "lesson-2", "a.b", "été", "~", longest};
    for (size_t n = 0; n < COUNT_OF(names); n++) {
        if (is_refused(home, names[n]))
            fail_msg("%s", home->error.text);
        assert_string_equal(home->run.name, names[n]);
    }
}

static void a_name_that_is_no_folder_is_refused(void **state)
{
    RunHome *home = *state;
    char too_long[202];
    memset(too_long, 'x', 201);
    too_long[201] = '\0';
    const struct {
        const char *name, *reason;
    } cases[] = {
        {"a/b", "expected a name without '/' and control characters"},
        {"/", "expected a name without '/' and control characters"},
        {"a\nb", "expected a name without '/' and control characters"},
        {"a\033[1m", "expected a name without '/' and control characters"},
        {"\177", "expected a name without '/' and control characters"},
        {".", "expected a name that starts with neither '.' nor '-'"},
        {"..", "expected a name that starts with neither '.' nor '-'"},
        {"../up", "expected a name"},
        {".hidden", "expected a name that starts with neither '.' nor '-'"},
        {"-rf", "expected a name that starts with neither '.' nor '-'"},
        {too_long, "expected at most 200 bytes"},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        if (!is_refused(home, cases[c].name))
            fail_msg("accepted: %s", cases[c].name);
        assert_contains(home->error.text, "name = ");
        assert_contains(home->error.text, cases[c].reason);
        assert_int_equal(home->error.kind, ERROR_REQUEST);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_HOME(the_default_name_says_scheme_corpus_and_seed),
        AT_HOME(another_setting_gives_another_name),
        AT_HOME(what_does_not_change_the_numbers_does_not_change_the_name),
        AT_HOME(a_name_that_is_given_is_taken),
        AT_HOME(a_name_that_is_no_folder_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
