# loss.gp: draws the loss curve of one training run, large enough for the back of a classroom.
#
#     cd runs/NAME && gnuplot -c .../scripts/loss.gp TITLE SUBTITLE UNIGRAM BIGRAM FLOOR UNIT
#
# It reads metrics.csv in the current folder and writes loss.svg and loss.png beside it. UNIGRAM,
# BIGRAM and FLOOR are yardsticks, in nats per UNIT (character, word or answer): the losses that are
# reached by counting units, and pairs of units, and the lowest one there can be. One that is nan is
# not drawn. gnuplot 5.2 or later.

scripts  = ARG0[1 : strlen(ARG0) - strlen('loss.gp')]      # the folder of this file
title    = ARG1
subtitle = ARG2
unigram  = real(ARG3)
bigram   = real(ARG4)
floor_   = real(ARG5)      # floor() is a function
unit     = ARG6

load scripts.'style.gp'

# The columns of metrics.csv. A row without a value has nan there, which is not valid; neither are
# the words of the header.
STEP  = 1
TRAIN = 2
VAL   = 3

has(field) = valid(field) && is_number(column(field))

# --- what is in the file -----------------------------------------------------------------------

set datafile separator comma

# One pass over the rows gathers all that the layout depends on. What it hands to stats is the loss
# as known by then, so that every row has one, and yields its quartile.
rows = 0
train_rows = 0
val_rows = 0
loss = 0
last_step = 0
lowest = HUGE
highest = -HUGE
below_unigram = HUGE      # the first step with a lower loss
below_bigram = HUGE

take(x) = (loss = x, last_step = column(STEP), rows = rows + 1, rows == 1 ? first_loss = x : 0, \
    lowest = min(lowest, x), highest = max(highest, x), \
    x < unigram ? below_unigram = min(below_unigram, last_step) : 0, \
    x < bigram ? below_bigram = min(below_bigram, last_step) : 0)
take_val(x) = (take(x), val_rows = val_rows + 1, last_val = x)
take_train(x) = (take(x), train_rows = train_rows + 1, last_train = x)
take_row(n) = (has(VAL) ? take_val(column(VAL)) : 0, \
    has(TRAIN) ? take_train(column(TRAIN)) : 0, loss)

stats 'metrics.csv' using (take_row(0)) nooutput
if (rows == 0) exit

# --- the axes ----------------------------------------------------------------------------------

# A loss falls fast and then slowly. The range shows the slow part, the yardsticks and the ends of
# the curves; the first steps and single spikes may leave it at the top.
quartile = STATS_up_quartile
top = min(highest, quartile + 2 * (quartile - lowest))
bottom = lowest
if (train_rows > 0) { top = max(top, last_train) }
if (val_rows > 0) { top = max(top, last_val) }
if (is_number(unigram)) { top = max(top, unigram); bottom = min(bottom, unigram) }
if (is_number(bigram)) { top = max(top, bigram); bottom = min(bottom, bigram) }
if (is_number(floor_)) { bottom = min(bottom, floor_) }
if (highest < top + 0.3 * (top - bottom)) { top = max(top, highest) }    # so near: show all
height = max(top - bottom, 0.1)
top = top + 0.07 * height
bottom = bottom - 0.1 * height
height = top - bottom
axis_end = max(last_step, 1)

# --- the look ----------------------------------------------------------------------------------

# Two inks that every kind of colour vision tells apart. Words take the darker blue.
TRAIN_INK = '#7cb8e4'
TRAIN_TEXT = '#2f78b0'
VAL_INK = '#b8450b'
FLOOR_INK = '#3b7a57'

set rmargin at screen RIGHT

# The right fifth of the width has no curves: it is for the words at their ends.
set xrange [0 : 1.27 * axis_end]
set yrange [bottom : top]
set arrow from first 0, graph 0 to axis_end, graph 0 nohead linecolor rgb QUIET_INK
set xtics 0, max(1, round_up(axis_end / 8.0)), axis_end out scale 0.6 offset 0, 0.15 format '%.0f'
set ytics round_up(height / 8)

