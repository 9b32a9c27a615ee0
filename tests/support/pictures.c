/* pictures.c: reads pictures as files. */
#include "support/pictures.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/spawn.h"
#include "lab/palette.h"
#include "support/comparison_case.h"
#include "support/fixtures.h"

void skip_without_gnuplot(void)
{
    char *const arguments[] = {"gnuplot", "--version", NULL};
    bool missing = false;
    int status = 0;
    assert_true(spawn_wait(arguments, NULL, NULL, &missing, &status, NULL));
    if (missing)
        skip();
}

const char *svg_of(Place *place, const char *picture)
{
    return place_read(place, text_format(&place->arena, "%s.svg", picture));
}

bool picture_is_there(Place *place, const char *picture, const char *ending)
{
    return file_exists(place_path(place, text_format(&place->arena, "%s.%s", picture, ending)));
}

/* They stand as four bytes each from byte 16 on. */
void check_png(Place *place, const char *picture)
{
    static const unsigned char size[8] = {0, 0, 1280 >> 8, 1280 & 255, 0, 0, 800 >> 8, 800 & 255};
    FileBytes file;
    const char *path = place_path(place, text_format(&place->arena, "%s.png", picture));
    assert_true(file_read(&place->arena, path, 1 << 24, &file, NULL));
    assert_true(file.length > 1000);
    assert_memory_equal(file.bytes, "\211PNG\r\n\032\n", 8);
    assert_memory_equal(file.bytes + 16, size, sizeof size);
}

void check_greys(const char *text)
{
    unsigned none;
    assert_int_equal(sscanf(palette_ink(0, 0, 1).hex, "#%2x", &none), 1);
    const unsigned known[] = {0x22, 0x66, 0xe2, 0xf2, 0xff, none};
    size_t seen = 0;
    for (; (text = strstr(text, "rgb(")) != NULL; text++) {
        unsigned red, green, blue;
        assert_int_equal(sscanf(text, "rgb( %u , %u , %u", &red, &green, &blue), 3);
        bool is_known = red != green || green != blue;
        for (size_t k = 0; k < COUNT_OF(known); k++)
            is_known = is_known || red == known[k];
        assert_true(is_known);
        seen++;
    }
    assert_true(seen > 10);
}
