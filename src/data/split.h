/* split.h: where a text comes apart into words.
 *
 * The pieces of a text, one behind the other, are the text: nothing is lost. A piece is
 *
 *     a word, with one space before it if there is one:  "The" " fox" " doesn't"
 *     any other character, alone:                        "," "\n" "7" " " (where no word follows)
 *
 * as in GPT-2 (Radford et al. 2019, section 2.2), but simpler. A word is a longest run of letters,
 * and of apostrophes (' and U+2019) that stand between two letters. A letter is one of ASCII, or a
 * character beyond ASCII that is no white space, punctuation, symbol or emoji (split.c has the
 * list): so accents, vowel signs and digits of other scripts are letters. A script that puts no
 * spaces between its words has long ones.
 */
#ifndef DATA_SPLIT_H
#define DATA_SPLIT_H

#include <stddef.h>

/* How many bytes the first piece of a text of length > 0 has; 0 where it does not start with UTF-8.
 */
size_t split_piece(const char *text, size_t length);

#endif
