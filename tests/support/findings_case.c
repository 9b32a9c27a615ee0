/* findings_case.c: from losses to findings. */
#include "support/findings_case.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "lab/headline.h"
#include "support/findings_numbers.h"

static const char *checked(const char *text)
{
    assert_non_null(text);
    return text;
}

/* --- the experiment --- */

static void make_arms(FindingsCase *made, size_t n_arms)
{
    Arm *arms = findings_room(made, n_arms, sizeof *arms);
    made->names = findings_room(made, n_arms, sizeof *made->names);
    for (size_t a = 0; a < n_arms; a++) {
        size_t variant = a / pos_scheme_count, first = a % pos_scheme_count;
        Setting *settings = findings_room(made, 2, sizeof *settings);
        settings[0] = (Setting){"pos", pos_schemes[first]->name};
        settings[1] = (Setting){"learning_rate",
                                checked(text_format(&made->arena, "%ge-3", 2.0 + (double)variant))};
        arms[a] = (Arm){
            .scheme = pos_schemes[first],
            .settings = settings,
            .n_settings = variant > 0 ? 2 : 1,
            .variant = variant,
            .n_variants = (n_arms - first - 1) / pos_scheme_count + 1,
        };
        arms[a].name = variant == 0 ? settings[0].value
                                    : checked(text_format(&made->arena, "%s, learning_rate = %s",
                                                          settings[0].value, settings[1].value));
        made->names[a] = arms[a].name;
    }
    made->experiment.arms = arms;
    made->experiment.n_arms = n_arms;
}

static void set(Config *config, const char *name, const char *value)
{
    Error error = {0};
    if (!settings_set(&config->settings, name, value, "findings_case", &error))
        fail_msg("%s", error.text);
}

static void make_trials(FindingsCase *made, const char *folder, const FindingsPlan *plan)
{
    Experiment *experiment = &made->experiment;
    experiment->n_seeds = plan->n_seeds;
    size_t count = plan->n_arms * plan->n_seeds;
    Trial *trials = findings_room(made, count, sizeof *trials);
    experiment->trials = findings_room(made, count, sizeof *experiment->trials);
    for (size_t t = 0; t < count; t++)
        experiment->trials[t] = &trials[t];
    for (size_t a = 0; a < plan->n_arms; a++)
        for (size_t s = 0; s < plan->n_seeds; s++) {
            Trial *trial = experiment_trial(experiment, a, s);
            const Arm *arm = &experiment->arms[a];
            trial->arm = arm;
            trial->seed = s + 1;
            assert_true(config_init(&trial->config, NULL));
            for (size_t i = 0; i < arm->n_settings; i++)
                set(&trial->config, arm->settings[i].key, arm->settings[i].value);
            set(&trial->config, "seed", checked(text_format(&made->arena, "%zu", s + 1)));
            if (plan->task)
                set(&trial->config, "task", plan->task);
            config_settle(&trial->config);
            const char *run = text_format(&made->arena, "%s/%zu-%zu", folder, a, s + 1);
            assert_true(run_in_folder(&made->arena, checked(run), &trial->run, NULL));
        }
}

static void make_corpus(FindingsCase *made, const char *folder, const FindingsPlan *plan)
{
    TextBuffer text = {0};
    const Config *config = &made->experiment.trials[0]->config;
    const char *path = checked(path_join(&made->arena, folder, "fables.txt"));
    for (size_t i = 0; i < 200; i++)
        text_append_format(&text, "A fox saw %zu grapes.\n", i);
    write_test_file(path, text.bytes, text.length);
    assert_true(
        plan->task
            ? task_corpus(&made->arena, &config->task, &made->experiment.corpus, NULL)
            : corpus_load(&made->arena, path, VOCAB_CHARACTERS, &made->experiment.corpus, NULL));
    text_buffer_free(&text);
}

/* --- the runs --- */

static const double *make_losses(FindingsCase *made, const FindingsPlan *plan)
{
    double *loss = findings_room(made, plan->n_arms * plan->n_seeds, sizeof *loss);
    for (size_t i = 0; i < plan->n_arms * plan->n_seeds; i++) {
        size_t arm = i / plan->n_seeds, seed = i % plan->n_seeds;
        double base = arm == 0 ? 1.93 : 1.78 - 0.013 * (double)(arm % 7);
        loss[i] = plan->loss ? plan->loss[i]
                             : base + 0.012 * made_up_noise("seed", seed) +
                                   0.003 * made_up_noise("run", arm * MAX_SEEDS + seed);
    }
    return loss;
}

