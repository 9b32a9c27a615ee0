/* test_terminal.c: tests of src/base/terminal.c: lines on a terminal, and what one can do. What it
 * would see is caught in a file, or behind a pseudo terminal, where the question is whether one is
 * recognised. Rows of bars are in test_terminal_sparkline.c. */
#define _XOPEN_SOURCE 700 /* posix_openpt and its family; includes POSIX.1-2008 */

#include "support/check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/terminal.h"

static void set_environment(const char *name, const char *value)
{
    assert_int_equal(value != NULL ? setenv(name, value, 1) : unsetenv(name), 0);
}

static int clear_environment(void **state)
{
    (void)state;
    const char *const names[] = {"NO_COLOR", "COLUMNS", "LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++)
        set_environment(names[n], NULL);
    set_environment("TERM", "xterm");
    return 0;
}

/* A terminal as it is on the far side of a pseudo terminal of this width; NULL: there are none
 * here. */
static FILE *open_pseudo_terminal(int *near_side, unsigned short columns)
{
    *near_side = posix_openpt(O_RDWR | O_NOCTTY);
    if (*near_side < 0)
        return NULL;
    assert_int_equal(grantpt(*near_side), 0);
    assert_int_equal(unlockpt(*near_side), 0);
    struct winsize window = {.ws_row = 24, .ws_col = columns};
    int far_side = open(ptsname(*near_side), O_RDWR | O_NOCTTY);
    assert_true(far_side >= 0);
    assert_int_equal(ioctl(far_side, TIOCSWINSZ, &window), 0);
    return fdopen(far_side, "w");
}

static void a_file_is_neither_live_nor_coloured(void **state)
{
    (void)state;
    FILE *stream = tmpfile();
    Terminal terminal = terminal_open(stream);
    assert_ptr_equal(terminal.stream, stream);
    assert_false(terminal.live);
    assert_false(terminal.colour);
    assert_int_equal(terminal.live_lines, 0);
    assert_int_equal(terminal.columns, 80);
    fclose(stream);
}

static void a_terminal_is_live_and_coloured_unless_told_otherwise(void **state)
{
    (void)state;
    const struct {
        const char *term, *no_color;
        bool live, colour;
    } cases[] = {
        {"xterm", NULL, true, true},  {"xterm", "", true, true}, {"xterm", "1", true, false},
        {"dumb", NULL, false, false}, {"", NULL, false, false},  {NULL, NULL, false, false},
    };
    int near_side;
    FILE *stream = open_pseudo_terminal(&near_side, 123);
    if (stream == NULL)
        skip();
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        set_environment("TERM", cases[c].term);
        set_environment("NO_COLOR", cases[c].no_color);
        Terminal terminal = terminal_open(stream);
        assert_int_equal(terminal.live, cases[c].live);
        assert_int_equal(terminal.colour, cases[c].colour);
        assert_int_equal(terminal.columns, 123);
    }
    fclose(stream);
    close(near_side);
}

static void the_window_counts_more_than_columns(void **state)
{
    (void)state;
    int near_side;
    FILE *stream = open_pseudo_terminal(&near_side, 50);
    if (stream == NULL)
        skip();
    set_environment("COLUMNS", "70");
    assert_int_equal(terminal_open(stream).columns, 50);
    fclose(stream);
    close(near_side);
    stream = open_pseudo_terminal(&near_side, 0); /* a terminal that does not know its width */
    assert_int_equal(terminal_open(stream).columns, 70);
    fclose(stream);
    close(near_side);
}

static void a_window_that_is_resized_is_noticed(void **state)
{
    (void)state;
    int near_side;
    FILE *stream = open_pseudo_terminal(&near_side, 50);
    if (stream == NULL)
        skip();
    Terminal terminal = terminal_open(stream);
    struct winsize window = {.ws_row = 24, .ws_col = 11};
    assert_int_equal(ioctl(near_side, TIOCSWINSZ, &window), 0);
    terminal_live(&terminal, "1234567890 and more");
    char seen[100] = "";
    assert_true(read(near_side, seen, sizeof seen - 1) > 0);
    assert_string_equal(seen, "\r1234567890\033[0m\033[K");
    fclose(stream);
    close(near_side);
}

static void columns_is_used_where_it_makes_sense(void **state)
{
    (void)state;
    const struct {
        const char *text;
        size_t columns;
    } cases[] = {{"132", 132}, {"0", 80}, {"", 80}, {"wide", 80}, {"-5", 80}, {"99999999", 1000}};
    FILE *stream = tmpfile();
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        set_environment("COLUMNS", cases[c].text);
        assert_int_equal(terminal_open(stream).columns, cases[c].columns);
    }
    fclose(stream);
}

