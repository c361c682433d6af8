#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# vpnc, a third stack, comes into the simulated gateway's network.
IPSEC_BUILD_DIR=${1:-} PYTHONDONTWRITEBYTECODE=1 \
    exec /usr/bin/env python3 "$(dirname "$0")/vpnc.py"
