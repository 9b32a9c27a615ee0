/* test_terminal_board.c: tests of src/base/terminal.c: several lines that are redrawn together.
 *
 * What counts is what a person sees. So the bytes go through a pseudo terminal to a small
 * screen. */
#define _XOPEN_SOURCE 700 /* posix_openpt and its family; includes POSIX.1-2008 */

#include "support/check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/terminal.h"
#include "support/fixtures.h"
#include "support/screen.h"

/* --- a screen and a terminal in front of it --- */

enum { ROWS = 5, COLUMNS = 12, BELL = 7 };

typedef struct Desk {
    Terminal terminal;
    int near_side;
    Screen screen;
} Desk;

static void set_window(Desk *desk, unsigned short rows, unsigned short columns)
{
    struct winsize window = {.ws_row = rows, .ws_col = columns};
    assert_int_equal(ioctl(desk->near_side, TIOCSWINSZ, &window), 0);
}

/* Without a pseudo terminal there is no desk, and the tests are skipped. */
static int desk_setup(void **state)
{
    Desk *desk = calloc(1, sizeof *desk);
    assert_non_null(desk);
    desk->near_side = posix_openpt(O_RDWR | O_NOCTTY);
    if (desk->near_side < 0) {
        free(desk);
        *state = NULL;
        return 0;
    }
    assert_int_equal(grantpt(desk->near_side), 0);
    assert_int_equal(unlockpt(desk->near_side), 0);
    int far_side = open(ptsname(desk->near_side), O_RDWR | O_NOCTTY);
    assert_true(far_side >= 0);
    set_window(desk, ROWS, COLUMNS);
    assert_int_equal(setenv("TERM", "xterm", 1), 0);
    assert_int_equal(setenv("NO_COLOR", "1", 1), 0);
    desk->terminal = terminal_open(fdopen(far_side, "w"));
    assert_true(desk->terminal.live);
    desk->screen = screen_open(ROWS, COLUMNS);
    *state = desk;
    return 0;
}

static int desk_teardown(void **state)
{
    Desk *desk = *state;
    if (desk == NULL)
        return 0;
    fclose(desk->terminal.stream);
    close(desk->near_side);
    free(desk);
    return 0;
}

/* Shows everything that was written; a bell is sent behind it to mark its end. */
static void look(Desk *desk)
{
    fputc(BELL, desk->terminal.stream);
    fflush(desk->terminal.stream);
    char bytes[4096];
    size_t length = 0;
    do
        assert_int_equal(read(desk->near_side, bytes + length, 1), 1);
    while (bytes[length++] != BELL && length < sizeof bytes);
    bytes[length - 1] = '\0';
    screen_show(&desk->screen, bytes);
}

#define assert_screen(desk, expected)                                                              \
    (look(desk), assert_string_equal(screen_text(&(desk)->screen), expected))

/* The board of these lines. */
#define draw(desk, ...)                                                                            \
    terminal_board(&(desk)->terminal, (const char *const[]){__VA_ARGS__},                          \
                   COUNT_OF(((const char *const[]){__VA_ARGS__})))

#define AT_A_DESK                                                                                  \
    Desk *desk = *state;                                                                           \
    if (desk == NULL)                                                                              \
    skip()

/* --- the board --- */

static void a_board_is_redrawn_in_place(void **state)
{
    AT_A_DESK;
    terminal_line(&desk->terminal, "before");
    for (int n = 0; n < 3; n++) {
        draw(desk, "rope 1.75", "alibi 1.50", "none");
        assert_screen(desk, "before|rope 1.75|alibi 1.50|none|");
        draw(desk, "rope", "alibi 1.5", "none 2");
        assert_screen(desk, "before|rope|alibi 1.5|none 2|");
    }
}

static void the_number_of_lines_may_change(void **state)
{
    AT_A_DESK;
    terminal_line(&desk->terminal, "before");
    draw(desk, "a", "b", "c");
    draw(desk, "long line");
    assert_screen(desk, "before|long line|");
    draw(desk, "a", "b");
    assert_screen(desk, "before|a|b|");
    draw(desk, "d", "e", "f", "g");
    assert_screen(desk, "before|d|e|f|g|");
    terminal_board(&desk->terminal, NULL, 0);
    assert_screen(desk, "before|");
    terminal_board(&desk->terminal, NULL, 0);
    draw(desk, "", "h");
    assert_screen(desk, "before||h|");
}

static void a_printed_line_stands_above_the_board(void **state)
{
    AT_A_DESK;
    draw(desk, "aaaa", "bbbb", "cccc");
    terminal_line(&desk->terminal, "x");
    assert_screen(desk, "x|");
    draw(desk, "a", "b", "c");
    assert_screen(desk, "x|a|b|c|");
    terminal_printf(&desk->terminal, "y = %d", 5);
    draw(desk, "a", "b");
    assert_screen(desk, "x|y = 5|a|b|");
}

static void a_board_and_a_live_line_take_each_others_place(void **state)
{
    AT_A_DESK;
    terminal_live(&desk->terminal, "step 1");
    draw(desk, "a", "b");
    assert_screen(desk, "a|b|");
    terminal_live(&desk->terminal, "step 2");
    assert_screen(desk, "step 2|");
}

