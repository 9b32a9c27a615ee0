/* placement.c: a random choice that comes out sorted.
 *
 * The numbers 0 ... L-1 are gone through once. At p there are L - p left, p among them, of which w
 * are still wanted, and p is taken with probability w / (L - p) (Knuth, The Art of Computer
 * Programming, volume 2, section 3.4.2, algorithm S). The probability of a choice of n numbers is
 * the product over all p of
 *
 *     w / (L - p)              where p is taken:      the numerators are n, n-1, ..., 1
 *     (L - p - w) / (L - p)    where it is left out:  the numerators are L-n, L-n-1, ..., 1
 *
 * and the denominators are L, L-1, ..., 1: n! (L-n)! / L! for each choice.
 */
#include "train/placement.h"

#include <assert.h>

void positions_draw(RandomKey key, size_t among, int *at, size_t count)
{
    assert(count <= among);
    size_t taken = 0;
    for (size_t p = 0; taken < count; p++)
        if (random_below(key, p, among - p) < count - taken)
            at[taken++] = (int)p;
}

Placement placement_of(const Config *config)
{
    return (Placement){.random = config->random_positions,
                       .key = random_for(random_seed(config->seed), "positions after training")};
}

bool placement_check(Placement placement, size_t count, Error *error)
{
    return placement.random == 0 || count <= placement.random ||
           fail_request(error, "%zu tokens: random_positions = %zu has a place for %zu at most",
                        count, placement.random, placement.random);
}

void placement_fill(Placement placement, int *at, size_t count)
{
    if (placement.random > 0)
        positions_draw(random_at(placement.key, count), placement.random, at, count);
    else
        for (size_t t = 0; t < count; t++)
            at[t] = (int)t;
}

bool placement_list(Placement placement, Arena *arena, size_t count, Positions *positions,
                    Error *error)
{
    if (!placement_check(placement, count, error))
        return false;
    int *at = arena_alloc(arena, count, sizeof *at);
    if (!at)
        return fail(error, "out of memory: %zu positions", count);
    placement_fill(placement, at, count);
    *positions = (Positions){at, count};
    return true;
}
