/* table_end_measure.c: positions one by one, and one evaluation for each place of a text. */
#include "lab/claims/table_end.h"

#include <math.h>

#include "train/evaluate.h"

bool table_end_is_at(const Gpt *gpt, size_t length)
{
    Positions next = {(const int[]){(int)length}, 1};
    for (int p = 0; p < (int)length; p++)
        if (!pos_check(&gpt->pos, (Positions){&p, 1}, NULL))
            return false;
    return !pos_check(&gpt->pos, next, NULL);
}

enum { WINDOWS = 64, BATCH = 32 };

/* The list of positions is the evaluator's own; it starts at 0 before. */
static bool loss_at(Evaluator *evaluator, Tokens tokens, size_t offset, double *loss, Error *error)
{
    size_t length = evaluator->positions.count;
    Evaluation result;
    Positions shifted;
    if (!positions_from_0(&evaluator->arena, offset + length, &shifted, error))
        return false;
    Positions before = evaluator->positions;
    evaluator->positions = (Positions){shifted.at + offset, length};
    bool ok = pos_check(&evaluator->gpt->pos, evaluator->positions, error) &&
              evaluate(evaluator, tokens, WINDOWS, &result, error);
    evaluator->positions = before;
    *loss = ok ? result.loss : NAN;
    return ok;
}

bool table_end_losses(const Gpt *gpt, Tokens tokens, size_t length, const size_t *offsets, size_t n,
                      double *losses, Error *error)
{
    Evaluator evaluator;
    if (!evaluator_init(&evaluator, gpt, (Placement){0}, BATCH, length, error))
        return false;
    bool ok = true;
    for (size_t i = 0; i < n && ok; i++)
        ok = loss_at(&evaluator, tokens, offsets[i], &losses[i], error);
    evaluator_free(&evaluator);
    return ok;
}
