/* automaton_build.c: builds the machine from the end of the sentence to its beginning.
 *
 * What can come next, at a point within a sentence, depends on three things:
 *
 *     item     what is due now. The rest of its row follows from it (Item.next)
 *     rest     what is due when that row is done: the items behind the one that led into it, then
 *              those behind the one that led there, and so on; 0: nothing
 *     kept     the choices that are kept and still needed
 *
 * Take sentence = who " ran.\n" and who = "the " animal | "he". In front of the "the " that text is
 * the item, and the rest is " ran.\n". follow() turns the three into the fork that stands there:
 *
 *     a text       the fork of what follows it, and in front of that a state for each character,
 *                  made from the last to the first
 *     a choice     for each alternative the fork of its items and all that follows; these forks,
 *                  each times the probability of its alternative, are one fork
 *     nothing      the fork whose only arc leads to the end of the sentence
 *
 * Everything is interned (base/intern.h), so it exists once: a point that is reached in two ways is
 * followed once; two forks with the same arcs are one; two states that write the same character and
 * go on with the same fork are one. As a state is made after what it leads to, arcs lead to lower
 * numbers. The recursion is as deep as a sentence is long, which is at most MAX_SENTENCE. */
#include "data/automaton_build.h"

#include <stdlib.h>
#include <string.h>

#include "data/sentence.h"

enum {
    POINTS_PER_STATE = 4, /* limits, in units of max_states, before the work gets out of hand */
    WORK_PER_STATE = 64,
};

/* A part of a fork that is being put together: all of another fork, times a probability. */
typedef struct Part {
    double probability;
    uint32_t fork;
} Part;

/* This item and those behind it in its row, and then another rest. (An address as a number:
 * interned structs have no padding.) */
typedef struct Rest {
    uintptr_t item, rest;
} Rest;

/* Gives up in time: a small grammar can describe a machine of any size. */
static void count_work(Builder *builder, size_t amount)
{
    size_t limit = builder->max_states;
    builder->work += amount;
    builder->too_large = builder->too_large || builder->states.count > limit ||
                         builder->points.count / POINTS_PER_STATE > limit ||
                         builder->work / WORK_PER_STATE > limit;
}

bool builder_has_failed(const Builder *builder)
{
    return builder->states.failed || builder->forks.failed || builder->points.failed ||
           builder->rests.failed || builder->point_forks.failed || builder->rest_needs.failed ||
           builder->parts.failed || builder->arcs.failed;
}

static bool must_stop(const Builder *builder)
{
    return builder->too_large || builder_has_failed(builder);
}

/* --- forks --- */

Fork builder_fork(const Builder *builder, uint32_t number)
{
    size_t bytes;
    const Arc *arcs = intern_bytes(&builder->forks, number, &bytes);
    return (Fork){arcs, bytes / sizeof *arcs};
}

/* The fork whose only arc leads to the state that writes this character and goes on with this fork;
 * the state is made if there is none. */
static uint32_t fork_to(Builder *builder, uint32_t character, uint32_t fork)
{
    State state = {character, fork};
    Arc arc = {1, intern(&builder->states, &state, sizeof state, NULL)};
    count_work(builder, 1);
    return intern(&builder->forks, &arc, sizeof arc, NULL);
}

/* By state; equal states by probability, so that the sum of equals is the same on any machine. */
static int compare_arcs(const void *a, const void *b)
{
    const Arc *x = a, *y = b;
    if (x->state != y->state)
        return x->state < y->state ? -1 : 1;
    return (x->probability > y->probability) - (x->probability < y->probability);
}

/* Adds up the probabilities of arcs to the same state, and returns how many arcs are left. */
static size_t merge_arcs(Arc *arcs, size_t count)
{
    qsort(arcs, count, sizeof *arcs, compare_arcs);
    size_t last = 0;
    for (size_t a = 1; a < count; a++)
        if (arcs[a].state == arcs[last].state)
            arcs[last].probability += arcs[a].probability;
        else
            arcs[++last] = arcs[a];
    return last + 1;
}

/* Takes the parts above `base` from the stack and makes one fork of them. */
static uint32_t join_parts(Builder *builder, size_t base)
{
    builder->arcs.length = 0;
    for (size_t at = base; at < builder->parts.length; at += sizeof(Part)) {
        Part part;
        memcpy(&part, builder->parts.bytes + at, sizeof part);
        Fork fork = builder_fork(builder, part.fork);
        count_work(builder, fork.count);
        for (size_t a = 0; a < fork.count && !must_stop(builder); a++) {
            Arc arc = {part.probability * fork.arcs[a].probability, fork.arcs[a].state};
            text_append(&builder->arcs, (const char *)&arc, sizeof arc);
        }
    }
    builder->parts.length = base;
    if (must_stop(builder))
        return 0;
    Arc *arcs = (Arc *)(void *)builder->arcs.bytes;
    size_t count = merge_arcs(arcs, builder->arcs.length / sizeof *arcs);
    return intern(&builder->forks, arcs, count * sizeof *arcs, NULL);
}

/* --- from items to forks --- */

static uint32_t follow(Builder *builder, const Item *item, uint32_t rest, const Kept *kept);

static NameSet needs_of_rest(const Builder *builder, uint32_t rest)
{
    NameSet needs;
    memcpy(&needs, builder->rest_needs.bytes + rest * sizeof needs, sizeof needs);
    return needs;
}

/* The names that are needed from here on: those that the items from this one on need, and those
 * that the rest needs and these items do not give anew. */
