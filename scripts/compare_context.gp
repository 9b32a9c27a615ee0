# compare_context.gp: draws the loss of each arm of a comparison against the context length.
#
#     cd FOLDER && gnuplot -c .../scripts/compare_context.gp TITLE SUBTITLE UNIT
#
# It reads arms.csv and by-context.csv in the current folder and writes loss-by-context.svg and .png
# beside them. UNIT is a character or a word. gnuplot 5.2 or later.

scripts  = ARG0[1 : strlen(ARG0) - strlen('compare_context.gp')]      # the folder of this file
title    = ARG1
subtitle = ARG2
unit     = ARG3

load scripts.'style.gp'
figure_letters = 7
load scripts.'arms.gp'

# The columns of by-context.csv. Both losses have their mean and its interval.
points = 'by-context.csv'
ARM = 1
X = 2
TRAINING = 3
SAME = 4
PLAIN = 7

# --- what is in the file -----------------------------------------------------------------------

# The curves are the losses of the same targets. A model that sees both sides has only those of
# windows side by side.
same = 0
stats points using (same = same || has(SAME), 0) every ::1 nooutput
Y = same ? SAME : PLAIN
LOW = Y + 1
HIGH = Y + 2

# By arm its last point. `inside` is the highest loss up to the length of training.
array end_x[arms]
array end_y[arms]
array figure[arms]
do for [a = 1 : arms] {
    end_x[a] = NaN
    end_y[a] = NaN
}
rows = 0
lengths = ' '
shortest = HUGE
longest = 0
trained = 0
trained_alike = 1
lowest = HUGE
highest = -HUGE
inside = -HUGE
take_length(T) = (shortest = min(shortest, T), longest = max(longest, T), \
    lengths = strstrt(lengths, sprintf(' %.0f ', T)) ? lengths : lengths.sprintf('%.0f ', T))
take_training(T) = (trained_alike = trained_alike && (rows == 1 || trained == T), trained = T)
take_loss(a, y) = (lowest = min(lowest, y), highest = far[a] ? highest : max(highest, y), \
    column(X) <= column(TRAINING) && !far[a] ? inside = max(inside, y) : 0, \
    end_x[a] = column(X), end_y[a] = y)
take(a) = (rows = rows + 1, take_length(column(X)), take_training(column(TRAINING)), \
    has(Y) ? take_loss(a, column(Y)) : 0)
stats points using (take(column(ARM) + 1)) every ::1 nooutput
if (rows == 0 || lowest == HUGE) exit

# --- the axes ----------------------------------------------------------------------------------

# Beyond its training a loss may rise without end. The range has room for a rise as high as all that
# is within training; what rises further leaves at the top.
top = inside == -HUGE ? max(highest, lowest) : min(highest, inside + max(0.3, inside - lowest))
if (highest < top + 0.5 * (top - lowest)) { top = highest }      # so near: show all
height = max(top - lowest, 0.1)
bottom = lowest - 0.15 * height
top = top + 0.14 * height
height = top - bottom
axis_start = shortest / 1.15
axis_end = longest
trained = trained_alike ? trained : NaN
load scripts.'lengths.gp'
set xtics () out scale 0.6 offset 0, 0.15
do for [length in lengths] { set xtics add (length real(length)) }
set label 'length of the window ('.unit.'s)' at graph (1 - names_share) / 2, screen 0.032 center \
    textcolor rgb TEXT_INK

# --- words beside the curves -------------------------------------------------------------------

do for [a = 1 : arms] {
    figure[a] = !is_number(mean[a]) ? MISSING : \
        end_x[a] == longest ? sprintf('%.3f', end_y[a]) : 'refused'
}
heading = sprintf('at %.0f', longest)
load scripts.'names.gp'

# Where an arm refuses what is longer, a line leads up to a cross, high above, where no curves are.
# It has a word beside it, where these are few.
set print $CROSSES
crosses = 0
do for [k = 1 : arms] {
    a = by_end[k]
    if (figure[a] eq 'refused' && is_number(end_y[a]) && end_y[a] <= top) {
        crosses = crosses + 1
        y = top - (0.02 + 0.048 * min(crosses, 4)) * (top - bottom)
        print sprintf('%.9g,%.9g,%d', end_x[a], y, int('0x'.colour[a][2 : *]))
        set arrow from end_x[a], end_y[a] to end_x[a], y nohead linewidth 1 linecolor rgb colour[a]
        if (crosses <= 4) {
            set label (crosses < 4 ? 'refused' : 'and more') at end_x[a], y left offset 1.1, 0 \
                font ',20' textcolor rgb (crosses < 4 ? colour[a] : QUIET_INK)
        }
    }
}
unset print

# --- the pictures ------------------------------------------------------------------------------

behind = ''
in_front = crosses == 0 ? '' : '$CROSSES using 1:2:3 with points pointtype 2 '. \
    'pointsize 1.8 * mark_size linewidth 3 linecolor rgb variable, '
style = 'linespoints'
picture = 'loss-by-context'
load scripts.'curves.gp'
