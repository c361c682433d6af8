#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# SAs negotiated with a real strongSwan are renewed and deleted.
IPSEC_BUILD_DIR=${1:-} PYTHONDONTWRITEBYTECODE=1 \
    exec /usr/bin/env python3 "$(dirname "$0")/strongswan_renewals.py"
