#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Builds doc/ipsec.rst as ns-3 builds the chapters of its modules; a warning is an error. Exits with
# 77 where Sphinx is missing.
#
#   sphinx.sh ROOT OUTPUT
set -e
if ! command -v sphinx-build >/dev/null; then
    echo "skipped: doc/ipsec.rst is not built, because sphinx-build (python3-sphinx) is missing"
    exit 77
fi
mkdir -p "$2"
# A folder with this chapter alone: the other documents are not Sphinx's.
rm -rf "$2/source"
mkdir "$2/source"
cp "$1/doc/ipsec.rst" "$2/source/"
sphinx-build -q -W -n -E -C -b html -d "$2/doctrees" \
    -D project=ipsec -D root_doc=ipsec -D language=en "$2/source" "$2/html"
grep -q '<h1>IKEv1 and IPsec' "$2/html/ipsec.html"
echo "doc/ipsec.rst built without warnings"
