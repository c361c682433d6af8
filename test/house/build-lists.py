#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Checks that both build systems, doc/architecture.md and the folders agree on the module's files."""

import ast
import pathlib
import re
import sys

CORE = ("base", "wire", "crypto", "config", "ike", "ipsec", "nat")


def cmake_list(text, name):
    """Reads set(name ...) of a CMake file; None when there is none."""
    found = re.search(rf"^set\({name}\s([^)]*)\)", text, re.MULTILINE)
    return found.group(1).split() if found else None


def waf_list(text, name):
    """Reads NAME = [...] of a wscript; None when there is none."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == name:
            try:
                return ast.literal_eval(node.value)
            except ValueError:
                return None
    return None


def table_names(text):
    """Yields folder and name of the files in the tables of doc/architecture.md, and their purpose."""
    folder = None
    for line in text.split("\n"):
        heading = re.match(r"### Layers? .*?`([a-z/]+)`", line)
        row = re.match(r"\| (`[^|]*`) \|([^|]*)\|$", line)
        if heading:
            folder = heading.group(1)
        elif row and folder:
            for name in re.findall(r"`([^`]*)`", row.group(1)):
                yield f"{folder}/{name}", row.group(2).strip()
        elif line.startswith("## "):
            folder = None


def on_disk(root, folders, suffix):
    """Lists the files with a suffix that are in the given folders."""
    return [
        path.relative_to(root).as_posix()
        for folder in folders
        for path in sorted((root / folder).glob("*" + suffix))
    ]


def main():
    root = pathlib.Path(sys.argv[1])
    core = [f"model/{folder}" for folder in CORE]
    edge = ["model/node", "helper"]
    expected = {
        "core_sources": on_disk(root, core, ".cc"),
        "core_headers": on_disk(root, core, ".h"),
        "edge_sources": on_disk(root, edge, ".cc"),
        "edge_headers": on_disk(root, edge, ".h"),
    }
    cmake = (root / "CMakeLists.txt").read_text(encoding="ascii")
    waf = (root / "wscript").read_text(encoding="ascii")
    lists = [
        (name, files, cmake_list(cmake, name), waf_list(waf, name.upper()))
        for name, files in expected.items()
    ]
    modules = cmake_list(cmake, "ns3_modules")
    lists.append(("ns3_modules", modules, modules, waf_list(waf, "NS3_MODULES")))
    # A file of examples that is part of a program has a header, a program has none.
    programs = [
        pathlib.Path(path).stem
        for path in on_disk(root, ["examples"], ".cc")
        if not (root / path).with_suffix(".h").exists()
    ]
    cmake = (root / "examples" / "CMakeLists.txt").read_text(encoding="ascii")
    waf = (root / "examples" / "wscript").read_text(encoding="ascii")
    lists.append(
        ("examples", programs, cmake_list(cmake, "examples"), waf_list(waf, "EXAMPLES"))
    )

    places = [
        (name, files, where, listed)
        for name, files, in_cmake, in_waf in lists
        for where, listed in (("CMakeLists.txt", in_cmake), ("wscript", in_waf))
    ]
    folders = core + edge + ["examples"]
    sources = on_disk(root, folders, ".cc") + on_disk(root, folders, ".h")
    stems = sorted({path.rpartition(".")[0] for path in sources})
    rows = list(table_names((root / "doc" / "architecture.md").read_text(encoding="ascii")))
    places.append(("the table", stems, "doc/architecture.md", [name for name, _ in rows]))

    faults = 0
    for name, purpose in rows:
        if not purpose.endswith("."):
            print(f"doc/architecture.md: {name} has no sentence as its purpose: '{purpose}'")
            faults += 1
    for name, files, where, listed in places:
        if not listed:
            print(f"{where}: no list {name}")
            faults += 1
            continue
        missing = sorted(set(files) - set(listed))
        gone = sorted(set(listed) - set(files))
        twice = sorted({entry for entry in listed if listed.count(entry) > 1})
        for what, entries in (("lacks", missing), ("lists what is not there:", gone),
                              ("lists twice:", twice)):
            if entries:
                print(f"{where}: {name} {what} {' '.join(entries)}")
                faults += 1
    count = sum(len(files) for _, files, _, _ in places)
    print(f"{count} entries in {len(places)} lists checked, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
