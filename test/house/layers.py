#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Checks every #include of the module against the layers of doc/architecture.md.

A file may include its own folder or a lower layer; the halves that share a layer do not know
each other; below model/node nothing knows ns-3; only model/crypto knows OpenSSL; and nothing in
the core asks the machine for the time, for randomness or for its environment.
"""

import pathlib
import re
import sys

LAYERS = {
    "model/base": 0,
    "model/wire": 1,
    "model/crypto": 2,
    "model/config": 3,
    "model/ike": 4,
    "model/ipsec": 4,
    "model/nat": 4,
    "model/node": 5,
    "helper": 6,
    "examples": 7,
}
EDGE = LAYERS["model/node"]
# Tests that must build without ns-3.
CORE_TESTS = ("test/support", "test/unit", "test/protocol")

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.MULTILINE)
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
IMPURE = re.compile(
    r"\b(system_clock|steady_clock|high_resolution_clock|gettimeofday|clock_gettime"
    r"|random_device|getenv|RAND_bytes|std::rand|srand)\b"
)


def folder_of(path):
    """Names the folder that decides a file's layer: model/x, or the first part."""
    parts = path.parts
    return "/".join(parts[:2]) if parts[0] in ("model", "test") else parts[0]


def sources(root, *folders):
    """Yields the C++ files of the given folders, relative to the root, in order."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".h", ".cc"):
                yield path.relative_to(root)


def include_fault(path, bracket, name, own_headers):
    """Says what is wrong with one include of one file, or None."""
    folder = folder_of(path)
    in_core_test = folder in CORE_TESTS
    layer = EDGE - 1 if in_core_test else LAYERS[folder]
    if name.startswith("openssl/") and folder != "model/crypto" and not in_core_test:
        return "only model/crypto includes OpenSSL"
    if bracket == "<" and name.startswith("ns3/"):
        return "write ns-3 headers with quotes"
    if bracket == "<":
        is_library = "/" in name and not name.startswith(("openssl/", "sys/"))
        is_core = layer < EDGE and not in_core_test
        return "the core knows no library but OpenSSL" if is_library and is_core else None
    if not name.startswith("ns3/"):
        if in_core_test or folder == "examples":
            return None
        same = (path.parent / name).as_posix() in own_headers.values()
        return None if same else 'a bare name is for the same folder; write "ns3/..."'
    target = own_headers.get(name[len("ns3/"):])
    if target is None:
        return None if layer >= EDGE else "the core does not know ns-3"
    target_folder = folder_of(pathlib.PurePosixPath(target))
    if target_folder == folder and not in_core_test:
        return "write a header of the same folder with its bare name"
    if LAYERS[target_folder] > layer:
        return f"{target_folder} is a higher layer"
    if LAYERS[target_folder] == layer and not in_core_test:
        return f"{folder} and {target_folder} do not know each other"
    return None


def main():
    root = pathlib.Path(sys.argv[1])
    own_headers = {
        path.name: path.as_posix()
        for path in sources(root, "model", "helper")
        if path.suffix == ".h"
    }
    faults = []
    includes = 0
    for path in sources(root, "model", "helper", "examples", *CORE_TESTS):
        folder = folder_of(path)
        if folder not in LAYERS and folder not in CORE_TESTS:
            faults.append(f"{path}: {folder} has no layer; add it to {pathlib.Path(__file__).name}")
            continue
        text = (root / path).read_text(encoding="utf-8")
        for bracket, name in INCLUDE.findall(text):
            includes += 1
            fault = include_fault(path, bracket, name, own_headers)
            if fault:
                faults.append(f"{path}: includes {name}: {fault}")
        if LAYERS.get(folder, EDGE) < EDGE:
            for word in IMPURE.findall(COMMENT.sub("", text)):
                faults.append(f"{path}: uses {word}: time and randomness are arguments")
    for fault in faults:
        print(fault)
    print(f"{includes} includes checked, {len(faults)} faults")
    if includes == 0:
        print("nothing to check: wrong folder?")
    return 1 if faults or includes == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
