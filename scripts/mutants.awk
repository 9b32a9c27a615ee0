# mutants.awk: reads tables of mutants, tests/*/mutants.txt.
#
#     awk -f mutants.awk [-v only=src/pos] TABLE...     lists them: number, file, what is broken
#     awk -f mutants.awk -v number=12 TABLE...          prints the file of one of them, broken
#
# A mutant is a line "FILE: what is broken", and below it one or more edits:
#
#     - text that occurs exactly once in the file, within one line
#     + what stands there instead
#
# Lines that begin with '#' and empty ones mean nothing. The edits of all mutants are tried, whatever
# is printed: a text that is not found, or found twice, is an error, and the exit code 1.

function refuse(where, message)
{
    print where ": " message | "cat 1>&2"
    failed = 1
}

/^#/ || /^$/ { next }

/^- / {
    old[++edits] = substr($0, 3)
    place[edits] = FILENAME ":" FNR
    next
}

/^[+]/ {
    if (edits == 0 || edits in new)
        refuse(FILENAME ":" FNR, "expected one line of old text above")
    new[edits] = substr($0, 3)
    last[mutants] = edits
    next
}

/^src\/[^ ]*: / {
    colon = index($0, ": ")
    file[++mutants] = substr($0, 1, colon - 1)
    words[mutants] = substr($0, colon + 2)
    first[mutants] = edits + 1
    next
}

{ refuse(FILENAME ":" FNR, "expected \"FILE: words\", \"- old text\" or \"+ new text\"") }

function text_of(path,    line, text)
{
    while ((getline line < path) > 0)
        text = text line "\n"
    close(path)
    return text
}

function edited(text, e,    at, rest)
{
    at = index(text, old[e])
    rest = substr(text, at + length(old[e]))
    if (at == 0)
        refuse(place[e], "not found: " old[e])
    else if (index(rest, old[e]) > 0)
        refuse(place[e], "found more than once: " old[e])
    else if (old[e] == new[e])
        refuse(place[e], "changes nothing: " old[e])
    return substr(text, 1, at - 1) new[e] rest
}

function broken(m,    text, e)
{
    if (!(file[m] in texts))
        texts[file[m]] = text_of(file[m])
    text = texts[file[m]]
    if (last[m] < first[m])
        refuse(file[m], "no edit: " words[m])
    for (e = first[m]; e <= last[m]; e++)
        text = edited(text, e)
    return text
}

END {
    for (m = 1; m <= mutants; m++) {
        text = broken(m)
        if (m == number) {
            ORS = "" # printf has room for 8 KB only in some
            print text
        } else if (!number && index(file[m], only) == 1) {
            print m "\t" file[m] "\t" words[m]
        }
    }
    exit failed
}
