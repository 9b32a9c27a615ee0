/* training.c: small training runs for tests. */
#include "support/training.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/random.h"
#include "math/parallel.h"

enum { WORDS = 1200 };

static const char small_settings[] = "n_layer = 2\nn_head = 2\nn_embd = 32\nblock_size = 16\n"
                                     "batch_size = 4\nmax_iters = 20\nwarmup_iters = 2\n"
                                     "learning_rate = 0.01\n";

/* Words in random order; after each one stands a space or a full stop. */
static void make_corpus(Training *training, const char *name, uint64_t seed, Corpus *corpus)
{
    static const char *const words[] = {"the", "fox", "saw", "a", "grape", "and", "jumped"};
    TextBuffer text = {0};
    for (size_t w = 0; w < WORDS; w++)
        text_append_format(&text, "%s%s",
                           words[random_below(random_seed(seed), w, COUNT_OF(words))],
                           w % 9 == 8 ? ".\n" : " ");
    assert_false(text.failed);
    char *path = test_path(training->folder, name);
    write_test_file(path, text.bytes, text.length);
    const char *kept = arena_text(&training->arena, path, strlen(path));
    assert_true(corpus_load(&training->arena, kept, VOCAB_CHARACTERS, corpus, NULL));
    free(path);
    text_buffer_free(&text);
}

int training_setup(void **state)
{
    Training *training = calloc(1, sizeof *training);
    assert_non_null(training);
    training->folder = make_test_folder();
    training->threads = parallel_threads();
    parallel_set_threads(1);
    make_corpus(training, "corpus.txt", 1, &training->corpus);
    make_corpus(training, "other.txt", 2, &training->other);
    *state = training;
    return 0;
}

int training_teardown(void **state)
{
    Training *training = *state;
    parallel_set_threads(training->threads);
    for (size_t r = 0; r < training->n_runs; r++) {
        trainer_free(&training->runs[r]->trainer);
        config_free(&training->runs[r]->config);
    }
    arena_free(&training->arena);
    remove_test_folder(training->folder);
    free(training);
    return 0;
}

Small *try_small_run(Training *training, const Corpus *corpus, const char *settings, Error *error)
{
    Small *run = arena_alloc(&training->arena, 1, sizeof *run);
    assert_non_null(run);
    assert_true(config_init(&run->config, error));
    Settings *all = &run->config.settings;
    if (settings_parse(all, "small", small_settings, strlen(small_settings), error) &&
        settings_parse(all, "test", settings, strlen(settings), error) &&
        config_check(&run->config, error) &&
        trainer_init(&run->trainer, &run->config, corpus, error)) {
        assert_true(training->n_runs < MAX_SMALL_RUNS);
        return training->runs[training->n_runs++] = run;
    }
    config_free(&run->config);
    return NULL;
}

Small *small_run(Training *training, const char *settings)
{
    Error error = {0};
    Small *run = try_small_run(training, &training->corpus, settings, &error);
    if (run == NULL)
        fail_msg("%s", error.text);
    return run;
}

Run run_folder(Training *training, const char *name)
{
    Run run;
    const char *folder = path_join(&training->arena, training->folder, name);
    assert_non_null(folder);
    assert_true(folder_make(folder, NULL));
    assert_true(run_in_folder(&training->arena, folder, &run, NULL));
    return run;
}

void take_steps(Small *run, size_t count)
{
    Error error = {0};
    for (size_t step = 0; step < count; step++)
        if (!trainer_step(&run->trainer, &error))
            fail_msg("%s", error.text);
}

Tensor *position_table(const Small *run)
{
    Param *param = param_find(&run->trainer.gpt.params, "transformer.wpe.weight");
    assert_non_null(param);
    return &param->tensor;
}

bool row_has_gradient(const Tensor *table, size_t row)
{
    size_t width = tensor_width(table);
    for (size_t c = 0; c < width; c++)
        if (table->grad[row * width + c] != 0)
            return true;
    return false;
}

void check_same_state(const Small *a, const Small *b, const char *file, int line)
{
    const ParamList *of_a = &a->trainer.gpt.params, *of_b = &b->trainer.gpt.params;
    const AdamW *adamw_a = &a->trainer.adamw, *adamw_b = &b->trainer.adamw;
    assert_int_equal(of_a->size, of_b->size);
    check_same_bits(of_a->values, of_b->values, of_a->size, "values", file, line);
    check_same_bits(adamw_a->mean, adamw_b->mean, of_a->size, "mean", file, line);
    check_same_bits(adamw_a->square, adamw_b->square, of_a->size, "square", file, line);
    assert_int_equal(adamw_a->steps, adamw_b->steps);
}
