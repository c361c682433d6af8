# SPDX-License-Identifier: GPL-2.0-only
"""Lets negotiations with strongSwan fail, from either side: both ends must say why, and stop.

A refusal must also be free of side effects: no SA may be left on either side.
"""

import functools
import re
import sys

from interop_lab import (
    require_namespaces,
    require_program,
    require_tools,
    run_meetings,
    wait_until,
)
from strongswan_cases import last_line, pre_shared
from strongswan_conf import SUITES, Suite, net_to_net
from strongswan_lab import Meeting, pings_from_pc, scenario

AGREED = SUITES[1]
OTHER_PHASE1 = Suite("pre-g14-aes256-sha256", AGREED.phase2, AGREED.ike, AGREED.esp)
OTHER_PHASE2 = Suite(AGREED.phase1, "g2-esp-3des-md5", AGREED.ike, AGREED.esp)


class Refusal:
    """A mistake in the configuration, and how each end must name it.

    The pairs hold what is shown when we are the initiator, and when charon is: a pattern in
    charon's log, and a fault that results.json counts. @p notify is the notification with which
    charon refuses our quick mode.
    """

    def __init__(self, name, charon_says, faults, suite=AGREED, charon=None, notify=0):
        self.name = name
        self.charon_says = charon_says
        self.faults = faults
        self.suite = suite
        self.charon = charon or {}
        self.notify = notify


REFUSALS = (
    # charon as initiator gets no answer: what it sent cannot be read, so it repeats itself.
    Refusal(
        "wrong pre-shared key",
        ("ID_V1 payload length, decryption failed", "sending retransmit 1 of request message ID 0"),
        ("Undecryptable", "Undecryptable"),
        charon={"secret": "another"},
    ),
    Refusal(
        "disjoint phase 1 proposals",
        ("no proposal found", "received NO_PROPOSAL_CHOSEN error notify"),
        ("UnauthenticatedNotify", "NoProposalChosen"),
        suite=OTHER_PHASE1,
    ),
    Refusal(
        "disjoint phase 2 proposals",
        ("no matching proposal found", "received NO_PROPOSAL_CHOSEN error notify"),
        ("ErrorNotify", "NoProposalChosen"),
        suite=OTHER_PHASE2,
        notify=14,
    ),
    Refusal(
        "mismatched proxy IDs",
        ("no matching CHILD_SA config found", "received INVALID_ID_INFORMATION error notify"),
        ("ErrorNotify", "ProxyIdMismatch"),
        charon={"remote_lan": "10.7.0.0/24"},
        notify=18,
    ),
)


def main():
    require_namespaces()
    require_tools("dumpcap")
    require_program("ipsec-lab")
    return run_meetings(
        functools.partial(run, refusal, index) for refusal in REFUSALS for index in range(2)
    )


def run(refusal, index, checks):
    role = ("initiator", "responder")[index]
    print(f"-- {refusal.name}, we are the {role}", flush=True)
    label = re.sub(r"[^a-z0-9]+", "-", refusal.name.lower())
    conf = net_to_net(AGREED, **refusal.charon)
    meeting = Meeting(f"refusal-{label}-{role}", conf)
    try:
        refuse(checks, meeting, refusal, index)
    finally:
        meeting.close()


def refuse(checks, meeting, refusal, index):
    pings = pings_from_pc("200ms", 1) if index == 0 else ""
    meeting.start(scenario({"tunnel office": pre_shared(refusal.suite)}, "3s", pings))
    if index == 1:
        asked = meeting.charon.initiate("net", seconds=3)
        checks("charon's negotiation fails", asked.returncode != 0, last_line(asked.stdout))
    wanted = refusal.charon_says[index]
    named = wait_until(lambda: wanted in meeting.charon.log(), 2)
    checks("charon's log names the reason", named, f"no '{wanted}' in {meeting.charon.log_name}")
    left = meeting.charon.sas()
    checks("charon has no IPsec SA", "INSTALLED" not in left, left)
    status = meeting.finish()
    checks("the simulated run ends with status 1", status == 1, f"status {status}")
    check_report(checks, meeting, refusal, index)


def check_report(checks, meeting, refusal, index):
    """Our side must count the fault, print it, and have nothing left."""
    node = meeting.results().get("nodes", {}).get("fw", {})
    fault = refusal.faults[index]
    drops = node.get("drops", {})
    checks(f"the simulated gateway counts {fault}", drops.get(fault, 0) > 0, drops)
    checks("and prints it with an explanation", re.search(rf"\d {fault}, \w", meeting.said()))
    if index == 0 and refusal.notify:
        seen = [(f["phase"], f["reason"], f["notify"]) for f in node.get("failures", [])]
        wanted = (2, "ErrorNotify", refusal.notify)
        checks(f"its negotiation ends with notification {refusal.notify}", wanted in seen, seen)
    checks("the simulated gateway has no IPsec SA", node.get("ipsecSas") == [], node)


if __name__ == "__main__":
    sys.exit(main())