static void the_locale_says_whether_there_is_unicode(void **state)
{
    (void)state;
    const struct {
        const char *lc_all, *lc_ctype, *lang;
        bool unicode;
    } cases[] = {
        {NULL, NULL, NULL, false},
        {NULL, NULL, "C", false},
        {NULL, NULL, "en_US.UTF-8", true},
        {NULL, NULL, "de_DE.utf8", true},
        {NULL, NULL, "de_DE.utf8@euro", true},
        {NULL, NULL, "de_DE.ISO-8859-1", false},
        {NULL, "UTF-8", "C", true},
        {"C.UTF-8", "C", "C", true},
        {"C", "UTF-8", "en_US.UTF-8", false},
        {"", "", "en_US.UTF-8", true},
    };
    FILE *stream = tmpfile();
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        set_environment("LC_ALL", cases[c].lc_all);
        set_environment("LC_CTYPE", cases[c].lc_ctype);
        set_environment("LANG", cases[c].lang);
        assert_int_equal(terminal_open(stream).unicode, cases[c].unicode);
    }
    fclose(stream);
}

/* What was printed to a temporary file. */
static void assert_printed(Terminal *terminal, const char *expected)
{
    char text[1024];
    rewind(terminal->stream);
    size_t length = fread(text, 1, sizeof text - 1, terminal->stream);
    text[length] = '\0';
    assert_string_equal(text, expected);
    fclose(terminal->stream);
}

static void without_a_terminal_only_lines_that_stay_are_printed(void **state)
{
    (void)state;
    Terminal terminal = {.stream = tmpfile(), .columns = 20};
    terminal_live(&terminal, "step 1");
    terminal_line(&terminal, "a line that is longer than the terminal is wide");
    terminal_live(&terminal, "step 2");
    terminal_close_line(&terminal);
    assert_printed(&terminal, "a line that is longer than the terminal is wide\n");
}

static void a_live_line_is_redrawn_in_place(void **state)
{
    (void)state;
    Terminal terminal = {.stream = tmpfile(), .columns = 20, .live = true};
    terminal_live(&terminal, "step 1");
    assert_int_equal(terminal.live_lines, 1);
    terminal_live(&terminal, "step 2");
    terminal_close_line(&terminal);
    assert_int_equal(terminal.live_lines, 0);
    terminal_close_line(&terminal);
    assert_printed(&terminal, "\rstep 1\033[K\rstep 2\033[K\n");
}

static void a_line_that_stays_clears_the_live_one(void **state)
{
    (void)state;
    Terminal terminal = {.stream = tmpfile(), .columns = 20, .live = true};
    terminal_live(&terminal, "step 1");
    terminal_line(&terminal, "saved");
    terminal_line(&terminal, "done");
    assert_printed(&terminal, "\rstep 1\033[K\r\033[Jsaved\ndone\n");
}

static void a_live_line_is_cut_below_the_width(void **state)
{
    (void)state;
    const struct {
        const char *line, *shown;
    } cases[] = {
        {"123456789", "123456789"},
        {"1234567890", "123456789"},
        {"12345678901", "123456789"},
        {"\xe2\x96\x87\xe2\x96\x87 5678\xc3\xa9 xyz", "\xe2\x96\x87\xe2\x96\x87 5678\xc3\xa9 "},
        {"\033[1;31m123456789\033[0mxyz", "\033[1;31m123456789\033[0m"},
        {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", "\xff\xff\xff\xff\xff\xff\xff\xff\xff"},
        {"\033[", "\033["},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        char expected[100];
        snprintf(expected, sizeof expected, "\r%s\033[K", cases[c].shown);
        Terminal terminal = {.stream = tmpfile(), .columns = 10, .live = true};
        terminal_live(&terminal, cases[c].line);
        assert_printed(&terminal, expected);
    }
}

static void a_coloured_live_line_cannot_leave_its_colour_behind(void **state)
{
    (void)state;
    Terminal terminal = {.stream = tmpfile(), .columns = 5, .live = true, .colour = true};
    terminal_live(&terminal, "\033[31mred and long\033[0m");
    assert_printed(&terminal, "\r\033[31mred \033[0m\033[K");
}

static void the_clock_never_goes_back(void **state)
{
    (void)state;
    double last = clock_seconds();
    assert_true(last >= 0);
    for (int n = 0; n < 10000; n++) {
        double now = clock_seconds();
        assert_true(now >= last);
        last = now;
    }
}

#define PLAIN(test) cmocka_unit_test_setup(test, clear_environment)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLAIN(a_file_is_neither_live_nor_coloured),
        PLAIN(a_terminal_is_live_and_coloured_unless_told_otherwise),
        PLAIN(the_window_counts_more_than_columns),
        PLAIN(a_window_that_is_resized_is_noticed),
        PLAIN(columns_is_used_where_it_makes_sense),
        PLAIN(the_locale_says_whether_there_is_unicode),
        PLAIN(without_a_terminal_only_lines_that_stay_are_printed),
        PLAIN(a_live_line_is_redrawn_in_place),
        PLAIN(a_line_that_stays_clears_the_live_one),
        PLAIN(a_live_line_is_cut_below_the_width),
        PLAIN(a_coloured_live_line_cannot_leave_its_colour_behind),
        PLAIN(the_clock_never_goes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
