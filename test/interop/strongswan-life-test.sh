#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A tunnel with a real strongSwan loses no ping while either side renews its SAs, and ends by Deletes.
IPSEC_BUILD_DIR=${1:-} PYTHONDONTWRITEBYTECODE=1 \
    exec /usr/bin/env python3 "$(dirname "$0")/strongswan_life.py"
