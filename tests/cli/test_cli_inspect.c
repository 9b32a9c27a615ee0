/* test_cli_inspect.c: tests of the program as a whole: what schemes and runs look like. Where a
 * picture is not the point, there is no gnuplot. */
#include "support/runs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/spawn.h"
#include "pos/pos.h"
#include "support/fixtures.h"

#define HEAD "figure,panel,row,column,value,row_label,column_label\n"

static Outcome inspect(Bench *bench, const char *words)
{
    return run_without_gnuplot(bench, bench_text(bench, "inspect|%s", words));
}

static Outcome inspect_pos(Bench *bench, const char *pos, const char *more)
{
    return inspect(bench, bench_text(bench,
                                     "%s|--out-dir|%s|--n-layer|2|--n-head|2|--n-embd|8|--block-"
                                     "size|8%s",
                                     pos, bench->folder, more));
}

static void train_x(Bench *bench, const char *more)
{
    assert_done(run_without_gnuplot(bench, tiny(bench, bench_text(bench, "|--name|x%s", more))));
}

static Outcome inspect_x(Bench *bench, const char *more)
{
    return inspect(bench, bench_text(bench, "%s/x|--threads|1%s", bench->folder, more));
}

static const char *next_line(const char *text)
{
    return strchr(text, '\n') + 1;
}

static size_t lines_of(const char *text)
{
    size_t lines = 0;
    for (; *text != '\0'; text = next_line(text))
        lines++;
    return lines;
}

/* Each line has seven cells, the third to the fifth of which are numbers. */
static void check_csv(const char *text)
{
    assert_int_equal(strncmp(text, HEAD, strlen(HEAD)), 0);
    for (text = next_line(text); *text != '\0'; text = next_line(text)) {
        size_t commas = 0;
        bool quoted = false;
        for (const char *at = text; *at != '\n'; at++) {
            quoted = *at == '"' ? !quoted : quoted;
            commas += *at == ',' && !quoted;
        }
        assert_int_equal(commas, 6);
        const char *at = strchr(strchr(text, ',') + 1, ',') + 1;
        for (size_t number = 0; number < 3; number++) {
            char *end;
            strtod(at, &end);
            assert_true(end > at && *end == ',');
            at = end + 1;
        }
    }
}

/* --- schemes --- */

static void every_scheme_is_shown(void **state)
{
    Bench *bench = *state;
    for (size_t s = 0; s < pos_scheme_count; s++)
        for (int causal = pos_schemes[s]->causal_only; causal < 2; causal++) {
            const char *more = bench_text(bench, "|--causal|%s", causal ? "yes" : "no");
            Outcome outcome = inspect_pos(bench, pos_names[s], more);
            assert_done(outcome);
            const char *start =
                bench_text(bench, "%s: %s", pos_schemes[s]->name, pos_schemes[s]->title);
            assert_int_equal(strncmp(outcome.out, start, strlen(start)), 0);
            assert_null(strchr(outcome.out, '\033')); /* no terminal, no colours */
            assert_in_range(lines_of(outcome.err), 0, 1);
            outcome = inspect_pos(bench, pos_names[s], bench_text(bench, "|--csv%s", more));
            assert_done(outcome);
            check_csv(outcome.out);
            assert_string_equal(outcome.err, "");
        }
}

static void of_none_there_is_nothing_to_see(void **state)
{
    Bench *bench = *state;
    Outcome outcome = inspect_pos(bench, "none", "");
    assert_done(outcome);
    assert_string_equal(outcome.out,
                        "none: no positional embedding (no door)\n\nIt changes no vector and no "
                        "score: there is nothing to see, which is the point.\n");
    assert_string_equal(outcome.err, "");
    assert_string_equal(inspect_pos(bench, "none", "|--csv").out, HEAD);
    assert_false(folder_exists(bench_path(bench, "inspect-none")));
}

static void flags_of_training_shape_the_model(void **state)
{
    Bench *bench = *state;
    Outcome outcome = inspect_pos(bench, "rope", "|--rope-pairing|half|--rope-base|100");
    assert_contains(outcome.out, "  0, 2          1       6.283 ");
    assert_contains(outcome.out, "  1, 3        0.1       62.83 ");
    const char *config = bench_write(bench, "c.ini", "rope_base = 100\nn_head = 1\npos = alibi\n");
    outcome = inspect(bench, bench_text(bench, "rope|--config|%s|--n-embd|4|--out-dir|%s", config,
                                        bench->folder));
    assert_contains(outcome.out, "  2, 3        0.1       62.83 ");
    outcome = inspect_pos(bench, "alibi", "|--length|3|--csv");
    assert_contains(outcome.out, "bias,,1,-2,-0.0078125,head 1,\nbias,,1,-1,-0.00390625,head 1,\n"
                                 "bias,,1,0,0,head 1,\n");
    assert_int_equal(lines_of(outcome.out), 1 + 2 * 3);
}

