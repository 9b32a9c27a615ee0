# png.gp: chooses what draws the PNG of a picture; loaded by the scripts that draw one, which put all
# letters of free text into `letters`. Sets has_png: 0 where this gnuplot can draw none.
#
# It is cairo or gd, whichever there is. For a letter that no font has, cairo may paint a box as
# large as the picture, and gd a small one: so gd is preferred where a title has letters from
# outside Europe. In UTF-8 those begin with one of these bytes.
far = 0
do for [byte in "\340 \341 \343 \344 \345 \346 \347 \350 \351 \352 \353 \354 \355 \356 \357 \360"] {
    if (strstrt(letters, byte) > 0) { far = 1 }
}
has_terminal(name) = strstrt(GPVAL_TERMINALS, ' '.name.' ') > 0
has_cairo = has_terminal('pngcairo')
has_gd = has_terminal('png')
has_png = has_cairo || has_gd

# Both take the size of letters in points, of which 3 make 4 pixels.
if (has_cairo && !(far && has_gd)) {
    set terminal pngcairo size 1280, 800 font 'Sans,24' fontscale 0.75
} else { if (has_gd) {
    set terminal png truecolor size 1280, 800 font 'Sans,24' fontscale 0.75
} }
