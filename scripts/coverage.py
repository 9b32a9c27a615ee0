"""coverage.py lines.json: prints what gcovr counted (`make coverage`): each line that no test ran,
then lines and branches by folder."""

import json
import sys


def counted_lines(file):
    """gcovr lists comments and blank lines too."""
    return [line for line in file["lines"] if not line["gcovr/noncode"]]


def print_missed(files):
    for file in files:
        missed = [line["line_number"] for line in counted_lines(file) if line["count"] == 0]
        if missed:
            with open(file["file"], encoding="utf-8") as source:
                text = source.read().splitlines()
            for number in missed:
                print(f"{file['file']}:{number}: {text[number - 1].strip()}")


def counts(files):
    lines = [line for file in files for line in counted_lines(file)]
    branches = [branch for line in lines for branch in line["branches"]]
    return len(lines), sum(line["count"] > 0 for line in lines), \
        len(branches), sum(branch["count"] > 0 for branch in branches)


def print_folders(files):
    folders = sorted({file["file"].rsplit("/", 1)[0] for file in files})
    print(f"{'folder':<14} {'lines':>7} {'missed':>7} {'run':>8} "
          f"{'branches':>10} {'missed':>7} {'taken':>8}")
    for folder in folders + ["src"]:
        lines, run, branches, taken = counts(
            [file for file in files if file["file"].startswith(folder + "/")])
        print(f"{folder:<14} {lines:7} {lines - run:7} {100 * run / lines:6.2f} % "
              f"{branches:10} {branches - taken:7} {100 * taken / max(branches, 1):6.2f} %")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        files = json.load(file)["files"]
    print_missed(files)
    print_folders(files)


main()
