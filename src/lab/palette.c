/* palette.c: colours that can be told apart, and read, on white paper and on dark.
 *
 * What makes a colour readable on a paper is the ratio of their luminances, (Y1 + 0.05)/(Y2 + 0.05)
 * with the lighter one above (Web Content Accessibility Guidelines 2.1: 3 and more for lines and
 * large letters). Beside white, Y = 1, and the paper of a dark page, #15181c with Y = 0.009, that
 * leaves the luminances from 0.127 to 0.3.
 *
 * The colours were searched for within that band, by their distances in CIE Lab: the first seven
 * together, to be far apart for eyes without red or green cones as well; then each as far as
 * possible from all before it.
 */
#include "lab/palette.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "pos/pos.h"

/* The schemes of POS_COMPARED come first, then the others as they follow in the registry. The
 * first, which has no position, is a grey. */
static const struct {
    unsigned rgb;
    int dash, point;
} inks[MAX_POS_SCHEMES] = {
    {0x929292, 5, 5},  {0xdc7800, 2, 9},  {0xb9239c, 3, 11}, {0x56a25d, 4, 13}, {0x1c9ae1, 1, 7},
    {0x84611d, 1, 15}, {0x505cde, 2, 5},  {0xb43c60, 1, 9},  {0xfc5454, 2, 11}, {0xc078b4, 3, 13},
    {0x4890fc, 4, 15}, {0x3c786c, 1, 11}, {0x786cb4, 2, 13}, {0xfc3c84, 3, 15}, {0x8454c0, 4, 5},
    {0x9c5448, 5, 7},  {0xb44890, 1, 13}, {0x249c3c, 2, 15}, {0xd860d8, 3, 5},  {0xa86c00, 4, 7},
    {0xf0603c, 5, 9},  {0x0c9cb4, 3, 7},  {0x1878fc, 4, 9},  {0x6c9078, 5, 11}, {0xd82430, 1, 5},
    {0x9c849c, 2, 7},  {0x6c6c30, 3, 9},  {0x3c6cd8, 4, 11}, {0x849c00, 5, 13}, {0x608484, 5, 15},
    {0xcc2478, 4, 5},  {0x7884c0, 5, 7},
};

enum { DASHES = 5, FIRST_POINT = 5, POINTS = 6 };

/* The place of a name in POS_COMPARED; of any other, how many names that has. */
static size_t place_among_compared(const char *name)
{
    size_t place = 0;
    for (const char *at = POS_COMPARED; *at != '\0'; place++) {
        size_t length = strcspn(at, ",");
        if (strlen(name) == length && strncmp(at, name, length) == 0)
            return place;
        at += length + (at[length] == ',');
    }
    return place;
}

/* Which ink a scheme has: one more in the registry takes none from those that are compared. */
static size_t ink_number(size_t scheme)
{
    if (scheme >= pos_scheme_count)
        return scheme;
    size_t others = place_among_compared("");
    size_t number = place_among_compared(pos_schemes[scheme]->name);
    for (size_t s = 0; number >= others && s < scheme; s++)
        number += place_among_compared(pos_schemes[s]->name) == others;
    return number;
}

/* The shades of a colour go from dark to light. As that band is narrow, their hues turn as well,
 * from so many radians on one side of its own to as many on the other. */
#define DARKEST  0.137
#define LIGHTEST 0.288
#define TURN     0.3

/* --- a colour as amounts of red, green and blue light, from 0 to 1 (sRGB, IEC 61966-2-1) --- */

typedef struct Light {
    double channel[3];
} Light;

static double to_light(unsigned byte)
{
    double x = byte / 255.0;
    return x <= 0.04045 ? x / 12.92 : pow((x + 0.055) / 1.055, 2.4);
}

static unsigned to_byte(double light)
{
    double x = light <= 0.0031308 ? 12.92 * light : 1.055 * pow(light, 1 / 2.4) - 0.055;
    return (unsigned)lround(255 * fmin(fmax(x, 0), 1));
}

