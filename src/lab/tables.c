/* tables.c: rows and columns. */
#include "lab/tables.h"

#include <math.h>

#include "base/csv.h"
#include "base/file.h"

static void append_estimate(TextBuffer *out, Estimate estimate)
{
    csv_append_next_real(out, estimate.over_seeds.mean);
    csv_append_next_real(out, estimate.interval.low);
    csv_append_next_real(out, estimate.interval.high);
}

/* --- results.csv --- */

static void append_contexts(const Findings *findings, const RunResult *run, TextBuffer *out)
{
    for (size_t c = 0; c < findings->n_contexts; c++) {
        const ContextLoss *loss = result_context(run, findings->contexts[c]);
        csv_append_next_real(out, loss && loss->same.questions > 0 ? loss->same.loss : NAN);
        csv_append_next_real(out, loss ? loss->whole.loss : NAN);
    }
}

static void append_run(const Findings *findings, size_t arm, size_t seed, TextBuffer *out)
{
    const Trial *trial = experiment_trial(findings->experiment, arm, seed);
    const RunResult *run = findings_run(findings, arm, seed);
    const Outcome *outcome = &run->outcome;
    double pace = findings->arms[arm].ms_per_step;
    text_append_format(out, "%zu,", arm);
    csv_append(out, trial->arm->name);
    text_append_format(out, ",%s,%zu,%s", trial->arm->scheme->name, trial->seed,
                       run->finished ? "yes" : "no");
    csv_append_next_real(out, outcome->val_loss);
    text_append_format(out, ",%zu", outcome->step);
    csv_append_next_real(out, outcome->train_loss);
    csv_append_next_real(out, outcome->exact);
    text_append_format(out, ",%zu,%zu", outcome->parameters, outcome->position_parameters);
    csv_append_next_real(
        out, pace_steps_to(run->looks, run->finished ? run->n_looks : 0, findings->stated_loss));
    append_contexts(findings, run, out);
    text_append_format(out, ",");
    csv_append(out, trial->run.name);
    text_append_format(out, ",%zu", run->threads);
    csv_append_next_real(out, run->ms_per_step);
    csv_append_next_real(out, run->seconds);
    csv_append_next_real(out, pace_loss_at(run->looks, run->finished ? run->n_looks : 0,
                                           1000 * findings->equal_time / pace));
    text_append_format(out, "\n");
}

void tables_append_results(const Findings *findings, TextBuffer *out)
{
    text_append_format(out, "arm,name,pos,seed,finished,val_loss,step,train_loss,exact,parameters,"
                            "position_parameters,steps_to_stated_loss");
    for (size_t c = 0; c < findings->n_contexts; c++)
        text_append_format(out, ",same_%zu,plain_%zu", findings->contexts[c],
                           findings->contexts[c]);
    text_append_format(out, ",run,threads,ms_per_step,seconds,loss_at_equal_time\n");
    for (size_t arm = 0; arm < findings->experiment->n_arms; arm++)
        for (size_t seed = 0; seed < findings->experiment->n_seeds; seed++)
            append_run(findings, arm, seed, out);
}

/* --- schemes.csv --- */

/* "val_loss,val_loss_low,val_loss_high" */
static void append_names(TextBuffer *out, const char *name)
{
    text_append_format(out, ",%s,%s_low,%s_high", name, name, name);
}

static void append_schemes(const Findings *findings, TextBuffer *out)
{
    text_append_format(out, "arm,name,pos,runs,parameters,position_parameters");
    append_names(out, "val_loss");
    append_names(out, "train_loss");
    append_names(out, "exact");
    text_append_format(out, ",stated_loss");
    append_names(out, "steps_to_stated_loss");
    text_append_format(out, ",threads,ms_per_step,equal_time_s");
    append_names(out, "loss_at_equal_time");
    text_append_format(out, "\n");
    for (size_t arm = 0; arm < findings->experiment->n_arms; arm++) {
        const ArmFindings *found = &findings->arms[arm];
        text_append_format(out, "%zu,", arm);
        csv_append(out, findings->names[arm]);
        text_append_format(out, ",%s,%zu,%zu,%zu", findings->experiment->arms[arm].scheme->name,
                           found->finished, found->parameters, found->pos_parameters);
        append_estimate(out, found->val_loss);
        append_estimate(out, found->train_loss);
        append_estimate(out, found->exact);
        csv_append_next_real(out, findings->stated_loss);
        append_estimate(out, found->steps_to_reach);
        text_append_format(out, ",%zu", found->threads);
        csv_append_next_real(out, found->ms_per_step);
        csv_append_next_real(out, findings->equal_time);
        append_estimate(out, found->loss_at_time);
        text_append_format(out, "\n");
    }
}

