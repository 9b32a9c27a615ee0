/* test_palette.c: tests of src/lab/palette.c: what eyes make of the colours, computed here from the
 * published formulas. */
#include "support/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lab/palette.h"
#include "pos/pos.h"
#include "support/fixtures.h"

enum { SCHEMES = MAX_POS_SCHEMES, MANY_VARIANTS = 8 };

/* --- colours as light, red, green and blue from 0 to 1 --- */

typedef struct Colour {
    double of[3];
} Colour;

static Colour colour_of(const char *hex)
{
    unsigned byte[3];
    Colour colour;
    assert_int_equal(strlen(hex), 7);
    assert_int_equal(sscanf(hex, "#%2x%2x%2x", &byte[0], &byte[1], &byte[2]), 3);
    for (size_t i = 0; i < 3; i++) {
        double x = byte[i] / 255.0;
        colour.of[i] = x <= 0.04045 ? x / 12.92 : pow((x + 0.055) / 1.055, 2.4);
    }
    return colour;
}

/* Web Content Accessibility Guidelines 2.1: relative luminance, contrast ratio. */
static double luminance(Colour c)
{
    return 0.2126 * c.of[0] + 0.7152 * c.of[1] + 0.0722 * c.of[2];
}

static double contrast(const char *a, const char *b)
{
    double x = luminance(colour_of(a)), y = luminance(colour_of(b));
    return (fmax(x, y) + 0.05) / (fmin(x, y) + 0.05);
}

static Colour times(const double matrix[3][3], Colour c)
{
    Colour product;
    for (size_t i = 0; i < 3; i++)
        product.of[i] = matrix[i][0] * c.of[0] + matrix[i][1] * c.of[1] + matrix[i][2] * c.of[2];
    return product;
}

/* What is seen without the cones for red and for green: Machado, Oliveira and Fernandes, "A
 * physiologically-based model for simulation of color vision deficiency" (2009), severity 1.0. */
static const double protanopia[3][3] = {{0.152286, 1.052583, -0.204868},
                                        {0.114503, 0.786281, 0.099216},
                                        {-0.003882, -0.048116, 1.051998}};
static const double deuteranopia[3][3] = {{0.367322, 0.860646, -0.227968},
                                          {0.280085, 0.672501, 0.047413},
                                          {-0.011820, 0.042940, 0.968881}};
static const double all_cones[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};

static Colour seen(const double cones[3][3], Colour c)
{
    c = times(cones, c);
    for (size_t i = 0; i < 3; i++)
        c.of[i] = fmin(fmax(c.of[i], 0), 1);
    return c;
}

/* CIE 1976 L*a*b*, for the white of sRGB (D65). */
static Colour lab(Colour c)
{
    static const double to_xyz[3][3] = {{0.4124564, 0.3575761, 0.1804375},
                                        {0.2126729, 0.7151522, 0.0721750},
                                        {0.0193339, 0.1191920, 0.9503041}};
    static const double white[3] = {0.95047, 1, 1.08883};
    double f[3];
    c = times(to_xyz, c);
    for (size_t i = 0; i < 3; i++) {
        double t = c.of[i] / white[i];
        f[i] = t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116;
    }
    return (Colour){{116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])}};
}

static double distance(const double cones[3][3], Ink a, Ink b)
{
    Colour x = lab(seen(cones, colour_of(a.hex))), y = lab(seen(cones, colour_of(b.hex)));
    return sqrt(pow(x.of[0] - y.of[0], 2) + pow(x.of[1] - y.of[1], 2) + pow(x.of[2] - y.of[2], 2));
}

/* Red is L*a*b* 53.24, 80.09, 67.20, as colour tables have it. */
static void the_formulas_here_are_those_of_the_tables(void **state)
{
    (void)state;
    Colour red = lab(colour_of("#ff0000"));
    assert_close(red.of[0], 53.24, 0.01);
    assert_close(red.of[1], 80.09, 0.01);
    assert_close(red.of[2], 67.20, 0.01);
    assert_close(contrast("#000000", "#ffffff"), 21, 1e-12);
}

/* --- the palette --- */

static void every_colour_can_be_read_on_white_and_on_dark_paper(void **state)
{
    (void)state;
    for (size_t s = 0; s < SCHEMES; s++)
        for (size_t n = 1; n <= MANY_VARIANTS; n++)
            for (size_t v = 0; v < n; v++) {
                Ink ink = palette_ink(s, v, n);
                assert_true(contrast(ink.hex, "#ffffff") >= 3);
                assert_true(contrast(ink.hex, "#15181c") >= 3);
            }
}

/* 5 is twice what is just noticed where two patches touch (2.3: Mahy, Van Eycken and Oosterlinck
 * 1994). Where colours are as near as that, mark and line tell them apart. */
static void all_schemes_have_a_colour_of_their_own(void **state)
{
    (void)state;
    for (size_t a = 0; a < SCHEMES; a++)
        for (size_t b = 0; b < a; b++)
            assert_true(distance(all_cones, palette_ink(a, 0, 1), palette_ink(b, 0, 1)) >= 5);
}

/* The schemes that are compared most: the first four and the default. 20 is more than eight times
 * what is just noticed of touching patches: lines are thin, and lie apart from their names. */