/* Two seeds have two tables; one seed has that which a run starts with. */
static void a_scheme_is_shown_as_a_run_starts(void **state)
{
    Bench *bench = *state;
    train_x(bench, "|--pos|learned|--seed|5");
    const char *trained = inspect_x(bench, "|--csv").out;
    Outcome one = inspect(bench, "learned|--n-layer|1|--n-head|2|--n-embd|8|--block-size|8|--seed|"
                                 "5|--csv");
    assert_done(one);
    const char *of_run = strstr(trained, "vectors,at the start,0,0,"),
               *alone = strstr(one.out, "vectors,,0,0,");
    assert_true(of_run && alone);
    assert_close(cell(of_run, 4), cell(alone, 4), 0);
    assert_true(cell(strstr(trained, "vectors,after 2 steps,0,0,"), 4) != cell(of_run, 4));
    Outcome other = inspect(bench, "learned|--n-embd|8|--n-head|2|--block-size|8|--seed|6|--csv");
    assert_true(cell(strstr(other.out, "vectors,,0,0,"), 4) != cell(alone, 4));
}

/* It does where it learns, and where its first numbers are known. */
static void a_start_stands_beside_what_was_learned_only(void **state)
{
    Bench *bench = *state;
    train_x(bench, "|--pos|alibi");
    assert_contains(inspect_x(bench, "|--csv").out, HEAD "bias,,0,-7,");
    assert_done(run_without_gnuplot(bench, tiny(bench, "|--name|y|--pos|learned")));
    const char *weights = file_of(bench, "y", "best.safetensors");
    assert_done(run_without_gnuplot(
        bench, tiny(bench, bench_text(bench, "|--name|z|--pos|learned|--init-from|%s", weights))));
    const char *y = inspect(bench, bench_text(bench, "%s/y|--csv", bench->folder)).out;
    const char *z = inspect(bench, bench_text(bench, "%s/z|--csv", bench->folder)).out;
    assert_contains(y, HEAD "vectors,at the start,0,0,");
    assert_contains(z, HEAD "vectors,,0,0,");
}

/* --- what is wrong --- */

static void a_bad_request_ends_with_code_2_and_one_line(void **state)
{
    Bench *bench = *state;
    train_x(bench, "|--pos|learned");
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
        Outcome outcome = inspect(bench, cases[c].words);
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
    train_x(bench, "");
    Outcome outcome = inspect_x(bench, "|--text|a fox.");
    assert_done(outcome);
    assert_contains(outcome.out, "\n  layer 0, the mean of 2 heads\n    a _ f o x . \n  a @@");
    outcome = inspect_x(bench, "|--text|a fox.|--head|1|--layer|0");
    assert_contains(outcome.out, "\n  layer 0 head 1\n    a _ f o x . \n  a @@");
    assert_int_equal(setenv("LC_ALL", "C.UTF-8", 1), 0);
    assert_contains(inspect_x(bench, "|--text|a fox.").out, "    a \u00b7 f o x . \n");
    outcome = inspect_x(bench, "|--text|a fox.|--csv");
    assert_done(outcome);
    check_csv(outcome.out);
    assert_contains(outcome.out, "\nattention,layer 0 head 1,0,0,1,a,a\n"
                                 "attention,layer 0 head 1,0,1,nan,a,\u00b7\n");
}

static void a_run_is_a_folder_a_name_or_a_file(void **state)
{
    Bench *bench = *state;
    train_x(bench, "|--pos|t5");
    Outcome folder = inspect_x(bench, "");
    assert_done(folder);
    assert_contains(folder.out, "t5: learned bias by range of distances, ");
    assert_true(file_exists(file_of(bench, "x", "inspect-bias.csv")));
    remove(file_of(bench, "x", "inspect-bias.csv"));
    Outcome file = inspect(bench, file_of(bench, "x", "best.safetensors"));
    assert_done(file);
    assert_string_equal(file.out, folder.out);
    assert_string_equal(file.err, ""); /* a file has no folder for pictures */
    assert_false(file_exists(file_of(bench, "x", "inspect-bias.csv")));
}

/* --- pictures --- */

static void the_numbers_of_each_picture_stand_beside_it(void **state)
{
    Bench *bench = *state;
    make_gnuplot(bench, "#!/bin/sh\nprintf '%s\\n' \"$@\" > \"$4.png\"\n");
    Outcome outcome = inspect_pos(bench, "sinusoidal", "");
    assert_done(outcome);
    assert_string_equal(outcome.err,
                        bench_text(bench,
                                   "pictures in %s: inspect-vectors.png inspect-cosines.png "
                                   "inspect-nearness.png\n",
                                   bench_path(bench, "inspect-sinusoidal")));
    const char *words =
        bench_read(bench, file_of(bench, "inspect-sinusoidal", "inspect-vectors.png"));
    assert_contains(words, "scripts/inspect_map.gp\ninspect-vectors\nthe position vectors\n"
                           "sinusoidal absolute embedding, learned gain");
    assert_contains(words, "\n8 8 1 1 0\nposition\nchannel\n\n");
    const char *csv =
        bench_read(bench, file_of(bench, "inspect-sinusoidal", "inspect-vectors.csv"));
    check_csv(csv);
    assert_int_equal(lines_of(csv), 1 + 64);
    train_x(bench, "");
    outcome = inspect_x(bench, "|--text|fox yak");
    assert_done(outcome);
    words = bench_read(bench, file_of(bench, "x", "inspect-attention.png"));
    assert_contains(words, "\nx: rotary position embedding");
    assert_contains(words, "\n7 7 2 0 1\nlooks\nis looked at\nf o x \u00b7 y a k\n");
    words = bench_read(bench, file_of(bench, "x", "inspect-words.png"));
    assert_contains(words, "scripts/inspect_hands.gp\n");
    words = bench_read(bench, file_of(bench, "x", "inspect-decay.png"));
    assert_contains(words, "scripts/inspect_curves.gp\n");
    assert_false(file_exists(file_of(bench, "x", "inspect-planes.png"))); /* a table */
}

