# claim_bars.gp: the bars of an answer, one of each series at each word; loaded by claim.gp when it
# knows the points, the words and the axis of y. A bar that is alone at its word takes all its room.

# --- the names of the series ---------------------------------------------------------------------

# One series needs no name, and neither do bars that have a word each.
alone = count == n_places
if (arms == 1 || alone) {
    names_share = 0.0
} else {
    names_share = (70 + LETTER * longest_name * name_size) / GRAPH_WIDTH
    do for [a = 1 : arms] {
        y = 0.95 - (a - 0.5) * min(1.0 / arms, 1.6 * name_size / GRAPH_HEIGHT)
        set label '' at graph 1 - names_share + 35 / GRAPH_WIDTH, y \
            point pointtype 5 pointsize (name_size / 14) linecolor rgb colour[a]
        set label name[a] at graph 1 - names_share + 60 / GRAPH_WIDTH, y left noenhanced \
            font sprintf(',%.1f', name_size) textcolor rgb colour[a]
    }
}

# --- the axis of x -------------------------------------------------------------------------------

set xrange [-0.5 : -0.5 + x_words / (1 - names_share)]
set arrow from graph 0, graph 0 to first x_words - 0.5, graph 0 nohead linecolor rgb QUIET_INK
if (bottom < 0 && top > 0) {
    set arrow from -0.5, 0 to x_words - 0.5, 0 nohead linecolor rgb QUIET_INK
}
set label x_name at graph (1 - names_share) / 2, screen 0.025 center noenhanced \
    font fitting(24, x_name) textcolor rgb TEXT_INK

# A word of several is broken into lines that fit into its place; a long one makes all smaller.
place_width = (1 - names_share) * GRAPH_WIDTH / x_words - 10
longest_word = 1
do for [x = 1 : x_words] {
    do for [part in x_word[x]] { longest_word = max(longest_word, strlen(part)) }
}
word_size = max(10, min(22, place_width / (LETTER * longest_word)))
letters_fit = place_width / (LETTER * word_size)
lines_of(text) = (lines = '', line = '', \
    sum [w = 1 : words(text)] (take_word(word(text, w)), 0), lines.line)
take_word(w) = strlen(line) == 0 ? line = w : strlen(line) + 1 + strlen(w) <= letters_fit ? \
    line = line.' '.w : (lines = lines.line."\n", line = w)
word_font = sprintf(',%.1f', word_size)
set xtics () scale 0 offset 0, 0.15 font word_font noenhanced
do for [x = 1 : x_words] { set xtics add (lines_of(x_word[x]) x - 1) }

# --- the bars ------------------------------------------------------------------------------------

GROUP = 0.8      # of the distance between words
width = alone ? GROUP : GROUP / arms
place_of(a) = alone ? 0 : (a - 0.5) * width - GROUP / 2
base = y_is_log ? bottom : 0
inside(y) = min(top, max(bottom, y))

# Few bars have their numbers written over them.
FEW = 16
number_size = min(22, 0.9 * width * place_width / (LETTER * 6))
up(y) = y >= base ? y : NaN
down(y) = y < base ? y : NaN
lowest_number = y_is_log ? bottom : bottom + 0.06 * (top - bottom)      # over the words
far_end(y, end) = is_number(y) ? max(lowest_number, inside(has(end) ? column(end) : y)) : NaN

command = 'plot '
do for [a = 1 : arms] {
    chosen = sprintf('(column(ARM) == %d ? column(X) + place_of(%d) : NaN)', a - 1, a)
    command = command.'points using '.chosen.':(base):(column(X) + place_of('.sprintf('%d', a). \
        ') - 0.45 * width):(column(X) + place_of('.sprintf('%d', a). \
        ') + 0.45 * width):(inside(min(base, column(Y)))):(inside(max(base, column(Y)))) '. \
        'with boxxyerror fillstyle transparent solid 0.75 noborder linecolor rgb "'.colour[a].'", '
}
command = command.'points using (has(LOW) && has(HIGH) ? '. \
    'column(X) + place_of(column(ARM) + 1) : NaN):(inside(column(LOW))):(0):'. \
    '(inside(column(HIGH)) - inside(column(LOW))) with vectors heads '. \
    'size screen 0.005, 90 linetype 1 linewidth 2 linecolor rgb TEXT_INK'
if (count <= FEW) {
    number_font = sprintf(',%.1f', number_size)
    command = command.', points using (column(X) + place_of(column(ARM) + 1)):'. \
        '(far_end(up(column(Y)), HIGH)):(sprintf("%.3g", column(Y))) with labels center '. \
        'offset 0, 0.7 font number_font textcolor rgb TEXT_INK'
    command = command.', points using (column(X) + place_of(column(ARM) + 1)):'. \
        '(far_end(down(column(Y)), LOW)):(sprintf("%.3g", column(Y))) with labels center '. \
        'offset 0, -0.7 font number_font textcolor rgb TEXT_INK'
}

set terminal svg size 1280, 800 dynamic font 'sans-serif,24' background 'white'
set output picture.'.svg'
eval command

letters = title.subtitle.x_name.y_name
do for [a = 1 : arms] { letters = letters.name[a] }
do for [x = 1 : x_words] { letters = letters.x_word[x] }
load scripts.'png.gp'
if (has_png) {
    set output picture.'.png'
    replot
}
