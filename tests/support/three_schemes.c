/* three_schemes.c: writes runs, and finds. */
#include "support/three_schemes.h"

const double T1 = 12.7062, T2 = 4.30265;

void write_loss(ExperimentCase *made, size_t arm, size_t seed, double loss)
{
    write_run(made, arm, seed, (MadeRun){.loss = {4, 3, loss}, .ms = 2, .threads = 1});
}

void write_three_schemes(ExperimentCase *made)
{
    static const double loss[3][3] = {{2.0, 2.2, 2.115}, {1.7, 1.9, 1.8}, {1.0, 1.25}};
    made->request.pos = "none,learned,rope";
    made->request.n_seeds = 3;
    lay_out(made);
    for (size_t arm = 0; arm < 3; arm++)
        for (size_t seed = 0; seed < 3; seed++)
            if (loss[arm][seed] > 0)
                write_loss(made, arm, seed, loss[arm][seed]);
}

Findings findings_of(ExperimentCase *made, double stated_loss)
{
    Findings findings;
    if (!findings_make(&made->experiment, stated_loss, &findings, &made->error))
        fail_msg("%s", made->error.text);
    return findings;
}

void assert_estimate(Estimate estimate, size_t n, double mean, double half)
{
    assert_int_equal(estimate.over_seeds.n, n);
    assert_close(estimate.over_seeds.mean, mean, 1e-9);
    assert_close(estimate.interval.low, mean - half, 1e-4);
    assert_close(estimate.interval.high, mean + half, 1e-4);
}
