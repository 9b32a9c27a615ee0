/* test_arms.c: tests of src/lab/arms.c. */
#include "support/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "lab/arms.h"
#include "support/fixtures.h"

static const char *error_of(Fixture *f, const Request *request)
{
    static Error error;
    Arm *arms;
    size_t count;
    assert_false(arms_make(&f->arena, request, &arms, &count, &error));
    assert_int_equal(error.kind, ERROR_REQUEST);
    return error.text;
}

static Arm *arms_of(Fixture *f, Request request, size_t *count)
{
    Arm *arms;
    Error error;
    request.config = "";
    if (!arms_make(&f->arena, &request, &arms, count, &error))
        fail_msg("%s", error.text);
    return arms;
}

static void assert_names(Fixture *f, Request request, size_t n, const char *const *names)
{
    size_t count;
    const Arm *arms = arms_of(f, request, &count);
    assert_int_equal(count, n);
    for (size_t a = 0; a < n; a++)
        assert_string_equal(arms[a].name, names[a]);
}

static void schemes_are_arms_in_their_order(void **state)
{
    const char *const names[] = {"rope", "none", "t5"};
    assert_names(*state, (Request){.pos = "rope,none,t5"}, 3, names);
}

static void all_stands_for_every_scheme_of_the_registry(void **state)
{
    assert_names(*state, (Request){.pos = "all"}, pos_scheme_count, pos_names);
}

static void every_scheme_is_crossed_with_every_value(void **state)
{
    const char *const vary[] = {"learning_rate=1e-3,2e-3", "n-layer=1,2"};
    const char *const names[] = {
        "none (learning_rate = 1e-3, n_layer = 1)", "none (learning_rate = 1e-3, n_layer = 2)",
        "none (learning_rate = 2e-3, n_layer = 1)", "none (learning_rate = 2e-3, n_layer = 2)",
        "rope (learning_rate = 1e-3, n_layer = 1)", "rope (learning_rate = 1e-3, n_layer = 2)",
        "rope (learning_rate = 2e-3, n_layer = 1)", "rope (learning_rate = 2e-3, n_layer = 2)",
    };
    assert_names(*state, (Request){.pos = "none,rope", .vary = vary, .n_vary = 2}, 8, names);
}

static void the_option_of_another_scheme_is_not_varied(void **state)
{
    const char *const vary[] = {"rope_base=100,10000"};
    const char *const names[] = {"none", "rope (rope_base = 100)", "rope (rope_base = 10000)"};
    assert_names(*state, (Request){.pos = "none,rope", .vary = vary, .n_vary = 1}, 3, names);
}

static void arms_of_one_scheme_go_by_what_is_varied(void **state)
{
    const char *const vary[] = {"rope_base=100,10000"};
    const char *const names[] = {"rope_base = 100", "rope_base = 10000"};
    assert_names(*state, (Request){.pos = "rope", .vary = vary, .n_vary = 1}, 2, names);
}

static void arms_count_within_their_scheme(void **state)
{
    const char *const vary[] = {"rope_base=100,1000,10000"};
    size_t count;
    const Arm *arms =
        arms_of(*state, (Request){.pos = "none,rope", .vary = vary, .n_vary = 1}, &count);
    assert_int_equal(arms[0].n_variants, 1);
    for (size_t a = 1; a < 4; a++) {
        assert_int_equal(arms[a].variant, a - 1);
        assert_int_equal(arms[a].n_variants, 3);
    }
}

static void the_settings_of_an_arm_win_over_common_ones(void **state)
{
    const Setting common[] = {{"learning-rate", "5e-4"}, {"n_layer", "3"}};
    const char *const vary[] = {"learning_rate=1e-3,2e-3"};
    Request request = {
        .config = "", .pos = "t5", .vary = vary, .n_vary = 1, .common = common, .n_common = 2};
    size_t count;
    const Arm *arms = arms_of(*state, request, &count);
    Config config;
    assert_true(config_init(&config, NULL));
    assert_true(arm_apply(&arms[1], &request, &config, NULL));
    assert_string_equal(config_scheme(&config)->name, "t5");
    assert_close(config.learning_rate, 2e-3, 1e-15);
    assert_int_equal(config.n_layer, 3);
    config_free(&config);
}