static void write_sample(const Trial *trial, const char *sample)
{
    if (!sample)
        sample = "\nThe fox saw the crow in the tree, and said: 'What a fine voice you must have!' "
                 "The crow, who was vain, opened her beak to sing.\n\nA mouse that came to the "
                 "well found the lion asleep, and the lion said nothing at all.\n\nThe wolf and "
                 "the lamb went to the river, and the river was as wide as the sky is high, and "
                 "the wolf began to count the stones.\n";
    assert_true(folder_make(trial->run.folder, NULL));
    write_test_file(trial->run.samples, sample, strlen(sample));
}

static void make_runs(FindingsCase *made, const FindingsPlan *plan, const double *loss)
{
    size_t n = plan->n_arms * plan->n_seeds;
    RunResult *runs = findings_room(made, n, sizeof *runs);
    for (size_t i = 0; i < n; i++) {
        const Trial *trial = made->experiment.trials[i];
        if (isnan(loss[i])) {
            runs[i] = (RunResult){.gone = "there is no such folder", .ms_per_step = NAN};
            continue;
        }
        Look *looks = findings_room(made, MADE_UP_LOOKS, sizeof *looks);
        for (size_t l = 0; l < MADE_UP_LOOKS; l++)
            looks[l] = (Look){l * MADE_UP_STEPS / (MADE_UP_LOOKS - 1), made_up_curve(loss[i], l)};
        runs[i] = (RunResult){
            .finished = true,
            .started = true,
            .outcome = {MADE_UP_STEPS, loss[i], loss[i] - 0.2, plan->task ? 0.9 : NAN, 810000,
                        8192},
            .looks = looks,
            .n_looks = MADE_UP_LOOKS,
            .ms_per_step = 12.5,
            .threads = 1,
            .seconds = 30,
            .build = "0.1.0, gcc 12.2",
        };
        if (!plan->task)
            write_sample(trial, plan->sample);
        made->findings.finished++;
    }
    made->findings.runs = runs;
}

/* --- words --- */

/* The headline is the first line of what is to be said. */
static void make_words(FindingsCase *made)
{
    TextBuffer text = {0};
    headline_write(&text, &made->findings.comparison, made->names);
    assert_false(text.failed);
    size_t length = strcspn(text.bytes, "\n");
    made->findings.headline = checked(arena_text(&made->arena, text.bytes, length));
    made->findings.caveats =
        checked(arena_text(&made->arena, text.bytes + length + 1, text.length - length - 1));
    text_buffer_free(&text);
}

static void make_builds(FindingsCase *made, size_t n_builds)
{
    const char **builds = findings_room(made, n_builds, sizeof *builds);
    for (size_t i = 0; i < n_builds; i++)
        builds[i] =
            checked(text_format(&made->arena, "0.1.0, gcc 12.2 -O3 -march=native, cpu %zu", i + 1));
    made->findings.builds = builds;
    made->findings.n_builds = n_builds;
}

FindingsCase *make_findings(const char *folder, FindingsPlan plan)
{
    FindingsCase *made = calloc(1, sizeof *made);
    assert_non_null(made);
    Experiment *experiment = &made->experiment;
    *experiment = (Experiment){.arena = &made->arena, .request = &made->request};
    experiment->without = 0;
    experiment->plainest = plan.n_arms > 1 ? 1 : NO_SCHEME;
    experiment->folder = checked(path_join(&made->arena, folder, "comparison"));
    assert_true(folder_make(experiment->folder, NULL));
    make_arms(made, plan.n_arms);
    make_trials(made, folder, &plan);
    make_corpus(made, folder, &plan);
    made->findings.experiment = experiment;
    made->findings.names = made->names;
    const double *loss = make_losses(made, &plan);
    Outcomes outcomes = {plan.n_arms, plan.n_seeds, loss, experiment->without,
                         experiment->plainest};
    assert_true(comparison_make(&made->arena, &outcomes, &made->findings.comparison, NULL));
    make_runs(made, &plan, loss);
    find_arms(made, &plan, loss);
    find_contexts(made, &plan);
    make_words(made);
    make_builds(made, plan.n_builds);
    made->findings.stated_loss = made->findings.finished > 0 ? 1.94 : NAN;
    made->findings.equal_time = made->findings.finished > 0 ? 25 : NAN;
    return made;
}

void free_findings(FindingsCase *made)
{
    Experiment *experiment = &made->experiment;
    for (size_t i = 0; i < experiment->n_arms * experiment->n_seeds; i++)
        config_free(&experiment->trials[i]->config);
    arena_free(&made->arena);
    free(made);
}

const char *findings_path(FindingsCase *made, const char *name)
{
    return checked(path_join(&made->arena, made->experiment.folder, name));
}