/* A PNG has its width and height, as four bytes each, from byte 16 on. */
static void check_picture(Bench *bench, const char *folder, const char *name)
{
    static const unsigned char size[8] = {0, 0, 1280 >> 8, 1280 & 255, 0, 0, 800 >> 8, 800 & 255};
    FileBytes file;
    const char *svg = bench_read(bench, file_of(bench, folder, bench_text(bench, "%s.svg", name)));
    const char *png = file_of(bench, folder, bench_text(bench, "%s.png", name));
    assert_contains(svg, "</svg>");
    assert_true(file_read(&bench->arena, png, 1 << 24, &file, NULL) && file.length > 1000);
    assert_memory_equal(file.bytes + 16, size, sizeof size);
}

/* The scripts, where there is a gnuplot: maps, also one that is a single row, curves and hands. */
static void gnuplot_draws_what_there_is(void **state)
{
    Bench *bench = *state;
    char *const version[] = {"gnuplot", "--version", NULL};
    bool missing = false;
    int status = 0;
    assert_true(spawn_wait(version, NULL, NULL, &missing, &status, NULL));
    if (missing)
        skip();
    Outcome outcome =
        run_posgpt(bench, NULL, "inspect|rope|--out-dir|%s|--n-embd|2|--n-head|1", bench->folder);
    assert_done(outcome);
    assert_int_equal(strncmp(outcome.err, "pictures in ", strlen("pictures in ")), 0);
    static const char *const names[] = {"inspect-angles", "inspect-matrices", "inspect-decay",
                                        "inspect-words"};
    for (size_t n = 0; n < COUNT_OF(names); n++)
        check_picture(bench, "inspect-rope", names[n]);
    train_x(bench, "|--pos|relative");
    outcome = run_posgpt(bench, NULL, "inspect|%s/x|--threads|1|--text|a fox.", bench->folder);
    assert_done(outcome);
    check_picture(bench, "x", "inspect-bias");
    check_picture(bench, "x", "inspect-attention");
}

static void without_gnuplot_one_line_says_so(void **state)
{
    Bench *bench = *state;
    Outcome outcome = inspect_pos(bench, "rope", "");
    assert_done(outcome);
    assert_string_equal(outcome.err,
                        "no picture of the cosine of the angle that each plane is turned by: "
                        "gnuplot is missing (Debian: apt install gnuplot-nox)\n");
    assert_true(file_exists(file_of(bench, "inspect-rope", "inspect-words.csv")));
    make_gnuplot(bench, "#!/bin/sh\nexit 1\n");
    outcome = inspect_pos(bench, "rope", "");
    assert_done(outcome);
    assert_contains(outcome.err, "gnuplot failed on scripts/inspect_map.gp\n");
    assert_int_equal(lines_of(outcome.err), 1);
}

static void numbers_alone_leave_no_files(void **state)
{
    Bench *bench = *state;
    assert_done(inspect_pos(bench, "alibi", "|--csv"));
    assert_false(folder_exists(bench_path(bench, "inspect-alibi")));
}

/* A bias that is 0 everywhere makes no picture. */
static void what_is_flat_is_not_drawn(void **state)
{
    Bench *bench = *state;
    make_gnuplot(bench, "#!/bin/sh\nexit 1\n");
    Outcome outcome = inspect_pos(bench, "relative", "");
    assert_done(outcome);
    assert_string_equal(outcome.err, "");
    assert_contains(outcome.out, "all are 0: nothing is learned yet");
}

static void a_folder_of_pictures_is_no_run(void **state)
{
    Bench *bench = *state;
    train_x(bench, "");
    assert_done(inspect_pos(bench, "alibi", ""));
    assert_true(folder_exists(bench_path(bench, "inspect-alibi")));
    Outcome outcome = run_posgpt(bench, NULL, "runs|--csv|--out-dir|%s", bench->folder);
    assert_done(outcome);
    assert_null(strstr(outcome.err, "inspect-alibi"));
    assert_int_equal(lines_of(outcome.out), 2);
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
        bench_test(the_numbers_of_each_picture_stand_beside_it),
        bench_test(gnuplot_draws_what_there_is),
        bench_test(without_gnuplot_one_line_says_so),
        bench_test(numbers_alone_leave_no_files),
        bench_test(what_is_flat_is_not_drawn),
        bench_test(a_folder_of_pictures_is_no_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
