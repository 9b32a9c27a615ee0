# inspect_hands.gp: draws two words as vectors in one plane, turned by their positions, large enough
# for the back of a classroom.
#
#     cd runs/NAME && gnuplot -c .../scripts/inspect_hands.gp FILE TITLE SUBTITLE NOTE
#
# It reads FILE.csv in the current folder (posgpt inspect writes it) and draws FILE.svg and FILE.png
# beside it: two panels, in which a dashed line is a word's vector before it is turned, an arrow the
# vector afterwards, and the arc the angle between the two words. gnuplot 5.2 or later.

scripts  = ARG0[1 : strlen(ARG0) - strlen('inspect_hands.gp')]      # the folder of this file
file     = ARG1
title    = ARG2
subtitle = ARG3
note     = ARG4

# The columns of the file. A panel has three rows (one word, the other, what is between them) of
# four numbers: the position, the angle before and after in degrees, and the length.
PANEL = 2
VALUE = 5
LABEL = 6

load scripts.'style.gp'
set datafile separator comma
set datafile missing 'nan'
set angles degrees
data = file.'.csv'
line(p, r, n) = 1 + ((p - 1) * 3 + r - 1) * 4 + n

array name[2]
array word_of[3]
array position[6]
array before[6]
array after[6]
array length_of[6]
do for [p = 1 : 2] {
    do for [r = 1 : 3] {
        i = (p - 1) * 3 + r
        stats data every ::line(p, r, 0)::line(p, r, 0) \
            using (text = strcol(PANEL), label = strcol(LABEL), x = column(VALUE)) nooutput
        name[p] = text
        word_of[r] = label
        position[i] = x
        stats data every ::line(p, r, 1)::line(p, r, 1) using (x = column(VALUE)) nooutput
        before[i] = x
        stats data every ::line(p, r, 2)::line(p, r, 2) using (x = column(VALUE)) nooutput
        after[i] = x
        length_of[i] = 0
        if (r < 3) {
            stats data every ::line(p, r, 3)::line(p, r, 3) using (x = column(VALUE)) nooutput
            length_of[i] = x
        }
    }
}

# --- the look ----------------------------------------------------------------------------------

array INK[2] = ['#0072b2', '#d55e00']
letter(size) = sprintf(',%.1f', size)

longest = max(1, max(max(length_of[1], length_of[2]), max(length_of[4], length_of[5])))
reach = 1.3 * longest
SIDE = 0.68      # of a panel, in heights of the picture
side_x = SIDE / 1.6
TOP = 0.75
array LEFT[2] = [0.045, 0.53]

# --- the pictures ------------------------------------------------------------------------------

letters = title.subtitle
do for [picture = 1 : 2] {
    if (picture == 1) {
        set terminal svg size 1280, 800 dynamic font 'sans-serif,24' background 'white'
        set output file.'.svg'
        has_picture = 1
    } else {
        load scripts.'png.gp'
        has_picture = has_png
        if (has_png) { set output file.'.png' }
    }
    if (has_picture) {
        # The words of the whole picture stand with the first panel.
        load scripts.'style.gp'
        set label note at screen 0.02, 0.838 left noenhanced \
            font fitting(22, note) textcolor rgb QUIET_INK
        unset tics
        set angles degrees
        set parametric
        set trange [0 : 1]
        set samples 200
        set xrange [-reach : reach]
        set yrange [-reach : reach]
        set multiplot
        do for [p = 1 : 2] {
            set lmargin at screen LEFT[p]
            set rmargin at screen LEFT[p] + side_x
            set tmargin at screen TOP
            set bmargin at screen TOP - SIDE
            set label name[p] at graph 0.5, graph 1.02 center noenhanced \
                font letter(26) textcolor rgb TEXT_INK
            do for [r = 1 : 2] {
                i = (p - 1) * 3 + r
                l = length_of[i]
                set arrow from 0, 0 to l * cos(before[i]), l * sin(before[i]) nohead \
                    linewidth 2 dashtype (8, 8) linecolor rgb INK[r]
                set arrow from 0, 0 to l * cos(after[i]), l * sin(after[i]) \
                    size graph 0.04, 18 filled linewidth 5 linecolor rgb INK[r]
                x = 1.12 * longest * cos(after[i])
                y = 1.12 * longest * sin(after[i])
                words = sprintf("%s\nposition %.0f", word_of[r], position[i])
                if (x > 0.3 * longest) {
                    set label words at x, y left noenhanced font letter(22) \
                        textcolor rgb INK[r] front
                } else { if (x < -0.3 * longest) {
                    set label words at x, y right noenhanced font letter(22) \
                        textcolor rgb INK[r] front
                } else {
                    set label words at x, y center noenhanced font letter(22) \
                        offset 0, (y > 0 ? 0.8 : 0) textcolor rgb INK[r] front
                } }
            }
            between = after[p * 3]
            middle = after[p * 3 - 2] + between / 2
            set label sprintf('%.1f°', between) \
                at 0.47 * longest * cos(middle), 0.47 * longest * sin(middle) center \
                font letter(26) textcolor rgb TEXT_INK front
            start = after[p * 3 - 2]
            arc = 0.27 * longest
            plot longest * cos(360 * t), longest * sin(360 * t) \
                    with lines linewidth 1.5 linecolor rgb GRID_INK, \
                arc * cos(start + between * t), arc * sin(start + between * t) \
                    with lines linewidth 3 linecolor rgb TEXT_INK
            unset label
            unset arrow
        }
        unset multiplot
    }
}
