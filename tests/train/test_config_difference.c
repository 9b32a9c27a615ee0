/* test_config_difference.c: tests of src/train/config.c: which keys make two configs different.
 *
 * Every key of every table in turn gets another legal value. Which of them decide about a run's
 * numbers is not asked of the code under test, but listed here: all but `reporting`, the path of
 * the corpus, and the options of schemes that are not in use. A run goes on with another max_iters
 * all the same. */
#include "support/check.h"

#include <stdbool.h>
#include <string.h>

#include "support/config_keys.h"
#include "support/fixtures.h"

static const char *const reporting[] = {"eval_interval", "log_interval", "by_context",
                                        "sample_chars",  "temperature",  "top_k",
                                        "name",          "out_dir",      "threads"};

static bool is_one_of(const char *name, const char *const *list, size_t count)
{
    for (size_t n = 0; n < count; n++)
        if (strcmp(name, list[n]) == 0)
            return true;
    return false;
}

static bool decides(const Config *config, const char *name)
{
    return !is_one_of(name, reporting, COUNT_OF(reporting)) && !is_idle(config, name) &&
           strcmp(name, "data") != 0;
}

static void assert_difference(const Pair *pair, const char *key)
{
    const char *found;
    assert_true(config_difference(&pair->a, &pair->b, &found, NULL));
    if (key ? !found || strcmp(found, key) != 0 : found != NULL)
        fail_msg("found %s: expected %s", found ? found : "nothing", key ? key : "nothing");
}

static unsigned hash_of(const Config *config, const char *sha256)
{
    unsigned hash;
    assert_true(config_hash(config, sha256, &hash, NULL));
    return hash;
}

/* a and b have the same scheme; then b has another value in one key. */
static void each_key_that_decides_about_numbers_is_a_difference(void **state)
{
    Pair *pair = *state;
    for (size_t s = 0; s < pos_scheme_count; s++) {
        const char *task = s % 2 == 0 ? "none" : "copy"; /* each with half of the schemes */
        reset_keys(&pair->a);
        set_key(&pair->a, "pos", pos_names[s]);
        set_key(&pair->a, "task", task);
        for (size_t row = 0; row < n_rows(&pair->a); row++) {
            const ConfigKey *key = key_at(&pair->a, row);
            char value[64];
            reset_keys(&pair->b);
            set_key(&pair->b, "pos", pos_names[s]);
            set_key(&pair->b, "task", task);
            assert_difference(pair, NULL);
            if (strcmp(key->name, "pos") == 0)
                set_key(&pair->b, "pos", pos_names[(s + 1) % pos_scheme_count]);
            else
                another_value(key, value), set_key(&pair->b, key->name, value);
            bool differs = decides(&pair->a, key->name) && strcmp(key->name, "max_iters") != 0;
            assert_difference(pair, differs ? key->name : NULL);
        }
    }
}

static void where_a_value_came_from_is_no_difference(void **state)
{
    Pair *pair = *state;
    set_key(&pair->b, "learning_rate", "0.00300");
    set_key(&pair->b, "bias", "off");
    assert_difference(pair, NULL);
    assert_int_equal(hash_of(&pair->a, "abc"), hash_of(&pair->b, "abc"));
}

/* The warm-up that nobody set is 100 steps, or a tenth of a run of less than 1000. */
static void a_warmup_that_nobody_set_may_follow_max_iters(void **state)
{
    Pair *pair = *state;
    const struct {
        const char *max_iters_now, *warmup_now, *max_iters_before, *warmup_before;
        bool differs;
    } cases[] = {
        {"2000", NULL, "500", "50", false}, {"500", NULL, "2000", "100", false},
        {"300", NULL, "100", "10", false},  {"2000", NULL, "2000", "99", true},
        {"2000", NULL, "500", "51", true},  {"2000", NULL, "500", "100", false},
        {"2000", "100", "500", "50", true}, {"2000", "50", "500", "50", false},
        {"2000", NULL, "500", "0", true},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        reset_keys(&pair->a);
        reset_keys(&pair->b);
        set_key(&pair->a, "max_iters", cases[c].max_iters_now);
        if (cases[c].warmup_now)
            set_key(&pair->a, "warmup_iters", cases[c].warmup_now);
        config_settle(&pair->a);
        set_key(&pair->b, "max_iters", cases[c].max_iters_before);
        set_key(&pair->b, "warmup_iters", cases[c].warmup_before); /* a checkpoint names each key */
        assert_difference(pair, cases[c].differs ? "warmup_iters" : NULL);
    }
}

/* The hash of a config with one key changed. */
static unsigned hash_with(Pair *pair, const char *pos, const ConfigKey *key)
{
    char value[64];
    reset_keys(&pair->b);
    set_key(&pair->b, "pos", pos);
    another_value(key, value);
    set_key(&pair->b, key->name, value);
    return hash_of(&pair->b, "abc");
}

