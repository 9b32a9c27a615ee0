# style.gp: the common look of the pictures; loaded first by the scripts that draw one, which have
# put the two lines over it into `title` and `subtitle`.
#
# A picture is 1280 x 800 pixels. On the left stand nats, with a grey line for each of their ticks;
# on the right, where no names of curves are, bits. Everything that is no curve has one of the inks
# below. On a dark page these get other values, so pictures have no further greys.

reset    # whatever the user's own ~/.gnuplot says

# Words are dark, those that matter less are grey. The paper is white.
PAPER = '#ffffff'
TEXT_INK = '#222222'
QUIET_INK = '#666666'
GRID_INK = '#e2e2e2'

HUGE = 1e9
min(a, b) = a < b ? a : b
max(a, b) = a > b ? a : b
is_number(x) = x == x && abs(x) < HUGE      # neither nan nor infinite

# A round distance between ticks: the next higher of 1, 2 or 5 times a power of ten.
power(x) = 10 ** floor(log10(x))
round_up(x) = x <= power(x) ? power(x) : x <= 2 * power(x) ? 2 * power(x) : \
    x <= 5 * power(x) ? 5 * power(x) : 10 * power(x)

RIGHT = 0.985      # where the graph ends
set lmargin at screen 0.1
set tmargin at screen 0.8
set bmargin at screen 0.135

# Titles may hold any character, none of which is markup, and shrink where they are long.
fitting(size, text) = sprintf(',%.1f', min(size, 2100.0 / max(1, strlen(text))))
set label title at screen 0.02, 0.95 left noenhanced \
    font fitting(38, title) textcolor rgb TEXT_INK
set label subtitle at screen 0.02, 0.895 left noenhanced \
    font fitting(24, subtitle) textcolor rgb QUIET_INK

set border 0
set grid ytics back linetype 1 linewidth 1 linecolor rgb GRID_INK
set tics nomirror scale 0 textcolor rgb TEXT_INK
unset key
