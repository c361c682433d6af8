#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A certificate on one side, a password on the other: simulated, and a real strongSwan.
IPSEC_BUILD_DIR=${1:-} PYTHONDONTWRITEBYTECODE=1 \
    exec /usr/bin/env python3 "$(dirname "$0")/strongswan_hybrid.py"
