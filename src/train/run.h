/* run.h: a run is a folder.
 *
 *     runs/SCHEME-CORPUS-seed1-3f9a2c41/
 *         config.ini               everything that repeats the run, and what it was made with
 *         metrics.csv              the loss and what goes with it, row by row
 *         checkpoint.safetensors   the model with all that training needs to go on
 *         best.safetensors         the model at its lowest validation loss
 *         samples.txt              text from the model at the end
 *         exam.csv                 instead of that: how well it does its task, length by length
 *         contexts.csv, contexts-by-position.csv    with by_context: the loss by context length
 *         loss.svg, loss.png       the loss curve
 *         result.csv               what came of it, in one row: the last file of a run's end
 *         eval.csv, eval-by-position.csv, .svg, .png    what `posgpt eval --by-position` found
 *         inspect-vectors.csv, .svg, .png, and others   what `posgpt inspect` showed
 *
 * Its default name says the scheme, the corpus, the seed, and eight digits that stand for all other
 * settings and for what the corpus holds, so that another experiment never lands in this folder.
 */
#ifndef TRAIN_RUN_H
#define TRAIN_RUN_H

#include "base/arena.h"
#include "data/corpus.h"
#include "train/config.h"

/* Where the files of a run are. The texts live in the arena that they were made in. */
typedef struct Run {
    const char *name, *folder;
    const char *config, *metrics, *checkpoint, *best, *samples, *exam;
    const char *contexts, *context_positions, *result, *picture, *picture_svg;
    const char *evaluation, *by_position, *by_position_picture;
} Run;

/* Loads the text that a config asks for into the arena, or puts the task in its place. Refuses what
 * cannot be read (see corpus.h), and a text too short for the config's windows. */
bool run_corpus(Arena *arena, const Config *config, Corpus *corpus, Error *error);

/* The run that a config asks for. Refuses a name that is no name of a folder. */
bool run_of_config(Arena *arena, const Config *config, const Corpus *corpus, Run *run,
                   Error *error);

/* Refuses what cannot be the name of a run's folder. The message says what was expected. */
bool run_check_name(const char *name, Error *error);

/* The run in a folder, whatever is in it. */
bool run_in_folder(Arena *arena, const char *folder, Run *run, Error *error);

/* The model file that a person means by a word: a file itself, or the best model of a run, given by
 * its folder or by its name in runs/. */
bool run_model_path(Arena *arena, const char *word, const char **path, Error *error);

/* The folder that a person means by a word: itself, or the one of that name in runs/. */
bool run_folder_path(Arena *arena, const char *word, const char **folder, Error *error);

/* Makes the run's folder if it is not there, and claims it, so that no two processes train in it;
 * then removes files that a killed process left half written. *lock is for folder_unlock (see
 * file.h); the end of this process unlocks it as well. */
bool run_claim(const Run *run, int *lock, Error *error);

/* Is a process at work in its folder, as far as can be told? */
bool run_is_in_use(const Run *run);

/* Gives the run's folder another name to keep it by, which it returns: NAME-old-1 or the first
 * number that is free; NULL where there is no such folder. */
bool run_set_aside(Arena *arena, const Run *run, const char **kept, Error *error);

/* Removes what the end of a run writes, from samples.txt to result.csv. Called before each
 * checkpoint: so whatever of it is there was made of the model in the checkpoint. */
bool run_remove_end(const Run *run, Error *error);

/* Writes config.ini. */
bool run_write_config(const Run *run, const Config *config, const Corpus *corpus, Error *error);

#endif
