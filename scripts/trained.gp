# trained.gp: shades the lengths of training in a picture that goes beyond them; loaded by pictures of
# a comparison when they know `trained`, the longest of these lengths (NaN where it is not the same
# for all arms), and axis_end, with along_axis(x), how far x is on the way there, from 0 to 1; and
# words_height, where in the graph the words about it stand, so that no curve is there.
if (is_number(trained)) {
    set object rectangle from graph 0, graph 0 to first min(trained, axis_end), graph 1 behind \
        fillstyle solid noborder fillcolor rgb SHADE_INK
    shade_width = (1 - names_share) * GRAPH_WIDTH * along_axis(min(trained, axis_end))
    words_of_it = sprintf('in training: up to %.0f', trained)
    size = max(16, min(22, (shade_width - 20) / (LETTER * strlen(words_of_it))))
    set label words_of_it at graph 0.012, graph words_height left font sprintf(',%.1f', size) \
        textcolor rgb QUIET_INK
}
