/* bad_input.h: tables of what can be wrong, and what the program has to say about it.
 *
 * In words, texts and messages a '@' stands for the bench's folder. What is trained goes to @/out.
 */
#ifndef TESTS_SUPPORT_BAD_INPUT_H
#define TESTS_SUPPORT_BAD_INPUT_H

#include "support/runs.h"

/* Anything here is over in a fraction of a second; a program that waits or trains is ended. */
enum { BAD_INPUT_SECONDS = 60 };

/* The text with the folder in the place of each '@'. */
const char *with_folder(Bench *bench, const char *text);

/* Runs posgpt with these words. True if it ends with this exit code, writes nothing to stdout and
 * one line "posgpt: ..." to stderr, in which each of the pieces stands (up to MAX_PIECES, fewer end
 * with NULL), and leaves no @/out. Otherwise what is wrong is printed under the name `what`. */
enum { MAX_PIECES = 3 };
bool is_refused(Bench *bench, const char *what, const char *words, int code,
                const char *const pieces[MAX_PIECES]);

/* The words that train a tiny run on @/words.txt into @/out; `more` is "" or starts with a '|'. */
const char *tiny_out(Bench *bench, const char *more);

/* Runs them without a gnuplot, as `setting` says (its time and PATH aside). */
Outcome run_tiny_out(Bench *bench, const Setting *setting, const char *more);

/* Leaves a test whose many runs have nothing to do with the type of numbers, where that is
 * double. */
void only_with_float(void);

#endif
