#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What tshark sees of a simulated run, with the key tables that the run wrote. Needs no root.
IPSEC_BUILD_DIR=${1:-} PYTHONDONTWRITEBYTECODE=1 \
    exec /usr/bin/env python3 "$(dirname "$0")/simulated_capture.py"
