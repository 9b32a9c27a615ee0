/* main.c: make tour: prints the numbers of the guided tour, or puts them into its page.
 *
 *     tour                      all chapters
 *     tour --chapter 5          one
 *     tour --shift 5            the line stands 5 positions further on
 *     tour --update src/README.md
 *
 * Exit codes as in src/cli/main.c. */
#include <stdio.h>

#include "base/file.h"
#include "cli/args.h"
#include "cli/help.h"
#include "page.h"
#include "tour.h"

typedef struct Wish {
    TourOptions tour;
    size_t chapter;     /* 0: all */
    const char *update; /* a page; "": none */
} Wish;

#define AT(field)    offsetof(Wish, field)
#define TEXT_OF(...) #__VA_ARGS__
#define VALUE(macro) TEXT_OF(macro)

/* clang-format off */
static const ConfigKey wish_keys[] = {
    {.name = "chapter", .type = KEY_SIZE, .offset = AT(chapter), .value = "0",
     .max = TOUR_CHAPTERS, .help = "one chapter alone; 0: all"},
    {.name = "text", .type = KEY_TEXT, .offset = AT(tour.text), .value = TOUR_TEXT,
     .help = "the line that is read"},
    {.name = "at", .type = KEY_SIZE, .offset = AT(tour.at), .value = VALUE(TOUR_AT), .max = 1000000,
     .help = "which of its characters is followed, from 0 on"},
    {.name = "shift", .type = KEY_SIZE, .offset = AT(tour.shift), .value = "0", .max = 1000000,
     .help = "the position at which the line begins"},
    {.name = "head", .type = KEY_SIZE, .offset = AT(tour.head), .value = "0", .max = 1024,
     .help = "whose scores are shown"},
    {.name = "model", .type = KEY_TEXT, .offset = AT(tour.model), .value = TOUR_MODEL,
     .help = "a file of a trained model: runs/NAME/best.safetensors"},
    {.name = "update", .type = KEY_TEXT, .offset = AT(update), .value = "",
     .help = "a page whose blocks are made anew"},
};
/* clang-format on */

static KeyTable table_of(Wish *wish)
{
    return (KeyTable){"The tour", wish_keys, sizeof wish_keys / sizeof *wish_keys, wish};
}

static void print_chapters(const Tour *tour, size_t only)
{
    for (size_t c = 1; c <= TOUR_CHAPTERS; c++)
        if (only == 0 || only == c)
            printf("%s%zu. %s\n\n%s", only == 0 && c > 1 ? "\n" : "", c, tour_titles[c],
                   tour->chapters[c].bytes);
}

static bool update(const Tour *tour, const char *path, Error *error)
{
    Arena arena = {0};
    FileBytes page;
    TextBuffer out = {0};
    bool ok = file_read(&arena, path, PAGE_MOST_BYTES, &page, error) &&
              (page_update(page.bytes, tour, &out, error) || fail_within(error, "%s", path)) &&
              file_write(path, out.bytes, out.length, error);
    text_buffer_free(&out);
    arena_free(&arena);
    return ok;
}

static bool take(const Wish *wish, Error *error)
{
    static Tour tour;                        /* large */
    bool updating = wish->update[0] != '\0'; /* the page shows the usual one */
    bool ok = tour_take(&tour, updating ? tour_usual : wish->tour, error);
    if (ok && updating)
        ok = update(&tour, wish->update, error);
    else if (ok)
        print_chapters(&tour, wish->chapter);
    tour_free(&tour);
    return ok;
}

static bool run(Arena *arena, Settings *settings, int argc, char *argv[], Error *error)
{
    static const char *const switches[] = {"help", NULL};
    Wish wish = {0};
    Args args;
    if (!args_parse(arena, argc - 1, argv + 1, switches, &args, error) ||
        !args_expect(&args, 0, 0, "flags only", error) ||
        !settings_add(settings, table_of(&wish), error))
        return false;
    if (args_has(&args, "help")) {
        KeyTable table = table_of(&wish);
        help_table(&table);
        return true;
    }
    return args_apply(&args, settings, NULL, error) && take(&wish, error);
}

int main(int argc, char *argv[])
{
    Arena arena = {0};
    Settings settings = {0};
    Error error = {0};
    bool ok = run(&arena, &settings, argc, argv, &error);
    settings_free(&settings);
    arena_free(&arena);
    if (!ok)
        fprintf(stderr, "tour: %s\n", error.text);
    return ok ? 0 : (int)error.kind;
}
