# csv.gp: reads a table with texts; loaded by scripts that have set `table`, its file, and
# take_row(n), which is called for each row but the first, the names. It finds the row's cells, as
# texts, in cell[1], cell[2], ... n is the number of the row.
#
# A cell may stand in quotes, with commas in it and its own quotes doubled, which gnuplot does not
# know. So the file is read byte by byte.
array cell[16]

# A cell as a number. gnuplot's real() takes 1.5e-06, but for 1e-06 it wants a point.
mark(text) = strstrt(text, 'e')
number(text) = mark(text) > 0 && strstrt(text, '.') == 0 ? \
    real(text[1 : mark(text) - 1].'.'.text[mark(text) : *]) : real(text)

QUOTE = 34
COMMA = 44
LINE_END = 10

text = ''
cells = 0
lines = 0
quoted = 0
before = 0
put(byte) = (text = text.sprintf('%c', byte), 0)
end_cell(x) = (cells = min(cells + 1, 16), cell[cells] = text, text = '', 0)
end_line(x) = (end_cell(0), lines > 0 ? take_row(lines) : 0, lines = lines + 1, cells = 0)
turn(x) = (!quoted && before == QUOTE ? put(QUOTE) : 0, quoted = !quoted)
take_byte(byte) = (byte == QUOTE ? turn(0) : \
    quoted || (byte != COMMA && byte != LINE_END) ? put(byte) : \
    byte == COMMA ? end_cell(0) : end_line(0), before = byte, 0)
stats table binary format='%uchar' using (take_byte($1)) nooutput
