# claim_curves.gp: the curves of an answer; loaded by claim.gp when it knows the points and the axis
# of y.

# --- the axis of x -------------------------------------------------------------------------------

# Room for a curve that is one point.
if (first_x == last_x_of_all) { last_x_of_all = x_is_log ? 2 * first_x : first_x + 1 }
axis_end = last_x_of_all
if (x_is_log) {
    axis_start = first_x / (axis_end / first_x) ** 0.03
    along(x, z, part) = x * (z / x) ** part
    FULL_END = axis_start * (axis_end / axis_start) ** (1 / (1 - names_share))
    set logscale x
} else {
    axis_start = first_x - 0.02 * (axis_end - first_x)
    along(x, z, part) = x + part * (z - x)
    FULL_END = axis_start + (axis_end - axis_start) / (1 - names_share)
}
set xrange [axis_start : FULL_END]
set arrow from graph 0, graph 0 to first axis_end, graph 0 nohead linecolor rgb QUIET_INK
if (bottom < 0 && top > 0) {
    set arrow from graph 0, first 0 to axis_end, 0 nohead back linecolor rgb QUIET_INK
}
set label x_name at graph (1 - names_share) / 2, screen 0.032 center noenhanced \
    font fitting(24, x_name) textcolor rgb TEXT_INK

# Lengths on a logarithmic axis are its ticks where there is room for them; else powers of ten are. On
# other axes they are round numbers.
if (x_is_log && n_places <= 12 && 15 * strlen(places) < (1 - names_share) * GRAPH_WIDTH) {
    set xtics () out scale 0.6 offset 0, 0.15
    do for [place in places] { set xtics add (place real(place)) }
} else { if (x_is_log) {
    set xtics out scale 0.6 offset 0, 0.15 format (axis_end >= 1e5 ? '10^{%L}' : '%g') rangelimited
} else {
    most_ticks = min(8.0, (1 - names_share) * GRAPH_WIDTH / 90)
    step = round_up((axis_end - first_x) / most_ticks)
    set xtics ceil(first_x / step) * step, step, axis_end out scale 0.6 offset 0, 0.15 format '%g'
} }

if (trained > 0 && trained > axis_start) {
    set object rectangle from graph 0, graph 0 to first min(trained, axis_end), graph 1 behind \
        fillstyle solid noborder fillcolor rgb SHADE_INK
    set label sprintf('in training: up to %g', trained) at graph 0.012, graph 0.96 left \
        font ',20' textcolor rgb QUIET_INK
}

# --- words and curves ----------------------------------------------------------------------------

# A rounding error beside what the axis shows is 0.
shown(y) = !y_is_log && abs(y) < 1e-6 * (top - bottom) ? 0 : y
do for [a = 1 : arms] {
    figure[a] = is_number(end_y[a]) ? sprintf('%.4g', shown(end_y[a])) : '-'
}
heading = sprintf('at %g', axis_end)
do for [a = 1 : arms] {
    if (is_number(end_x[a]) && end_x[a] != axis_end) { heading = 'at its end' }
}
load scripts.'names.gp'

behind = ''
in_front = ''
style = count <= 24 * arms ? 'linespoints' : 'lines'
load scripts.'curves.gp'