/* --- pairs.csv --- */

static void append_pairs(const Findings *findings, TextBuffer *out)
{
    const Comparison *comparison = &findings->comparison;
    text_append_format(out, "a,b,seeds,a_minus_b,low,high,p,p_holm,p_sign_flip,margin,"
                            "p_equivalence,equivalence_power\n");
    for (size_t p = 0; p < comparison->n_pairs; p++) {
        const Pair *pair = &comparison->pairs[p];
        csv_append(out, findings->names[pair->a]);
        text_append_format(out, ",");
        csv_append(out, findings->names[pair->b]);
        text_append_format(out, ",%zu", pair->difference.n);
        csv_append_next_real(out, pair->difference.mean);
        csv_append_next_real(out, pair->interval.low);
        csv_append_next_real(out, pair->interval.high);
        csv_append_next_real(out, pair->p);
        csv_append_next_real(out, pair->p_holm);
        csv_append_next_real(out, pair->p_sign_flip);
        csv_append_next_real(out, comparison->margin);
        csv_append_next_real(out, pair->p_equivalence);
        csv_append_next_real(out, comparison_power(comparison, pair->a, pair->b));
        text_append_format(out, "\n");
    }
}

/* --- lengths.csv --- */

/* The names, which may hold commas, stand behind what gnuplot reads. Where a model's largest logits
 * are several, a sequence is right in part (see data/task.h). */
static void append_exam(const Findings *findings, size_t arm, size_t seed, TextBuffer *out)
{
    const Trial *trial = experiment_trial(findings->experiment, arm, seed);
    const RunResult *run = findings_run(findings, arm, seed);
    for (size_t i = 0; i < run->n_exam; i++) {
        const ExamResult *result = &run->exam[i].result;
        text_append_format(out, "%zu,%s,%zu,%zu,%s,%zu", arm, trial->arm->scheme->name, trial->seed,
                           result->length, run->exam[i].trained ? "yes" : "no", result->sequences);
        csv_append_next_real(out,
                             result->sequences > 0 ? result->exact * (double)result->sequences : 0);
        csv_append_next_real(out, result->exact);
        csv_append_next_real(out, result->loss);
        text_append_format(out, ",");
        csv_append(out, trial->arm->name);
        text_append_format(out, ",");
        csv_append(out, trial->run.name);
        text_append_format(out, "\n");
    }
}

static void append_lengths(const Findings *findings, TextBuffer *out)
{
    text_append_format(out, "arm,pos,seed,length,trained,questions,right,accuracy,loss,name,run\n");
    for (size_t arm = 0; arm < findings->experiment->n_arms; arm++)
        for (size_t seed = 0; seed < findings->experiment->n_seeds; seed++)
            append_exam(findings, arm, seed, out);
}

/* --- the files --- */

typedef void (*AppendTable)(const Findings *findings, TextBuffer *out);

static bool write_table(const Findings *findings, const char *name, AppendTable append,
                        Error *error)
{
    TextBuffer text = {0};
    const char *path = path_join(findings->experiment->arena, findings->experiment->folder, name);
    append(findings, &text);
    bool ok = path && !text.failed ? file_write(path, text.bytes, text.length, error)
                                   : fail(error, "out of memory: %s", name);
    text_buffer_free(&text);
    return ok;
}

bool tables_write(const Findings *findings, Error *error)
{
    return write_table(findings, "results.csv", tables_append_results, error) &&
           write_table(findings, "schemes.csv", append_schemes, error) &&
           write_table(findings, "pairs.csv", append_pairs, error) &&
           write_table(findings, "lengths.csv", append_lengths, error);
}