static Light light_of(unsigned rgb)
{
    return (Light){{to_light(rgb >> 16 & 255), to_light(rgb >> 8 & 255), to_light(rgb & 255)}};
}

static unsigned rgb_of(Light light)
{
    return to_byte(light.channel[0]) << 16 | to_byte(light.channel[1]) << 8 |
           to_byte(light.channel[2]);
}

static double luminance(Light light)
{
    return 0.2126 * light.channel[0] + 0.7152 * light.channel[1] + 0.0722 * light.channel[2];
}

/* The same colour with another luminance: mixed with black to be darker, with white to be lighter.
 * Light adds up, so the shares are exact. */
static Light shade(Light light, double wanted)
{
    double now = luminance(light);
    double white = wanted > now ? (wanted - now) / (1 - now) : 0;
    double share = wanted > now ? 1 - white : wanted / now;
    for (size_t c = 0; c < 3; c++)
        light.channel[c] = share * light.channel[c] + white;
    return light;
}

/* The hue turned by an angle: the rotation of c about the axis of greys, k = (1, 1, 1) / sqrt(3),
 * by Rodrigues' formula
 *
 *     c' = c cos(angle) + (k x c) sin(angle) + k (k . c) (1 - cos(angle))
 *
 * Where that leaves what a screen can show, the nearest amount is taken. */
static Light turn(Light light, double angle)
{
    const double *c = light.channel;
    double grey = (1 - cos(angle)) * (c[0] + c[1] + c[2]) / 3, across = sin(angle) / sqrt(3);
    Light turned;
    for (size_t i = 0; i < 3; i++) {
        double x = cos(angle) * c[i] + across * (c[(i + 2) % 3] - c[(i + 1) % 3]) + grey;
        turned.channel[i] = fmin(fmax(x, 0), 1);
    }
    return turned;
}

/* --- the 256 colours of a terminal: xterm's --- */

static unsigned terminal_rgb(int number)
{
    static const unsigned levels[6] = {0, 95, 135, 175, 215, 255};
    if (number >= 232) /* a ramp of 24 greys */
        return (unsigned)(8 + 10 * (number - 232)) * 0x010101;
    unsigned cell = (unsigned)number - 16; /* of a cube of 6 x 6 x 6 */
    return levels[cell / 36] << 16 | levels[cell / 6 % 6] << 8 | levels[cell % 6];
}

static double squared_distance(unsigned a, unsigned b)
{
    double sum = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
        double difference = (double)(a >> shift & 255) - (double)(b >> shift & 255);
        sum += difference * difference;
    }
    return sum;
}

/* The first 16 are whatever a person has set them to. */
static int nearest_in_terminal(unsigned rgb)
{
    int nearest = 16;
    for (int number = 17; number < 256; number++)
        if (squared_distance(rgb, terminal_rgb(number)) <
            squared_distance(rgb, terminal_rgb(nearest)))
            nearest = number;
    return nearest;
}

Ink palette_ink(size_t scheme, size_t variant, size_t n_variants)
{
    assert(scheme < MAX_POS_SCHEMES && variant < n_variants);
    size_t number = ink_number(scheme);
    unsigned rgb = inks[number].rgb;
    if (n_variants > 1) { /* by equal ratios, which look like equal steps */
        double along = (double)variant / (double)(n_variants - 1);
        Light light = turn(light_of(rgb), TURN * (2 * along - 1));
        rgb = rgb_of(shade(light, DARKEST * pow(LIGHTEST / DARKEST, along)));
    }
    int dash = inks[number].dash - 1, point = (inks[number].point - FIRST_POINT) / 2;
    Ink ink = {.terminal = nearest_in_terminal(rgb),
               .dash = 1 + (dash + (int)(variant % DASHES)) % DASHES,
               .point = FIRST_POINT + 2 * ((point + (int)(variant % POINTS)) % POINTS)};
    snprintf(ink.hex, sizeof ink.hex, "#%06x", rgb & 0xffffff);
    return ink;
}
