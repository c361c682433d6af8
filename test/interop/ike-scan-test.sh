#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What ike-scan sees of the simulated gateway.
IPSEC_BUILD_DIR=${1:-} PYTHONDONTWRITEBYTECODE=1 \
    exec /usr/bin/env python3 "$(dirname "$0")/ike_scan.py"
