/* claims.c: the list of all claims. A claim is one file in this folder, and one row here. */
#include "lab/claims/claim.h"

#define CLAIMS(ROW)                                                                                \
    ROW(order)                                                                                     \
    ROW(table_end)                                                                                 \
    ROW(any_length)                                                                                \
    ROW(same_quality)                                                                              \
    ROW(independent)                                                                               \
    ROW(shared_bias)                                                                               \
    ROW(rotation)                                                                                  \
    ROW(not_values)                                                                                \
    ROW(cache)                                                                                     \
    ROW(angle)                                                                                     \
    ROW(decay)                                                                                     \
    ROW(strengths)

#define DECLARE(name) extern const Claim claim_##name;
#define ADDRESS(name) &claim_##name,

CLAIMS(DECLARE)
const Claim *const claims[] = {CLAIMS(ADDRESS)};
const size_t claim_count = sizeof claims / sizeof *claims;

const char *const verdict_names[] = {"holds", "holds under a condition", "does not hold",
                                     "not shown"};
