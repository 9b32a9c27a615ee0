/* test_tour.c: tests of the guided tour: the page src/README.md says what the program computes, and
 * points to what is there. That wrong pointers are found is in test_page.c. */
#include "support/check.h"

#include <math.h>
#include <string.h>

#include "base/file.h"
#include "page.h"
#include "support/fixtures.h"
#include "tour.h"

#define PAGE "src/README.md"

/* The usual tour and the page about it. */
typedef struct Visit {
    Arena arena;
    Tour tour;
    char *page;
    TextBuffer fresh; /* the page with the blocks of this tour */
    TextBuffer report;
} Visit;

static int visit_setup(void **state)
{
    static Visit visit; /* large */
    Error error = {0};
    FileBytes page;
    visit = (Visit){0};
    if (!tour_take(&visit.tour, tour_usual, &error) ||
        !file_read(&visit.arena, PAGE, PAGE_MOST_BYTES, &page, &error) ||
        !page_update(page.bytes, &visit.tour, &visit.fresh, &error)) {
        print_error("%s\n", error.text);
        return -1;
    }
    visit.page = page.bytes;
    *state = &visit;
    return 0;
}

static int visit_teardown(void **state)
{
    Visit *visit = *state;
    tour_free(&visit->tour);
    text_buffer_free(&visit->fresh);
    text_buffer_free(&visit->report);
    arena_free(&visit->arena);
    return 0;
}

#define visit_test(function) cmocka_unit_test_setup_teardown(function, visit_setup, visit_teardown)

/* --- the page --- */

static void the_page_shows_what_the_tour_prints(void **state)
{
    Visit *visit = *state;
    if (!page_agrees(visit->page, &visit->tour, &visit->report))
        fail_msg("%s", visit->report.bytes);
}

static void every_chapter_fits_on_a_screen_and_ends_with_an_exercise(void **state)
{
    Visit *visit = *state;
    for (size_t c = 1; c <= TOUR_CHAPTERS; c++) {
        Part chapter = page_chapter(visit->page, c);
        assert_non_null(chapter.at);
        const char *text = arena_text(&visit->arena, chapter.at, chapter.length);
        size_t lines = 0;
        for (const char *at = text; *at != '\0'; at++)
            lines += *at == '\n';
        assert_in_range(lines, 10, 60);
        assert_contains(text, "**Look at** `");
        assert_contains(text, "**Exercise.**");
        assert_contains(strstr(text, "**Exercise.**"), "\n    make ");
    }
}

static void the_followed_line_stands_in_the_fables(void **state)
{
    Visit *visit = *state;
    FileBytes fables;
    assert_true(file_read(&visit->arena, "data/fables.txt", PAGE_MOST_BYTES, &fables, NULL));
    const char *second = strchr(fables.bytes, '\n') + 1;
    assert_int_equal(strncmp(second, TOUR_TEXT, strlen(TOUR_TEXT)), 0);
}

/* The page with one character of a chapter's block changed: the `digit`-th behind a point. */
static char *with_other_digit(Visit *visit, size_t chapter, size_t digit, int by)
{
    char *copy = arena_text(&visit->arena, visit->fresh.bytes, visit->fresh.length);
    char *point = copy + (page_block(page_chapter(copy, chapter)).at - copy);
    point = strchr(point, '.');
    assert_true(point && point[digit] >= '0' && point[digit] <= '9');
    point[digit] = (char)(point[digit] + (point[digit] + by > '9' ? -by : by));
    return copy;
}

static void a_number_that_is_wrong_is_found_with_its_chapter_and_line(void **state)
{
    Visit *visit = *state;
    char *page = with_other_digit(visit, 2, 2, 2); /* row 48, second digit of the first number */
    assert_false(page_agrees(page, &visit->tour, &visit->report));
    assert_contains(visit->report.bytes, "chapter 2, line 2 of the block");
    assert_null(strstr(visit->report.bytes, "chapter 3"));
    visit->report.length = 0;
    assert_false(page_agrees(with_other_digit(visit, 2, 1, 1), &visit->tour, &visit->report));
}

static void rounding_of_the_last_digit_is_no_difference(void **state)
{
    Visit *visit = *state;
    assert_true(page_agrees(with_other_digit(visit, 2, 2, 1), &visit->tour, &visit->report));
}

