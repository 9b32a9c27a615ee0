# compare_length.gp: draws how much of a task each arm of a comparison has all right, against the
# length of its sequences.
#
#     cd FOLDER && gnuplot -c .../scripts/compare_length.gp TITLE SUBTITLE
#
# It reads arms.csv, by-length.csv and lengths.csv in the current folder and writes right-by-length.svg
# and .png beside them. Where by-length.csv has no rows, it draws nothing. gnuplot 5.2 or later.

scripts  = ARG0[1 : strlen(ARG0) - strlen('compare_length.gp')]      # the folder of this file
title    = ARG1
subtitle = ARG2

load scripts.'style.gp'
figure_letters = 7
load scripts.'arms.gp'

# The columns of by-length.csv. A curve has its seeds around it in place of a band.
points = 'by-length.csv'
ARM = 1
X = 2
TRAINED = 3
Y = 4
LOW = 0

# --- what is in the file -----------------------------------------------------------------------

# By arm its last point.
array end_x[arms]
array end_y[arms]
array figure[arms]
do for [a = 1 : arms] {
    end_x[a] = NaN
    end_y[a] = NaN
}
rows = 0
lengths = ' '
axis_start = HUGE
axis_end = 0
trained = NaN
take_length(n) = (axis_start = min(axis_start, n), axis_end = max(axis_end, n), \
    lengths = strstrt(lengths, sprintf(' %.0f ', n)) ? lengths : lengths.sprintf('%.0f ', n))
take_share(a, y) = (end_x[a] = column(X), end_y[a] = y)
take(a) = (rows = rows + 1, take_length(column(X)), has(TRAINED) ? trained = column(TRAINED) : 0, \
    has(Y) ? take_share(a, column(Y)) : 0, 0)
stats points using (take(column(ARM) + 1)) every ::1 nooutput
if (rows == 0 || axis_start == axis_end) exit

# --- the axes ----------------------------------------------------------------------------------

# All and nothing are where most curves are, so there is a little room at both ends.
bottom = -4
top = 104
axis_start = axis_start - 0.03 * (axis_end - axis_start)
set xrange [axis_start : axis_start + (axis_end - axis_start) / (1 - names_share)]
set yrange [bottom : top]
set arrow from graph 0, graph 0 to first axis_end, graph 0 nohead linecolor rgb QUIET_INK
set ytics 0, 20, 100
set xtics () out scale 0.6 offset 0, 0.15
do for [length in lengths] { set xtics add (length real(length)) }
set label 'sequences that are all right (%)' at screen 0.02, graph 0.5 center rotate \
    textcolor rgb TEXT_INK
set label 'symbols in a sequence' at graph (1 - names_share) / 2, screen 0.032 center \
    textcolor rgb TEXT_INK
words_height = 1.04
along_axis(x) = (x - axis_start) / (axis_end - axis_start)
load scripts.'trained.gp'

# --- words beside the curves -------------------------------------------------------------------

do for [a = 1 : arms] {
    figure[a] = !is_number(mean[a]) ? MISSING : \
        end_x[a] == axis_end ? sprintf('%.1f', end_y[a]) : 'refused'
}
heading = sprintf('at %.0f', axis_end)
load scripts.'names.gp'

# --- the pictures ------------------------------------------------------------------------------

# Each seed is a thin line. Of lengths.csv these are the columns; the share there is one of 1.
SEED_ARM = 1
SEED = 3
SEED_X = 4
SEED_Y = 8
seeds = ' '
take_seed(s) = (seeds = strstrt(seeds, ' '.s.' ') ? seeds : seeds.s.' ', 0)
stats 'lengths.csv' using (take_seed(sprintf('%.0f', column(SEED)))) every ::1 nooutput
thin(a, s) = sprintf('"lengths.csv" using (column(SEED_ARM) == %d && column(SEED) == %s ', a - 1, s). \
    '? column(SEED_X) : NaN) : (100 * column(SEED_Y)) with lines linewidth 1 '. \
    sprintf('linecolor rgb "#60%s", ', colour[a][2 : *])
behind = ''
do for [a = 1 : arms] {
    do for [s in seeds] { behind = behind.thin(a, s) }
}
along(x, z, part) = x + part * (z - x)
in_front = ''
style = 'linespoints'
picture = 'right-by-length'
load scripts.'curves.gp'