static void a_board_that_is_closed_stays(void **state)
{
    AT_A_DESK;
    draw(desk, "a", "b");
    terminal_close_line(&desk->terminal);
    terminal_close_line(&desk->terminal);
    draw(desk, "c", "d");
    terminal_close_line(&desk->terminal);
    terminal_line(&desk->terminal, "end");
    assert_screen(desk, "b|c|d|end|");
}

static void a_board_moves_up_what_stands_above_it_where_it_must(void **state)
{
    AT_A_DESK;
    for (int n = 1; n <= 4; n++)
        terminal_printf(&desk->terminal, "line %d", n);
    for (int n = 0; n < 3; n++) {
        draw(desk, "a", "b");
        assert_screen(desk, "line 2|line 3|line 4|a|b|");
    }
    draw(desk, "c", "d", "e");
    assert_screen(desk, "line 3|line 4|c|d|e|");
    draw(desk, "f");
    assert_screen(desk, "line 3|line 4|f|");
}

static void of_a_board_that_is_too_tall_the_first_lines_and_the_last_are_seen(void **state)
{
    AT_A_DESK;
    terminal_line(&desk->terminal, "before");
    draw(desk, "1", "2", "3", "4", "5");
    assert_screen(desk, "1|2|3|4|5|");
    for (int n = 0; n < 3; n++) {
        draw(desk, "a", "b", "c", "d", "e", "f", "all");
        assert_screen(desk, "a|b|c|d|all|");
    }
    set_window(desk, 3, COLUMNS);
    terminal_line(&desk->terminal, "after");
    draw(desk, "a", "b", "c", "all");
    assert_screen(desk, "after|a|b|all|");
    set_window(desk, 1, COLUMNS);
    draw(desk, "a", "b", "c", "all");
    assert_screen(desk, "after|all|");
}

static void a_window_that_does_not_know_its_height_has_24_rows(void **state)
{
    AT_A_DESK;
    set_window(desk, 0, COLUMNS);
    const char *lines[30];
    for (size_t n = 0; n < COUNT_OF(lines); n++)
        lines[n] = "x";
    terminal_board(&desk->terminal, lines, COUNT_OF(lines));
    assert_int_equal(desk->terminal.live_lines, 24);
}

static void each_line_is_cut_below_the_width(void **state)
{
    AT_A_DESK;
    draw(desk, "12345678901", "123456789012", "1234567890123");
    assert_screen(desk, "12345678901|12345678901|12345678901|");
    set_window(desk, ROWS, 6);
    draw(desk, "12345", "123456", "1234567");
    assert_screen(desk, "12345|12345|12345|");
}

static void a_colour_ends_with_its_line(void **state)
{
    AT_A_DESK;
    desk->terminal.colour = true;
    draw(desk, "\033[31mred and very long\033[0m", "plain \033[1mred", "plain");
    assert_screen(desk, "RED AND VER|plain RED|plain|");
    terminal_line(&desk->terminal, "plain");
    assert_screen(desk, "plain|");
}

static void where_lines_cannot_be_redrawn_there_is_no_board(void **state)
{
    AT_A_DESK;
    desk->terminal.live = false;
    draw(desk, "a", "b");
    terminal_line(&desk->terminal, "x");
    draw(desk, "a", "b");
    terminal_close_line(&desk->terminal);
    assert_screen(desk, "x|");
}

/* A socket for datagrams keeps what is written at once together. */
static void a_redrawing_is_written_at_once(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends), 0);
    assert_int_equal(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
    FILE *stream = fdopen(ends[0], "w");
    assert_int_equal(setvbuf(stream, NULL, _IONBF, 0), 0); /* as stderr is */
    Terminal terminal = {.stream = stream, .live = true, .columns = COLUMNS};
    for (int n = 0; n < 2; n++) {
        terminal_board(&terminal, (const char *const[]){"a", "b", "c"}, 3);
        char bytes[200] = "";
        assert_true(recv(ends[1], bytes, sizeof bytes - 1, 0) > 0);
        assert_contains(bytes, "a");
        assert_contains(bytes, "c");
        assert_int_equal(recv(ends[1], bytes, sizeof bytes, 0), -1);
    }
    fclose(stream);
    close(ends[1]);
}

#define ON_A_SCREEN(test) cmocka_unit_test_setup_teardown(test, desk_setup, desk_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_A_SCREEN(a_board_is_redrawn_in_place),
        ON_A_SCREEN(the_number_of_lines_may_change),
        ON_A_SCREEN(a_printed_line_stands_above_the_board),
        ON_A_SCREEN(a_board_and_a_live_line_take_each_others_place),
        ON_A_SCREEN(a_board_that_is_closed_stays),
        ON_A_SCREEN(a_board_moves_up_what_stands_above_it_where_it_must),
        ON_A_SCREEN(of_a_board_that_is_too_tall_the_first_lines_and_the_last_are_seen),
        ON_A_SCREEN(a_window_that_does_not_know_its_height_has_24_rows),
        ON_A_SCREEN(each_line_is_cut_below_the_width),
        ON_A_SCREEN(a_colour_ends_with_its_line),
        ON_A_SCREEN(where_lines_cannot_be_redrawn_there_is_no_board),
        cmocka_unit_test(a_redrawing_is_written_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
