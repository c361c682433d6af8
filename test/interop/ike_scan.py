# SPDX-License-Identifier: GPL-2.0-only
"""Lets ike-scan, a tool that knows many IKE implementations, look at the simulated responder."""

import subprocess
import sys

from interop_lab import PEERS, Checks, peer_environment, require_namespaces, require_tools
from strongswan_lab import GATEWAY, SUITES, Meeting, scenario

# ike-scan's notation: 1 cipher, 2 hash, 3 authentication, 4 group, 14 key length.
ACCEPTABLE = "(1=7,14=128,2=2,3=1,4=2)"
UNACCEPTABLE = "(1=5,2=1,3=1,4=14)"
NAT_TRAVERSAL = "4a131c81070358455c5728f20e95452f"


def scan(meeting, *arguments):
    done = subprocess.run(
        meeting.namespace.command(PEERS / "usr/bin/ike-scan", "-M")
        + [f"--vidpatterns={PEERS}/usr/share/ike-scan/ike-vendor-ids", "--retry=1"]
        + [*arguments, GATEWAY],
        env=peer_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    (meeting.lab.folder / "ike-scan.txt").open("a").write(done.stdout)
    return done.stdout


def main():
    require_namespaces()
    require_tools("dumpcap")
    checks = Checks()
    meeting = Meeting("ike-scan")
    meeting.start(scenario(SUITES[1], "4s"))
    said = scan(meeting, f"--trans={ACCEPTABLE}", f"--vendor={NAT_TRAVERSAL}")
    checks("ike-scan gets a main mode handshake", "Main Mode Handshake returned" in said, said)
    for part in ("Enc=AES", "KeyLength=128", "Hash=SHA1", "Auth=PSK", "Group=2:modp1024"):
        checks(f"ike-scan reads {part}", part in said, said)
    checks("ike-scan recognises the vendor ID of RFC 3947", "RFC 3947" in said, said)
    said = scan(meeting, f"--trans={UNACCEPTABLE}")
    checks("ike-scan is told NO-PROPOSAL-CHOSEN", "NO-PROPOSAL-CHOSEN" in said, said)
    said = scan(meeting, f"--trans={UNACCEPTABLE}", f"--trans={ACCEPTABLE}")
    checks(
        "of two transforms the responder takes the second, which it knows",
        "Main Mode Handshake returned" in said and "Enc=AES" in said,
        said,
    )
    meeting.finish()
    checks("the simulated run ends by itself", meeting.simulated.returncode in (0, 1))
    drops = meeting.results().get("nodes", {}).get("fw", {}).get("drops", {})
    checks("the refusal is counted", drops.get("NoProposalChosen", 0) >= 1, drops)
    return checks.status()


if __name__ == "__main__":
    sys.exit(main())