# The axes' names are placed by hand: each terminal has its own idea of where they go.
set label 'step' at axis_end / 2.0, screen 0.032 center textcolor rgb TEXT_INK
set label 'loss (nats per '.unit.')' at screen 0.02, graph 0.5 center rotate textcolor rgb TEXT_INK

# --- words beside the lines --------------------------------------------------------------------

if (first_loss > top) {
    set label sprintf('↑ starts at %.2f', first_loss) at graph 0, 1.03 left \
        font ',22' textcolor rgb QUIET_INK
}

# A yardstick's words stand where the curve is not: over the line's right end, or, where the curve
# stays above the line for long, under its left end. The second line's keep clear of the first.
array yardstick[2] = [unigram, bigram]
array below_from[2] = [below_unigram, below_bigram]
array words[2] = ['knows how often each '.unit.' occurs', 'also sees the '.unit.' before']
do for [i = 1 : 2] {
    if (is_number(yardstick[i])) {
        set arrow from 0, yardstick[i] to axis_end, yardstick[i] nohead back \
            dashtype (10, 8) linewidth 1.5 linecolor rgb QUIET_INK
        crowded = i == 2 && abs(unigram - bigram) < 0.08 * height
        sentence = sprintf('%s: %.2f', words[i], yardstick[i])
        if (below_from[i] < 0.4 * axis_end) {
            set label sentence at axis_end, yardstick[i] right offset 0, (crowded ? -0.7 : 0.7) \
                font ',22' textcolor rgb QUIET_INK
        } else {
            set label sentence at 0, yardstick[i] left offset 0.7, (crowded ? -1.7 : -0.7) \
                font ',22' textcolor rgb QUIET_INK
        }
    }
}

# The floor is a line of its own kind, with its words under it.
if (is_number(floor_)) {
    set arrow from 0, floor_ to axis_end, floor_ nohead back linewidth 2 linecolor rgb FLOOR_INK
    set label sprintf('the floor, for one who knows the grammar: %.3f', floor_) \
        at 0, floor_ left offset 0.7, -0.75 font ',22' textcolor rgb FLOOR_INK
}

# At the ends of the curves: name and last value, moved apart where the curves end close together.
has_train = train_rows > 0
has_val = val_rows > 0
if (has_train) { train_y = last_train }
if (has_val) { val_y = last_val }
if (has_train && has_val) {
    push = max(0, 0.06 * height - abs(val_y - train_y)) / 2
    if (val_y < train_y) { push = -push }
    val_y = val_y + push
    train_y = train_y - push
}
if (has_train) {
    set label sprintf('training %.3f', last_train) at last_step, train_y left offset 1.2, 0 \
        font ',25' textcolor rgb TRAIN_TEXT
}
if (has_val) {
    set label sprintf('validation %.3f', last_val) at last_step, val_y left offset 1.2, 0 \
        font ',25' textcolor rgb VAL_INK
}

# --- the pictures ------------------------------------------------------------------------------

# Both curves, or the one there is. Training shows its points only where they are few: one alone
# makes no line.
DISC = 7
NO_POINT = -2
set style line TRAIN linewidth 2.2 linecolor rgb TRAIN_INK \
    pointtype (train_rows < 10 ? DISC : NO_POINT)
set style line VAL linewidth 3 linecolor rgb VAL_INK pointtype DISC
point_size = val_rows < 30 ? 1.2 : 0.7
set datafile missing 'nan'

set terminal svg size 1280, 800 dynamic font 'sans-serif,24' background 'white'
set output 'loss.svg'
set pointsize 0.5 * point_size
plot for [field = (has_train ? TRAIN : VAL) : (has_val ? VAL : TRAIN)] \
    'metrics.csv' using STEP:field with linespoints linestyle field

letters = title.subtitle
load scripts.'png.gp'
if (has_png) {
    set output 'loss.png'
    set pointsize point_size
    replot
}
