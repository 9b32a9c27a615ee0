/* greys.c: the greys of pictures. */
#include "lab/report/greys.h"

const Grey greys[N_GREYS] = {
    {0xffffff, "paper", "#0d1117"}, {0x000000, "ink", "#e9e7e2"},  {0x222222, "ink", "#e9e7e2"},
    {0x666666, "quiet", "#a2a8af"}, {0xe2e2e2, "grid", "#353a41"}, {0xf2f2f2, "shade", "#20252b"},
    {0xf0f4f8, "shade", "#20252b"},
};
