/* exam.h: how well a model does a task, length by length.
 *
 * A task (see data/task.h) is learned on sequences of some lengths and examined on others too: the
 * same length shows what was learned, a longer one whether it goes on. A sequence counts as done
 * only if all its answers are right ("exact match"). The sequences of an exam depend on the task
 * alone, so all models are asked the same questions. They are drawn apart from those of training;
 * where a task has few (short ones, or `who`), training has met them all the same.
 */
#ifndef TRAIN_EXAM_H
#define TRAIN_EXAM_H

#include "data/task.h"
#include "model/gpt.h"
#include "train/placement.h"

typedef struct ExamResult {
    size_t length, tokens;     /* symbols of a sequence, and its tokens */
    size_t sequences, answers; /* how many there were */
    double loss;               /* nats per answer */
    double exact;              /* share of the sequences of which every answer is right */
} ExamResult;

/* Room for examining a model, to be used many times. */
typedef struct Exam {
    const Gpt *gpt;
    const TaskOptions *options;
    Placement placement;
    Arena arena;
    Tape tape;
    Batch batch;
    int *positions; /* [longest]: where the sequences at hand stand */
    int *answers;   /* [longest]: of an example */
} Exam;

/* The bytes that a pass over an exam's longest sequences takes. */
bool exam_measure(const Gpt *gpt, const TaskOptions *options, size_t batch_size, size_t *bytes,
                  Error *error);
bool exam_init(Exam *exam, const Gpt *gpt, const TaskOptions *options, Placement placement,
               size_t batch_size, Error *error);
void exam_free(Exam *exam);

/* The score at one length, over so many sequences. Refused where the positional scheme has no
 * position for the last token, with its reason; an error where the loss is no number. */
bool exam_at(Exam *exam, size_t length, size_t sequences, ExamResult *result, Error *error);

/* How many sequences a report asks at each length: EXAM_SEQUENCES, enough for a model in training
 * too. In a task of twins (task.h), of which a reader without order has half right, it asks
 * EXAM_PAIRS pairs: so many that luck does not look like a skill. */
enum { EXAM_SEQUENCES = 512, EXAM_PAIRS = 10000 };
size_t exam_sequences(const TaskOptions *options);

/* The score over all lengths of training together, about `sequences` in all: result->length is the
 * longest. */
bool exam_of_training_lengths(Exam *exam, size_t sequences, ExamResult *result, Error *error);

/* Sequence number n of an exam, and the model's answers: the tokens with the largest logits. They
 * stay until the exam is used again. */
typedef struct ExamExample {
    size_t tokens;
    const int *inputs, *targets, *answers; /* [tokens] */
} ExamExample;
bool exam_example(Exam *exam, size_t length, size_t n, ExamExample *example, Error *error);

/* The lengths that a report shows: up to EXAM_LENGTHS, evenly spread up to the longest test.
 * Returns how many. */
enum { EXAM_LENGTHS = 8 };
size_t exam_lengths(const TaskOptions *options, size_t lengths[EXAM_LENGTHS]);

#endif
