/* terminal.c: lines that are redrawn in place, and bars made of characters.
 *
 * Redrawing takes four control sequences (ECMA-48): "\r" goes back to the start of the line,
 * "ESC [ n A" up n rows, "ESC [ K" clears from there to the end of the line, and "ESC [ J" to the
 * end of the screen. The cursor waits in the last line. A line must be shorter than the terminal is
 * wide: one that wraps would be redrawn one row too low each time. For the same reason there must
 * not be more lines than the terminal has rows: the first one would be out of reach. */
#include "base/terminal.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "base/utf8.h"

#define CLEAR_TO_END    "\033[K"
#define CLEAR_ALL_BELOW "\033[J"
#define PLAIN_COLOUR    "\033[0m"

enum { USUAL_COLUMNS = 80, USUAL_ROWS = 24, MOST_COLUMNS = 1000 };

/* --- what the terminal can do --- */

typedef struct Window {
    size_t columns, rows;
} Window;

/* The size that the terminal itself reports; 0 if it is none, or says nothing. */
static Window window_of(FILE *stream)
{
#ifdef TIOCGWINSZ
    struct winsize size;
    if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0)
        return (Window){size.ws_col, size.ws_row};
#else
    (void)stream;
#endif
    return (Window){0};
}

static size_t find_columns(FILE *stream)
{
    size_t columns = window_of(stream).columns;
    const char *variable = getenv("COLUMNS");
    if (columns == 0 && variable != NULL && !text_to_size(variable, &columns))
        columns = 0;
    if (columns == 0)
        return USUAL_COLUMNS;
    return columns < MOST_COLUMNS ? columns : MOST_COLUMNS;
}

static bool is_set(const char *variable)
{
    return variable != NULL && variable[0] != '\0';
}

/* POSIX: the first of these that is set decides about characters, as in "de_DE.UTF-8". */
static bool locale_is_utf8(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t v = 0; v < sizeof variables / sizeof variables[0]; v++) {
        const char *locale = getenv(variables[v]);
        if (!is_set(locale))
            continue;
        for (; *locale != '\0'; locale++)
            if (strncasecmp(locale, "UTF-8", 5) == 0 || strncasecmp(locale, "UTF8", 4) == 0)
                return true;
        return false;
    }
    return false;
}

Terminal terminal_open(FILE *stream)
{
    const char *type = getenv("TERM");
    bool live = isatty(fileno(stream)) && is_set(type) && strcmp(type, "dumb") != 0;
    return (Terminal){
        .stream = stream,
        .live = live,
        .colour = live && !is_set(getenv("NO_COLOR")), /* see no-color.org */
        .unicode = locale_is_utf8(),
        .columns = find_columns(stream),
    };
}

/* --- lines that are redrawn --- */

/* The length of a control sequence "ESC [ ... letter" at the start of a text; 0: there is none. */
static size_t control_length(const char *text)
{
    if (text[0] != '\033' || text[1] != '[')
        return 0;
    size_t length = 2;
    while (text[length] >= 0x20 && text[length] < 0x40)
        length++;
    return text[length] != '\0' ? length + 1 : 0;
}

/* How many bytes of a line fit into so many columns. Each code point takes one column; colours
 * take none. */
static size_t cut_to_columns(const char *line, size_t columns)
{
    size_t length = strlen(line), at = 0;
    while (at < length) {
        size_t control = control_length(line + at);
        if (control == 0 && columns == 0)
            break;
        uint32_t code_point;
        size_t bytes = utf8_decode(line + at, length - at, &code_point);
        if (control == 0)
            columns--;
        at += control > 0 ? control : bytes > 0 ? bytes : 1;
    }
    return at;
}

static void append_line(const Terminal *terminal, const char *line, TextBuffer *out)
{
    text_append(out, line, cut_to_columns(line, terminal->columns > 0 ? terminal->columns - 1 : 0));
    text_append_format(out, "%s", terminal->colour ? PLAIN_COLOUR CLEAR_TO_END : CLEAR_TO_END);
}

/* To the start of the live lines. */
static void append_return(const Terminal *terminal, TextBuffer *out)
{
    text_append(out, "\r", 1);
    if (terminal->live_lines > 1)
        text_append_format(out, "\033[%zuA", terminal->live_lines - 1);
}

/* At once: a terminal that showed the pieces of a redrawing would flicker. */
static void write_out(Terminal *terminal, TextBuffer *out)
{
    if (!out->failed)
        fwrite(out->bytes, 1, out->length, terminal->stream);
    fflush(terminal->stream);
    text_buffer_free(out);
}

