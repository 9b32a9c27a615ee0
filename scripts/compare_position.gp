# compare_position.gp: draws the loss of each arm of a comparison against the position in its
# longest window.
#
#     cd FOLDER && gnuplot -c .../scripts/compare_position.gp TITLE SUBTITLE UNIT TRAINED PLACE
#
# It reads arms.csv and by-position.csv in the current folder and writes loss-by-position.svg and
# .png beside them. UNIT is a character or a word. TRAINED is the length of training, whose range is
# shaded; nan where it is not the same for all arms. PLACE is "seen" where a model sees what stands
# before, "place" where it sees both sides. gnuplot 5.2 or later.

scripts  = ARG0[1 : strlen(ARG0) - strlen('compare_position.gp')]      # the folder of this file
title    = ARG1
subtitle = ARG2
unit     = ARG3
trained  = real(ARG4)
place    = ARG5

load scripts.'style.gp'
figure_letters = 6
load scripts.'arms.gp'

# The columns of by-position.csv.
points = 'by-position.csv'
ARM = 1
X = 3
Y = 4
LOW = 5
HIGH = 6

# --- what is in the file -----------------------------------------------------------------------

# By arm its last point. The first positions know next to nothing of what stands before them, so
# their loss says little. `highest` is that from position SETTLED on, `settled` the highest one from
# there to the end of training.
SETTLED = 5
array end_x[arms]
array end_y[arms]
array figure[arms]
do for [a = 1 : arms] {
    end_x[a] = NaN
    end_y[a] = NaN
}
axis_end = 1
first_loss = -HUGE
lowest = HUGE
highest = -HUGE
settled = -HUGE
within(x) = !is_number(trained) || x <= trained
take(a, x, y) = (axis_end = max(axis_end, x), \
    x == 1 && !far[a] ? first_loss = max(first_loss, y) : 0, \
    end_x[a] = x, end_y[a] = y, lowest = min(lowest, y), \
    x >= SETTLED && !far[a] ? highest = max(highest, y) : 0, \
    x >= SETTLED && !far[a] && within(x) ? settled = max(settled, y) : 0)
stats points using (has(Y) ? take(column(ARM) + 1, column(X), column(Y)) : 0) every ::1 nooutput
if (lowest == HUGE) exit

# --- the axes ----------------------------------------------------------------------------------

# The range has room for a rise as high as all that is settled; what is higher leaves at the top.
top = settled == -HUGE ? max(highest, lowest) : min(highest, settled + max(0.2, settled - lowest))
if (highest < top + 0.5 * (top - lowest)) { top = highest }      # so near: show all
height = max(top - lowest, 0.1)
bottom = lowest - 0.15 * height
top = top + 0.14 * height
axis_start = 0.9
load scripts.'lengths.gp'
most_ticks = (1 - names_share) * GRAPH_WIDTH / 60
set xtics 1, 2 ** max(1, ceil(log(axis_end) / log(2) / most_ticks)), axis_end \
    out scale 0.6 offset 0, 0.15 format '%.0f'
x_name = place eq 'seen' ? unit.'s of the window seen so far' : 'place in the window'
set label x_name at graph (1 - names_share) / 2, screen 0.032 center \
    textcolor rgb TEXT_INK
if (first_loss > top) {
    set label sprintf('↑ starts at %.2f', first_loss) at graph 0, 1.03 left \
        font ',22' textcolor rgb QUIET_INK
}

# --- the pictures ------------------------------------------------------------------------------

do for [a = 1 : arms] {
    figure[a] = !is_number(end_y[a]) ? MISSING : sprintf('%.3f', end_y[a])
}
heading = 'at the end'
load scripts.'names.gp'

behind = ''
in_front = ''
style = 'linespoints'
picture = 'loss-by-position'
load scripts.'curves.gp'
