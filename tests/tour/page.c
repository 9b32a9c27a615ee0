/* page.c: the blocks of the page. */
#include "page.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The line after this one, or the end. */
static const char *next_line(const char *line)
{
    const char *end = strchr(line, '\n');
    return end ? end + 1 : line + strlen(line);
}

static bool starts(const char *line, const char *with)
{
    return strncmp(line, with, strlen(with)) == 0;
}

Part page_chapter(const char *page, size_t chapter)
{
    char heading[64];
    snprintf(heading, sizeof heading, "## %zu. %s\n", chapter, tour_titles[chapter]);
    for (const char *line = page; *line != '\0'; line = next_line(line)) {
        if (!starts(line, heading))
            continue;
        const char *end = next_line(line);
        while (*end != '\0' && !starts(end, "## "))
            end = next_line(end);
        return (Part){line, (size_t)(end - line)};
    }
    return (Part){0};
}

Part page_block(Part chapter)
{
    const char *end = chapter.at + chapter.length;
    const char *line = chapter.at;
    while (line && line < end && !starts(line, "```tour\n"))
        line = next_line(line);
    if (!line || line >= end)
        return (Part){0};
    line = next_line(line);
    const char *last = line;
    while (last < end && !starts(last, "```\n"))
        last = next_line(last);
    return last < end ? (Part){line, (size_t)(last - line)} : (Part){0};
}

/* --- comparing --- */

/* "-0.25," as -25 hundredths with a comma behind; false for anything but a decimal number. */
static bool read_decimal(Part word, long *units, size_t *decimals, Part *tail)
{
    size_t at = word.length > 0 && word.at[0] == '-', point = 0;
    long value = 0;
    bool digits = false;
    for (; at < word.length; at++) {
        if (word.at[at] == '.' && point == 0 && digits && at + 1 < word.length &&
            isdigit((unsigned char)word.at[at + 1])) {
            point = at;
        } else if (isdigit((unsigned char)word.at[at]) && value < 100000000) {
            value = 10 * value + (word.at[at] - '0');
            digits = true;
        } else {
            break;
        }
    }
    *units = word.at[0] == '-' ? -value : value;
    *decimals = point > 0 ? at - point - 1 : 0;
    *tail = (Part){word.at + at, word.length - at};
    return point > 0;
}

static bool same_text(Part a, Part b)
{
    return a.length == b.length && memcmp(a.at, b.at, a.length) == 0;
}

/* Two decimal numbers are the same to a unit in the last digit: where one lies between two numbers
 * with so many digits, machines may round to one or the other. */
static bool same_word(Part a, Part b)
{
    long units_a, units_b;
    size_t decimals_a, decimals_b;
    Part tail_a, tail_b;
    if (same_text(a, b))
        return true;
    return a.length > 0 && b.length > 0 && read_decimal(a, &units_a, &decimals_a, &tail_a) &&
           read_decimal(b, &units_b, &decimals_b, &tail_b) && decimals_a == decimals_b &&
           labs(units_a - units_b) <= 1 && same_text(tail_a, tail_b);
}

/* Takes the first word of a line off it. */
static Part take_word(Part *line)
{
    while (line->length > 0 && line->at[0] == ' ')
        line->at++, line->length--;
    Part word = {line->at, 0};
    while (line->length > 0 && line->at[0] != ' ')
        line->at++, line->length--, word.length++;
    return word;
}

static bool same_line(Part a, Part b)
{
    while (a.length > 0 || b.length > 0)
        if (!same_word(take_word(&a), take_word(&b)))
            return false;
    return true;
}

/* Takes the first line of a text off it. */
static Part take_line(Part *text)
{
    const char *newline = text->length > 0 ? memchr(text->at, '\n', text->length) : NULL;
    Part line = {text->at, newline ? (size_t)(newline - text->at) : text->length};
    size_t taken = line.length + (newline ? 1 : 0);
    *text = (Part){text->at + taken, text->length - taken};
    return line;
}

static bool compare_chapter(const char *page, const Tour *tour, size_t c, TextBuffer *report)
{
    Part block = page_block(page_chapter(page, c));
    Part printed = {tour->chapters[c].bytes, tour->chapters[c].length};
    if (!block.at) {
        text_append_format(report, "chapter %zu, \"%s\": the page has no such block\n", c,
                           tour_titles[c]);
        return false;
    }
    for (size_t number = 1; block.length > 0 || printed.length > 0; number++) {
        Part said = take_line(&block), now = take_line(&printed);
        if (same_line(said, now))
            continue;
        text_append_format(report,
                           "chapter %zu, line %zu of the block: the page says\n    %.*s\n"
                           "and the tour prints\n    %.*s\n(make tour UPDATE=1 makes it anew)\n",
                           c, number, (int)said.length, said.at, (int)now.length, now.at);
        return false;
    }
    return true;
}

bool page_agrees(const char *page, const Tour *tour, TextBuffer *report)
{
    bool same = true;
    for (size_t c = 1; c <= TOUR_CHAPTERS; c++)
        same = compare_chapter(page, tour, c, report) && same;
    return same;
}

bool page_update(const char *page, const Tour *tour, TextBuffer *out, Error *error)
{
    const char *at = page;
    for (size_t c = 1; c <= TOUR_CHAPTERS; c++) {
        Part block = page_block(page_chapter(page, c));
        if (!block.at || block.at < at)
            return fail(error, "chapter %zu: expected a heading \"## %zu. %s\" and a block ```tour",
                        c, c, tour_titles[c]);
        text_append(out, at, (size_t)(block.at - at));
        text_append(out, tour->chapters[c].bytes, tour->chapters[c].length);
        at = block.at + block.length;
    }
    text_append(out, at, strlen(at));
    return out->failed ? fail(error, "out of memory: a page") : true;
}
