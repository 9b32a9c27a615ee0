# context.gp: draws the loss by position of one model at several context lengths, large enough for
# the back of a classroom.
#
#     cd runs/NAME && gnuplot -c .../scripts/context.gp TITLE SUBTITLE UNIT PLACE BLOCK LOSSES \
#                                                       REFUSED
#
# It reads eval-by-position.csv in the current folder and writes eval-by-position.svg and .png beside
# it. UNIT is a character or a word. PLACE is "seen" where a model sees what stands before, "place"
# where it sees both sides. BLOCK is the length of training, whose range is shaded. LOSSES has a
# length and its mean loss by turns ("64 1.735 128 1.771"), REFUSED the lengths that have none.
# gnuplot 5.2 or later.

scripts  = ARG0[1 : strlen(ARG0) - strlen('context.gp')]      # the folder of this file
title    = ARG1
subtitle = ARG2
unit     = ARG3
place    = ARG4
block    = real(ARG5)
losses   = ARG6
refused  = ARG7

load scripts.'style.gp'

# The columns of eval-by-position.csv.
CONTEXT = 1
POSITION = 2
LOSS = 4

curves = words(losses) / 2
context(i) = real(word(losses, 2 * i - 1))
mean_loss(i) = real(word(losses, 2 * i))
longest = 2
do for [i = 1 : curves] { longest = max(longest, context(i)) }

# --- the curves --------------------------------------------------------------------------------

# One position has as many losses as there are windows, which are few where windows are long. So a
# point of a curve is the mean over a group of positions, as in the table that posgpt eval prints: 1,
# 2, 3-4, 5-8, 9-16, ... It stands at the group's geometric middle. n counts from 1. (Positions count
# alike here, in the table by their questions: the same, unless the model sees both sides.)
group(n) = n < 2 ? 0 : 1 + floor(log(n - 0.5) / log(2))      # from 2^(group-1) + 1 to 2^group
middle(n, T) = n < 2 ? 1 : sqrt((2 ** (group(n) - 1) + 1) * min(2 ** group(n), T))

set datafile separator comma
set datafile missing 'nan'
lowest = HUGE
highest = -HUGE
do for [i = 1 : curves] {
    eval sprintf('set table $CURVE%d', i)
    plot 'eval-by-position.csv' using \
        (column(CONTEXT) == context(i) ? middle(column(POSITION) + 1, context(i)) : NaN) : \
        (column(LOSS)) smooth unique
    unset table
}
set datafile separator whitespace
do for [i = 1 : curves] {
    eval sprintf('stats $CURVE%d using 1:2 nooutput', i)
    lowest = min(lowest, STATS_min_y)
    highest = max(highest, STATS_max_y)
}

# --- the axes ----------------------------------------------------------------------------------

height = max(highest - lowest, 0.1)
bottom = lowest - 0.08 * height
top = highest + 0.14 * height
height = top - bottom

# --- the look ----------------------------------------------------------------------------------

# Inks that every kind of colour vision tells apart (Okabe and Ito 2008), with a point of its own for
# each. The length of training is black.
array INK[7] = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#7f7f7f']
array POINT[7] = [5, 9, 13, 11, 5, 9, 13]
SHADE_INK = '#f0f4f8'
DISC = 7

set rmargin at screen 0.705      # the rest is for the words about the curves

set logscale x 2
set xrange [0.9 : longest]
set yrange [bottom : top]
set arrow from graph 0, graph 0 to graph 1, graph 0 nohead linecolor rgb QUIET_INK
factor = longest < 2000 ? 2 : longest < 40000 ? 4 : 16
set xtics 1, factor, longest out scale 0.6 offset 0, 0.15 format '%.0f'
set ytics round_up(height / 8)

# The axes' names are placed by hand: each terminal has its own idea of where they go.
x_name = place eq 'seen' ? unit.'s of the window seen so far' : 'place in the window'
set label x_name at graph 0.5, screen 0.032 center textcolor rgb TEXT_INK
set label 'loss (nats per '.unit.')' at screen 0.02, graph 0.5 center rotate textcolor rgb TEXT_INK
bits_at = 0.787
load scripts.'bits.gp'

# The range of training.
shade_end = min(block, longest)
set object rectangle from graph 0, graph 0 to shade_end, graph 1 behind \
    fillstyle solid noborder fillcolor rgb SHADE_INK
set label sprintf('in training: up to %.0f', block) at graph 0.012, graph 0.955 left \
    font ',22' textcolor rgb QUIET_INK
if (longest >= 1.9 * block && log(block) > 0.3 * log(longest)) {
    set label 'longer' at block, graph 0.955 left offset 0.7, 0 font ',22' textcolor rgb QUIET_INK
}

# --- words beside the curves -------------------------------------------------------------------

inks = 0
array ink[curves + 1]
array point[curves + 1]
do for [i = 1 : curves] {
    if (context(i) == block) {
        ink[i] = TEXT_INK
        point[i] = DISC
    } else {
        ink[i] = INK[inks % 7 + 1]
        point[i] = POINT[inks % 7 + 1]
        inks = inks + 1
    }
}

# The words stand in columns: mark, length, loss.
MARK = 0.83
LENGTH = 0.905
MEAN = 0.985
TOP = 0.785
ROW = min(0.05, 0.7 / (curves + words(refused)))
set label 'window' at screen LENGTH, screen TOP right font ',22' textcolor rgb QUIET_INK
set label 'mean' at screen MEAN, screen TOP right font ',22' textcolor rgb QUIET_INK
do for [i = 1 : curves] {
    y = TOP - ROW * i
    set label '' at screen MARK - 0.006, screen y \
        point pointtype point[i] pointsize 1.3 linecolor rgb ink[i]
    set label sprintf('%.0f', context(i)) at screen LENGTH, screen y right \
        font ',25' textcolor rgb ink[i]
    set label sprintf('%.3f', mean_loss(i)) at screen MEAN, screen y right \
        font ',25' textcolor rgb ink[i]
}
do for [i = 1 : words(refused)] {
    y = TOP - ROW * (curves + i)
    set label word(refused, i) at screen LENGTH, screen y right font ',25' textcolor rgb QUIET_INK
    set label 'refused' at screen MEAN, screen y right font ',22' textcolor rgb QUIET_INK
}

# --- the pictures ------------------------------------------------------------------------------

set terminal svg size 1280, 800 dynamic font 'sans-serif,24' background 'white'
set output 'eval-by-position.svg'
set pointsize 0.6
command = 'plot '
do for [i = 1 : curves] {
    command = command.sprintf('%s$CURVE%d using 1:2 with linespoints linewidth %.1f ', \
        i > 1 ? ', ' : '', i, context(i) == block ? 4 : 2.5)
    command = command.sprintf('linecolor rgb "%s" pointtype %d', ink[i], point[i])
}
eval command

letters = title.subtitle
load scripts.'png.gp'
if (has_png) {
    set output 'eval-by-position.png'
    set pointsize 1.2
    replot
}
