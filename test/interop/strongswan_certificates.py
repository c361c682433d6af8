# SPDX-License-Identifier: GPL-2.0-only
"""Signatures instead of a pre-shared key: RSA and ECDSA certificates, in both modes.

Each end has a certificate from a CA of its own, and trusts only the root above both: it must be
sent the other end's chain.
"""

import shutil
import sys
import time

from certificates import Authority, chain
from interop_lab import BUILD
from remote_access import NAMES, named
from strongswan_cases import Case, run
from strongswan_conf import (
    CHARON_NAME,
    GATEWAY_NAME,
    SUITES,
    WITHOUT_PFS,
    connection,
    without_fragments,
)

SUITE = {"rsa": SUITES[2].signed("rsa"), "ecdsa256": WITHOUT_PFS.signed("ecdsa256")}
CLEAR = {"main": 4, "aggressive": 2}
MESSAGES = {"main": {"main": 6, "quick": 3}, "aggressive": {"aggressive": 3, "quick": 3}}


class Certificates:
    """A root, two CAs below it, and a certificate from each; @p short is without the two."""

    def __init__(self, label, kind="rsa", short=False):
        folder = BUILD / "interop" / f"pki-{label}"
        shutil.rmtree(folder, ignore_errors=True)
        self.root = Authority(folder, "root", kind)
        self.theirs = self.ours = self.root
        if not short:
            self.theirs = Authority(folder, "their-ca", kind, self.root)
            self.ours = Authority(folder, "our-ca", kind, self.root)
        self.charon = self.theirs.issue("charon", f"DNS:{CHARON_NAME}")
        self.gateway = self.ours.issue("gateway", f"DNS:{GATEWAY_NAME}")

    def for_charon(self, own=True):
        files = {"x509ca": [self.root.certificate]}
        if own:
            files["x509"] = [self.charon.certificate, self.theirs.certificate]
            files["private"] = [self.charon.key]
        return files

    def for_us(self, own=True, node="gateway"):
        """Sections of the scenario."""
        keys = {"trust": "root"}
        if own:
            between = [] if self.ours is self.root else [self.ours]
            keys["certificate-file"] = chain(self.gateway, *between)
            keys["private-key-file"] = self.gateway.key
        return {
            "simulation": {"start-date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())},
            "authority root": {"certificate-file": self.root.certificate},
            f"{node} fw": keys,
        }


def check_chain(checks, meeting, _):
    """charon must have found the way from our certificate to the root by what we sent."""
    # Covers P1-05, MM-07.
    log = meeting.charon.log()
    for wanted in (
        'using untrusted intermediate certificate "C=XX, O=Interop, CN=our-ca"',
        'using trusted ca certificate "C=XX, O=Interop, CN=root"',
        f"authentication of '{GATEWAY_NAME}' with",
    ):
        checks(f"charon's log: {wanted}", wanted in log)


def case(method, mode, role, certificates):
    suite = SUITE[method]
    return Case(
        f"{mode} {method}",
        role,
        suite,
        without_fragments(connection(suite, ("pubkey", "pubkey"), NAMES, mode == "aggressive")),
        {**certificates.for_us(), "tunnel office": named(suite, mode)},
        credentials=certificates.for_charon(),
        messages=MESSAGES[mode],
        clear=CLEAR[mode],
        checks=(check_chain,),
    )


def main():
    known = {"rsa": Certificates("rsa"), "ecdsa256": Certificates("ecdsa", "ecdsa")}
    return run(
        case(method, mode, role, certificates)
        for method, certificates in known.items()
        for mode in CLEAR
        for role in ("initiator", "responder")
    )


if __name__ == "__main__":
    sys.exit(main())
