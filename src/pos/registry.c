/* registry.c: the list of all schemes, and what can be done with any of them. */
#include "pos/pos.h"

#include <assert.h>
#include <string.h>

/* One row for each scheme: NAME stands for the object pos_NAME at the end of its file.
 *
 * The list is written once, and read three times. SCHEMES(X) is X(none) X(learned) ... X(xpos), and
 * X is a macro that makes of each name a declaration, an address, or a string. */
#define SCHEMES(ROW)                                                                               \
    ROW(none)                                                                                      \
    ROW(learned)                                                                                   \
    ROW(sinusoidal)                                                                                \
    ROW(relative)                                                                                  \
    ROW(t5)                                                                                        \
    ROW(alibi)                                                                                     \
    ROW(shaw)                                                                                      \
    ROW(kerple)                                                                                    \
    ROW(fire)                                                                                      \
    ROW(cope)                                                                                      \
    ROW(rope)                                                                                      \
    ROW(xpos)

#define DECLARE(name) extern const PosScheme pos_##name;
#define ADDRESS(name) &pos_##name,
#define NAME(name)    #name,

SCHEMES(DECLARE)
const PosScheme *const pos_schemes[] = {SCHEMES(ADDRESS)};
const size_t pos_scheme_count = sizeof pos_schemes / sizeof *pos_schemes;
const char *const pos_names[] = {SCHEMES(NAME) NULL};

_Static_assert(sizeof pos_schemes / sizeof *pos_schemes <= MAX_POS_SCHEMES,
               "MAX_POS_SCHEMES is too small");

const PosScheme *pos_find(const char *name)
{
    for (size_t i = 0; i < pos_scheme_count; i++)
        if (strcmp(pos_schemes[i]->name, name) == 0)
            return pos_schemes[i];
    return NULL;
}

size_t pos_index(const PosScheme *scheme)
{
    size_t index = 0;
    while (index < pos_scheme_count && pos_schemes[index] != scheme)
        index++;
    return index;
}

/* --- options --- */

bool pos_options_add(PosOptions *options, Settings *settings, Error *error)
{
    for (size_t i = 0; i < pos_scheme_count; i++) {
        const PosScheme *scheme = pos_schemes[i];
        options->of[i] = NULL;
        if (scheme->n_keys == 0)
            continue;
        options->of[i] = arena_alloc(&settings->arena, 1, scheme->options_size);
        KeyTable table = {text_format(&settings->arena, "pos = %s", scheme->name), scheme->keys,
                          scheme->n_keys, options->of[i]};
        if (!table.title || !table.values)
            return fail(error, "out of memory: options of %s", scheme->name);
        if (!settings_add(settings, table, error))
            return false;
    }
    return true;
}

/* Copies the scheme's keys that may change after training; NULL for lack of memory. */
static ConfigKey *keys_after_training(Arena *arena, const PosScheme *scheme, size_t *count)
{
    ConfigKey *keys = arena_alloc(arena, scheme->n_keys, sizeof *keys);
    *count = 0;
    for (size_t k = 0; keys && k < scheme->n_keys; k++)
        if (scheme->keys[k].after_training)
            keys[(*count)++] = scheme->keys[k];
    return keys;
}

bool pos_options_add_after_training(Settings *settings, Error *error)
{
    Arena *arena = &settings->arena;
    for (size_t i = 0; i < pos_scheme_count; i++) {
        const PosScheme *scheme = pos_schemes[i];
        if (scheme->n_keys == 0)
            continue;
        KeyTable table = {
            .title = text_format(
                arena, "If given, in place of what a run was trained with, pos = %s", scheme->name),
            .values = arena_alloc(arena, 1, scheme->options_size)};
        table.keys = keys_after_training(arena, scheme, &table.n_keys);
        if (!table.title || !table.keys || !table.values)
            return fail(error, "out of memory: options of %s", scheme->name);
        if (table.n_keys > 0 && !settings_add(settings, table, error))
            return false;
    }
    return true;
}

const void *pos_options_of(const PosOptions *options, const PosScheme *scheme)
{
    size_t index = pos_index(scheme);
    return index < pos_scheme_count ? options->of[index] : NULL;
}

/* --- a scheme in a model --- */

bool pos_init(Pos *pos, const PosScheme *scheme, const PosShape *shape, const void *options,
              ParamList *params, Error *error)
{
    assert(options || scheme->n_keys == 0);
    *pos = (Pos){.scheme = scheme, .shape = *shape, .options = options};
    if (scheme->causal_only && !shape->causal)
        return fail_request(error,
                            "causal = no: pos = %s has no position for what stands behind a "
                            "token: expected causal = yes",
                            scheme->name);
    return !scheme->init || scheme->init(pos, params, error);
}

void pos_free(Pos *pos)
{
    arena_free(&pos->arena);
    *pos = (Pos){0};
}

bool positions_from_0(Arena *arena, size_t count, Positions *positions, Error *error)
{
    int *at = arena_alloc(arena, count, sizeof *at);
    if (!at)
        return fail(error, "out of memory: %zu positions", count);
    for (size_t t = 0; t < count; t++)
        at[t] = (int)t;
    *positions = (Positions){at, count};
    return true;
}

bool pos_check(const Pos *pos, Positions positions, Error *error)
{
    size_t max_length = pos->scheme->max_length ? pos->scheme->max_length(pos) : 0;
    if (max_length == 0)
        return true;
    for (size_t t = 0; t < positions.count; t++)
        if ((size_t)positions.at[t] >= max_length)
            return fail_request(error, "position %d: pos = %s was made for %zu positions, 0 to %zu",
                                positions.at[t], pos->scheme->name, max_length, max_length - 1);
    return true;
}

bool pos_lasts(const Pos *pos, size_t length)
{
    size_t lasting = pos->scheme->lasting_length ? pos->scheme->lasting_length(pos) : 0;
    return lasting == 0 || length <= lasting;
}

/* The number of the name has a bit for each door: 1, 2 and 4. */
const char *pos_doors(const PosScheme *scheme)
{
    const char *const names[] = {"no door",
                                 "embedding door",
                                 "query-key door",
                                 "embedding and query-key doors",
                                 "score door",
                                 "embedding and score doors",
                                 "query-key and score doors",
                                 "all three doors"};
    return names[(scheme->at_embedding != NULL) + 2 * (scheme->at_query_key != NULL) +
                 4 * (scheme->at_scores != NULL)];
}
