#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs a test against real peers, and once more if it fails: they run in real time, and a busy machine
# may let a message come too late. The first failure stays in the output.
#
#   test/interop/twice.sh SCRIPT BUILD_DIR
"$1" "$2"
status=$?
case $status in
    0 | 77) exit $status ;;
esac
echo "failed with status $status; a second time:"
exec "$1" "$2"
