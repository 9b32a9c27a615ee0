/* page.h: the page of the tour: the blocks in it that the tour prints, the names and the files that
 * it points to.
 *
 * Chapter N is what stands under "## N. TITLE". It has one block between a line "```tour" and the
 * next line "```".
 */
#ifndef TESTS_TOUR_PAGE_H
#define TESTS_TOUR_PAGE_H

#include "base/arena.h"
#include "tour.h"

enum { PAGE_MOST_BYTES = 1 << 20 };

/* A piece of the page. */
typedef struct Part {
    const char *at;
    size_t length;
} Part;

/* From the heading of a chapter to the next heading, and the lines of its block; {NULL} where there
 * is none. */
Part page_chapter(const char *page, size_t chapter);
Part page_block(Part chapter);

/* Is every block what the tour prints, to a unit in the last digit of each number? If not, *report
 * gets the chapter and the line, once as the page and once as the tour has it. */
bool page_agrees(const char *page, const Tour *tour, TextBuffer *report);

/* The page with the blocks of this tour. Refuses one that lacks a chapter. */
bool page_update(const char *page, const Tour *tour, TextBuffer *out, Error *error);

/* Each pointer "`a` and `b` in [`FILE`](FILE)": is every name defined in its file, which stands in
 * `folder`? If not, *report says which; *count is how many names there were. */
bool page_names_are_defined(const char *page, const char *folder, size_t *count,
                            TextBuffer *report);

/* Does each link lead to a file or a folder? *count is how many there were. */
bool page_links_resolve(const char *page, const char *folder, size_t *count, TextBuffer *report);

#endif
