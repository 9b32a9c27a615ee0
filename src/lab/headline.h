/* headline.h: a comparison in words, and no word more than the seeds show.
 *
 *     a and b lead: the loss of a is 0.1210 nats below that of c, the next (95 %: 0.0900 to 0.1520;
 *     5 seeds).
 *     Not shown: that b is worse than a.
 *     Not shown: that b is better than c.
 *     As good as a, to within 0.0153 nats: b.
 *
 * The next is the lowest scheme of those that are shown to be worse than the one with the lowest
 * mean. Those that lead are that one and all with a mean below the next; what has a higher mean,
 * and is not shown to be worse only because it strays, does not lead. The interval is that of this
 * one pair. "As good as" comes from the equivalence test alone; where it does not come out, the
 * line says how often it would for schemes that are equal. Where not all is shown, a line says what
 * it would take.
 *
 * A scheme may be shown to be worse and, by the equivalence test, not by much. The line is then
 *
 *     Worse than a, but by less than 0.0153 nats: c (90 %: 0.0031 to 0.0127).
 *
 * with the interval that this test asks, which is narrower than the one of the first line.
 *
 * Where nothing is shown, the first line says that; it never names a winner then.
 */
#ifndef LAB_HEADLINE_H
#define LAB_HEADLINE_H

#include "base/text.h"
#include "lab/comparison.h"

/* Appends the lines; the first is the headline. names [n_schemes] */
void headline_write(TextBuffer *out, const Comparison *comparison, const char *const *names);

#endif