static void a_line_too_many_or_too_few_is_a_difference(void **state)
{
    Visit *visit = *state;
    TextBuffer *chapter = &visit->tour.chapters[9];
    text_append_format(chapter, "one more\n");
    assert_false(page_agrees(visit->fresh.bytes, &visit->tour, &visit->report));
    assert_contains(visit->report.bytes, "one more");
    chapter->length -= strlen("one more\n") + 1;
    while (chapter->bytes[chapter->length - 1] != '\n')
        chapter->length--;
    visit->report.length = 0;
    assert_false(page_agrees(visit->fresh.bytes, &visit->tour, &visit->report));
    assert_contains(visit->report.bytes, "chapter 9, line");
}

static void an_update_changes_the_blocks_alone(void **state)
{
    Visit *visit = *state;
    TextBuffer wrong = {0}, right = {0};
    Error error = {0};
    text_append_format(&visit->tour.chapters[4], "another line\n");
    assert_true(page_update(visit->fresh.bytes, &visit->tour, &wrong, &error));
    assert_true(page_agrees(wrong.bytes, &visit->tour, &visit->report));
    assert_contains(wrong.bytes, "another line\n```\n");
    assert_int_equal(wrong.length, visit->fresh.length + strlen("another line\n"));
    assert_false(page_update("## 1. Something else\n", &visit->tour, &right, &error));
    assert_contains(error.text, "chapter 1");
    text_buffer_free(&wrong);
    text_buffer_free(&right);
}

/* --- pointers --- */

static void every_name_on_the_page_is_defined_where_it_says(void **state)
{
    Visit *visit = *state;
    size_t count;
    if (!page_names_are_defined(visit->page, "src", &count, &visit->report))
        fail_msg("%s", visit->report.bytes);
    assert_in_range(count, 25, 100);
}

static void every_link_on_the_page_leads_somewhere(void **state)
{
    Visit *visit = *state;
    size_t count;
    if (!page_links_resolve(visit->page, "src", &count, &visit->report))
        fail_msg("%s", visit->report.bytes);
    assert_in_range(count, 100, 1000);
}

/* --- what the tour sees --- */

/* A pass with open eyes has the loss of one that nobody looks at, to the last bit. */
static void looking_changes_nothing(void **state)
{
    Visit *visit = *state;
    Reading *readings[] = {&visit->tour.alibi, &visit->tour.learned};
    for (size_t r = 0; r < 2; r++)
        assert_true(walk_loss(&readings[r]->walk) == readings[r]->walk.loss);
}

/* The row of the token table is read at places 4 and 5, and compared with all of `last` at 5. */
static void the_gradients_that_are_seen_add_up_to_those_of_the_parameters(void **state)
{
    Visit *visit = *state;
    const Walk *walk = &visit->tour.learned.walk;
    const Tensor *table = walk->gpt->wte;
    size_t C = tensor_width(table), V = table->shape[0], T = walk->question.length;
    double *expected = new_doubles(&visit->arena, V * C);
    for (size_t t = 0; t < T; t++)
        for (size_t c = 0; c < C; c++) {
            size_t token = (size_t)walk->question.tokens[t];
            expected[token * C + c] += (double)grad_at(&walk->see.token, t)[c];
            for (size_t v = 0; v < V; v++)
                expected[v * C + c] +=
                    (double)grad_at(&walk->see.logits, t)[v] * (double)row_at(walk->see.last, t)[c];
        }
    assert_numbers_close(table->grad, expected, V * C);
}

/* As chapter 4 says, also where something stands between door 1 and the blocks: dropout here, and a
 * line of one's own in the exercise. */
static void what_chapter_4_calls_x_is_what_h_is_made_of(void **state)
{
    Visit *visit = *state;
    const Walk *usual = &visit->tour.learned.walk;
    Gpt gpt = *usual->gpt;
    Walk *walk = arena_alloc(&visit->arena, 1, sizeof *walk);
    assert_non_null(walk);
    gpt.config.dropout = 0.5;
    assert_true(walk_begin(walk, &gpt, usual->question, NULL));
    const real *x = row_at(walk->see.read, walk->question.at),
               *h = row_at(walk->see.normalised, walk->question.at),
               *w = gpt.blocks[0].ln_1_weight->data;
    size_t C = tensor_width(walk->see.read);
    double mean = 0, variance = 0;
    for (size_t c = 0; c < C; c++)
        mean += (double)x[c] / (double)C;
    for (size_t c = 0; c < C; c++)
        variance += ((double)x[c] - mean) * ((double)x[c] - mean) / (double)C;
    assert_true(variance > 0.01);
    for (size_t c = 0; c < C; c++)
        assert_close(h[c], ((double)x[c] - mean) / sqrt(variance + 0.00001) * (double)w[c],
                     REAL_TOLERANCE);
    walk_end(walk);
}

