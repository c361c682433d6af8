# SPDX-License-Identifier: GPL-2.0-only
"""Hybrid authentication: the server has a certificate, the client nothing but a password."""

import sys

from remote_access import NAMES, client, named, server
from strongswan_cases import Case, run
from strongswan_certificates import Certificates
from strongswan_conf import (
    CHARON_NAME,
    GATEWAY_NAME,
    PASSWORD,
    SUITES,
    USER,
    assigns_address,
    connection,
    pool,
    user_secret,
    without_fragments,
)
from strongswan_xauth import CLEAR, check_user, inside, messages

SUITE = SUITES[1].signed("hybrid")


def check_signature(checks, meeting, _):
    log = meeting.charon.log()
    said = (
        f"authentication of '{GATEWAY_NAME}' with RSA_EMSA_PKCS1_NULL successful",
        f"authentication of '{CHARON_NAME}' (myself) successful",
    )
    checks("the server signed", any(line in log for line in said))


def case(certificates, mode, role):
    """Who begins is the client."""
    aggressive = mode == "aggressive"
    tunnel = named(SUITE, mode)
    if role == "initiator":
        table = connection(SUITE, ("pubkey", "xauth"), NAMES, aggressive)
        table = assigns_address(table, pull=True)
        sections = client(tunnel, password=PASSWORD)
    else:
        table = connection(SUITE, ("xauth", "pubkey"), NAMES, aggressive)
        table["local"]["xauth_id"] = USER
        sections = server(tunnel, password=PASSWORD)
    node = "client" if role == "initiator" else "gateway"
    for head, keys in certificates.for_us(own=role == "responder", node=node).items():
        sections[head] = {**sections.get(head, {}), **keys}
    return Case(
        f"hybrid {mode}",
        role,
        SUITE,
        without_fragments(table),
        sections,
        secrets=user_secret(),
        pools=pool() if role == "initiator" else None,
        credentials=certificates.for_charon(own=role == "initiator"),
        messages=messages(mode, role),
        clear=CLEAR[mode],
        inside=inside(role),
        checks=(check_user, check_signature),
    )


def main():
    certificates = Certificates("hybrid")
    return run(
        case(certificates, mode, role) for mode in CLEAR for role in ("initiator", "responder")
    )


if __name__ == "__main__":
    sys.exit(main())
