/* figures.c: a table is a text, and a text is a file. */
#include "lab/figures.h"

#include <math.h>

#include "base/csv.h"
#include "base/file.h"
#include "lab/palette.h"

static void append_numbers(TextBuffer *out, double mean, double low, double high)
{
    csv_append_next_real(out, mean);
    csv_append_next_real(out, low);
    csv_append_next_real(out, high);
}

static void append_estimate(TextBuffer *out, const Estimate *estimate)
{
    append_numbers(out, estimate->over_seeds.mean, estimate->interval.low, estimate->interval.high);
}

static void append_arms(TextBuffer *out, const Findings *findings)
{
    const Experiment *experiment = findings->experiment;
    text_append_format(out, "arm,name,colour,dash,point,mean,low,high\n");
    for (size_t a = 0; a < experiment->n_arms; a++) {
        const Arm *arm = &experiment->arms[a];
        size_t scheme = (size_t)experiment_trial(experiment, a, 0)->config.pos;
        Ink ink = palette_ink(scheme, arm->variant, arm->n_variants);
        text_append_format(out, "%zu,", a);
        csv_append(out, findings->names[a]);
        text_append_format(out, ",%s,%d,%d", ink.hex, ink.dash, ink.point);
        append_estimate(out, &findings->arms[a].val_loss);
        text_append_format(out, "\n");
    }
}

static void append_curves(TextBuffer *out, const Findings *findings)
{
    text_append_format(out, "arm,step,runs,mean,low,high\n");
    for (size_t a = 0; a < findings->experiment->n_arms; a++) {
        const Curve *curve = &findings->by_step[a];
        for (size_t p = 0; p < curve->n_points; p++) {
            const CurvePoint *point = &curve->points[p];
            text_append_format(out, "%zu,%.9g,%zu", a, point->x, point->n);
            append_numbers(out, point->mean, point->low, point->high);
            text_append_format(out, "\n");
        }
    }
}

static void append_by_context(TextBuffer *out, const Findings *findings)
{
    text_append_format(out, "arm,context,training,same_mean,same_low,same_high,plain_mean,"
                            "plain_low,plain_high,refused\n");
    for (size_t a = 0; a < findings->experiment->n_arms; a++)
        for (size_t c = 0; c < findings->n_contexts; c++) {
            const ContextFinding *found = findings_at_context(findings, a, c);
            text_append_format(out, "%zu,%zu,%zu", a, findings->contexts[c],
                               experiment_trial(findings->experiment, a, 0)->config.block_size);
            append_estimate(out, &found->same);
            append_estimate(out, &found->plain);
            text_append_format(out, ",");
            csv_append(out, found->refused ? found->refused : "");
            text_append_format(out, "\n");
        }
}

/* The length at which an arm's curve by position ends: its longest window. Lengths rise. */
static size_t longest_context(const Findings *findings, size_t arm)
{
    size_t longest = 0;
    for (size_t c = 0; c < findings->n_contexts; c++)
        if (!findings_at_context(findings, arm, c)->refused)
            longest = findings->contexts[c];
    return longest;
}

static void append_by_position(TextBuffer *out, const Findings *findings)
{
    text_append_format(out, "arm,context,position,mean,low,high\n");
    if (findings->n_contexts == 0) /* then there are no curves, either */
        return;
    for (size_t a = 0; a < findings->experiment->n_arms; a++) {
        const Curve *curve = &findings->by_position[a];
        size_t longest = longest_context(findings, a);
        for (size_t p = 0; p < curve->n_points; p++) {
            const CurvePoint *point = &curve->points[p];
            text_append_format(out, "%zu,%zu,%.9g", a, longest, point->x);
            append_numbers(out, point->mean, point->low, point->high);
            text_append_format(out, "\n");
        }
    }
}

static void append_by_length(TextBuffer *out, const Findings *findings)
{
    double trained = findings->trained_length > 0 ? (double)findings->trained_length : NAN;
    text_append_format(out, "arm,length,trained,mean,low,high,refused\n");
    for (size_t a = 0; a < findings->experiment->n_arms; a++)
        for (size_t l = 0; l < findings->n_lengths; l++) {
            const LengthFinding *found = findings_at_length(findings, a, l);
            text_append_format(out, "%zu,%zu", a, findings->lengths[l]);
            csv_append_next_real(out, trained);
            append_numbers(out, 100 * found->exact.over_seeds.mean, 100 * found->lowest,
                           100 * found->highest);
            text_append_format(out, ",%s\n", found->refused ? "yes" : "no");
        }
}

bool figures_write(const Findings *findings, Error *error)
{
    static const struct {
        const char *name;
        void (*append)(TextBuffer *, const Findings *);
    } tables[] = {
        {"arms.csv", append_arms},
        {"curves.csv", append_curves},
        {"by-context.csv", append_by_context},
        {"by-position.csv", append_by_position},
        {"by-length.csv", append_by_length},
    };
    Arena arena = {0};
    bool ok = true;
    for (size_t t = 0; ok && t < sizeof tables / sizeof *tables; t++) {
        TextBuffer text = {0};
        const char *path = path_join(&arena, findings->experiment->folder, tables[t].name);
        tables[t].append(&text, findings);
        ok = path && !text.failed ? file_write(path, text.bytes, text.length, error)
                                  : fail(error, "out of memory: %s", tables[t].name);
        text_buffer_free(&text);
    }
    arena_free(&arena);
    return ok;
}
