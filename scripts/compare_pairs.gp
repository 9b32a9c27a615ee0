# compare_pairs.gp: draws the last validation loss of each run of a comparison. The arms stand side
# by side by their means; a line joins the runs with the same seed, for what a seed does it does to
# all.
#
#     cd FOLDER && gnuplot -c .../scripts/compare_pairs.gp TITLE SUBTITLE UNIT
#
# It reads arms.csv and results.csv in the current folder and writes pairs.svg and pairs.png beside
# them. UNIT is a character, a word or an answer. gnuplot 5.2 or later.

scripts  = ARG0[1 : strlen(ARG0) - strlen('compare_pairs.gp')]      # the folder of this file
title    = ARG1
subtitle = ARG2
unit     = ARG3

load scripts.'style.gp'
RIGHT = 0.9      # behind it is room for bits
figure_letters = 6
load scripts.'arms.gp'

# --- what is in the file -----------------------------------------------------------------------

# Which seeds there are, then a table of losses by arm and seed. The first row has the first seed,
# and the others are counted from there: a seed may be larger than any whole number of gnuplot's.
ARM = 1
SEED = 4
LOSS = 6
table = 'results.csv'
seeds = 0
number_of(seed) = int(seed - first_seed) + 1
take_seed(n, seed) = (n == 1 ? first_seed = seed : 0, seeds = max(seeds, number_of(seed)))
take_row(n) = take_seed(n, real(cell[SEED]))
load scripts.'csv.gp'
if (seeds == 0) exit

array loss[arms * seeds]
do for [i = 1 : arms * seeds] { loss[i] = NaN }
place_of(a, s) = (a - 1) * seeds + s
take_row(n) = (loss[place_of(1 + cell[ARM], number_of(real(cell[SEED])))] = number(cell[LOSS]))
load scripts.'csv.gp'

# --- the axes ----------------------------------------------------------------------------------

# The range shows all runs but those of arms that are far from the others, and of the intervals as
# much as leaves the runs two thirds of the height.
lowest = HUGE
highest = -HUGE
low_end = HUGE
high_end = -HUGE
do for [a = 1 : arms] {
    if (!far[a]) {
        do for [i = (a - 1) * seeds + 1 : a * seeds] {
            if (is_number(loss[i])) {
                lowest = min(lowest, loss[i])
                highest = max(highest, loss[i])
            }
        }
        if (is_number(low[a])) { low_end = min(low_end, low[a]) }
        if (is_number(high[a])) { high_end = max(high_end, high[a]) }
    }
}
if (lowest > highest) exit
spread = max(highest - lowest, 0.05)
bottom = max(min(lowest, low_end), lowest - 0.25 * spread)
top = min(max(highest, high_end), highest + 0.25 * spread)
middle = (bottom + top) / 2
height = max(top - bottom, 0.05)
bottom = middle - 0.56 * height
top = middle + 0.56 * height

MOST_NAMED = 10
are_named = seeds > 1 && seeds <= MOST_NAMED
SEED_WIDTH = are_named ? 90 : 0
SLOT = (GRAPH_WIDTH - SEED_WIDTH) / arms      # pixels
set xrange [0.5 - SEED_WIDTH / SLOT : arms + 0.5]
load scripts.'losses.gp'
bits_at = 0.982
load scripts.'bits.gp'
unset xtics

# --- the names ---------------------------------------------------------------------------------

# Under each arm its name: in one line, in one for each of its parts, or slanting, as it fits at the
# size LEGIBLE.
LEGIBLE = 15
broken(s, at, then) = strstrt(s, at) ? s[1 : strstrt(s, at) - 1].then. \
    broken(s[strstrt(s, at) + strlen(at) : *], at, then) : s
parts(s) = broken(broken(s, ', ', ",\n"), ' = ', "\n= ")
lines(s) = strstrt(s, "\n") ? 1 + lines(s[strstrt(s, "\n") + 1 : *]) : 1
width(s) = strstrt(s, "\n") ? \
    max(strstrt(s, "\n") - 1, width(s[strstrt(s, "\n") + 1 : *])) : strlen(s)
