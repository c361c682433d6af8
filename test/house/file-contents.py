#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Checks what every text file of the project has in common.

ASCII only; a licence line first and at most 500 lines in what is code; headers with the guard
that their name gives; no tabs outside Makefiles; one newline at the end.
"""

import pathlib
import re
import sys

FOLDERS = ("model", "helper", "examples", "test", "doc", ".ci")
TEXT = {".h", ".cc", ".py", ".sh", ".txt", ".md", ".rst", ".ini", ".in", ".cmake", ".conf", ".js"}
CODE = {".h", ".cc", ".py", ".sh", ".js"}
MAXIMUM_LINES = 500
SPDX = "SPDX-License-Identifier: GPL-2.0-only"
UNFINISHED = re.compile(r"\b(TO" r"DO|X" r"XX|FIX" r"ME)\b")


def files(root):
    """Yields the text files of the project: those of the top and of our folders."""
    for path in sorted(root.iterdir()):
        if path.is_file() and (path.suffix in TEXT or path.name in ("Makefile", "wscript", "LICENSE")):
            yield path
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            named = path.name in ("wscript", "run")
            if path.is_file() and "__pycache__" not in path.parts and (path.suffix in TEXT or named):
                yield path


def faults_of(path, text):
    """Yields what is wrong with one file's text."""
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if not line.isascii():
            yield f"line {number}: not ASCII"
        if "\t" in line and path.name != "Makefile":
            yield f"line {number}: a tab"
        # In vectors "Name = " with nothing behind it is an empty value.
        if line.endswith((" ", "\r")) and "vectors" not in path.parts:
            yield f"line {number}: white space at its end"
    if text and (not text.endswith("\n") or text.endswith("\n\n")):
        yield "must end with exactly one newline"
    if path.suffix not in CODE:
        return
    if SPDX not in "\n".join(lines[:2]):
        yield f"must start with '{SPDX}' (after #! where there is one)"
    if len(lines) - 1 > MAXIMUM_LINES:
        yield f"{len(lines) - 1} lines; {MAXIMUM_LINES} is the limit"
    if UNFINISHED.search(text):
        yield "unfinished: " + UNFINISHED.search(text).group()
    if path.suffix == ".h":
        guard = path.name.upper().replace("-", "_").replace(".", "_")
        if f"#ifndef {guard}\n#define {guard}\n" not in text:
            yield f"its guard must be {guard}"
        if "@file" not in text:
            yield "has no @file comment"


def main():
    root = pathlib.Path(sys.argv[1])
    checked = 0
    faults = 0
    for path in files(root):
        checked += 1
        for fault in faults_of(path, path.read_bytes().decode("utf-8", "replace")):
            faults += 1
            print(f"{path.relative_to(root)}: {fault}")
    print(f"{checked} files checked, {faults} faults")
    return 1 if faults or checked == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