void terminal_board(Terminal *terminal, const char *const *lines, size_t count)
{
    if (!terminal->live || (count == 0 && terminal->live_lines == 0))
        return;
    Window window = window_of(terminal->stream); /* it may have been resized */
    if (window.columns > 0)
        terminal->columns = window.columns;
    size_t rows = window.rows > 0 ? window.rows : USUAL_ROWS;
    size_t shown = count < rows ? count : rows;
    TextBuffer out = {0};
    append_return(terminal, &out);
    for (size_t row = 0; row < shown; row++) {
        if (row > 0)
            text_append(&out, "\n", 1);
        append_line(terminal, lines[row + 1 < shown ? row : count - 1], &out);
    }
    if (shown < terminal->live_lines)
        text_append_format(&out, CLEAR_ALL_BELOW);
    if (!out.failed)
        terminal->live_lines = shown;
    write_out(terminal, &out);
}

void terminal_live(Terminal *terminal, const char *line)
{
    terminal_board(terminal, &line, 1);
}

void terminal_line(Terminal *terminal, const char *line)
{
    terminal_printf(terminal, "%s", line);
}

void terminal_printf(Terminal *terminal, const char *format, ...)
{
    terminal_board(terminal, NULL, 0);
    va_list arguments;
    va_start(arguments, format);
    vfprintf(terminal->stream, format, arguments);
    va_end(arguments);
    fputs("\n", terminal->stream);
    fflush(terminal->stream);
}

void terminal_close_line(Terminal *terminal)
{
    if (terminal->live_lines > 0)
        fputs("\n", terminal->stream);
    terminal->live_lines = 0;
    fflush(terminal->stream);
}

/* --- bars made of characters --- */

/* The mean of the finite ones among some values; NaN if there are none. Each is divided before it
 * is added, because the sum of large values may be infinite where their mean is not. */
static double finite_mean(const double *values, size_t count)
{
    size_t finite = 0;
    for (size_t v = 0; v < count; v++)
        finite += isfinite(values[v]) != 0;
    double mean = finite > 0 ? 0 : NAN;
    for (size_t v = 0; v < count; v++)
        if (isfinite(values[v]))
            mean += values[v] / (double)finite;
    return mean;
}

/* The first value of a bar: floor(count * bar / n_bars), without that product, which could
 * overflow. */
static size_t bar_begin(size_t count, size_t bar, size_t n_bars)
{
    return count / n_bars * bar + count % n_bars * bar / n_bars;
}

static double bar_value(const double *values, size_t count, size_t bar, size_t n_bars)
{
    size_t begin = bar_begin(count, bar, n_bars), end = bar_begin(count, bar + 1, n_bars);
    return finite_mean(values + begin, end - begin);
}

/* A bar as text. The levels divide lowest ... highest evenly; halves keep the range finite. */
static size_t draw_bar(char out[UTF8_MAX_BYTES], double value, double lowest, double highest,
                       bool unicode)
{
    if (!isfinite(value))
        return utf8_encode(' ', out);
    double n_steps = unicode ? 7 : 9; /* U+2581 ... U+2588, or 0 ... 9 */
    double range = highest / 2 - lowest / 2;
    uint32_t level = range > 0 ? (uint32_t)(n_steps * ((value / 2 - lowest / 2) / range) + 0.5) : 0;
    return utf8_encode((unicode ? 0x2581u : (uint32_t)'0') + level, out);
}

void sparkline(char *out, size_t size, const double *values, size_t count, size_t columns,
               bool unicode)
{
    if (size == 0)
        return;
    size_t n_bars = count < columns ? count : columns, length = 0;
    double lowest = INFINITY, highest = -INFINITY;
    for (size_t bar = 0; bar < n_bars; bar++) {
        double value = bar_value(values, count, bar, n_bars);
        if (isfinite(value)) {
            lowest = fmin(lowest, value);
            highest = fmax(highest, value);
        }
    }
    for (size_t bar = 0; bar < n_bars; bar++) {
        char character[UTF8_MAX_BYTES];
        double value = bar_value(values, count, bar, n_bars);
        size_t bytes = draw_bar(character, value, lowest, highest, unicode);
        if (length + bytes >= size)
            break;
        memcpy(out + length, character, bytes);
        length += bytes;
    }
    out[length] = '\0';
}

double clock_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}