widest = 1
most_lines = 1
do for [a = 1 : arms] {
    widest = max(widest, width(parts(name[a])))
    most_lines = max(most_lines, lines(parts(name[a])))
}
size_of(letters) = (SLOT - 10) / (LETTER * letters)      # at which so many fit
in_parts = size_of(longest_name) < LEGIBLE
slanting = in_parts && (size_of(widest) < LEGIBLE || most_lines > 4)
size = min(24, in_parts ? size_of(widest) : size_of(longest_name))
SLOPE = 0.64      # the sine of 40 degrees
if (slanting) {
    size = min(20, 0.85 * SLOT)
    size = min(size, 220 / (LETTER * SLOPE * longest_name))
    set bmargin at screen 0.05 + LETTER * SLOPE * longest_name * size / 800
} else { if (in_parts) {
    set bmargin at screen 0.06 + 34 * most_lines / 800.0
} }
font_of_name = sprintf(',%.1f', size)
figure_size = min(24, (SLOT - 6) / (LETTER * figure_letters))
upright = figure_size < 13
if (upright) { set tmargin at screen 0.78 }
do for [k = 1 : arms] {
    a = order[k]
    there = is_number(mean[a])
    ink = there ? colour[a] : QUIET_INK
    if (slanting) {
        set label name[a] at first k, graph -0.03 right rotate by 40 noenhanced \
            font font_of_name textcolor rgb ink
    } else {
        set label (in_parts ? parts(name[a]) : name[a]) at first k, graph 0 offset 0, -1.3 center \
            noenhanced font font_of_name textcolor rgb ink
    }
    figure = !there ? MISSING : sprintf(far[a] ? '↑ %.3f' : '%.3f', mean[a])
    if (!upright) {
        set label figure at first k, graph 1.04 center font sprintf(',%.1f', figure_size) \
            textcolor rgb ink
    } else {
        set label figure at first k, graph 1.02 left rotate \
            font sprintf(',%.1f', min(12, SLOT)) textcolor rgb ink
    }
}
set label 'mean' at screen 0.02, graph 1.04 left font ',22' textcolor rgb QUIET_INK

# --- the pictures ------------------------------------------------------------------------------

# A box for the interval of the mean, with a bar for the mean.
do for [k = 1 : arms] {
    a = order[k]
    if (is_number(mean[a]) && !far[a]) {
        if (is_number(low[a])) {
            set object rectangle from first k - 0.3, first max(bottom, low[a]) \
                to first k + 0.3, first min(top, high[a]) back \
                fillstyle transparent solid 0.18 noborder fillcolor rgb colour[a]
        }
        set arrow from k - 0.3, mean[a] to k + 0.3, mean[a] nohead linewidth 5 \
            linecolor rgb colour[a]
    }
}

# A block of rows for each seed, and one for each arm.
set print $SEEDS
do for [s = 1 : seeds] {
    do for [k = 1 : arms] { print sprintf('%d,%.9g', k, loss[place_of(order[k], s)]) }
    print ''
}
set print $ARMS
do for [k = 1 : arms] {
    do for [s = 1 : seeds] {
        print sprintf('%d,%.9g', k, loss[place_of(order[k], s)])
    }
    print ''
}
unset print

# The seeds' names are at the left, if they are few.
if (are_named) {
    array row[seeds]
    array by_loss[seeds]
    left = order[1]
    do for [i = 1 : seeds] {
        y = loss[(left - 1) * seeds + i]
        rank = 1
        do for [j = 1 : seeds] {
            z = loss[(left - 1) * seeds + j]
            if (sort_key(z) > sort_key(y) || (j < i && sort_key(z) == sort_key(y))) {
                rank = rank + 1
            }
        }
        row[rank] = is_number(y) ? (y - bottom) / (top - bottom) : 1
        by_loss[rank] = i
    }
    rows = seeds
    row_height = 22 / GRAPH_HEIGHT
    load scripts.'apart.gp'
    do for [k = 1 : seeds] {
        seed = first_seed + by_loss[k] - 1
        y = loss[(left - 1) * seeds + by_loss[k]]
        if (is_number(y)) {
            set label sprintf('seed %.0f', seed) at first 0.65 - 10 / SLOT, graph row[k] right \
                font ',18' textcolor rgb QUIET_INK
            set arrow from first 0.65 - 6 / SLOT, graph row[k] to first 1, first y nohead \
                linewidth 1 linecolor rgb QUIET_INK
        }
    }
}

command = 'plot $SEEDS using 1:2 with lines linewidth 1.2 linecolor rgb QUIET_INK, '
do for [k = 1 : arms] {
    command = command.sprintf('$ARMS using 1:2 every :::%d::%d with points ', k - 1, k - 1)
    a = order[k]
    command = command.sprintf('linecolor rgb "%s" pointtype %d, ', colour[a], point[a])
}
set terminal svg size 1280, 800 dynamic font 'sans-serif,24' background 'white'
set output 'pairs.svg'
set pointsize 0.6
eval command

letters = title.subtitle
do for [a = 1 : arms] { letters = letters.name[a] }
load scripts.'png.gp'
if (has_png) {
    set output 'pairs.png'
    set pointsize 1.4
    replot
}
