#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Phase 2 in more suites with a real strongSwan, from either side.
IPSEC_BUILD_DIR=${1:-} PYTHONDONTWRITEBYTECODE=1 \
    exec /usr/bin/env python3 "$(dirname "$0")/strongswan_suites.py"
