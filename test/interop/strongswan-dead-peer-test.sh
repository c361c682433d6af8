#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Dead peer detection between us and a real strongSwan, crashes of either side, and INITIAL-CONTACT.
IPSEC_BUILD_DIR=${1:-} PYTHONDONTWRITEBYTECODE=1 \
    exec /usr/bin/env python3 "$(dirname "$0")/strongswan_dead_peer.py"
