# compare_loss.gp: draws the validation loss of each arm of a comparison against the step, with a
# band for what the seeds leave open.
#
#     cd FOLDER && gnuplot -c .../scripts/compare_loss.gp TITLE SUBTITLE UNIT
#
# It reads arms.csv and curves.csv in the current folder and writes loss.svg and loss.png beside
# them. UNIT is a character, a word or an answer. gnuplot 5.2 or later.

scripts  = ARG0[1 : strlen(ARG0) - strlen('compare_loss.gp')]      # the folder of this file
title    = ARG1
subtitle = ARG2
unit     = ARG3

load scripts.'style.gp'
figure_letters = 6
load scripts.'arms.gp'

# The columns of curves.csv.
points = 'curves.csv'
ARM = 1
X = 2
Y = 4
LOW = 5
HIGH = 6

# --- what is in the file -----------------------------------------------------------------------

array end_x[arms]
array end_y[arms]
array figure[arms]
do for [a = 1 : arms] {
    end_x[a] = NaN
    end_y[a] = NaN
}
first_loss = -HUGE
lowest = HUGE
highest = -HUGE
axis_end = 1
take(a, step, loss) = (axis_end = max(axis_end, step), \
    step == 0 ? first_loss = max(first_loss, loss) : 0, end_x[a] = step, end_y[a] = loss, \
    lowest = min(lowest, loss), highest = max(highest, loss), loss)
stats points using (has(Y) ? take(column(ARM) + 1, column(X), column(Y)) : NaN) \
    every ::1 nooutput
if (lowest == HUGE) exit

# --- the axes ----------------------------------------------------------------------------------

# A loss falls fast and then slowly. The range shows the slow part and the ends of the curves; the
# first steps may leave it at the top, and so may an arm that is far from the others.
top = min(highest, 2 * STATS_up_quartile - lowest)
do for [a = 1 : arms] {
    if (is_number(end_y[a]) && !far[a]) { top = max(top, end_y[a]) }
}
bottom = lowest
if (highest < top + 0.3 * (top - bottom)) { top = highest }      # so near: show all
height = max(top - bottom, 0.1)
top = top + 0.07 * height
bottom = bottom - 0.1 * height

set xrange [0 : axis_end / (1 - names_share)]
set arrow from first 0, graph 0 to axis_end, graph 0 nohead linecolor rgb QUIET_INK
most_ticks = min(8.0, (1 - names_share) * GRAPH_WIDTH / 90)
set xtics 0, max(1, round_up(axis_end / most_ticks)), axis_end \
    out scale 0.6 offset 0, 0.15 format '%.0f'
load scripts.'losses.gp'
set label 'step' at axis_end / 2.0, screen 0.032 center textcolor rgb TEXT_INK
if (first_loss > top) {
    set label sprintf('↑ starts at %.2f', first_loss) at graph 0, 1.03 left \
        font ',22' textcolor rgb QUIET_INK
}

# --- the pictures ------------------------------------------------------------------------------

do for [a = 1 : arms] {
    figure[a] = !is_number(end_y[a]) ? MISSING : sprintf('%.3f', end_y[a])
}
heading = ''
load scripts.'names.gp'

along(x, z, part) = x + part * (z - x)
behind = ''
in_front = ''
style = 'lines'
picture = 'loss'
load scripts.'curves.gp'
