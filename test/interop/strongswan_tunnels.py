# SPDX-License-Identifier: GPL-2.0-only
"""Brings up tunnels with strongSwan and sends pings through them, both ways.

    strongswan_tunnels.py initiator|responder
"""

import re
import sys

from dissection import Dissection, check_esp, check_isakmp, numbers
from interop_lab import Checks, require_namespaces, require_tools, wait_until
from strongswan_lab import (
    CHARON_LAN_HOST,
    PC,
    SUITES,
    WITHOUT_PFS,
    Meeting,
    pings_from_pc,
    scenario,
    simulated_spis,
    spis,
    swanctl_conf,
)

PINGS = 5
# The call that starts our negotiation leaves together with our last message of quick mode. charon,
# as responder, may not have installed its SAs when it comes: it need not be answered.
CALL = pings_from_pc("500ms", 1, "call")
EXPECTED = f"""
[expect up]
that = tunnel office up

[expect answered]
that = ping answered = {PINGS}
"""
# What charon's log says when a message of ours puzzles it.
COMPLAINTS = re.compile(
    r"^.*(invalid|malformed|mismatch|unable to|failed|not acceptable|unexpected|ignoring|"
    r"missing|retransmit).*$",
    re.I | re.M,
)
HARMLESS = re.compile(r"unable to (load|open|create|set)|plugin|feature|capabilit|/etc|nl80211", re.I)


def main(role):
    require_namespaces()
    require_tools("tshark", "dumpcap")
    checks = Checks()
    for index, suite in enumerate(SUITES + (WITHOUT_PFS,)):
        print(f"-- {suite}, we are the {role}", flush=True)
        meeting = Meeting(f"tunnel-{role}-{index}", swanctl_conf(suite))
        try:
            meet(checks, meeting, suite, role)
        finally:
            meeting.close()
    return checks.status()


def meet(checks, meeting, suite, role):
    if role == "initiator":
        meeting.start(scenario(suite, "4s", CALL + pings_from_pc("2s", PINGS) + EXPECTED))
        wait_until(meeting.charon.has_child, 4)
    else:
        # Our own packets come late: they must find the tunnel that charon brought up.
        meeting.start(scenario(suite, "4500ms", pings_from_pc("3s", PINGS) + EXPECTED))
        asked = meeting.charon.initiate("net", seconds=4)
        checks("charon's own negotiation succeeds", asked.returncode == 0, last_line(asked.stdout))
    listed = meeting.charon.sas()
    answered = meeting.ping_pc()
    status = meeting.finish()

    checks("charon lists the IKE SA as established", "ESTABLISHED, IKEv1" in listed, listed)
    checks("charon lists the IPsec SA in UDP", "INSTALLED, TUNNEL-in-UDP" in listed, listed)
    checks("charon's LAN pings the simulated PC", answered == 3, f"{answered} of 3 answered")
    check_results(checks, meeting, suite, role, status, listed)
    check_log(checks, meeting.charon.log())
    capture = Dissection(meeting.capture(), meeting.tables())
    check_isakmp(checks, capture, 9)
    check_ports(checks, capture)
    check_esp(checks, capture, [(PC, CHARON_LAN_HOST, PINGS), (CHARON_LAN_HOST, PC, 3)])


def check_results(checks, meeting, suite, role, status, listed):
    """What the simulated side reports must be what charon reports."""
    table = meeting.results()
    checks("the simulated run passes", status == 0, last_line(meeting.said()))
    ping = table.get("traffic", {}).get("ping", {})
    checks(
        "the simulated PC pings charon's LAN",
        ping.get("received") == PINGS,
        f"{ping.get('received')} of {ping.get('sent')} answered",
    )
    sas = table.get("nodes", {}).get("fw", {}).get("ikeSas", [])
    seen = [(sa["role"], sa["state"], sa["proposal"], sa["natt"]) for sa in sas]
    wanted = [(role, "established", suite.phase1, True)]
    checks(f"our IKE SA is the {role}'s, {suite.phase1}, with NAT traversal", seen == wanted, seen)
    inbound, outbound = spis(listed)
    checks(
        "both ends name the same SPIs",
        inbound
        and simulated_spis(table, "out") == inbound
        and simulated_spis(table, "in") == outbound,
        f"charon {spis(listed)}",
    )
    messages = table.get("messages", {})
    checks(
        "six messages of main mode and three of quick mode, none repeated",
        (messages.get("main"), messages.get("quick"), messages.get("retransmitted")) == (6, 3, 0),
        messages,
    )


def check_ports(checks, capture):
    """Both ends move to port 4500 with message 5, which is the first encrypted one (RFC 3947)."""
    # Covers MM-03, NT-01, NT-02.
    seen = [
        (p.first("udp.srcport"), p.first("udp.dstport"), p.is_encrypted())
        for p in capture.isakmp()
    ]
    wanted = [("500", "500", False)] * 4 + [("4500", "4500", True)] * 5
    checks("four clear messages on port 500, five encrypted ones on 4500", seen[:9] == wanted, seen)
    outside = [p for p in capture.esp() if p.all("udp.srcport")[:1] != ["4500"]]
    checks("ESP travels in UDP on port 4500", not outside, numbers(outside))


def check_log(checks, log):
    complaints = [m.group(0) for m in COMPLAINTS.finditer(log) if not HARMLESS.search(m.group(0))]
    checks("charon's log holds no complaint", log and not complaints, "; ".join(complaints[:3]))


def last_line(text):
    lines = text.strip().splitlines()
    return lines[-1] if lines else "no output"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
