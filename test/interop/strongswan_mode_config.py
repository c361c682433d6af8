# SPDX-License-Identifier: GPL-2.0-only
"""Mode Config: either end hands an address out, asked for (pull) or not (push)."""

import sys

from remote_access import (
    ASSIGNED,
    MODE_CONFIG_MESSAGES,
    NAMES,
    client,
    pre_shared_named,
    server,
)
from strongswan_cases import Case, run
from strongswan_conf import (
    AGGRESSIVE_PSK,
    SUITES,
    VIRTUAL_IP,
    assigns_address,
    connection,
    pool,
    shared_secret,
    wants_address,
)
from strongswan_lab import CHARON_LAN_HOST, PC

SUITE = SUITES[1]


def check_assigned(checks, meeting, _):
    # Covers MC-01, MC-02.
    said = (f"installing new virtual IP {ASSIGNED}", f"assigning virtual IP {ASSIGNED} to peer")
    log = meeting.charon.log()
    checks(f"charon's log says that {ASSIGNED} is assigned", any(line in log for line in said))


def case(way, role):
    """Who begins is the client."""
    table = connection(SUITE, ids=NAMES, aggressive=True)
    tunnel = pre_shared_named(SUITE, "aggressive")
    if role == "initiator":
        table, sections = assigns_address(table, way == "pull"), client(tunnel, way=way)
        inside = (ASSIGNED, CHARON_LAN_HOST)
    else:
        table, sections = wants_address(table, way == "pull"), server(tunnel, way=way)
        inside = (PC, ASSIGNED)
    return Case(
        f"mode config {way}",
        role,
        SUITE,
        table,
        sections,
        secrets=shared_secret(NAMES),
        pools=pool() if role == "initiator" else None,
        settings=f"{AGGRESSIVE_PSK}\n{VIRTUAL_IP}",
        messages={"aggressive": 3, "transaction": MODE_CONFIG_MESSAGES, "quick": 3},
        clear=2,
        inside=inside,
        checks=(check_assigned,),
    )


def main():
    return run(case(way, role) for way in ("pull", "push") for role in ("initiator", "responder"))


if __name__ == "__main__":
    sys.exit(main())
