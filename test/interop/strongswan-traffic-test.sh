#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Two tunnels, large packets and TCP through tunnels with a real strongSwan.
IPSEC_BUILD_DIR=${1:-} PYTHONDONTWRITEBYTECODE=1 \
    exec /usr/bin/env python3 "$(dirname "$0")/strongswan_traffic.py"
