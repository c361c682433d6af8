#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Addresses handed out between the simulated gateway or client and a real strongSwan.
IPSEC_BUILD_DIR=${1:-} PYTHONDONTWRITEBYTECODE=1 \
    exec /usr/bin/env python3 "$(dirname "$0")/strongswan_mode_config.py"
