# claim.gp: draws the figure of an answer: curves, or bars where x is a number of words.
#
#     cd runs/claims && gnuplot -c .../scripts/claim.gp NAME TITLE SUBTITLE X Y LOG TRAINED
#
# It reads NAME.csv, NAME-series.csv and NAME-words.csv in the current folder and writes NAME.svg
# and .png beside them. X and Y are the names of the axes, LOG those of them that are logarithmic:
# "", "x", "y" or "xy". Up to x = TRAINED the graph is shaded; 0: nowhere. gnuplot 5.2 or later.

scripts  = ARG0[1 : strlen(ARG0) - strlen('claim.gp')]      # the folder of this file
picture  = ARG1
title    = ARG2
subtitle = ARG3
x_name   = ARG4
y_name   = ARG5
x_is_log = strstrt(ARG6, 'x') > 0
y_is_log = strstrt(ARG6, 'y') > 0
trained  = real(ARG7)

load scripts.'style.gp'
RIGHT = 0.97
figure_letters = 9
arms_table = picture.'-series.csv'
load scripts.'arms.gp'

# The columns of the points.
points = picture.'.csv'
ARM = 1
X = 2
Y = 3
LOW = 4
HIGH = 5

# --- the words in place of numbers ---------------------------------------------------------------

x_words = 0
take_row(n) = (x_words = n)
table = picture.'-words.csv'
load scripts.'csv.gp'
array x_word[x_words + 1]      # no array has no place
take_row(n) = (x_word[n] = cell[2], 0)
load scripts.'csv.gp'

# --- what is in the file -------------------------------------------------------------------------

# By series its last point; of all, the ranges. What a logarithm has no place for is left out.
array end_x[arms]
array end_y[arms]
array figure[arms]
do for [a = 1 : arms] {
    end_x[a] = NaN
    end_y[a] = NaN
}
count = 0
first_x = HUGE
last_x_of_all = -HUGE
lowest = HUGE
highest = -HUGE
low_end = HUGE
high_end = -HUGE
places = ' '
n_places = 0
LEAST = 1e-12
fits(x, y) = (!x_is_log || x > 0) && (!y_is_log || y > LEAST)
take_place(x) = strstrt(places, sprintf(' %.9g ', x)) ? 0 : \
    (n_places = n_places + 1, n_places < 40 ? places = places.sprintf('%.9g ', x) : 0, 0)
take_ends(x) = (fits(1, column(LOW)) ? low_end = min(low_end, column(LOW)) : 0, \
    high_end = max(high_end, column(HIGH)))
take(a, x, y) = (count = count + 1, take_place(x), first_x = min(first_x, x), \
    last_x_of_all = max(last_x_of_all, x), lowest = min(lowest, y), highest = max(highest, y), \
    has(LOW) && has(HIGH) ? take_ends(0) : 0, end_x[a] = x, end_y[a] = y, 0)
stats points using (has(X) && has(Y) && fits(column(X), column(Y)) ? \
    take(column(ARM) + 1, column(X), column(Y)) : 0) every ::1 nooutput
if (count == 0) exit

# --- the axis of y -------------------------------------------------------------------------------

# Bars stand on zero. An interval of few seeds may be much wider than all the rest: of such a one
# there is as much as the rest is high.
if (x_words > 0 && !y_is_log) {
    lowest = min(lowest, 0)
    highest = max(highest, 0)
}
if (y_is_log) {
    room = max(highest / lowest, 1.5)
    low_end = max(min(low_end, lowest), lowest / room)
    high_end = min(max(high_end, highest), highest * room)
    room = max(high_end / low_end, 1.5)
    bottom = low_end / room ** 0.06
    top = high_end * room ** 0.12
    height_of(y) = y > 0 ? log(y / bottom) / log(top / bottom) : 0
    set logscale y
    set ytics format (abs(log10(bottom)) > 4 || abs(log10(top)) > 4 ? '10^{%L}' : '%g')
} else {
    room = max(highest - lowest, 1e-9 + 1e-3 * max(abs(highest), abs(lowest)))
    low_end = max(min(low_end, lowest), lowest - room)
    high_end = min(max(high_end, highest), highest + room)
    room = max(high_end - low_end, room)
    bottom = low_end - (x_words > 0 && low_end == 0 ? 0 : 0.08 * room)
    top = high_end + 0.12 * room
    set ytics round_up((top - bottom) / 8) format '%g'
}
set yrange [bottom : top]
set label y_name at screen 0.02, graph 0.5 center rotate noenhanced \
    font fitting(24, y_name.y_name) textcolor rgb TEXT_INK

load scripts.(x_words > 0 ? 'claim_bars.gp' : 'claim_curves.gp')
