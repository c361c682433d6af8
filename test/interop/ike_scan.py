# SPDX-License-Identifier: GPL-2.0-only
"""Lets ike-scan, a tool that knows many IKE implementations, look at the simulated responder.

Where it gets an answer in aggressive mode, its companion psk-crack must find a weak key.
"""

import subprocess
import sys

from interop_lab import PEERS, Checks, peer_environment, require_namespaces, require_tools
from strongswan_cases import pre_shared
from strongswan_conf import CHARON_NAME, GATEWAY_NAME, SECRET, SUITES
from strongswan_lab import GATEWAY, Meeting, scenario

# ike-scan's notation: 1 cipher, 2 hash, 3 authentication, 4 group, 14 key length.
ACCEPTABLE = "(1=7,14=128,2=2,3=1,4=2)"
UNACCEPTABLE = "(1=5,2=1,3=1,4=14)"
NAT_TRAVERSAL = "4a131c81070358455c5728f20e95452f"
# Aggressive mode: ike-scan's identity (type 2 is FQDN) and the group of its public value.
AGGRESSIVE = ("--aggressive", f"--id={CHARON_NAME}", "--idtype=2", "--dhgroup=2")
DICTIONARY = ("password", "tiandihui", "secret", SECRET, "letmein")


def execute(meeting, program, *arguments):
    done = subprocess.run(
        meeting.namespace.command(PEERS / "usr/bin" / program, *arguments),
        env=peer_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    (meeting.lab.folder / "ike-scan.txt").open("a").write(done.stdout)
    return done.stdout


def scan(meeting, *arguments):
    patterns = f"--vidpatterns={PEERS}/usr/share/ike-scan/ike-vendor-ids"
    return execute(meeting, "ike-scan", "-M", patterns, "--retry=1", *arguments, GATEWAY)


def main():
    require_namespaces()
    require_tools("dumpcap")
    checks = Checks()
    print("-- main mode", flush=True)
    see(checks, "ike-scan", {}, scan_main_mode)
    print("-- aggressive mode", flush=True)
    names = {"mode": "aggressive", "fw.id": GATEWAY_NAME, "peer-id": CHARON_NAME}
    see(checks, "ike-scan-aggressive", names, scan_aggressive_mode)
    return checks.status()


def see(checks, label, keys, part):
    meeting = Meeting(label)
    meeting.start(scenario({"tunnel office": {**pre_shared(SUITES[1]), **keys}}, "4s"))
    part(checks, meeting)
    meeting.finish()
    checks("the simulated run ends by itself", meeting.simulated.returncode in (0, 1))
    drops = meeting.results().get("nodes", {}).get("fw", {}).get("drops", {})
    checks("the refusal is counted", drops.get("NoProposalChosen", 0) >= 1, drops)
    meeting.close()


def check_answer(checks, said):
    for part in ("Enc=AES", "KeyLength=128", "Hash=SHA1", "Auth=PSK", "Group=2:modp1024"):
        checks(f"ike-scan reads {part}", part in said, said)
    checks("ike-scan recognises the vendor ID of RFC 3947", "RFC 3947" in said, said)


def scan_main_mode(checks, meeting):
    said = scan(meeting, f"--trans={ACCEPTABLE}", f"--vendor={NAT_TRAVERSAL}")
    checks("ike-scan gets a main mode handshake", "Main Mode Handshake returned" in said, said)
    check_answer(checks, said)
    said = scan(meeting, f"--trans={UNACCEPTABLE}")
    checks("ike-scan is told NO-PROPOSAL-CHOSEN", "NO-PROPOSAL-CHOSEN" in said, said)
    said = scan(meeting, f"--trans={UNACCEPTABLE}", f"--trans={ACCEPTABLE}")
    checks(
        "of two transforms the responder takes the second, which it knows",
        "Main Mode Handshake returned" in said and "Enc=AES" in said,
        said,
    )


def scan_aggressive_mode(checks, meeting):
    # Covers AM-02, AM-03, AM-07.
    answer = meeting.lab.folder / "answer.txt"
    said = scan(
        meeting,
        *AGGRESSIVE,
        f"--trans={ACCEPTABLE}",
        f"--vendor={NAT_TRAVERSAL}",
        f"--pskcrack={answer}",
    )
    checks("ike-scan gets an answer", "Aggressive Mode Handshake returned" in said, said)
    check_answer(checks, said)
    named = f"ID(Type=ID_FQDN, Value={GATEWAY_NAME})"
    checks("ike-scan reads our identity", named in said, said)
    dictionary = meeting.lab.folder / "dictionary.txt"
    dictionary.write_text("".join(f"{word}\n" for word in DICTIONARY))
    said = execute(meeting, "psk-crack", "-d", dictionary, answer)
    checks("psk-crack finds the weak key", f'key "{SECRET}" matches SHA1 hash' in said, said)
    said = scan(meeting, *AGGRESSIVE, f"--trans={UNACCEPTABLE}")
    checks("ike-scan is told NO-PROPOSAL-CHOSEN", "NO-PROPOSAL-CHOSEN" in said, said)


if __name__ == "__main__":
    sys.exit(main())
