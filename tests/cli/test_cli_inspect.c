/* test_cli_inspect.c: tests of the program as a whole: what schemes and runs look like, as text and
 * as numbers. Pictures are in test_cli_inspect_pictures.c. */
#include "support/inspected.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "pos/pos.h"
#include "support/fixtures.h"

/* --- schemes --- */

static void every_scheme_is_shown(void **state)
{
    Bench *bench = *state;
    for (size_t s = 0; s < pos_scheme_count; s++)
        for (int causal = pos_schemes[s]->causal_only; causal < 2; causal++) {
            const char *more = bench_text(bench, "|--causal|%s", causal ? "yes" : "no");
            Outcome outcome = inspect_scheme(bench, pos_names[s], more);
            assert_done(outcome);
            const char *start =
                bench_text(bench, "%s: %s", pos_schemes[s]->name, pos_schemes[s]->title);
            assert_int_equal(strncmp(outcome.out, start, strlen(start)), 0);
            assert_null(strchr(outcome.out, '\033')); /* no terminal, no colours */
            assert_in_range(lines_of(outcome.err), 0, 1);
            outcome = inspect_scheme(bench, pos_names[s], bench_text(bench, "|--csv%s", more));
            assert_done(outcome);
            check_figures(outcome.out);
            assert_string_equal(outcome.err, "");
        }
}

static void of_none_there_is_nothing_to_see(void **state)
{
    Bench *bench = *state;
    Outcome outcome = inspect_scheme(bench, "none", "");
    assert_done(outcome);
    assert_string_equal(outcome.out,
                        "none: no positional embedding (no door)\n\nIt changes no vector and no "
                        "score: there is nothing to see, which is the point.\n");
    assert_string_equal(outcome.err, "");
    assert_string_equal(inspect_scheme(bench, "none", "|--csv").out, FIGURES_HEAD);
    assert_false(folder_exists(bench_path(bench, "inspect-none")));
}

static void flags_of_training_shape_the_model(void **state)
{
    Bench *bench = *state;
    Outcome outcome = inspect_scheme(bench, "rope", "|--rope-pairing|half|--rope-base|100");
    assert_contains(outcome.out, "  0, 2          1       6.283 ");
    assert_contains(outcome.out, "  1, 3        0.1       62.83 ");
    const char *config = bench_write(bench, "c.ini", "rope_base = 100\nn_head = 1\npos = alibi\n");
    outcome = run_inspect(bench, bench_text(bench, "rope|--config|%s|--n-embd|4|--out-dir|%s",
                                            config, bench->folder));
    assert_contains(outcome.out, "  2, 3        0.1       62.83 ");
    outcome = inspect_scheme(bench, "alibi", "|--length|3|--csv");
    assert_contains(outcome.out, "bias,,1,-2,-0.0078125,head 1,\nbias,,1,-1,-0.00390625,head 1,\n"
                                 "bias,,1,0,0,head 1,\n");
    assert_int_equal(lines_of(outcome.out), 1 + 2 * 3);
}

/* Two seeds have two tables; one seed has that which a run starts with. */
static void a_scheme_is_shown_as_a_run_starts(void **state)
{
    Bench *bench = *state;
    train_tiny(bench, "x", "|--pos|learned|--seed|5");
    const char *trained = inspect_x(bench, "|--csv").out;
    Outcome one =
        run_inspect(bench, "learned|--n-layer|1|--n-head|2|--n-embd|8|--block-size|8|--seed|"
                           "5|--csv");
    assert_done(one);
    const char *of_run = strstr(trained, "vectors,at the start,0,0,"),
               *alone = strstr(one.out, "vectors,,0,0,");
    assert_true(of_run && alone);
    assert_close(cell(of_run, 4), cell(alone, 4), 0);
    assert_true(cell(strstr(trained, "vectors,after 2 steps,0,0,"), 4) != cell(of_run, 4));
    Outcome other =
        run_inspect(bench, "learned|--n-embd|8|--n-head|2|--block-size|8|--seed|6|--csv");
    assert_true(cell(strstr(other.out, "vectors,,0,0,"), 4) != cell(alone, 4));
}

/* It does where it learns, and where its first numbers are known. */
static void a_start_stands_beside_what_was_learned_only(void **state)
{
    Bench *bench = *state;
    train_tiny(bench, "x", "|--pos|alibi");
    assert_contains(inspect_x(bench, "|--csv").out, FIGURES_HEAD "bias,,0,-7,");
    train_tiny(bench, "y", "|--pos|learned");
    const char *weights = file_of(bench, "y", "best.safetensors");
    train_tiny(bench, "z", bench_text(bench, "|--pos|learned|--init-from|%s", weights));
    const char *y = run_inspect(bench, bench_text(bench, "%s/y|--csv", bench->folder)).out;
    const char *z = run_inspect(bench, bench_text(bench, "%s/z|--csv", bench->folder)).out;
    assert_contains(y, FIGURES_HEAD "vectors,at the start,0,0,");
    assert_contains(z, FIGURES_HEAD "vectors,,0,0,");
}

