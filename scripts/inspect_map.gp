# inspect_map.gp: draws the heat maps of a figure, large enough for the back of a classroom.
#
#     cd runs/NAME && gnuplot -c .../scripts/inspect_map.gp FILE TITLE SUBTITLE NOTE SIZES \
#                                                           ROW COLUMN LABELS
#
# It reads FILE.csv in the current folder, with a line for each number, panel by panel (posgpt
# inspect writes it), and draws FILE.svg and FILE.png beside it. SIZES has the numbers of rows,
# columns and panels, and two that are 1 or 0: has each panel colours of its own? do columns have
# the labels of the rows? ROW and COLUMN say what these run over. LABELS are the names of the rows;
# "" where they have numbers. gnuplot 5.2 or later.

scripts  = ARG0[1 : strlen(ARG0) - strlen('inspect_map.gp')]      # the folder of this file
file     = ARG1
title    = ARG2
subtitle = ARG3
note     = ARG4
rows     = int(word(ARG5, 1))
columns  = int(word(ARG5, 2))
panels   = int(word(ARG5, 3))
own      = int(word(ARG5, 4))
labelled = int(word(ARG5, 5))
row_name = ARG6
column_name = ARG7
labels   = ARG8

# The columns of the file.
PANEL = 2
ROW = 3
COLUMN = 4
VALUE = 5

load scripts.'style.gp'
set datafile separator comma
data = file.'.csv'

# The lines of panel p, from 0 on; the header is line 0.
size = rows * columns
first(p) = 1 + p * size
last(p) = (p + 1) * size

array name[panels]
array least[panels]
array most[panels]
do for [p = 1 : panels] {
    stats data every ::first(p - 1)::last(p - 1) using VALUE nooutput
    least[p] = STATS_min
    most[p] = STATS_max
    stats data every ::first(p - 1)::first(p - 1) using (text = strcol(PANEL), 0) nooutput
    name[p] = text
}
stats data every ::1 using VALUE nooutput
lowest = STATS_min
highest = STATS_max
stats data every ::1::1 using (row_0 = column(ROW), column_0 = column(COLUMN), 0) nooutput

# --- the look ----------------------------------------------------------------------------------

letter(size) = sprintf(',%.1f', size)

# What the names at the rows take of the picture's width.
few = panels <= 2
longest = 3
do for [i = 1 : words(labels)] { longest = max(longest, strlen(word(labels, i))) }
label_width(size) = longest * size * 0.62 / 1280

# Dark to light (viridis); where numbers lie on both sides of 0, blue over white to red. Both can be
# read with every kind of colour vision.
RISING = '0 "#440154", 1 "#482878", 2 "#3e4989", 3 "#31688e", 4 "#26828e", 5 "#1f9e89", '. \
    '6 "#35b779", 7 "#6ece58", 8 "#b5de2b", 9 "#fde725"'
DIVERGING = '0 "#2166ac", 1 "#4393c3", 2 "#92c5de", 3 "#d1e5f0", 4 "#f7f7f7", 5 "#fddbc7", '. \
    '6 "#f4a582", 7 "#d6604d", 8 "#b2182b"'
both_sides(a, b) = a < 0 && b > 0
scale_from(a, b) = both_sides(a, b) ? -max(-a, b) : a
scale_to(a, b) = both_sides(a, b) ? max(-a, b) : b == a ? a + 1 : b

# --- where the panels stand --------------------------------------------------------------------

# The picture is 1.6 times as wide as high. Panels fill a grid that makes their cells largest; those
# of a square of numbers are squares.
ASPECT = 1.6
LEFT = 0.06 + label_width(few ? 20 : 12)
RIGHT = own ? 0.985 : 0.905
TOP = 0.79
label_height = labelled && longest > 4 ? longest * (few ? 20 : 12) * 0.62 / 800 : 0
BOTTOM = 0.115 + label_height
square = rows == columns
gap_x = few ? (own ? 0.15 : 0.05) : 0.02
gap_y = few ? 0.06 : 0.045
width(n) = (RIGHT - LEFT) / n - gap_x
height(n) = (TOP - BOTTOM) / n - gap_y
lines(n) = ceil(real(panels) / n)
cell(n) = min(ASPECT * width(n) / columns, height(lines(n)) / rows)
across = 1
do for [n = 2 : panels] { if (cell(n) > cell(across)) { across = n } }
# Lines of the same length are worth somewhat smaller cells.
even = 1
do for [n = 2 : panels] { if (panels % n == 0 && cell(n) > cell(even)) { even = n } }
if (cell(even) > 0.85 * cell(across)) { across = even }
down = lines(across)
panel_width = width(across)
panel_height = height(down)
if (square && ASPECT * panel_width > panel_height) { panel_width = panel_height / ASPECT }
if (square && ASPECT * panel_width < panel_height) { panel_height = ASPECT * panel_width }
# What is left over is shared out, so that the panels stand in the middle.
spare = max(0, (RIGHT - LEFT - across * (panel_width + gap_x) + (own ? 0 : gap_x)) / 2)
right_end = LEFT + spare + across * (panel_width + gap_x) - gap_x
left_of(p) = LEFT + spare + ((p - 1) % across) * (panel_width + gap_x)
spare_y = max(0, (TOP - BOTTOM - down * (panel_height + gap_y)) / 2)
top_of(p) = TOP - spare_y - gap_y + 0.02 - ((p - 1) / across) * (panel_height + gap_y)

