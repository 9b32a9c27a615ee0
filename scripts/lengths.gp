# lengths.gp: the axes of the two pictures of a comparison that go beyond the length of training;
# loaded by them when they know axis_start and axis_end, top and bottom, and `trained`, the length
# of training (NaN where it is not the same for all arms).

set logscale x 2
set xrange [axis_start : axis_start * (1.0 * axis_end / axis_start) ** (1 / (1 - names_share))]
set arrow from graph 0, graph 0 to first axis_end, graph 0 nohead linecolor rgb QUIET_INK
load scripts.'losses.gp'

# They leave room under the lowest curve.
words_height = 0.04
along_axis(x) = log(x / axis_start) / log(axis_end / axis_start)
load scripts.'trained.gp'

along(x, z, part) = x * (z / x) ** part