static void a_wrong_request_is_refused_by_its_place(void **state)
{
    Fixture *f = *state;
    static const struct {
        const char *pos, *vary, *expected;
    } cases[] = {
        {"none,ropy", NULL, "--pos = ropy"},
        {"none,,rope", NULL, "values with commas between them"},
        {"", NULL, "values with commas between them"},
        {"none,none", NULL, "none is there twice"},
        {"rope", "learning_rate", "setting=value,value"},
        {"rope", "learning_rat=1,2", "did you mean \"learning_rate\""},
        {"rope", "n_layer=1,0", "--vary n_layer = 0"},
        {"rope", "n_layer=1,1", "1 is there twice"},
        {"rope", "seed=1,2", "--seeds"},
        {"rope", "pos=t5,none", "--pos"},
        {"rope", "data=a.txt,b.txt", "different texts"},
        {"rope", "task=kback,copy", "different tasks"},
        {"rope", "task_k=1,2", "different tasks"},
        {"rope", "causal=yes,no", "do not compare"},
        {"none,learned", "rope-base=1,2", "--vary: rope-base has no effect on any arm"},
        {"rope", "task_test_length=30,40", "no effect on any arm"},
        {"rope", "name=a,b", "its own name"},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        Request request = {.config = "", .pos = cases[c].pos, .vary = &cases[c].vary};
        request.n_vary = cases[c].vary ? 1 : 0;
        assert_contains(error_of(f, &request), cases[c].expected);
    }
}

static void too_many_values_and_settings_are_refused(void **state)
{
    const char *const vary[] = {"n_layer=1,2", "n_head=1,2", "n_embd=8,16", "batch_size=1,2",
                                "bias=no,yes"};
    const char *const twice[] = {"n_layer=1,2", "n-layer=3,4"};
    Request many = {.config = "", .pos = "all", .vary = vary, .n_vary = 4};
    assert_contains(error_of(*state, &many), "at most 64 together");
    many.n_vary = 5;
    assert_contains(error_of(*state, &many), "at most 4 settings");
    Request same = {.config = "", .pos = "none", .vary = twice, .n_vary = 2};
    assert_contains(error_of(*state, &same), "twice");
}

static void too_many_values_of_one_setting_are_refused(void **state)
{
    TextBuffer list = {0};
    text_append_format(&list, "warmup_iters=0");
    for (int value = 1; value < 65; value++)
        text_append_format(&list, ",%d", value);
    const char *const vary[] = {list.bytes};
    Request request = {.config = "", .pos = "none", .vary = vary, .n_vary = 1};
    assert_contains(error_of(*state, &request), "warmup_iters: expected at most 64 values");
    *strrchr(list.bytes, ',') = '\0';
    size_t count;
    arms_of(*state, request, &count);
    assert_int_equal(count, 64);
    text_buffer_free(&list);
}

static void what_all_arms_share_is_refused_by_its_place(void **state)
{
    Fixture *f = *state;
    const Setting wrong = {"n_layer", "some"};
    Request request = {.config = "", .pos = "none", .common = &wrong, .n_common = 1};
    assert_contains(error_of(f, &request), "--n_layer = some: expected ");
    char *folder = make_test_folder(), *config = test_path(folder, "named.ini");
    write_test_file(config, "name = mine\n", strlen("name = mine\n"));
    request = (Request){.config = config, .pos = "none"};
    assert_contains(error_of(f, &request), "named.ini:1: name = mine: a run of a comparison has ");
    free(config);
    remove_test_folder(folder);
}

static void a_config_that_is_not_there_is_a_wrong_request(void **state)
{
    Request request = {.config = "nowhere.ini", .pos = "none"};
    assert_contains(error_of(*state, &request), "nowhere.ini");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(schemes_are_arms_in_their_order),
        fixture_test(all_stands_for_every_scheme_of_the_registry),
        fixture_test(every_scheme_is_crossed_with_every_value),
        fixture_test(the_option_of_another_scheme_is_not_varied),
        fixture_test(arms_of_one_scheme_go_by_what_is_varied),
        fixture_test(arms_count_within_their_scheme),
        fixture_test(the_settings_of_an_arm_win_over_common_ones),
        fixture_test(a_wrong_request_is_refused_by_its_place),
        fixture_test(too_many_values_and_settings_are_refused),
        fixture_test(too_many_values_of_one_setting_are_refused),
        fixture_test(what_all_arms_share_is_refused_by_its_place),
        fixture_test(a_config_that_is_not_there_is_a_wrong_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
