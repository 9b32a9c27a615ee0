# names.gp: writes the column of names at the right of the graph; loaded by the scripts that have
# loaded arms.gp and set the ranges. An arm's row stands at the end of its curve: end_y[] has the
# loss there, NaN where there is no curve, and an arrow stands before the row of one that ends above
# the range. figure[] is the text before the name, `heading` the one over the figures. Rows that
# would overlap are moved apart.

# The arms by the ends of their curves, the highest first, and where their rows should be, from 0 to
# 1 of the height.
array by_end[arms]
array row[arms]
end_key(a) = is_number(end_y[a]) ? end_y[a] : -HUGE
do for [a = 1 : arms] {
    rank = 1
    do for [b = 1 : arms] {
        if (end_key(b) > end_key(a) || (b < a && end_key(b) == end_key(a))) { rank = rank + 1 }
    }
    by_end[rank] = a
    row[rank] = min(1, max(0, height_of(end_key(a))))
}

rows = arms
row_height = min(1.3 * name_size / GRAPH_HEIGHT, 1.0 / arms)
load scripts.'apart.gp'

# Grey lines end where the curves do.
set object rectangle from graph 1 - names_share, graph 0 to graph 1, graph 1 back \
    fillstyle solid noborder fillcolor rgb PAPER
at(pixels) = 1 - names_share + pixels / GRAPH_WIDTH      # from where the column begins
figure_end = LEADER + 50 + LETTER * figure_letters * name_size
do for [k = 1 : arms] {
    a = by_end[k]
    ink = is_number(end_y[a]) ? colour[a] : QUIET_INK
    if (is_number(end_y[a])) {
        if (end_y[a] > top) {
            set label '↑' at graph at(LEADER - 14), row[k] center \
                font sprintf(',%.1f', name_size) textcolor rgb ink
        } else { if (end_x[a] == axis_end) {
            set arrow from end_x[a], end_y[a] to graph at(LEADER - 2), row[k] nohead \
                linewidth 1 linecolor rgb ink
        } }
        set arrow from graph at(LEADER), row[k] to graph at(LEADER + 42), row[k] nohead linestyle a
        set label '' at graph at(LEADER + 21), row[k] point pointtype point[a] \
            linecolor rgb ink
    }
    set label figure[a] at graph at(figure_end), row[k] right noenhanced \
        font sprintf(',%.1f', name_size) textcolor rgb ink
    set label name[a] at graph at(figure_end + 10), row[k] left noenhanced \
        font sprintf(',%.1f', name_size) textcolor rgb ink
}
set label heading at graph at(figure_end), graph 1.04 right font ',22' textcolor rgb QUIET_INK
