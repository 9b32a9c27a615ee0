/* tour.h: the numbers of the guided tour, src/README.md.
 *
 * A small model reads a line of the fables, and one character of it is followed from its number to
 * the loss of what comes next, and back as a gradient. Each chapter prints what it speaks of; the
 * page quotes that, and test_tour.c holds the page against it.
 *
 * The models are files, so that all machines see the same numbers: what training makes of rounding
 * differs from one processor to another after some hundred steps. They were trained by
 *
 *     build/posgpt train --config configs/tour.ini --pos NAME --name tour      its best.safetensors
 */
#ifndef TESTS_TOUR_TOUR_H
#define TESTS_TOUR_TOUR_H

#include <stdio.h>

#include "train/checkpoint.h"
#include "walk.h"

enum { TOUR_CHAPTERS = 12 };

typedef struct TourOptions {
    const char *model; /* whose numbers they are */
    const char *text;  /* T + 1 characters: the last one is what comes next */
    size_t at;         /* which of them is followed */
    size_t shift;      /* where the first one stands */
    size_t head;       /* which head's scores are shown */
} TourOptions;

/* As on the page. */
#define TOUR_MODEL "tests/tour/models/rope.safetensors"
#define TOUR_TEXT  "A gull st" /* data/fables.txt, line 2 */
#define TOUR_AT    5
extern const TourOptions tour_usual;

/* A saved model that has read the line. */
typedef struct Reading {
    SavedModel saved;
    bool open;
    int *tokens, *at;    /* T + 1 tokens, T positions */
    const char *refused; /* why the scheme does not take these positions; NULL: it does */
    Walk walk;
} Reading;

typedef struct Tour {
    TourOptions options;
    Reading main, learned, alibi; /* alibi: the score door, learned: the embedding door */
    Arena arena;
    TextBuffer
        chapters[TOUR_CHAPTERS + 1]; /* 1 ... TOUR_CHAPTERS: lines, with no blank one around */
} Tour;

extern const char *const tour_titles[TOUR_CHAPTERS + 1];

/* Takes the whole tour. A Tour is large and must stay where it is. tour_free also after a
 * failure. */
bool tour_take(Tour *tour, TourOptions options, Error *error);
void tour_free(Tour *tour);

/* The chapters write into their buffers. vectors.c: */
void chapter_vocabulary(Tour *tour, TextBuffer *out);
void chapter_embedding(Tour *tour, TextBuffer *out);
void chapter_door_1(Tour *tour, TextBuffer *out);
void chapter_q_k_v(Tour *tour, TextBuffer *out);
void chapter_door_2(Tour *tour, TextBuffer *out);
/* answers.c: */
void chapter_scores(Tour *tour, TextBuffer *out);
void chapter_door_3(Tour *tour, TextBuffer *out);
void chapter_softmax(Tour *tour, TextBuffer *out);
void chapter_loss(Tour *tour, TextBuffer *out);
/* gradients.c: */
void chapter_top_gradient(Tour *tour, TextBuffer *out);
void chapter_way_back(Tour *tour, TextBuffer *out);
void chapter_step(Tour *tour, TextBuffer *out);

/* --- what they share: tour.c --- */

/* The first of the places that a table by place shows: up to MOST_NUMBERS, the followed one
 * last. */
size_t first_shown(const Tour *tour);

/* The last place before with the same character as the followed one: its twin. It has itself where
 * there is none. */
size_t twin_of_followed(const Tour *tour);

/* "q 5 'l'": what it is, at which position, and of which character. */
const char *named(Tour *tour, const char *what, const Reading *reading, size_t t);

/* "'l'", as it is at this place of the line; or of a token. */
const char *piece_at(Tour *tour, const Reading *reading, size_t t);
const char *piece_of(Tour *tour, const Reading *reading, int token);

/* A line: a name on the left, then numbers with so many decimals. At most MOST_NUMBERS are
 * shown. */
enum { MOST_NUMBERS = 8 };
void put_name(TextBuffer *out, const char *name);
void put_number(TextBuffer *out, double x, int decimals);
void put_row(TextBuffer *out, const char *name, const real *x, size_t n, int decimals);

double dot(const real *a, const real *b, size_t n);
double length_of(const real *x, size_t n);
const real *row_at(const Tensor *x, size_t t);
const real *grad_at(const Sight *sight, size_t t);

/* q.k / sqrt(D) of a query and a key at these places, from these views. */
double score_of(const HeadView *q, const HeadView *k, size_t head, size_t i, size_t j);

/* What the score door adds to them. */
double door_3_of(const Walk *walk, size_t head, size_t i, size_t j);

#endif
