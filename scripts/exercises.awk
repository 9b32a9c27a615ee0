# exercises.awk: reads the table of exercises, tests/exercises/exercises.txt.
#
#     awk -f exercises.awk TABLE                 lists them: number, file, scheme, title
#     awk -v number=3 -f exercises.awk TABLE     prints the file of one, with its part taken out
#
# All of them are cut, whatever is printed. A part that is not there, or a text that is not found
# just once outside of it, is an error, and the exit code 1.

function refuse(where, message)
{
    print where ": " message | "cat 1>&2"
    failed = 1
}

/^#/ || /^$/ { next }

/^exercise [0-9]+: src\/[^ ]*, [^ :]*: ./ {
    n++
    head = $2 + 0
    if (head != n)
        refuse(FILENAME ":" FNR, "expected exercise " n)
    file[n] = substr($3, 1, length($3) - 1)
    scheme[n] = substr($4, 1, length($4) - 1)
    title[n] = substr($0, index($0, scheme[n] ": ") + length(scheme[n]) + 2)
    next
}

/^[|]/ { asked[n] = asked[n] "@ *" substr($0, 2) "\n"; next }
/^=/   { stub[n] = stub[n] (length($0) > 1 ? "@" substr($0, 3) : "") "\n"; next }

/^- / { old[++edits] = substr($0, 3); edit_of[edits] = n; next }
/^[+] / { new[edits] = substr($0, 3); next }

{ refuse(FILENAME ":" FNR, "expected \"exercise N: FILE, SCHEME: title\", or a line of one") }

# One line of a file outside of the part, without what tells the answer.
function hidden(m, line,    e, at)
{
    for (e = 1; e <= edits; e++) {
        at = edit_of[e] == m ? index(line, old[e]) : 0
        if (at == 0)
            continue
        seen[e]++
        line = substr(line, 1, at - 1) new[e] substr(line, at + length(old[e]))
    }
    return line
}

# What stands in the place of the part; each line is indented like the comment that began it.
function question(m, indent,    text)
{
    text = "@/* EXERCISE " m ": " title[m] ".\n@ *\n" asked[m] "@ */\n" stub[m]
    text = text "@/* The exercise ends here. Is it right?  make exercise N=" m " */\n"
    gsub(/@/, indent, text)
    return text
}

function is_comment(line, words)
{
    sub(/^ */, "", line)
    return line == "/* " words " */"
}

function cut(m,    text, line, inside, begun, ended)
{
    text = "/* This is exercise " m ". Its place is further down: look for EXERCISE. */\n\n"
    while ((getline line < file[m]) > 0) {
        if (is_comment(line, "exercise " m " begins")) {
            text = text question(m, substr(line, 1, index(line, "/") - 1))
            begun++
            inside = 1
        } else if (is_comment(line, "exercise " m " ends")) {
            ended += inside
            inside = 0
        } else if (!inside) {
            text = text hidden(m, line) "\n"
        }
    }
    close(file[m])
    if (begun != 1 || ended != 1)
        refuse(file[m], "expected a line \"/* exercise " m " begins */\", and one \"ends\"")
    return text
}

END {
    for (m = 1; m <= n; m++) {
        text = cut(m)
        if (m == number) {
            ORS = "" # printf has room for 8 KB only in some
            print text
            ORS = "\n"
        } else if (!number) {
            print m "\t" file[m] "\t" scheme[m] "\t" title[m]
        }
    }
    for (e = 1; e <= edits; e++)
        if (seen[e] != 1)
            refuse(file[edit_of[e]], "expected once: " old[e])
    exit failed
}
