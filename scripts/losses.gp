# losses.gp: the two axes of a loss, nats on the left and bits on the right; loaded by the pictures
# of a comparison when they know `bottom` and `top`, and `unit`. The axes' names are placed by hand:
# each terminal has its own idea of where they go.
set yrange [bottom : top]
set ytics round_up((top - bottom) / 8)
set y2tics round_up((top - bottom) / log(2) / 8) textcolor rgb QUIET_INK
set label 'loss (nats per '.unit.')' at screen 0.02, graph 0.5 center rotate textcolor rgb TEXT_INK
set label 'bits per '.unit at screen 0.982, graph 0.5 center rotate textcolor rgb QUIET_INK
