/* language.c: plain loops over all sentences. */
#include "support/language.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void language_add(Language *language, double probability, const char *format, ...)
{
    assert_true(language->count < MOST_SENTENCES);
    Sentence *sentence = &language->sentences[language->count++];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(sentence->text, LONGEST_SENTENCE, format, arguments);
    va_end(arguments);
    assert_in_range(length, 1, LONGEST_SENTENCE - 1);
    sentence->probability = probability;
}

/* The first sentence is one of the list, and the rest of the text follows it. */
double language_begins(const Language *language, const char *text, size_t length)
{
    double *from = calloc(length + 1, sizeof *from); /* the same for the text from i on */
    assert_non_null(from);
    from[length] = 1;
    for (size_t i = length; i-- > 0;)
        for (size_t s = 0; s < language->count; s++) {
            const Sentence *sentence = &language->sentences[s];
            size_t whole = strlen(sentence->text), left = length - i;
            size_t common = whole < left ? whole : left;
            if (strncmp(sentence->text, text + i, common) == 0)
                from[i] += sentence->probability * from[i + common];
        }
    double result = from[0];
    free(from);
    return result;
}

/* The place is in a sentence in proportion to its probability, and at each of its characters
 * alike. */
double language_goes_on(const Language *language, const char *text, size_t length)
{
    double sum = 0, mean_length = 0;
    for (size_t s = 0; s < language->count; s++) {
        const Sentence *sentence = &language->sentences[s];
        size_t whole = strlen(sentence->text);
        mean_length += sentence->probability * (double)whole;
        for (size_t at = 0; at < whole; at++) {
            size_t common = whole - at < length ? whole - at : length;
            if (strncmp(sentence->text + at, text, common) == 0)
                sum += sentence->probability *
                       language_begins(language, text + common, length - common);
        }
    }
    return sum / mean_length;
}

/* --- the order-blind reader --- */

static int compare_words(const void *a, const void *b)
{
    return strcmp(a, b);
}

static bool is_ascii_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* What such a reader knows behind the first `length` characters of a sentence: its words in
 * alphabetical order, each in brackets, but the one in progress last. */
static void describe_bag(const char *sentence, size_t length, char out[4 * LONGEST_SENTENCE])
{
    char words[LONGEST_SENTENCE][LONGEST_SENTENCE] = {{0}};
    size_t count = 0;
    for (size_t i = 0; i < length; i++) {
        bool goes_on_with =
            i > 0 && is_ascii_letter(sentence[i - 1]) && is_ascii_letter(sentence[i]);
        count += !goes_on_with;
        char *word = words[count - 1];
        word[strlen(word)] = sentence[i];
    }
    bool in_progress = length > 0 && is_ascii_letter(sentence[length - 1]);
    qsort(words, count - in_progress, sizeof *words, compare_words);
    out[0] = '\0';
    for (size_t w = 0; w < count; w++) {
        strcat(out, w + 1 == count && in_progress ? "<" : "[");
        strcat(out, words[w]);
        strcat(out, "]");
    }
}

/* Each place of each sentence is looked at. */
double language_order_blind_loss(const Language *language, const char *sentence, size_t length)
{
    char asked[4 * LONGEST_SENTENCE], found[4 * LONGEST_SENTENCE];
    double all = 0, same = 0;
    describe_bag(sentence, length, asked);
    for (size_t s = 0; s < language->count; s++)
        for (size_t at = 0; language->sentences[s].text[at] != '\0'; at++) {
            const Sentence *other = &language->sentences[s];
            describe_bag(other->text, at, found);
            if (strcmp(found, asked) != 0)
                continue;
            all += other->probability;
            same += other->text[at] == sentence[length] ? other->probability : 0;
        }
    return -log(same / all);
}