static NameSet needs_of(const Builder *builder, const Item *item, uint32_t rest)
{
    NameUse use = row_names(item);
    return use.needed | (needs_of_rest(builder, rest) & ~use.given);
}

/* The rest that begins with `item`; where the row has no more items, it is the rest behind it. */
static uint32_t push_rest(Builder *builder, const Item *item, uint32_t rest)
{
    if (item == NULL)
        return rest;
    Rest key = {(uintptr_t)item, rest};
    bool is_new;
    uint32_t number = intern(&builder->rests, &key, sizeof key, &is_new);
    if (is_new) {
        NameSet needs = needs_of(builder, item, rest);
        text_append(&builder->rest_needs, (const char *)&needs, sizeof needs);
    }
    return number;
}

/* A text in front of a fork. */
static uint32_t say(Builder *builder, const Item *text, uint32_t fork)
{
    for (size_t c = text->length; c > 0 && !must_stop(builder); c--)
        fork = fork_to(builder, text->characters[c - 1], fork);
    return fork;
}

/* An alternative that was drawn, and what follows it. Of a list it is one text, which may be kept;
 * otherwise a row of its own, behind which the row of the draw goes on. */
static uint32_t follow_drawn(Builder *builder, const Item *item, const Alternative *drawn,
                             uint32_t rest, const Kept *kept)
{
    const Item *first = drawn->forms[item->form];
    if (!item->rule->is_list)
        return follow(builder, first, push_rest(builder, item->next, rest), kept);
    Kept now = *kept;
    if (item->name != NO_NAME)
        now.under[item->name] = drawn;
    return say(builder, first, follow(builder, item->next, rest, &now));
}

static uint32_t follow_draw(Builder *builder, const Item *item, uint32_t rest, const Kept *kept)
{
    size_t base = builder->parts.length; /* below it stand the parts of choices under way */
    double sum = draw_weight(item, kept);
    for (const Alternative *a = item->rule->alternatives; a != NULL && !must_stop(builder);
         a = a->next) {
        if (!draw_allows(item, a, kept))
            continue;
        Part part = {a->weight / sum, follow_drawn(builder, item, a, rest, kept)};
        text_append(&builder->parts, (const char *)&part, sizeof part);
    }
    return must_stop(builder) ? 0 : join_parts(builder, base);
}

static uint32_t follow_item(Builder *builder, const Item *item, uint32_t rest, const Kept *kept)
{
    if (item->kind == ITEM_DRAW)
        return follow_draw(builder, item, rest, kept);
    const Item *text = item->kind == ITEM_TEXT ? item : kept->under[item->name]->forms[item->form];
    return say(builder, text, follow(builder, item->next, rest, kept));
}

/* The number of a point: the item, the rest, and what is kept under the names that are needed. */
static uint32_t find_point(Builder *builder, const Item *item, uint32_t rest, const Kept *kept,
                           bool *is_new)
{
    uintptr_t key[2 + MAX_NAMES] = {(uintptr_t)item, rest};
    size_t length = 2;
    NameSet needs = needs_of(builder, item, rest);
    for (size_t n = 0; n < MAX_NAMES; n++)
        if (needs >> n & 1)
            key[length++] = (uintptr_t)kept->under[n];
    return intern(&builder->points, key, length * sizeof *key, is_new);
}

/* The row is done: the rest goes on, or the sentence ends. */
static uint32_t follow_rest(Builder *builder, uint32_t rest, const Kept *kept)
{
    if (rest == 0) {
        Arc end = {1, SENTENCE_END};
        return intern(&builder->forks, &end, sizeof end, NULL);
    }
    size_t bytes;
    Rest next = *(const Rest *)intern_bytes(&builder->rests, rest, &bytes);
    return follow(builder, (const Item *)next.item, (uint32_t)next.rest, kept);
}

static uint32_t follow(Builder *builder, const Item *item, uint32_t rest, const Kept *kept)
{
    if (must_stop(builder))
        return 0;
    if (item == NULL)
        return follow_rest(builder, rest, kept);
    bool is_new;
    uint32_t fork = 0, number = find_point(builder, item, rest, kept, &is_new);
    if (must_stop(builder))
        return 0;
    if (!is_new) {
        memcpy(&fork, builder->point_forks.bytes + number * sizeof fork, sizeof fork);
        return fork;
    }
    /* its place, before those of the points that it leads to */
    text_append(&builder->point_forks, (const char *)&fork, sizeof fork);
    count_work(builder, 1);
    fork = follow_item(builder, item, rest, kept);
    if (!must_stop(builder))
        memcpy(builder->point_forks.bytes + number * sizeof fork, &fork, sizeof fork);
    return fork;
}

uint32_t builder_run(Builder *builder, const Grammar *grammar)
{
    static const State end = {0, 0};
    static const Rest nothing = {0, 0};
    static const NameSet no_needs = 0;
    const Item sentence = {.kind = ITEM_DRAW, .rule = grammar->start, .name = NO_NAME};
    Kept kept = {{NULL}};
    intern(&builder->states, &end, sizeof end, NULL); /* number 0, and so for the rest */
    intern(&builder->rests, &nothing, sizeof nothing, NULL);
    text_append(&builder->rest_needs, (const char *)&no_needs, sizeof no_needs);
    return follow(builder, &sentence, 0, &kept);
}

void builder_free(Builder *builder)
{
    intern_free(&builder->states);
    intern_free(&builder->forks);
    intern_free(&builder->points);
    intern_free(&builder->rests);
    text_buffer_free(&builder->point_forks);
    text_buffer_free(&builder->rest_needs);
    text_buffer_free(&builder->parts);
    text_buffer_free(&builder->arcs);
}
