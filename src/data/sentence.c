/* sentence.c: walks along the rules, and says what it meets. */
#include "data/sentence.h"

#include "base/utf8.h"

bool draw_allows(const Item *draw, const Alternative *alternative, const Kept *kept)
{
    for (size_t n = 0; draw->other_than >> n != 0; n++)
        if (draw->other_than >> n & 1 && reads_same(alternative, kept->under[n]))
            return false;
    return true;
}

double draw_weight(const Item *draw, const Kept *kept)
{
    double weight = 0;
    for (const Alternative *a = draw->rule->alternatives; a != NULL; a = a->next)
        if (draw_allows(draw, a, kept))
            weight += a->weight;
    return weight;
}

typedef struct Speaker {
    RandomKey key;
    uint64_t n_draws;
    Kept kept;
    TextBuffer *out;
} Speaker;

static void say_text(Speaker *speaker, const Item *text)
{
    for (size_t c = 0; c < text->length; c++) {
        char bytes[UTF8_MAX_BYTES];
        text_append(speaker->out, bytes, utf8_encode(text->characters[c], bytes));
    }
}

/* A point is thrown on a line that the alternatives share by their weights; where it falls is what
 * is drawn. If rounding lets it fall behind the last one, that one is. */
static const Alternative *draw(Speaker *speaker, const Item *item)
{
    double point =
        random_uniform(speaker->key, speaker->n_draws++) * draw_weight(item, &speaker->kept);
    const Alternative *drawn = NULL;
    for (const Alternative *a = item->rule->alternatives; a != NULL; a = a->next) {
        if (!draw_allows(item, a, &speaker->kept))
            continue;
        drawn = a;
        if (point < a->weight)
            break;
        point -= a->weight;
    }
    return drawn;
}

static void say_row(Speaker *speaker, const Item *first)
{
    for (const Item *item = first; item != NULL; item = item->next) {
        if (item->kind == ITEM_TEXT) {
            say_text(speaker, item);
        } else if (item->kind == ITEM_AGAIN) {
            say_text(speaker, speaker->kept.under[item->name]->forms[item->form]);
        } else {
            const Alternative *drawn = draw(speaker, item);
            if (item->name != NO_NAME)
                speaker->kept.under[item->name] = drawn;
            say_row(speaker, drawn->forms[item->form]);
        }
    }
}

void sentence_append(const Grammar *grammar, RandomKey key, uint64_t number, TextBuffer *out)
{
    Speaker speaker = {.key = random_at(key, number), .out = out};
    const Item sentence = {.kind = ITEM_DRAW, .rule = grammar->start, .name = NO_NAME};
    say_row(&speaker, &sentence);
}

size_t sentences_append(const Grammar *grammar, uint64_t seed, size_t n_characters, TextBuffer *out)
{
    RandomKey key = random_for(random_seed(seed), "sentences");
    size_t count = 0;
    for (uint64_t n = 0; count < n_characters && !out->failed; n++) {
        size_t before = out->length;
        sentence_append(grammar, key, n, out);
        if (!out->failed)
            count += utf8_count(out->bytes + before, out->length - before);
    }
    return count;
}
