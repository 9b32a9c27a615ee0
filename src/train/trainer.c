/* trainer.c: how a step is put together. */
#include "train/trainer.h"

#include <string.h>

#include "base/file.h"
#include "base/machine.h"
#include "train/weights.h"

static RandomKey seed_key(const Trainer *trainer)
{
    return random_seed(trainer->config->seed);
}

/* The task's options; NULL where there is a text. */
static const TaskOptions *task_options(const Trainer *trainer)
{
    return task_of(&trainer->config->task) ? &trainer->config->task : NULL;
}

/* --- the start --- */

static bool measure_evaluation(Trainer *trainer, Error *error)
{
    const Config *config = trainer->config;
    const Gpt *gpt = &trainer->gpt;
    size_t B = config->batch_size, T = config->block_size, *bytes = &trainer->memory.evaluation;
    if (task_options(trainer))
        return exam_measure(gpt, task_options(trainer), B, bytes, error);
    return gpt_measure(gpt, B, T, false, bytes, error);
}

/* Fills in trainer->memory, and refuses what this machine has not. (Summed in double: the sum may
 * be too large for a size_t.) */
static bool check_memory(Trainer *trainer, Error *error)
{
    const Config *config = trainer->config;
    MemoryNeed *need = &trainer->memory;
    if (!gpt_measure(&trainer->gpt, config->batch_size, config->block_size, true, &need->step,
                     error) ||
        !measure_evaluation(trainer, error))
        return false;
    need->parameters = 4 * trainer->gpt.params.n_numbers * sizeof(real);
    double total = (double)need->parameters + (double)need->step + (double)need->evaluation;
    if (total <= (double)machine_memory())
        return true;
    char asked[TEXT_NUMBER_SIZE], there[TEXT_NUMBER_SIZE];
    return fail_request(error,
                        "this model takes %s to train, and this machine has %s: expected smaller "
                        "n_layer, n_embd, block_size or batch_size",
                        text_bytes(asked, total < 1e18 ? (uint64_t)total : UINT64_MAX),
                        text_bytes(there, machine_memory()));
}

static bool evaluation_init(Trainer *trainer, Error *error)
{
    const Config *config = trainer->config;
    const Gpt *gpt = &trainer->gpt;
    size_t B = config->batch_size, T = config->block_size;
    Placement placement = placement_of(config);
    if (task_options(trainer))
        return exam_init(&trainer->exam, gpt, task_options(trainer), placement, B, error);
    return evaluator_init(&trainer->evaluator, gpt, placement, B, T, error);
}

/* Room for the positions of a batch. Refused where the scheme has no vector or angle for the last
 * one that a batch may stand at. */
static bool positions_init(Trainer *trainer, Error *error)
{
    int last = (int)trainer->gpt.pos.shape.shown - 1;
    size_t T = trainer->config->block_size;
    trainer->drawn = arena_alloc(&trainer->arena, T, sizeof *trainer->drawn);
    if (!trainer->drawn)
        return fail(error, "out of memory: %zu positions", T);
    return positions_from_0(&trainer->arena, T + trainer->config->position_offset,
                            &trainer->positions, error) &&
           pos_check(&trainer->gpt.pos, (Positions){&last, 1}, error);
}

/* A scheme may refuse the model: the setting that asks for the scheme is named with the reason. */
static bool model_init(Trainer *trainer, const GptConfig *shape, Error *error)
{
    const Config *config = trainer->config;
    if (gpt_init(&trainer->gpt, shape, config_scheme(config), config_scheme_options(config), error))
        return true;
    if (error && error->kind == ERROR_REQUEST)
        settings_fail_within(&config->settings, "pos", error);
    return false;
}

bool trainer_init(Trainer *trainer, const Config *config, const Corpus *corpus, Error *error)
{
    memset(trainer, 0, sizeof *trainer);
    trainer->config = config;
    trainer->corpus = corpus;
    trainer->progress.val_loss = trainer->progress.train_loss = trainer->exact = NAN;
    trainer->progress.best_loss = INFINITY;
    GptConfig shape = config_gpt(config, corpus->vocab.size);
    size_t B = config->batch_size, T = config->block_size;
    if (model_init(trainer, &shape, error) && check_memory(trainer, error) &&
        gpt_allocate(&trainer->gpt, error) &&
        adamw_init(&trainer->adamw, &trainer->arena, &trainer->gpt.params, config->beta1,
                   config->beta2, config->weight_decay, error) &&
        positions_init(trainer, error) &&
        batch_alloc(&trainer->arena, B, T, &trainer->batch, error) &&
        tape_init(&trainer->tape, true, error) &&
        tape_reserve(&trainer->tape, trainer->memory.step, error) &&
        evaluation_init(trainer, error)) {
        gpt_initialise(&trainer->gpt, seed_key(trainer));
        return true;
    }
    trainer_free(trainer);
    return false;
}

