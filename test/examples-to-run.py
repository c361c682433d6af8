#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Read by ns-3's test.py in a tree that holds this module: its examples, and when to run them.

Each row: the command line, whether to run it, whether to run it under valgrind.
"""

cpp_examples = [
    ("dial-up-first", "True", "True"),
    ("ipsec-first", "True", "True"),
    ("nat-first", "True", "True"),
    ("vpn-first", "True", "False"),
]

python_examples = []
