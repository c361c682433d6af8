#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Simulated clients behind a simulated NAT and a real strongSwan, and a real strongSwan behind the
# kernel's NAT and a simulated hub.
IPSEC_BUILD_DIR=${1:-} PYTHONDONTWRITEBYTECODE=1 \
    exec /usr/bin/env python3 "$(dirname "$0")/strongswan_nat.py"