void trainer_free(Trainer *trainer)
{
    evaluator_free(&trainer->evaluator);
    exam_free(&trainer->exam);
    tape_free(&trainer->tape);
    gpt_free(&trainer->gpt);
    arena_free(&trainer->arena);
}

bool trainer_init_from(Trainer *trainer, const char **lacks, Error *error)
{
    const char *path = trainer->config->init_from;
    const Vocab *vocab = &trainer->corpus->vocab;
    *lacks = NULL;
    if (path[0] != '\0' && !file_may_exist(path)) {
        fail_request(error, "expected the path of a .safetensors file");
        return settings_fail_within(&trainer->config->settings, "init_from", error);
    }
    return path[0] == '\0' || weights_load(path, vocab, &trainer->gpt.params, lacks, error);
}

/* Does the checkpoint belong to the run that the config asks for? */
static bool check_same_run(const Trainer *trainer, const SavedModel *saved, const char *path,
                           Error *error)
{
    const char *key;
    if (!config_difference(trainer->config, &saved->config, &key, error))
        return fail_within(error, "%s", path);
    if (key)
        return fail_request(error,
                            "%s: %s differs from the run that is there: expected the same "
                            "settings, or another name",
                            path, key);
    if (strcmp(trainer->corpus->sha256, saved->corpus_sha256) != 0)
        return fail_request(error,
                            "%s: was trained on another text than %s holds now: expected the "
                            "same text, or another name",
                            path, trainer->corpus->path);
    if (!vocab_equal(&trainer->corpus->vocab, &saved->vocab))
        return fail_request(error,
                            "%s: has another vocabulary than %s: expected the same tokens, or "
                            "another name",
                            path, trainer->corpus->path);
    size_t before = saved->config.max_iters, now = trainer->config->max_iters;
    if (now == before || now > saved->progress.step)
        return true;
    fail_request(error, "%s: has %zu steps already: expected more than that, or %zu as before",
                 path, saved->progress.step, before);
    return settings_fail_within(&trainer->config->settings, "max_iters", error);
}

bool trainer_resume(Trainer *trainer, const char *checkpoint, Error *error)
{
    SavedModel saved;
    if (!saved_model_open(&saved, checkpoint, error))
        return false;
    bool ok = check_same_run(trainer, &saved, checkpoint, error) &&
              saved_model_moments(&saved, checkpoint, &trainer->adamw, error);
    if (ok) {
        ParamList *params = &trainer->gpt.params;
        memcpy(params->values, saved.gpt.params.values, params->size * sizeof *params->values);
        trainer->progress = saved.progress;
        trainer->max_iters_before = saved.config.max_iters;
    }
    saved_model_free(&saved);
    return ok;
}

/* --- a step --- */

/* The key of one purpose ("batch", "dropout", ...) in one of the step's batches. */
static RandomKey batch_key(const Trainer *trainer, const char *purpose, size_t micro_step)
{
    RandomKey of_step = random_at(random_for(seed_key(trainer), purpose), trainer->progress.step);
    return random_at(of_step, micro_step);
}

/* Fills the batch with windows of the text, or with sequences of the task, all of one length. */
static void draw_batch(Trainer *trainer, size_t micro_step)
{
    Batch *batch = &trainer->batch;
    const TaskOptions *task = task_options(trainer);
    bool causal = trainer->config->causal;
    RandomKey key = batch_key(trainer, "batch", micro_step);
    if (task) {
        task_fill_batch(task, task_batch_length(task, key), causal, key, 0, batch);
        return;
    }
    batch_draw(batch, trainer->corpus->train, key);
    if (!causal)
        batch_hide(batch, gpt_mask_token(&trainer->gpt.config),
                   batch_key(trainer, "hidden", micro_step));
}

/* The positions at which all rows of a batch stand: random ones, or T in a row from a first one on,
 * which is drawn among 0 ... position_offset. */
static Positions draw_positions(const Trainer *trainer, size_t micro_step)
{
    const Config *config = trainer->config;
    size_t T = trainer->batch.block_size;
    if (config->random_positions > 0) {
        RandomKey key = batch_key(trainer, "random positions", micro_step);
        positions_draw(key, config->random_positions, trainer->drawn, T);
        return (Positions){trainer->drawn, T};
    }
    RandomKey key = batch_key(trainer, "position", micro_step);
    size_t first = (size_t)random_below(key, 0, config->position_offset + 1);
    return (Positions){trainer->positions.at + first, T};
}

/* Forward and backward of one batch; returns its loss. Gradients are added to what is there. */
static double train_on_batch(Trainer *trainer, size_t micro_step)
{
    Batch *batch = &trainer->batch;
    draw_batch(trainer, micro_step);
    GptInput input = {
        .tokens = batch->inputs,
        .batch_size = batch->batch_size,
        .length = batch->block_size,
        .positions = draw_positions(trainer, micro_step),
        .dropout_key = batch_key(trainer, "dropout", micro_step),
    };
    tape_reset(&trainer->tape);
    Tensor *logits = gpt_forward(&trainer->gpt, &trainer->tape, &input);
    Tensor *loss = cross_entropy(&trainer->tape, logits, batch->targets, NULL);
    tape_backward(&trainer->tape, loss);
    trainer->tokens += batch->batch_size * batch->block_size;
    return (double)loss->data[0];
}

