/* experiments.c: the table of experiments. */
#include "lab/claims/experiments.h"

/* The schemes that the claims speak of. */
#define SCHEMES "none,learned,sinusoidal,relative,t5,alibi,rope"

enum { MOST_SETTINGS = 6, OF_THE_SCALE = 3 };

/* The loss by context takes a third of a run's time. Where no claim asks for it, it is not
 * measured. */
#define WITHOUT_CONTEXTS                                                                           \
    {                                                                                              \
        "by_context", "no"                                                                         \
    }

/* What an experiment has beyond configs/claims.ini. A sequence of a task is short, and the steps
 * are those that it needs; the block size is what its sequences take. */
typedef struct Row {
    const char *pos;
    Setting common[MOST_SETTINGS]; /* ended by a key that is NULL */
    const char *vary;              /* NULL: nothing */
} Row;

static const Row rows[N_EXPERIMENTS] = {
    [ON_TEXT] = {.pos = SCHEMES},
    [ON_TEXT_BY_DEPTH] = {.pos = "none", .common = {WITHOUT_CONTEXTS}, .vary = "n_layer=1,2,4"},
    [ON_WHO] = {.pos = "none,learned",
                .common = {{"task", "who"},
                           {"block_size", "7"},
                           {"batch_size", "24"},
                           {"max_iters", "500"}},
                .vary = "n_layer=1,2,4"},
    [ON_WHO_BOTH_SIDES] = {.pos = "none,learned",
                           .common = {{"task", "who"},
                                      {"block_size", "8"},
                                      {"batch_size", "24"},
                                      {"max_iters", "500"},
                                      {"causal", "no"}},
                           .vary = "n_layer=1,2"},
    [SINUSOID_GAINS] = {.pos = "sinusoidal",
                        .common = {WITHOUT_CONTEXTS},
                        .vary = "sinusoidal_gain=learned,fixed,textbook"},
    [TABLE_STARTS] = {.pos = "learned",
                      .common = {WITHOUT_CONTEXTS},
                      .vary = "learned_start=random,sinusoid,frozen"},
    [TABLE_OFFSETS] = {.pos = "learned",
                       .common = {{"learned_length", "72"}},
                       .vary = "position_offset=0,36"},
    [ROPE_VALUES] = {.pos = "rope", .vary = "rope_values=no,yes"},
    [ON_KBACK] = {.pos = SCHEMES,
                  .common = {{"task", "kback"},
                             {"block_size", "20"},
                             {"batch_size", "8"},
                             {"max_iters", "1500"}}},
    [ON_NTH] = {.pos = SCHEMES,
                .common = {{"task", "nth"},
                           {"block_size", "21"},
                           {"batch_size", "8"},
                           {"max_iters", "1500"}}},
};

/* The settings of the scale come first; those of the experiment behind. */
bool experiment_request(ExperimentId id, Arena *arena, const ExperimentScale *scale,
                        Request *request, Error *error)
{
    const Row *row = &rows[id];
    Setting *common = arena_alloc(arena, OF_THE_SCALE + MOST_SETTINGS, sizeof *common);
    const char **vary = arena_alloc(arena, 1, sizeof *vary);
    if (!common || !vary)
        return fail(error, "out of memory: the experiments of the claims");
    *request = (Request){.config = scale->config,
                         .common = common,
                         .pos = row->pos,
                         .vary = vary,
                         .first_seed = scale->first_seed,
                         .n_seeds = scale->n_seeds,
                         .name = ""};
    common[request->n_common++] = (Setting){"data", scale->data};
    common[request->n_common++] = (Setting){"out_dir", scale->out_dir};
    if (scale->learning_rate[0] != '\0')
        common[request->n_common++] = (Setting){"learning_rate", scale->learning_rate};
    for (size_t s = 0; s < MOST_SETTINGS && row->common[s].key; s++)
        common[request->n_common++] = row->common[s];
    if (row->vary)
        vary[request->n_vary++] = row->vary;
    return true;
}
