# lengths.gp: the axes of the two pictures of a comparison that go beyond the length of training;
# loaded by them when they know axis_start and axis_end, top and bottom, and `trained`, the length
# of training (NaN where it is not the same for all arms).

set logscale x 2
set xrange [axis_start : axis_start * (1.0 * axis_end / axis_start) ** (1 / (1 - names_share))]
set arrow from graph 0, graph 0 to first axis_end, graph 0 nohead linecolor rgb QUIET_INK
load scripts.'losses.gp'

# The range of training. Its words stand where no curve is: a loss is high where little is known.
if (is_number(trained)) {
    set object rectangle from graph 0, graph 0 to first min(trained, axis_end), graph 1 behind \
        fillstyle solid noborder fillcolor rgb SHADE_INK
    shade_width = (1 - names_share) * GRAPH_WIDTH * \
        log(min(trained, axis_end) / axis_start) / log(axis_end / axis_start)
    words_of_it = sprintf('in training: up to %.0f', trained)
    size = max(16, min(22, (shade_width - 20) / (LETTER * strlen(words_of_it))))
    set label words_of_it at graph 0.012, graph 0.04 left font sprintf(',%.1f', size) \
        textcolor rgb QUIET_INK
}

along(x, z, part) = x * (z / x) ** part