static Schedule schedule_of(const Config *config)
{
    return (Schedule){
        .peak = config->learning_rate,
        .min = config->min_lr,
        .warmup = config->warmup_iters,
        .end = config_decay_end(config),
    };
}

/* Adds to a message about a loss where to look for its cause. Before the first step nothing has
 * been learned, at whatever rate: what is wrong then was there from the start. Returns false. */
static bool fail_naming_cause(const Trainer *trainer, Error *error)
{
    if (!error)
        return false;
    const Config *config = trainer->config;
    const char *said = error->text, *scheme = config_scheme(config)->name;
    if (trainer->progress.step > 0)
        return fail(error, "%s; a smaller learning_rate may help", said);
    if (config->init_from[0] == '\0')
        return fail(error, "%s; nothing is learned yet: look at the scheme, pos = %s", said,
                    scheme);
    return fail(error,
                "%s; nothing is learned yet: look at the weights, init_from = %s, and at the "
                "scheme, pos = %s",
                said, config->init_from, scheme);
}

bool trainer_step(Trainer *trainer, Error *error)
{
    const Config *config = trainer->config;
    ParamList *params = &trainer->gpt.params;
    Schedule schedule = schedule_of(config);
    size_t batches = config->gradient_accumulation_steps;
    double sum = 0;
    param_list_zero_gradients(params);
    for (size_t micro_step = 0; micro_step < batches; micro_step++)
        sum += train_on_batch(trainer, micro_step);

    /* The buffer holds the sum of the batches' gradients g; the step's gradient is their mean. As
     * |share g| = share |g|, share goes into the norm and into the update, not over the buffer. */
    double share = 1 / (double)batches;
    trainer->learning_rate = schedule_at(&schedule, trainer->progress.step);
    trainer->grad_norm = share * adamw_gradient_norm(&trainer->adamw, params);
    if (!isfinite(sum) || !isfinite(trainer->grad_norm)) {
        fail(error,
             "step %zu: the loss is %s and the gradient's norm %s, at a learning rate of %g: "
             "expected numbers",
             trainer->progress.step + 1, text_short(share * sum).text,
             text_short(trainer->grad_norm).text, trainer->learning_rate);
        return fail_naming_cause(trainer, error);
    }
    adamw_step(&trainer->adamw, params, trainer->learning_rate,
               share * clip_scale(trainer->grad_norm, config->grad_clip));
    trainer->progress.step++;
    trainer->progress.loss_sum += sum;
    trainer->progress.loss_count += batches;
    return true;
}

/* --- looking and saving --- */

bool trainer_examine(Trainer *trainer, double *loss, Error *error)
{
    ExamResult exam;
    if (!exam_of_training_lengths(&trainer->exam, EXAM_SEQUENCES, &exam, error))
        return false;
    trainer->exact = exam.exact;
    *loss = exam.loss;
    return true;
}

/* The loss that is watched: of the whole validation split, or of the task. */
static bool validation_loss(Trainer *trainer, double *loss, Error *error)
{
    Evaluation whole = {0};
    if (task_options(trainer))
        return trainer_examine(trainer, loss, error);
    bool ok = evaluate(&trainer->evaluator, trainer->corpus->validation, 0, &whole, error);
    *loss = whole.loss;
    return ok;
}

bool trainer_evaluate(Trainer *trainer, Error *error)
{
    Progress *progress = &trainer->progress;
    double loss;
    if (!validation_loss(trainer, &loss, error))
        return false;
    if (!isfinite(loss)) {
        fail(error, "step %zu: the validation loss is %s: expected a number", progress->step,
             text_short(loss).text);
        return fail_naming_cause(trainer, error);
    }
    progress->val_loss = loss;
    if (loss < progress->best_loss) {
        progress->best_loss = loss;
        progress->best_step = progress->step;
    }
    return true;
}

bool trainer_evaluate_training(Trainer *trainer, Error *error)
{
    if (task_options(trainer))
        return true;
    size_t windows = window_count(trainer->corpus->validation, trainer->config->block_size);
    Evaluation part;
    if (!evaluate(&trainer->evaluator, trainer->corpus->train, windows, &part, error))
        return false;
    trainer->progress.train_loss = part.loss;
    return true;
}

bool trainer_save(const Trainer *trainer, const char *path, bool with_moments, Error *error)
{
    Checkpoint checkpoint = {
        .config = trainer->config,
        .vocab = &trainer->corpus->vocab,
        .corpus_sha256 = trainer->corpus->sha256,
        .gpt = &trainer->gpt,
        .adamw = with_moments ? &trainer->adamw : NULL,
        .progress = trainer->progress,
    };
    return checkpoint_write(path, &checkpoint, error);
}
