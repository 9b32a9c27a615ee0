# bits.gp: the axis of a loss in bits, at the right end of the graph; loaded by the pictures that have
# no names there, behind the axis of nats, when they know `bottom` and `top`, `unit`, and bits_at,
# where on the screen the axis' name stands.
set link y2 via y / log(2) inverse y * log(2)
set y2tics round_up((top - bottom) / log(2) / 8) textcolor rgb QUIET_INK
set label 'bits per '.unit at screen bits_at, graph 0.5 center rotate textcolor rgb QUIET_INK
