#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Checks that the gallery and the README name every scenario that is shipped, and no other.

An entry of the gallery is a heading with the scenario's name, a sentence, a command that runs it,
and a line that says what to look at.
"""

import pathlib
import re
import sys

ENTRY = re.compile(
    r"(?P<sentence>[A-Z][^\n]*\.)\n\n"
    r"    build/examples/ipsec-lab examples/scenarios/(?P<command>[a-z0-9-]+)\.ini(?: --[^\n]*)?\n\n"
    r"Look at (?P<look>[^\n]{10,})\.\n"
)


def entry_faults(name, body):
    """Yields what is wrong with one entry of the gallery."""
    found = ENTRY.fullmatch(body.strip("\n") + "\n")
    if not found:
        yield f"doc/gallery.md: {name} is not a sentence, a command and 'Look at ...'"
    elif found.group("command") != name:
        yield f"doc/gallery.md: the command of {name} runs {found.group('command')}.ini"
    else:
        folder = re.search(r" --output (\S+)", body)
        for path in re.findall(r"`(output/[^`]*)`", found.group("look")):
            if not folder or not path.startswith(folder.group(1) + "/"):
                yield f"doc/gallery.md: the command of {name} does not write {path}"


def list_faults(where, named, shipped):
    """Yields scenarios that one place lacks, names twice, or invents."""
    for name in sorted(shipped - set(named)):
        yield f"{where} lacks {name}.ini"
    for name in sorted(set(named) - shipped):
        yield f"{where} names {name}.ini, which is not there"
    for name in sorted({name for name in named if named.count(name) > 1}):
        yield f"{where} names {name}.ini twice"


def main():
    root = pathlib.Path(sys.argv[1])
    shipped = {path.stem for path in (root / "examples" / "scenarios").glob("*.ini")}
    gallery = (root / "doc" / "gallery.md").read_text(encoding="ascii")
    readme = (root / "README.md").read_text(encoding="ascii")
    parts = re.split(r"^### (.+)\n", gallery, flags=re.MULTILINE)
    names = parts[1::2]
    # An entry ends where the next heading of any kind begins.
    bodies = [re.split(r"^## ", body, flags=re.MULTILINE)[0] for body in parts[2::2]]
    faults = [fault for name, body in zip(names, bodies) for fault in entry_faults(name, body)]
    faults += list_faults("doc/gallery.md", names, shipped)
    table = re.findall(r"^\| `([a-z0-9-]+)\.ini` \| [^|]{10,} \|$", readme, re.MULTILINE)
    faults += list_faults("README.md", table, shipped)
    for fault in faults:
        print(fault)
    print(f"{len(shipped)} scenarios looked for in 2 places, {len(faults)} faults")
    return 1 if faults or not shipped else 0


if __name__ == "__main__":
    sys.exit(main())
