# curves.gp: draws a picture with a curve for each arm; loaded by the scripts that have loaded
# names.gp and set the axes.
#
# The points are in the file `points`, with the columns ARM, X, Y, LOW and HIGH; LOW = 0: a curve has
# no band. `behind` and `in_front` are what else is plotted, under the curves and over them, with
# marks of mark_size; `style` is "lines" or "linespoints"; `picture` is the name of the files without
# their ending.

# An arrow where a curve leaves at the top, between two of its points. along(x, z, part) is the x so
# far on the way from x to z.
array last_x[arms]
array last_y[arms]
array leaves[arms]
do for [a = 1 : arms] {
    last_y[a] = HUGE
    leaves[a] = NaN
}
follow(a, x, y) = (last_y[a] <= top && y > top ? leaves[a] = \
    along(last_x[a], x, (top - last_y[a]) / (y - last_y[a])) : 0, last_x[a] = x, last_y[a] = y, top)
stats points using (has(Y) ? follow(column(ARM) + 1, column(X), column(Y)) : top) every ::1 nooutput
do for [a = 1 : arms] {
    if (is_number(leaves[a])) {
        set label '↑' at first leaves[a], graph 1.03 center font ',24' textcolor rgb colour[a]
    }
}

# The band from LOW to HIGH as the corners of a polygon, there below and back above. What is out of
# range is cut off here, as not every gnuplot does it right: where an edge crosses `bottom` or `top`
# is one more corner.
array there[arms]
array back[arms]
array last_low[arms]
array last_high[arms]
do for [a = 1 : arms] {
    there[a] = ''
    back[a] = ''
}
clipped(y) = min(top, max(bottom, y))
corner(x, y) = sprintf("%.9g,%.9g\n", x, clipped(y))
cut(x, y, z, w, edge) = (y - edge) * (w - edge) < 0 ? \
    corner(along(x, z, (edge - y) / (w - y)), edge) : ''
cuts(x, y, z, w) = y < w ? cut(x, y, z, w, bottom).cut(x, y, z, w, top) : \
    cut(x, y, z, w, top).cut(x, y, z, w, bottom)
take_band(a, x, y, w) = (strlen(there[a]) == 0 ? 0 : \
    (there[a] = there[a].cuts(last_x[a], last_low[a], x, y), \
    back[a] = cuts(x, w, last_x[a], last_high[a]).back[a]), \
    there[a] = there[a].corner(x, y), back[a] = corner(x, w).back[a], \
    last_x[a] = x, last_low[a] = y, last_high[a] = w, top)
stats points using (LOW > 0 && has(LOW) && has(HIGH) ? \
    take_band(column(ARM) + 1, column(X), column(LOW), column(HIGH)) : top) every ::1 nooutput

# Many bands over each other would hide the curves: the more there are, the fainter is each.
band_ink = min(0.15, 0.9 / arms)
command = 'plot '
do for [a = 1 : arms] {
    if (strlen(there[a]) > 0) {
        eval sprintf('set print $BAND%d', a)
        print there[a].back[a]
        unset print
        command = command.sprintf('$BAND%d using 1:2 with filledcurves closed fillstyle ', a)
        command = command.sprintf('transparent solid %.3f noborder fillcolor rgb "%s", ', \
            band_ink, colour[a])
    }
}
command = command.behind
do for [a = 1 : arms] {
    command = command.sprintf('points using (column(ARM) == %d ? column(X) : NaN)', a - 1)
    command = command.sprintf(':(column(Y)) with %s linestyle %d, ', style, a)
}
command = command.in_front

set terminal svg size 1280, 800 dynamic font 'sans-serif,24' background 'white'
set output picture.'.svg'
smaller = min(1, 20.0 / arms)
mark_size = 0.6 * smaller
set pointsize mark_size
eval command

letters = title.subtitle
do for [a = 1 : arms] { letters = letters.name[a] }
load scripts.'png.gp'
if (has_png) {
    set output picture.'.png'
    mark_size = 1.4 * smaller
    set pointsize mark_size
    replot
}
