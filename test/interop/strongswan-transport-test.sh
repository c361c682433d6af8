#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Negotiates transport mode and AH with a real strongSwan, whose data plane has neither.
IPSEC_BUILD_DIR=${1:-} PYTHONDONTWRITEBYTECODE=1 \
    exec /usr/bin/env python3 "$(dirname "$0")/strongswan_transport.py"
