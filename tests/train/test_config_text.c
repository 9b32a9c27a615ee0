/* test_config_text.c: tests of src/train/config.c: the text of a config, which is read back to the
 * same one. */
#include "support/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "support/config_keys.h"
#include "support/fixtures.h"

/* b becomes what the text of a says. */
static void copy_through_text(Pair *pair)
{
    TextBuffer text = {0};
    reset_keys(&pair->b);
    config_to_text(&pair->a, &text);
    assert_false(text.failed);
    if (!settings_parse(&pair->b.settings, "text", text.bytes, text.length, &pair->error))
        fail_msg("%s", pair->error.text);
    text_buffer_free(&text);
}

static void the_text_reads_back_to_the_same_config_for_every_scheme(void **state)
{
    Pair *pair = *state;
    for (size_t s = 0; s < pos_scheme_count; s++) {
        reset_keys(&pair->a);
        set_key(&pair->a, "pos", pos_names[s]);
        copy_through_text(pair);
        assert_same_config(&pair->a, &pair->b);
        for (size_t row = 0; row < n_rows(&pair->a); row++) {
            const ConfigKey *key = key_at(&pair->a, row);
            char value[64];
            another_value(key, value);
            if (strcmp(key->name, "pos") != 0)
                set_key(&pair->a, key->name, value);
        }
        copy_through_text(pair);
        assert_ptr_equal(config_scheme(&pair->b), pos_schemes[s]);
        assert_same_config(&pair->a, &pair->b);
    }
}

static void any_path_is_read_back_as_it_is(void **state)
{
    Pair *pair = *state;
    /* clang-format off */
    const char *const paths[] = {
        "", "my files/a b.txt", "a # b.txt", "#1.txt", "a;b ; c", ";", "\"quoted\"", "a \"b\" c",
        " in front", "behind ", "\ttab\t", "two\nlines", "C:\\new.txt", "\" \\ \n \r \t", "a\rb",
        "key = 12", "[section]", "été/தமிழ்.txt", "-", "%s%n",
    };
    /* clang-format on */
    for (size_t p = 0; p < COUNT_OF(paths); p++) {
        set_key(&pair->a, "data", paths[p]);
        set_key(&pair->a, "out_dir", paths[p]);
        copy_through_text(pair);
        assert_string_equal(pair->b.data, paths[p]);
        assert_string_equal(pair->b.out_dir, paths[p]);
        assert_same_config(&pair->a, &pair->b);
    }
}

static void any_number_is_read_back_to_the_same_bits(void **state)
{
    Pair *pair = *state;
    double numbers[200] = {0.1, 1e-5, 0.1 + 0.2, 1.0 / 3, 1e-12, 100, 0x1.fffffffffffffp-4, 3e-4};
    for (size_t n = 8; n < COUNT_OF(numbers); n++)
        numbers[n] = exp(4 - 30 * random_uniform(random_seed(1), n));
    for (size_t n = 0; n < COUNT_OF(numbers); n++) {
        pair->a.learning_rate = numbers[n];
        pair->a.weight_decay = numbers[COUNT_OF(numbers) - 1 - n];
        copy_through_text(pair);
        assert_memory_equal(&pair->b.learning_rate, &pair->a.learning_rate, sizeof(double));
        assert_memory_equal(&pair->b.weight_decay, &pair->a.weight_decay, sizeof(double));
    }
    pair->a.seed = (size_t)1 << 53;
    copy_through_text(pair);
    assert_int_equal(pair->b.seed, (size_t)1 << 53);
}

/* How many lines begin with "KEY =". */
static size_t lines_of(const TextBuffer *text, const char *key)
{
    char wanted[100];
    int length = snprintf(wanted, sizeof wanted, "%s =", key);
    size_t count = 0;
    for (const char *line = text->bytes; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        count += strncmp(line, wanted, (size_t)length) == 0;
    }
    return count;
}

static void each_key_stands_in_the_text_but_those_of_idle_schemes(void **state)
{
    Pair *pair = *state;
    for (size_t s = 0; s < pos_scheme_count; s++) {
        TextBuffer text = {0};
        set_key(&pair->a, "pos", pos_names[s]);
        config_to_text(&pair->a, &text);
        for (size_t row = 0; row < n_rows(&pair->a); row++) {
            const char *key = key_at(&pair->a, row)->name;
            assert_int_equal(lines_of(&text, key), is_idle(&pair->a, key) ? 0 : 1);
        }
        text_buffer_free(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_A_PAIR(the_text_reads_back_to_the_same_config_for_every_scheme),
        WITH_A_PAIR(any_path_is_read_back_as_it_is),
        WITH_A_PAIR(any_number_is_read_back_to_the_same_bits),
        WITH_A_PAIR(each_key_stands_in_the_text_but_those_of_idle_schemes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
