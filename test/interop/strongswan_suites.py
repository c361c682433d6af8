# SPDX-License-Identifier: GPL-2.0-only
"""Phase 2 with strongSwan in suites beyond those of strongswan_tunnels.py, from either side."""

import sys

from strongswan_cases import Case, pre_shared, run
from strongswan_conf import Suite, connection, shared_secret

# PFS with groups 5, 14 and 19, AES-GCM, and ESP that encrypts nothing.
SUITES = (
    Suite(
        "pre-g14-aes128-sha", "g5-esp-aes128-sha", "aes128-sha1-modp2048", "aes128-sha1-modp1536"
    ),
    Suite(
        "pre-g19-aes256-sha256",
        "g19-esp-aes256-sha256",
        "aes256-sha256-ecp256",
        "aes256-sha256-ecp256",
    ),
    Suite(
        "pre-g14-aes128-sha256",
        "g14-esp-aes128gcm",
        "aes128-sha256-modp2048",
        "aes128gcm16-modp2048",
    ),
    Suite(
        "pre-g14-aes128-sha256", "nopfs-esp-aes256gcm", "aes128-sha256-modp2048", "aes256gcm16"
    ),
    Suite(
        "pre-g14-aes128-sha256", "nopfs-esp-null-sha256", "aes128-sha256-modp2048", "null-sha256"
    ),
)


def main():
    return run(
        Case(
            str(suite),
            role,
            suite,
            connection(suite),
            {"tunnel office": pre_shared(suite)},
            secrets=shared_secret(),
        )
        for suite in SUITES
        for role in ("initiator", "responder")
    )


if __name__ == "__main__":
    sys.exit(main())
