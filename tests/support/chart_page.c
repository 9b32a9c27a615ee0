/* chart_page.c: characters to places. */
#include "support/chart_page.h"

#include "support/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

Chart chart_page_chart(const ChartSeries *series, size_t n_series)
{
    return (Chart){
        .series = series,
        .n_series = n_series,
        .x_name = "step",
        .y_name = "loss",
        .columns = 80,
        .rows = 24,
    };
}

ChartSeries chart_page_training(double steps[TRAINING_STEPS], double losses[TRAINING_STEPS])
{
    for (size_t i = 0; i < TRAINING_STEPS; i++) {
        steps[i] = (double)i;
        losses[i] = 1.5 + 2.2 * exp(-steps[i] / 4) + 0.5 * exp(-steps[i] / 80);
    }
    return (ChartSeries){"training", "", steps, losses, TRAINING_STEPS};
}

/* --- the text as cells --- */

/* One line, up to its line break; returns where the next begins. */
static const char *read_line(ChartPage *page, const char *at)
{
    size_t row = page->n_rows++, columns = 0, length = 0;
    assert_true(row < PAGE_ROWS);
    char colour[PAGE_COLOUR] = "";
    while (*at != '\n') {
        assert_true(*at != '\0');
        if (*at == '\033') {
            size_t bytes = strcspn(at, "m") + 1;
            assert_true(bytes < PAGE_COLOUR);
            memcpy(colour, at, bytes);
            colour[bytes] = '\0';
            if (strcmp(colour, "\033[0m") == 0)
                colour[0] = '\0';
            at += bytes;
            continue;
        }
        uint32_t code_point;
        size_t bytes = utf8_decode(at, strlen(at), &code_point);
        assert_true(bytes > 0 && code_point >= ' ');
        assert_true(columns < PAGE_COLUMNS);
        strcpy(page->colours[row][columns], colour);
        page->cells[row][columns++] = code_point;
        memcpy(page->text[row] + length, at, bytes);
        length += bytes;
        at += bytes;
    }
    assert_int_equal(colour[0], 0); /* no colour is left behind */
    page->columns[row] = columns;
    page->text[row][length] = '\0';
    return at + 1;
}

static bool is_one_of(uint32_t cell, const uint32_t *some, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (cell == some[i])
            return true;
    return false;
}

/* --- the axes --- */

/* The first row that begins with a corner is the axis of x. */
static void find_plot(ChartPage *page)
{
    const uint32_t corners[] = {'+', 0x2514}, lines[] = {'-', '+', 0x2500, 0x252c};
    for (size_t row = 0; row < page->n_rows; row++) {
        size_t column = 0;
        while (page->cells[row][column] == ' ' && column < page->columns[row])
            column++;
        if (!is_one_of(page->cells[row][column], corners, 2))
            continue;
        page->top = 1;
        page->bottom = row;
        page->left = page->right = column + 1;
        while (is_one_of(page->cells[row][page->right], lines, 4))
            page->right++;
        assert_true(page->right > page->left && row > 1);
        return;
    }
    fail_msg("there is no axis of x");
}

/* Numbers must stand at equal distances, in rows and in value. */
static void read_y_axis(ChartPage *page)
{
    const uint32_t bars[] = {'|', 0x2502}, ticks[] = {'+', 0x2524};
    for (size_t row = page->top; row < page->bottom; row++) {
        uint32_t cell = page->cells[row][page->left - 1];
        if (is_one_of(cell, bars, 2))
            continue;
        assert_true(is_one_of(cell, ticks, 2));
        char *end = NULL;
        double value = strtod(page->text[row], &end);
        assert_true(end > page->text[row] && *end == ' ');
        page->n_y_ticks++;
        if (page->n_y_ticks == 2)
            page->per_row = (page->tick_value - value) / ((double)row - page->tick_row);
        if (page->n_y_ticks >= 2) {
            double expected = page->tick_value - page->per_row * ((double)row - page->tick_row);
            assert_close(value, expected, 1e-9 * (fabs(value) + page->per_row));
            continue;
        }
        page->tick_row = (double)row;
        page->tick_value = value;
    }
    assert_true(page->n_y_ticks >= 2);
    assert_true(page->per_row > 0);
}

void chart_page_read(ChartPage *page, const Chart *chart)
{
    memset(page, 0, sizeof *page);
    for (size_t row = 0; row < PAGE_ROWS; row++)
        for (size_t column = 0; column < PAGE_COLUMNS; column++)
            page->cells[row][column] = ' ';
    TextBuffer out = {0};
    chart_append(&out, chart);
    assert_false(out.failed);
    for (const char *at = out.bytes; *at != '\0';)
        at = read_line(page, at);
    text_buffer_free(&out);
    for (size_t row = 0; row < page->n_rows; row++)
        assert_true(page->columns[row] <=
                    (chart->columns > CHART_MIN_COLUMNS ? chart->columns : CHART_MIN_COLUMNS));
    find_plot(page);
    read_y_axis(page);
}

/* --- what is where --- */

double chart_page_row(const ChartPage *page, double y)
{
    return page->tick_row - (y - page->tick_value) / page->per_row;
}

double chart_page_column(const ChartPage *page, double share)
{
    return (double)page->left + share * (double)(page->right - page->left - 1);
}

/* The numbers of the dots in a Braille character as Unicode counts them: number n is bit n - 1. */
static const int dot_numbers[4][2] = {{1, 4}, {2, 5}, {3, 6}, {7, 8}};

bool chart_page_shows(const ChartPage *page, double row, double column, char mark)
{
    double line = floor(row + 0.5), place = floor(column + 0.5);
    assert_true(line >= 0 && line < PAGE_ROWS && place >= 0 && place < PAGE_COLUMNS);
    uint32_t cell = page->cells[(size_t)line][(size_t)place];
    if (cell < 0x2800 || cell > 0x28ff)
        return cell == (unsigned char)mark;
    size_t down = (size_t)floor((row + 0.5 - line) * 4);
    size_t along = (size_t)floor((column + 0.5 - place) * 2);
    return (cell - 0x2800) >> (dot_numbers[down][along] - 1) & 1;
}

size_t chart_page_marks(const ChartPage *page)
{
    size_t count = 0;
    for (size_t row = page->top; row < page->bottom; row++)
        for (size_t column = page->left; column < page->right; column++)
            count += page->cells[row][column] != ' ';
    return count;
}

size_t chart_page_letters(const ChartPage *page, char letter)
{
    size_t count = 0;
    for (size_t row = page->top; row < page->bottom; row++)
        for (size_t column = page->left; column < page->right; column++)
            count += page->cells[row][column] == (unsigned char)letter;
    return count;
}

size_t chart_page_count(const ChartPage *page, const char *text)
{
    size_t count = 0;
    for (size_t row = 0; row < page->n_rows; row++)
        count += strstr(page->text[row], text) != NULL;
    return count;
}

size_t chart_page_find(const ChartPage *page, const char *text)
{
    for (size_t row = page->n_rows; row-- > 0;)
        if (strstr(page->text[row], text) != NULL)
            return row;
    fail_msg("the chart does not say \"%s\"", text);
    return 0;
}

size_t chart_page_column_of(const ChartPage *page, size_t row, const char *text)
{
    const char *found = strstr(page->text[row], text);
    assert_non_null(found);
    return utf8_count(page->text[row], (size_t)(found - page->text[row]));
}