/* What one key's share gains the others lose, and nothing flows past the mask. */
static void score_gradients_add_up_to_0_before_the_mask(void **state)
{
    Visit *visit = *state;
    const Walk *walk = &visit->tour.main.walk;
    size_t T = walk->question.length, i = walk->question.at;
    for (size_t h = 0; h < 2; h++) {
        const real *ds = walk->see.bias.grad + (h * T + i) * T;
        double sum = 0, largest = 0;
        for (size_t j = 0; j < T; j++) {
            sum += (double)ds[j];
            largest = fmax(largest, fabs((double)ds[j]));
            assert_true(j <= i || ds[j] == 0);
        }
        assert_true(largest > 1e-3);
        assert_close(sum, 0, REAL_TOLERANCE);
    }
}

static Tour *tour_with(Visit *visit, TourOptions options)
{
    Error error = {0};
    Tour *tour = arena_alloc(&visit->arena, 1, sizeof *tour);
    if (!tour || !tour_take(tour, options, &error))
        fail_msg("%s", error.text);
    return tour;
}

/* As chapters 5 and 6 say. */
static void a_shift_turns_every_vector_and_changes_no_score(void **state)
{
    Visit *visit = *state;
    TourOptions options = tour_usual;
    options.shift = 5;
    Tour *shifted = tour_with(visit, options);
    const Sights *here = &visit->tour.main.walk.see, *there = &shifted->main.walk.see;
    size_t i = tour_usual.at;
    assert_true(fabs((double)(head_data(&here->turned_q, 0, 0, i)[0] -
                              head_data(&there->turned_q, 0, 0, i)[0])) > 0.1);
    for (size_t j = 0; j <= i; j++)
        assert_close(score_of(&there->turned_q, &there->turned_k, 0, i, j),
                     score_of(&here->turned_q, &here->turned_k, 0, i, j), 10 * REAL_TOLERANCE);
    assert_contains(shifted->chapters[3].bytes, "made for 8 positions");
    tour_free(shifted);
}

static void the_step_of_chapter_12_lowers_the_loss(void **state)
{
    Visit *visit = *state;
    Walk *walk = &visit->tour.main.walk;
    assert_true(walk_loss(walk) < walk->loss - 0.1);
}

static void a_request_that_cannot_be_is_refused(void **state)
{
    Visit *visit = *state;
    static const struct {
        const char *text;
        size_t at, head;
        const char *piece;
    } cases[] = {
        {"A gull st", 8, 0, "--at 8"},
        {"A 7ull st", 5, 0, "not in the vocabulary"},
        {"A gull st", 5, 2, "--head 2"},
    };
    Tour *tour = arena_alloc(&visit->arena, 1, sizeof *tour);
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        Error error = {0};
        TourOptions options = tour_usual;
        options.text = cases[c].text;
        options.at = cases[c].at;
        options.head = cases[c].head;
        assert_false(tour_take(tour, options, &error));
        assert_contains(error.text, cases[c].piece);
        tour_free(tour);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        visit_test(the_page_shows_what_the_tour_prints),
        visit_test(every_chapter_fits_on_a_screen_and_ends_with_an_exercise),
        visit_test(the_followed_line_stands_in_the_fables),
        visit_test(a_number_that_is_wrong_is_found_with_its_chapter_and_line),
        visit_test(rounding_of_the_last_digit_is_no_difference),
        visit_test(a_line_too_many_or_too_few_is_a_difference),
        visit_test(an_update_changes_the_blocks_alone),
        visit_test(every_name_on_the_page_is_defined_where_it_says),
        visit_test(every_link_on_the_page_leads_somewhere),
        visit_test(looking_changes_nothing),
        visit_test(the_gradients_that_are_seen_add_up_to_those_of_the_parameters),
        visit_test(what_chapter_4_calls_x_is_what_h_is_made_of),
        visit_test(score_gradients_add_up_to_0_before_the_mask),
        visit_test(a_shift_turns_every_vector_and_changes_no_score),
        visit_test(the_step_of_chapter_12_lowers_the_loss),
        visit_test(a_request_that_cannot_be_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
