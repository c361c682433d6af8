# SPDX-License-Identifier: GPL-2.0-only
"""Aggressive mode with a pre-shared key; both ends name themselves by domain names."""

import sys

from strongswan_cases import Case, pre_shared, run
from strongswan_conf import (
    AGGRESSIVE_PSK,
    CHARON_NAME,
    GATEWAY_NAME,
    SUITES,
    connection,
    shared_secret,
)

NAMES = (CHARON_NAME, GATEWAY_NAME)
TUNNEL = {"mode": "aggressive", "fw.id": GATEWAY_NAME, "peer-id": CHARON_NAME}


def check_identities(checks, _, capture):
    """Anybody on the way reads who they are: that is aggressive mode's price."""
    # Covers AM-01.
    clear = [p for p in capture.isakmp() if not p.is_encrypted()]
    seen = [p.first("isakmp.id.data.fqdn") for p in clear]
    checks("both names are in clear", set(seen) == set(NAMES), seen)


def main():
    return run(
        Case(
            f"aggressive {suite}",
            role,
            suite,
            connection(suite, ids=NAMES, aggressive=True),
            {"tunnel office": {**pre_shared(suite), **TUNNEL}},
            secrets=shared_secret(NAMES),
            settings=AGGRESSIVE_PSK,
            messages={"aggressive": 3, "quick": 3},
            clear=2,
            checks=(check_identities,),
        )
        for suite in SUITES[1:]
        for role in ("initiator", "responder")
    )


if __name__ == "__main__":
    sys.exit(main())
