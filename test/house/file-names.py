#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Checks the names of the module's C++ files.

ns-3 puts the headers of all modules into one flat folder, so ours are told from others by a
prefix, and from each other by being unique. The same holds for object files of some builds.
"""

import collections
import pathlib
import re
import sys

PREFIXES = ("ike-", "ipsec-", "isakmp-", "esp-", "ah-", "nat-", "crypto-", "dial-up-", "vpn-")
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\.(h|cc)")


def main():
    root = pathlib.Path(sys.argv[1])
    faults = []
    places = collections.defaultdict(list)
    for folder in ("model", "helper", "examples", "test"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix not in (".h", ".cc"):
                continue
            name = path.relative_to(root).as_posix()
            if not NAME.fullmatch(path.name):
                faults.append(f"{name}: names are lower-case words joined by dashes")
            if folder in ("model", "helper"):
                places[path.name].append(name)
                if not path.name.startswith(PREFIXES):
                    faults.append(f"{name}: starts with none of {', '.join(PREFIXES)}")
    for name, where in places.items():
        if len(where) > 1:
            faults.append(f"{name} exists more than once: {', '.join(where)}")
    for fault in faults:
        print(fault)
    print(f"{len(places)} files of the module checked, {len(faults)} faults")
    return 1 if faults or not places else 0


if __name__ == "__main__":
    sys.exit(main())