/* No two of these changes give the same hash, and none the first one. */
static void each_change_of_numbers_has_a_hash_of_its_own(void **state)
{
    Pair *pair = *state;
    for (size_t s = 0; s < pos_scheme_count; s++) {
        unsigned hashes[MAX_SETTINGS_KEYS + 2];
        size_t count = 2;
        reset_keys(&pair->a);
        set_key(&pair->a, "pos", pos_names[s]);
        hashes[0] = hash_of(&pair->a, "abc");
        hashes[1] = hash_of(&pair->a, "abd"); /* another text */
        for (size_t row = 0; row < n_rows(&pair->a); row++) {
            const ConfigKey *key = key_at(&pair->a, row);
            if (strcmp(key->name, "pos") == 0)
                continue;
            unsigned hash = hash_with(pair, pos_names[s], key);
            if (decides(&pair->a, key->name) && strcmp(key->name, "seed") != 0)
                hashes[count++] = hash;
            else if (hash != hashes[0])
                fail_msg("%s changes the hash", key->name);
        }
        for (size_t h = 1; h < count; h++)
            for (size_t g = 0; g < h; g++)
                assert_true(hashes[g] != hashes[h]);
    }
}

/* What a name is made from, written out: all that decides, but for what the name says itself, and
 * without those keys whose default stands in no name. */
static unsigned literal_hash(const Config *config, const char *const *unnamed, size_t n_unnamed)
{
    static const char *const in_the_name[] = {"pos", "data", "seed"};
    TextBuffer text = {0};
    text_append_format(&text, "abc");
    for (size_t row = 0; row < n_rows(config); row++) {
        size_t within = row;
        const KeyTable *table = table_at(config, &within);
        const ConfigKey *key = &table->keys[within];
        if (!decides(config, key->name) || is_one_of(key->name, in_the_name, 3) ||
            is_one_of(key->name, unnamed, n_unnamed))
            continue;
        text_append_format(&text, "\n%s=", key->name);
        key_format(key, table->values, &text);
    }
    RandomKey key = random_for(random_seed(0), text.bytes);
    text_buffer_free(&text);
    return (unsigned)(key.value >> 32);
}

static void a_key_with_an_unnamed_default_counts_only_where_it_has_another_value(void **state)
{
    Pair *pair = *state;
    static const char *const all[] = {"random_positions", "learned_start", "position_offset"};
    set_key(&pair->a, "pos", "learned");
    assert_int_equal(hash_of(&pair->a, "abc"), literal_hash(&pair->a, all, 3));
    set_key(&pair->a, "position_offset", "0");
    assert_int_equal(hash_of(&pair->a, "abc"), literal_hash(&pair->a, all, 3));
    set_key(&pair->a, "position_offset", "7");
    assert_int_equal(hash_of(&pair->a, "abc"), literal_hash(&pair->a, all, 2));
    set_key(&pair->a, "learned_start", "frozen");
    assert_int_equal(hash_of(&pair->a, "abc"), literal_hash(&pair->a, all, 1));
}

/* The same digits in a row, and the same values in another order. */
static void values_of_two_keys_do_not_run_together_in_the_hash(void **state)
{
    Pair *pair = *state;
    const struct {
        const char *keys[2], *of_a[2], *of_b[2];
    } cases[] = {
        {{"n_layer", "n_head"}, {"1", "12"}, {"11", "2"}},
        {{"n_head", "n_layer"}, {"1", "12"}, {"11", "2"}},
        {{"beta1", "beta2"}, {"0.5", "0.25"}, {"0.25", "0.5"}},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        for (size_t k = 0; k < 2; k++) {
            set_key(&pair->a, cases[c].keys[k], cases[c].of_a[k]);
            set_key(&pair->b, cases[c].keys[k], cases[c].of_b[k]);
        }
        assert_int_not_equal(hash_of(&pair->a, "abc"), hash_of(&pair->b, "abc"));
        reset_keys(&pair->a);
        reset_keys(&pair->b);
    }
}

static void only_options_of_other_schemes_and_of_no_task_are_idle(void **state)
{
    Pair *pair = *state;
    for (size_t s = 0; s < pos_scheme_count; s++) {
        set_key(&pair->a, "pos", pos_names[s]);
        for (size_t row = 0; row < n_rows(&pair->a); row++) {
            const char *key = key_at(&pair->a, row)->name;
            assert_int_equal(config_idle_because(&pair->a, key) != NULL, is_idle(&pair->a, key));
        }
    }
    set_key(&pair->a, "task", "kback");
    assert_null(config_idle_because(&pair->a, "task_k"));
    static const char *const of_a_text[] = {"data", "tokens", "by_context", "by-context"};
    for (size_t k = 0; k < COUNT_OF(of_a_text); k++)
        assert_string_equal(config_idle_because(&pair->a, of_a_text[k]), "task");
    set_key(&pair->a, "task", "none");
    assert_string_equal(config_idle_because(&pair->a, "task_k"), "task");
    set_key(&pair->a, "pos", "none");
    assert_string_equal(config_idle_because(&pair->a, "rope-base"), "pos");
    assert_null(config_idle_because(&pair->a, "rope_bass"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_A_PAIR(each_key_that_decides_about_numbers_is_a_difference),
        WITH_A_PAIR(a_warmup_that_nobody_set_may_follow_max_iters),
        WITH_A_PAIR(where_a_value_came_from_is_no_difference),
        WITH_A_PAIR(each_change_of_numbers_has_a_hash_of_its_own),
        WITH_A_PAIR(a_key_with_an_unnamed_default_counts_only_where_it_has_another_value),
        WITH_A_PAIR(values_of_two_keys_do_not_run_together_in_the_hash),
        WITH_A_PAIR(only_options_of_other_schemes_and_of_no_task_are_idle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
