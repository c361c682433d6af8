# SPDX-License-Identifier: GPL-2.0-only
"""Certificates over a link that takes small packets only: IKE fragments, and none of IP."""

import sys

from dissection import numbers
from remote_access import NAMES, named
from strongswan_cases import Case, run
from strongswan_certificates import CLEAR, MESSAGES, SUITE, Certificates, check_chain
from strongswan_conf import connection
from strongswan_lab import CHARON, GATEWAY

# Largest IP packet of charon's fragments; ours are below what the link takes, by the personality.
SIZE = 800
MTU = 1300


def check_fragments(checks, meeting, capture):
    for sender, name in ((CHARON, "charon"), (GATEWAY, "we")):
        sent = [p for p in capture.isakmp() if p.is_fragment() and p.first("ip.src") == sender]
        checks(f"{name}: IKE fragments", len(sent) >= 2, f"{len(sent)} found")
    log = meeting.charon.log()
    checks("charon puts ours together", "reassembled fragmented IKE message" in log)
    split = [p for p in capture.packets if p.first("ip.flags.mf") in ("1", "True")]
    checks("no packet is split by IP", not split, numbers(split))
    for sender, most in ((CHARON, SIZE), (GATEWAY, MTU)):
        sizes = [int(p.first("ip.len")) for p in capture.isakmp() if p.first("ip.src") == sender]
        checks(f"packets of {sender} have at most {most} octets", max(sizes) <= most, max(sizes))


def case(certificates, mode, role):
    suite = SUITE["rsa"]
    table = connection(suite, ("pubkey", "pubkey"), NAMES, mode == "aggressive")
    return Case(
        f"fragments {mode}",
        role,
        suite,
        {**table, "fragmentation": "yes"},
        {
            **certificates.for_us(),
            "internet": {"mtu": f"{MTU}B"},
            "tunnel office": named(suite, mode, fragmentation="true"),
        },
        credentials=certificates.for_charon(),
        messages=MESSAGES[mode],
        # How many packets they are depends on the certificates.
        clear=None,
        checks=(check_chain, check_fragments),
        mtu=MTU,
        settings=f"fragment_size = {SIZE}",
    )


def main():
    certificates = Certificates("fragments")
    return run(
        case(certificates, mode, role) for mode in CLEAR for role in ("initiator", "responder")
    )


if __name__ == "__main__":
    sys.exit(main())
