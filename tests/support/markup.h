/* markup.h: checks a page of HTML without a browser. */
#ifndef TESTS_SUPPORT_MARKUP_H
#define TESTS_SUPPORT_MARKUP_H

#include "support/check.h"

/* Every tag has its end tag in the right place, and its attributes stand in double quotes; every
 * '&' begins an entity; no id is there twice, and whatever refers to one ("#x") finds it; nothing
 * runs, and nothing is asked for from elsewhere. Elements without an end tag are meta and br, and
 * those of a picture that end in "/>". */
#define assert_good_page(html) check_page(html, __FILE__, __LINE__)
void check_page(const char *html, const char *file, int line);

/* The text of the first element `tag` at or after `from`, without tags, and with characters for the
 * entities of html.h; in `text`, cut to its size. Returns where the element ends. */
const char *markup_text(const char *from, const char *tag, char *text, size_t size);

/* How often a piece occurs in a text. */
size_t count_pieces(const char *text, const char *piece);

#endif
