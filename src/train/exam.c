/* exam.c: forward passes over the sequences of a task. */
#include "train/exam.h"

#include <math.h>

/* Which sequences are asked: the same ones in every exam of a length, in every run. */
static RandomKey questions(size_t length)
{
    return random_at(random_for(random_seed(0), "exam"), length);
}

static size_t longest_tokens(const Gpt *gpt, const TaskOptions *options)
{
    return task_tokens(options, task_lengths(options).test, gpt->config.causal);
}

bool exam_measure(const Gpt *gpt, const TaskOptions *options, size_t batch_size, size_t *bytes,
                  Error *error)
{
    return gpt_measure(gpt, batch_size, longest_tokens(gpt, options), false, bytes, error);
}

bool exam_init(Exam *exam, const Gpt *gpt, const TaskOptions *options, Placement placement,
               size_t batch_size, Error *error)
{
    *exam = (Exam){.gpt = gpt, .options = options, .placement = placement};
    size_t longest = longest_tokens(gpt, options), bytes;
    exam->answers = arena_alloc(&exam->arena, longest, sizeof *exam->answers);
    exam->positions = arena_alloc(&exam->arena, longest, sizeof *exam->positions);
    bool ready = exam->answers && exam->positions ? true : fail(error, "out of memory: an exam");
    if (ready && batch_alloc(&exam->arena, batch_size, longest, &exam->batch, error) &&
        exam_measure(gpt, options, batch_size, &bytes, error) &&
        tape_init(&exam->tape, false, error) && tape_reserve(&exam->tape, bytes, error))
        return true;
    exam_free(exam);
    return false;
}

void exam_free(Exam *exam)
{
    tape_free(&exam->tape);
    arena_free(&exam->arena);
    *exam = (Exam){0};
}

/* The logits of the batch that is loaded, [B, L, V]. */
static const real *answer_batch(Exam *exam)
{
    const Batch *batch = &exam->batch;
    GptInput input = {.tokens = batch->inputs,
                      .batch_size = batch->batch_size,
                      .length = batch->block_size,
                      .positions = {exam->positions, batch->block_size}};
    tape_reset(&exam->tape);
    return gpt_forward(exam->gpt, &exam->tape, &input)->data;
}

/* Adds the scores of the batch's first `rows` rows. */
static void add_scores(Exam *exam, size_t rows, ExamResult *result)
{
    const Batch *batch = &exam->batch;
    size_t tokens = batch->block_size, vocab_size = exam->gpt->config.vocab_size;
    const real *logits = answer_batch(exam);
    for (size_t row = 0; row < rows; row++) {
        TaskScore score = task_score(logits + row * tokens * vocab_size, vocab_size,
                                     batch->targets + row * tokens, tokens);
        result->loss += score.loss;
        result->exact += score.exact;
        result->answers += score.answers;
        result->sequences++;
    }
}

/* Chooses the positions of sequences of so many tokens, and refuses what there are none for. */
static bool place(Exam *exam, size_t tokens, Error *error)
{
    if (!placement_check(exam->placement, tokens, error))
        return false;
    placement_fill(exam->placement, exam->positions, tokens);
    return pos_check(&exam->gpt->pos, (Positions){exam->positions, tokens}, error);
}

/* Adds the scores of `sequences` sequences of one length: sums, not yet means. */
static bool add_length(Exam *exam, size_t length, size_t sequences, ExamResult *result,
                       Error *error)
{
    bool causal = exam->gpt->config.causal;
    result->length = length;
    result->tokens = task_tokens(exam->options, length, causal);
    if (!place(exam, result->tokens, error))
        return false;
    for (size_t first = 0; first < sequences; first += exam->batch.batch_size) {
        size_t left = sequences - first, rows = exam->batch.batch_size;
        task_fill_batch(exam->options, length, causal, questions(length), first, &exam->batch);
        add_scores(exam, left < rows ? left : rows, result);
    }
    return true;
}

static void take_means(ExamResult *result)
{
    result->loss /= (double)result->answers;
    result->exact /= (double)result->sequences;
}

bool exam_at(Exam *exam, size_t length, size_t sequences, ExamResult *result, Error *error)
{
    *result = (ExamResult){0};
    if (!add_length(exam, length, sequences, result, error))
        return false;
    take_means(result);
    /* Weights can be finite and so large that what is computed with them is not. */
    return isfinite(result->loss) ||
           fail(error,
                "the loss at length %zu is %s: expected a finite number; are the model's weights "
                "too large?",
                length, isnan(result->loss) ? "nan" : "infinite");
}

bool exam_of_training_lengths(Exam *exam, size_t sequences, ExamResult *result, Error *error)
{
    TaskLengths lengths = task_lengths(exam->options);
    size_t count = lengths.max - lengths.min + 1, each = (sequences + count - 1) / count;
    each += each % 2; /* pairs stay together, in a task that has twins (task.h) */
    *result = (ExamResult){0};
    for (size_t length = lengths.min; length <= lengths.max; length++)
        if (!add_length(exam, length, each, result, error))
            return false;
    take_means(result);
    return true;
}

size_t exam_sequences(const TaskOptions *options)
{
    return task_of(options)->twins == 2 ? 2 * EXAM_PAIRS : EXAM_SEQUENCES;
}

static int likeliest(const real *logits, size_t vocab_size)
{
    size_t best = 0;
    for (size_t v = 1; v < vocab_size; v++)
        if (logits[v] > logits[best])
            best = v;
    return (int)best;
}

bool exam_example(Exam *exam, size_t length, size_t n, ExamExample *example, Error *error)
{
    bool causal = exam->gpt->config.causal;
    size_t tokens = task_tokens(exam->options, length, causal);
    size_t vocab_size = exam->gpt->config.vocab_size;
    if (!place(exam, tokens, error))
        return false;
    task_fill_batch(exam->options, length, causal, questions(length), n, &exam->batch);
    const real *logits = answer_batch(exam);
    for (size_t t = 0; t < tokens; t++) /* of the batch's first row */
        exam->answers[t] = likeliest(logits + t * vocab_size, vocab_size);
    *example = (ExamExample){tokens, exam->batch.inputs, exam->batch.targets, exam->answers};
    return true;
}

size_t exam_lengths(const TaskOptions *options, size_t lengths[EXAM_LENGTHS])
{
    TaskLengths range = task_lengths(options);
    size_t count = 0;
    for (size_t i = 1; i <= EXAM_LENGTHS; i++) {
        size_t length = range.test * i / EXAM_LENGTHS;
        if (length >= range.min && (count == 0 || length > lengths[count - 1]))
            lengths[count++] = length;
    }
    return count;
}
