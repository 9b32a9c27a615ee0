/* inspect.c: door by door. */
#include "lab/inspect/inspect.h"

bool inspect(Gallery *gallery, const Subject *subject, Error *error)
{
    const PosScheme *scheme = subject->pos[0]->scheme;
    return pos_check(subject->pos[0], subject->positions, error) &&
           (!scheme->at_embedding || inspect_embedding(gallery, subject, error)) &&
           (!scheme->at_query_key || inspect_query_key(gallery, subject, error)) &&
           (!scheme->at_scores || inspect_scores(gallery, subject, error));
}
