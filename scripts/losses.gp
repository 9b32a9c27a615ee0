# losses.gp: the axis of a loss, in nats; loaded by the pictures of a comparison when they know
# `bottom` and `top`, and `unit`. The axis' name is placed by hand: each terminal has its own idea of
# where it goes.
set yrange [bottom : top]
set ytics round_up((top - bottom) / 8)
set label 'loss (nats per '.unit.')' at screen 0.02, graph 0.5 center rotate textcolor rgb TEXT_INK