static void the_usual_schemes_are_told_apart_without_red_or_green_cones(void **state)
{
    (void)state;
    size_t rope = 0;
    while (rope < pos_scheme_count && pos_schemes[rope] != pos_find(POS_DEFAULT))
        rope++;
    const size_t usual[] = {0, 1, 2, 3, rope};
    for (size_t i = 0; i < COUNT_OF(usual); i++)
        for (size_t j = 0; j < i; j++) {
            Ink a = palette_ink(usual[i], 0, 1), b = palette_ink(usual[j], 0, 1);
            assert_true(distance(all_cones, a, b) >= 20);
            assert_true(distance(deuteranopia, a, b) >= 20);
            assert_true(distance(protanopia, a, b) >= 20);
            assert_true(a.dash != b.dash && a.point != b.point);
        }
}

static void the_scheme_without_position_is_grey(void **state)
{
    (void)state;
    Ink none = palette_ink(0, 0, 1);
    assert_memory_equal(none.hex + 1, none.hex + 3, 2);
    assert_memory_equal(none.hex + 1, none.hex + 5, 2);
}

/* What is no curve has these inks, which a report replaces on a dark page. */
static void no_colour_is_one_of_the_inks_of_words_and_lines(void **state)
{
    (void)state;
    const char *const fixed[] = {"#222222", "#666666", "#e2e2e2", "#f2f2f2", "#ffffff"};
    for (size_t n = 1; n <= MANY_VARIANTS; n++)
        for (size_t v = 0; v < n; v++)
            for (size_t f = 0; f < COUNT_OF(fixed); f++)
                assert_string_not_equal(palette_ink(0, v, n).hex, fixed[f]);
}

/* Two of them differ in colour, or in line and mark; two that follow each other in both. */
static void arms_of_one_scheme_differ(void **state)
{
    (void)state;
    for (size_t s = 0; s < SCHEMES; s++)
        for (size_t n = 2; n <= MANY_VARIANTS; n++)
            for (size_t v = 1; v < n; v++) {
                Ink ink = palette_ink(s, v, n), before = palette_ink(s, v - 1, n);
                assert_string_not_equal(ink.hex, before.hex);
                assert_true(ink.dash != before.dash && ink.point != before.point);
            }
}

/* From one end of a scheme's shades to the other it is far enough to be seen at a glance; and
 * further where the hue turns by much, which it cannot with a grey. */
static void shades_of_one_scheme_spread(void **state)
{
    (void)state;
    for (size_t s = 0; s < SCHEMES; s++) {
        Ink first = palette_ink(s, 0, 3), last = palette_ink(s, 2, 3);
        assert_true(distance(all_cones, first, last) >= (s == 1 || s == 2 ? 40 : 15));
        assert_true(luminance(colour_of(first.hex)) < luminance(colour_of(last.hex)));
    }
}

static void marks_and_lines_are_those_that_gnuplot_has(void **state)
{
    (void)state;
    for (size_t s = 0; s < SCHEMES; s++)
        for (size_t v = 0; v < 64; v++) {
            Ink ink = palette_ink(s, v, 64);
            assert_in_range(ink.dash, 1, 5);
            assert_in_range(ink.point, 5, 15);
            assert_int_equal(ink.point % 2, 1);
            assert_in_range(ink.terminal, 16, 255);
        }
}

/* xterm's colours: from 16 on a cube with six levels for each of red, green and blue, from 232 on
 * 24 greys. */
static int squared_distance_in_terminal(const char *hex, int number)
{
    static const int level[6] = {0, 95, 135, 175, 215, 255};
    int cell = number - 16, grey = 8 + 10 * (number - 232), sum = 0;
    const int shown[3] = {number >= 232 ? grey : level[cell / 36],
                          number >= 232 ? grey : level[cell / 6 % 6],
                          number >= 232 ? grey : level[cell % 6]};
    for (size_t i = 0; i < 3; i++) {
        unsigned byte;
        assert_int_equal(sscanf(hex + 1 + 2 * i, "%2x", &byte), 1);
        sum += ((int)byte - shown[i]) * ((int)byte - shown[i]);
    }
    return sum;
}

static void a_terminal_shows_the_nearest_colour_that_it_has(void **state)
{
    (void)state;
    for (size_t s = 0; s < SCHEMES; s++)
        for (size_t v = 0; v < 3; v++) {
            Ink ink = palette_ink(s, v, 3);
            int shown = squared_distance_in_terminal(ink.hex, ink.terminal);
            for (int number = 16; number < 256; number++)
                assert_true(squared_distance_in_terminal(ink.hex, number) >= shown);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_formulas_here_are_those_of_the_tables),
        cmocka_unit_test(every_colour_can_be_read_on_white_and_on_dark_paper),
        cmocka_unit_test(all_schemes_have_a_colour_of_their_own),
        cmocka_unit_test(the_usual_schemes_are_told_apart_without_red_or_green_cones),
        cmocka_unit_test(the_scheme_without_position_is_grey),
        cmocka_unit_test(no_colour_is_one_of_the_inks_of_words_and_lines),
        cmocka_unit_test(arms_of_one_scheme_differ),
        cmocka_unit_test(shades_of_one_scheme_spread),
        cmocka_unit_test(marks_and_lines_are_those_that_gnuplot_has),
        cmocka_unit_test(a_terminal_shows_the_nearest_colour_that_it_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
