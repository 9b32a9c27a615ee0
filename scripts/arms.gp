# arms.gp: what the pictures of a comparison have in common: the arms, from arms.csv in the current
# folder, and the room for their names; loaded by compare_*.gp behind style.gp. They have set
# figure_letters, how long the figures before the names can get, and RIGHT if the graph ends
# elsewhere. (To claim.gp the arms are the series of an answer; it has set arms_table, their file.)
#
# Sets `arms`, their number, and by arm, from 1: name[], colour[], point[], mean[], low[] and high[]
# (NaN where there is none) and far[] (see below). order[] has the arms by their means, the lowest
# first. Line style number a is that of arm a.

set encoding utf8
SHADE_INK = '#f2f2f2'
set border 0 linecolor rgb QUIET_INK      # the ink of the ticks
MISSING = 'no run'

# --- the arms ----------------------------------------------------------------------------------

table = exists('arms_table') ? arms_table : 'arms.csv'
arms = 0
take_row(n) = (arms = n)
load scripts.'csv.gp'

array name[arms]
array colour[arms]
array dash[arms]
array point[arms]
array mean[arms]
array low[arms]
array high[arms]
take_row(a) = (name[a] = cell[2], colour[a] = cell[3], dash[a] = int(cell[4]), \
    point[a] = int(cell[5]), mean[a] = number(cell[6]), low[a] = number(cell[7]), \
    high[a] = number(cell[8]), 0)
load scripts.'csv.gp'

set datafile separator comma
set datafile missing 'nan'      # then not valid
has(field) = valid(field) && is_number(column(field))

array DASH[5] = ['1', '(14, 5)', '(6, 3)', '(12, 4, 2, 4)', '(2.5, 3)']
do for [a = 1 : arms] {
    eval sprintf('set style line %d linewidth 3 linecolor rgb "%s" dashtype %s pointtype %d', \
        a, colour[a], DASH[dash[a]], point[a])
}

array order[arms]
sort_key(x) = is_number(x) ? x : HUGE
do for [a = 1 : arms] {
    rank = 1
    do for [b = 1 : arms] {
        if (sort_key(mean[b]) < sort_key(mean[a])) { rank = rank + 1 }
        if (b < a && sort_key(mean[b]) == sort_key(mean[a])) { rank = rank + 1 }
    }
    order[rank] = a
}

# An arm is far from those below it where a picture of all would leave these less than a fifth of
# its height; the lower half and the first two never are. A picture's range does not care for such
# an arm: it leaves at the top, and its loss is written there.
array far[arms]
lowest = HUGE
highest = -HUGE
is_far = 0
do for [k = 1 : arms] {
    a = order[k]
    if (k > 2 && 2 * k > arms && is_number(mean[a]) && \
        mean[a] - lowest > 5 * max(0.1, highest - lowest)) { is_far = 1 }
    far[a] = is_far
    if (is_number(mean[a])) {
        lowest = min(lowest, is_number(low[a]) ? low[a] : mean[a])
        highest = max(highest, is_number(high[a]) ? high[a] : mean[a])
    }
}

# --- the room for their names ------------------------------------------------------------------

# On the right the graph has no curves, but a column with a row for each arm: a piece of its line, a
# figure, its name. GRAPH_WIDTH and GRAPH_HEIGHT are in pixels, LETTER is the width of an average
# letter of size 1.
GRAPH_WIDTH = 1280 * (RIGHT - 0.1)
GRAPH_HEIGHT = 532.0
LETTER = 0.6
LEADER = min(80, 15 + 4 * arms)      # pixels from a curve's end to the piece of its line
PIECE = LEADER + 60                  # pixels that the column takes beside the letters
set rmargin at screen RIGHT
height_of(y) = (y - bottom) / (top - bottom)      # in the graph, from 0 to 1

longest_name = 1
do for [a = 1 : arms] { longest_name = max(longest_name, strlen(name[a])) }
letters_wide = longest_name + figure_letters
name_size = min(24, 0.78 * GRAPH_HEIGHT / arms)
name_size = min(name_size, (0.55 * GRAPH_WIDTH - PIECE) / (LETTER * letters_wide))
names_share = (PIECE + LETTER * letters_wide * name_size) / GRAPH_WIDTH      # of the width
