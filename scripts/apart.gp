# apart.gp: moves rows of words apart that would overlap. row[1] to row[rows] say where they should
# be, in parts of the graph's height from 0 to 1, falling; afterwards neighbours are row_height from
# each other.

# Neighbours push each other away, each by half of what they overlap, until all stand still.
moved = 1
do for [pass = 1 : 20 * rows] {
    if (moved) {
        moved = 0
        do for [k = 1 : rows - 1] {
            push = (row_height - (row[k] - row[k + 1])) / 2
            if (push > 1e-4) {
                row[k] = row[k] + push
                row[k + 1] = row[k + 1] - push
                moved = 1
            }
        }
    }
}
# What left the graph at an end comes back in.
do for [k = 1 : rows] { row[k] = min(row[k], 1 - row_height * (k - 0.5)) }
do for [k = rows : 1 : -1] { row[k] = max(row[k], row_height * (rows - k + 0.5)) }
