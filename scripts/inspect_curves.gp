# inspect_curves.gp: draws the curves of a figure, large enough for the back of a classroom.
#
#     cd runs/NAME && gnuplot -c .../scripts/inspect_curves.gp FILE TITLE SUBTITLE NOTE SIZES \
#                                                              ROW COLUMN
#
# It reads FILE.csv in the current folder, with a line for each number, panel by panel (posgpt
# inspect writes it), and draws FILE.svg and FILE.png beside it. SIZES has the numbers of rows,
# columns and panels: a row is a curve over the columns. COLUMN says what these run over.
# gnuplot 5.2 or later.

scripts  = ARG0[1 : strlen(ARG0) - strlen('inspect_curves.gp')]      # the folder of this file
file     = ARG1
title    = ARG2
subtitle = ARG3
note     = ARG4
rows     = int(word(ARG5, 1))
columns  = int(word(ARG5, 2))
panels   = int(word(ARG5, 3))
column_name = ARG7

# The columns of the file.
PANEL = 2
COLUMN = 4
VALUE = 5
LABEL = 6

load scripts.'style.gp'
set datafile separator comma
set datafile missing 'nan'
data = file.'.csv'

# The lines of curve r in panel p, both from 1 on; the header is line 0.
first(p, r) = 1 + ((p - 1) * rows + r - 1) * columns
last(p, r) = first(p, r) + columns - 1

array name[panels]
do for [p = 1 : panels] {
    stats data every ::first(p, 1)::first(p, 1) using (text = strcol(PANEL), 0) nooutput
    name[p] = text
}
array curve[rows]
do for [r = 1 : rows] {
    stats data every ::first(1, r)::first(1, r) using (text = strcol(LABEL), 0) nooutput
    curve[r] = text
}
stats data every ::1 using COLUMN:VALUE nooutput
left_end = STATS_min_x
right_end = STATS_max_x
height = max(STATS_max_y - STATS_min_y, 1e-9)
bottom = STATS_min_y - 0.05 * height
top = STATS_max_y + 0.05 * height

# --- the look ----------------------------------------------------------------------------------

# Inks that every kind of colour vision tells apart (Okabe and Ito 2008). Where there are more
# curves than these, a second kind of line begins.
array INK[7] = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#222222']
ink(r) = INK[(r - 1) % 7 + 1]
dash(r) = (r - 1) / 7 % 3 + 1
letter(size) = sprintf(',%.1f', size)

# --- where the panels stand --------------------------------------------------------------------

# Side by side, up to three in a line; the words about the curves stand at the right.
LEFT = 0.085
RIGHT = 0.79
TOP = 0.79
BOTTOM = 0.13
across = min(panels, panels == 4 ? 2 : 3)
down = ceil(real(panels) / across)
few = panels <= 2
GAP_X = 0.03
GAP_Y = down > 1 ? 0.075 : 0.03
panel_width = (RIGHT - LEFT) / across - GAP_X
panel_height = (TOP - BOTTOM) / down - GAP_Y
left_of(p) = LEFT + ((p - 1) % across) * (panel_width + GAP_X)
top_of(p) = TOP - GAP_Y - ((p - 1) / across) * (panel_height + GAP_Y)

tick_font = letter(few ? 22 : 16)

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
        set xzeroaxis linetype 1 linewidth 1.5 linecolor rgb QUIET_INK
        set tics font tick_font
        set xrange [left_end : max(right_end, left_end + 1)]
        set yrange [bottom : top]
        set xtics max(1, round_up(max(1, right_end - left_end) / (few ? 8.0 / across : 4)))
        set ytics round_up(height / (down > 1 ? 5 : 8))
        set datafile separator comma
        set datafile missing 'nan'
        set multiplot
        set label column_name at screen (LEFT + RIGHT) / 2, screen 0.035 center \
            font letter(24) textcolor rgb TEXT_INK
        size = min(24, 400.0 / rows)
        do for [r = 1 : rows] {
            y = TOP - 0.04 - (r - 1) * size / 450.0
            set arrow from screen RIGHT, screen y to screen RIGHT + 0.022, screen y nohead \
                linewidth 4 dashtype dash(r) linecolor rgb ink(r)
            set label curve[r] at screen RIGHT + 0.028, screen y left noenhanced \
                font letter(min(size, 400.0 / max(1, strlen(curve[r])))) textcolor rgb TEXT_INK
        }
        do for [p = 1 : panels] {
            set lmargin at screen left_of(p)
            set rmargin at screen left_of(p) + panel_width
            set tmargin at screen top_of(p)
            set bmargin at screen top_of(p) - panel_height
            set label name[p] at graph 0.5, graph 1 center offset 0, 0.6 noenhanced \
                font letter(few ? 24 : 19) textcolor rgb TEXT_INK
            set format x '%.0f'
            set format y '%g'
            if ((p - 1) % across > 0) { set format y '' }
            if (p + across <= panels) { set format x '' }
            plot for [r = 1 : rows] data every ::first(p, r)::last(p, r) using COLUMN:VALUE \
                with lines linewidth 3.5 dashtype dash(r) linecolor rgb ink(r)
            unset label
            unset arrow
        }
        unset multiplot
    }
}