/* --- what is wrong --- */

static void a_bad_request_ends_with_code_2_and_one_line(void **state)
{
    Bench *bench = *state;
    train_tiny(bench, "x", "|--pos|learned");
    const char *x = bench_path(bench, "x");
    const struct {
        const char *words, *says;
    } cases[] = {
        {"", "expected one scheme or one run\n"},
        {"rope|alibi", "\"alibi\": expected one scheme or one run\n"},
        {"rop", "rop: neither a scheme nor a run: did you mean \"rope\"? expected one of: none, "},
        {"zzzzzz", "zzzzzz: neither a scheme nor a run: expected one of: none, "},
        {bench->folder, ": has no best.safetensors: expected a run that was trained\n"},
        {"rope|--text|fox", "a scheme alone reads no text: expected a run\n"},
        {"rope|--pos|alibi", "--pos: the scheme is rope: expected no other\n"},
        {"rope|--n-head|3", "--n-head = 3: does not divide n_embd = 128\n"},
        {"rope|--n-head|1|--n-embd|5", "rotary pairs need an even head size\n"},
        {"learned|--length|65", "position 64: pos = learned was made for 64 positions, 0 to 63\n"},
        {"rope|--length|513", "--length = 513: expected a whole number from 0 to 512\n"},
        {bench_text(bench, "%s|--n-head|2", x), "--n-head"},
        {bench_text(bench, "%s|--text|the fox!", x), "the text: character"},
        {bench_text(bench, "%s|--text|wolf wolf wolf", x), "the text: position 8: pos = learned"},
        {bench_text(bench, "%s|--head|1", x), "--layer, --head: expected a --text to look at\n"},
        {bench_text(bench, "%s|--text|fox|--head|2", x),
         "--head = 2: expected a whole number from 0 to 1\n"},
        {bench_text(bench, "%s|--text|fox|--layer|-1", x),
         "--layer = -1: expected a whole number from 0 to 0\n"},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        Outcome outcome = run_inspect(bench, cases[c].words);
        if (outcome.code != 2)
            fail_msg("%s: code %d", cases[c].words, outcome.code);
        assert_contains(outcome.err, cases[c].says);
        assert_int_equal(lines_of(outcome.err), 1);
        assert_string_equal(outcome.out, "");
    }
}

/* --- runs --- */

static void attention_is_labelled_by_what_is_read(void **state)
{
    Bench *bench = *state;
    assert_int_equal(setenv("LC_ALL", "C", 1), 0);
    train_tiny(bench, "x", "");
    Outcome outcome = inspect_x(bench, "|--text|a fox.");
    assert_done(outcome);
    assert_contains(outcome.out, "\n  layer 0, the mean of 2 heads\n    a _ f o x . \n  a @@");
    outcome = inspect_x(bench, "|--text|a fox.|--head|1|--layer|0");
    assert_contains(outcome.out, "\n  layer 0 head 1\n    a _ f o x . \n  a @@");
    assert_int_equal(setenv("LC_ALL", "C.UTF-8", 1), 0);
    assert_contains(inspect_x(bench, "|--text|a fox.").out, "    a \u00b7 f o x . \n");
    outcome = inspect_x(bench, "|--text|a fox.|--csv");
    assert_done(outcome);
    check_figures(outcome.out);
    assert_contains(outcome.out, "\nattention,layer 0 head 1,0,0,1,a,a\n"
                                 "attention,layer 0 head 1,0,1,nan,a,\u00b7\n");
}

static void a_run_is_a_folder_a_name_or_a_file(void **state)
{
    Bench *bench = *state;
    train_tiny(bench, "x", "|--pos|t5");
    Outcome folder = inspect_x(bench, "");
    assert_done(folder);
    assert_contains(folder.out, "t5: learned bias by range of distances, ");
    assert_true(file_exists(file_of(bench, "x", "inspect-bias.csv")));
    remove(file_of(bench, "x", "inspect-bias.csv"));
    Outcome file = run_inspect(bench, file_of(bench, "x", "best.safetensors"));
    assert_done(file);
    assert_string_equal(file.out, folder.out);
    assert_string_equal(file.err, ""); /* a file has no folder for pictures */
    assert_false(file_exists(file_of(bench, "x", "inspect-bias.csv")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(every_scheme_is_shown),
        bench_test(of_none_there_is_nothing_to_see),
        bench_test(flags_of_training_shape_the_model),
        bench_test(a_scheme_is_shown_as_a_run_starts),
        bench_test(a_start_stands_beside_what_was_learned_only),
        bench_test(a_bad_request_ends_with_code_2_and_one_line),
        bench_test(attention_is_labelled_by_what_is_read),
        bench_test(a_run_is_a_folder_a_name_or_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