# --- names of rows and columns -----------------------------------------------------------------

ticks(n, room) = max(1, round_up(n / room))

row_pixels = 800 * panel_height / rows
column_pixels = 1280 * panel_width / columns
# Labels stand at each row if they can be read; else at every second, fourth, ...
step = 1
while (step * row_pixels < 10) { step = 2 * step }
label_size = min(few ? 20 : 12, 0.95 * step * row_pixels)
tick_font = letter(few ? 20 : 15)
label_font = letter(label_size)
NAME_SIZE = few ? 24 : 17
name_x(p) = left_of(p) - label_width(few ? 20 : 12) - 0.03
name_y(p) = top_of(p) - panel_height - label_height - (few ? 0.075 : 0.06)

# --- the pictures ------------------------------------------------------------------------------

# Pixels stay sharp in an SVG where they are few enough for each to be a shape of its own.
few_pixels = size * panels <= 20000
thin = rows < 2 || columns < 2      # too thin for an image

letters = title.subtitle.labels
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
        unset grid
        set border 31 linewidth 1 linecolor rgb QUIET_INK
        set tics nomirror out scale 0.4 textcolor rgb TEXT_INK font tick_font
        set xrange [column_0 - 0.5 : column_0 + columns - 0.5]
        set yrange [row_0 + rows - 0.5 : row_0 - 0.5]
        set datafile separator comma
        set multiplot
        do for [p = 1 : panels] {
            set lmargin at screen left_of(p)
            set rmargin at screen left_of(p) + panel_width
            set tmargin at screen top_of(p)
            set bmargin at screen top_of(p) - panel_height
            a = own ? least[p] : lowest
            b = own ? most[p] : highest
            if (both_sides(a, b)) { eval 'set palette defined ('.DIVERGING.')'
            } else { eval 'set palette defined ('.RISING.')' }
            set cbrange [scale_from(a, b) : scale_to(a, b)]
            set cbtics round_up((scale_to(a, b) - scale_from(a, b)) / (down > 2 ? 3 : 6))
            if (own || p == panels) {
                set colorbox user noborder \
                    origin (own ? left_of(p) + panel_width + 0.012 : right_end + 0.02), \
                        top_of(p) - panel_height + (own || down == 1 ? 0 : panel_height / 2) \
                    size 0.016, panel_height
            } else { unset colorbox }
            set label name[p] at graph 0.5, graph 1 center offset 0, 0.6 noenhanced \
                font letter(NAME_SIZE) textcolor rgb TEXT_INK

            # Names and numbers stand at the left and at the bottom of the grid only.
            at_left = (p - 1) % across == 0
            at_bottom = p + across > panels
            set xtics ticks(columns, column_pixels * columns / (few ? 80 : 50)) offset 0, 0.4
            set ytics ticks(rows, row_pixels * rows / (few ? 50 : 40))
            set format '%.0f'
            set format cb '%g'
            if (labels ne '') {
                set ytics () font label_font
                if (at_left) { do for [i = 1 : rows : step] {
                    set ytics add (word(labels, i) row_0 + i - 1)
                } }
            }
            if (labelled) {
                set xtics () font label_font
                if (longest > 4) { set xtics rotate by 90 right }
                if (at_bottom) { do for [i = 1 : columns : step] {
                    set xtics add (word(labels, i) column_0 + i - 1)
                } }
            }
            if (!at_left) { set format y '' }
            if (!at_bottom) { set format x '' }
            if (at_left) {
                set label row_name at screen name_x(p), graph 0.5 center rotate \
                    font letter(NAME_SIZE) textcolor rgb TEXT_INK
            }
            if (at_bottom) {
                set label column_name at graph 0.5, screen name_y(p) center \
                    font letter(NAME_SIZE) textcolor rgb TEXT_INK
            }
            if (thin) {
                plot data every ::first(p - 1)::last(p - 1) using COLUMN:ROW:\
                    (column(COLUMN) - 0.5):(column(COLUMN) + 0.5):(column(ROW) - 0.5):\
                    (column(ROW) + 0.5):VALUE with boxxyerror \
                    fillstyle solid noborder fillcolor palette
            } else { if (picture == 1 && few_pixels) {
                plot data every ::first(p - 1)::last(p - 1) using COLUMN:ROW:VALUE \
                    with image pixels
            } else {
                plot data every ::first(p - 1)::last(p - 1) using COLUMN:ROW:VALUE with image
            } }
            unset label
        }
        unset multiplot
    }
}
