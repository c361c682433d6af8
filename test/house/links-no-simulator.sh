#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Fails if the program given loads a library of ns-3: the core must be usable without it.
set -eu
libraries=$(ldd "$1")
if echo "$libraries" | grep -i 'libns3'; then
    echo "$1 links ns-3, but tests of the core must not"
    exit 1
fi
echo "$1 links no ns-3 library"
