#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Compares test/requirements.txt with the tests that name its rows.

A test names a row in a comment ("Covers P1-16, QM-15."). Rows that no test names are listed. The
check fails when a row marked covered has lost its test, when a test names a row that does not
exist, and when the list itself cannot be read.
"""

import collections
import pathlib
import re
import sys

ROW = re.compile(r"\b(?:P1|MM|AM|QM|PO|LT|MK|MC|XA|DP|NT|AR)-\d\d\b")
STATES = ("covered", "later")
FOLDERS = ("unit", "protocol", "simulation", "interop", "fuzz")


def read_rows(path):
    """Reads the list into row -> state."""
    rows = {}
    for number, line in enumerate(path.read_text(encoding="ascii").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        row, state = (line.split(None, 2) + ["", ""])[:2]
        if not ROW.fullmatch(row) or state not in STATES or row in rows:
            sys.exit(f"{path}:{number}: '{line}' is not a new row followed by one of {STATES}")
        rows[row] = state
    return rows


def named_rows(test):
    """Maps each row that a test names to the files that name it."""
    named = collections.defaultdict(set)
    for folder in FOLDERS:
        for path in sorted((test / folder).rglob("*")):
            if path.suffix in (".cc", ".h", ".sh", ".py"):
                for row in ROW.findall(path.read_text(encoding="utf-8")):
                    named[row].add(path.relative_to(test).as_posix())
    return named


def main():
    test = pathlib.Path(sys.argv[1]) / "test"
    rows = read_rows(test / "requirements.txt")
    named = named_rows(test)
    lost = [row for row, state in rows.items() if state == "covered" and row not in named]
    unknown = sorted(set(named) - set(rows))
    print(f"{len(set(named) & set(rows))} of {len(rows)} rows are named by a test")
    print("not yet: " + " ".join(row for row in rows if row not in named))
    ready = [row for row, state in rows.items() if state == "later" and row in named]
    if ready:
        print("named, but marked later: " + " ".join(ready))
    for row in lost:
        print(f"{row} is marked covered, but no test names it")
    for row in unknown:
        print(f"{', '.join(sorted(named[row]))}: there is no row {row}")
    return 1 if lost or unknown else 0


if __name__ == "__main__":
    sys.exit(main())
