# SPDX-License-Identifier: GPL-2.0-only
"""Brings up a tunnel with strongSwan, sends pings through it both ways, and checks both ends."""

import functools
import re

from dissection import Dissection, check_esp, check_isakmp, numbers
from interop_lab import (
    require_namespaces,
    require_program,
    require_tools,
    run_meetings,
    wait_until,
)
from strongswan_conf import SECRET, swanctl_conf
from strongswan_lab import (
    CHARON_LAN_HOST,
    PC,
    Meeting,
    check_same_spis,
    pings_from_pc,
    scenario,
)

PINGS = 5
# The call that starts our negotiation leaves together with our last message of quick mode. charon,
# as responder, may not have installed its SAs when it comes: it need not be answered.
CALL = pings_from_pc("300ms", 1, "call")
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
# charon as a responder drops our next request if it still works on the last message of aggressive
# mode, which left just before: we repeat it, once.
DROPPED = re.compile(r"ignoring (QUICK_MODE|TRANSACTION) request while phase 1 is incomplete")
# charon as a client of Mode Config notes attributes that it did not ask for.
HARMLESS = re.compile(
    r"unable to (load|open|create|set)|plugin|feature|capabilit|/etc|nl80211|"
    rf"handling INTERNAL_IP4_\w+ attribute failed|{DROPPED.pattern}",
    re.I,
)


def pre_shared(suite):
    """The keys of a tunnel that agrees with @p suite and has the pre-shared key."""
    return {**proposals(suite), "pre-shared-key": SECRET}


def proposals(suite):
    return {"phase1-proposals": suite.phase1, "phase2-proposals": suite.phase2}


class Case:
    """One meeting: what both ends are told, and what must be seen."""

    def __init__(
        self,
        name,
        role,
        suite,
        connection,
        sections,
        *,
        secrets=None,
        pools=None,
        messages=None,
        clear=4,
        inside=(PC, CHARON_LAN_HOST),
        checks=(),
        **meeting_options,
    ):
        """@p role is ours. @p connection is charon's, @p sections are the scenario's.

        @p messages are how many of each exchange there are, @p clear is how many of them are in
        clear, on port 500 (None: not checked). Pings cross between the two addresses
        @p inside, ours first. @p checks are called with checks, meeting and the dissection.
        """
        self.name = name
        self.role = role
        self.suite = suite
        self.conf = swanctl_conf(connection, secrets, pools)
        self.sections = sections
        self.is_client = "client fw" in sections
        self.messages = messages or {"main": 6, "quick": 3}
        self.clear = clear
        self.inside = inside
        self.checks = checks
        self.meeting_options = meeting_options


def run(cases, *others):
    """Runs the cases, and @p others as run_meetings() has them; returns the exit status."""
    require_namespaces()
    require_tools("tshark", "dumpcap", "openssl")
    require_program("ipsec-lab")
    return run_meetings([functools.partial(run_case, case) for case in cases] + list(others))


def run_case(case, checks):
    print(f"-- {case.name}, we are the {case.role}", flush=True)
    label = re.sub(r"[^a-z0-9]+", "-", case.name.lower())
    meeting = Meeting(f"{label}-{case.role}", case.conf, **case.meeting_options)
    try:
        meet(checks, meeting, case)
    finally:
        meeting.close()


def meet(checks, meeting, case):
    ours, theirs = case.inside
    if case.role == "initiator":
        # A client has no address to send from before it began; it does so by itself.
        call = "" if case.is_client else CALL
        sender = "fw" if case.is_client else "pc"
        pings = call + pings_from_pc("2s", PINGS, target=theirs, sender=sender)
        meeting.start(scenario(case.sections, "4s", pings + EXPECTED))
        wait_until(meeting.charon.has_child, 3)
    else:
        # Our own packets come late: they must find the tunnel that charon brought up.
        pings = pings_from_pc("2s", PINGS, target=theirs)
        meeting.start(scenario(case.sections, "3500ms", pings + EXPECTED))
        asked = meeting.charon.initiate("net", seconds=3)
        checks("charon's own negotiation succeeds", asked.returncode == 0, last_line(asked.stdout))
    listed = meeting.charon.sas()
    answered = meeting.namespace.ping(theirs, ours, 3)
    status = meeting.finish()

    checks("charon lists the IKE SA as established", "ESTABLISHED, IKEv1" in listed, listed)
    checks("charon lists the IPsec SA in UDP", "INSTALLED, TUNNEL-in-UDP" in listed, listed)
    checks("charon's side pings ours", answered == 3, f"{answered} of 3 answered")
    check_results(checks, meeting, case, status, listed)
    check_log(checks, meeting.charon.log())
    capture = Dissection(meeting.capture(), meeting.tables())
    check_isakmp(checks, capture, sum(case.messages.values()))
    if case.clear is not None:
        check_ports(checks, capture, case)
    check_esp(checks, capture, [(ours, theirs, PINGS), (theirs, ours, 3)])
    for check in case.checks:
        check(checks, meeting, capture)


def check_results(checks, meeting, case, status, listed):
    """What the simulated side reports must be what charon reports."""
    table = meeting.results()
    checks("the simulated run passes", status == 0, last_line(meeting.said()))
    ping = table.get("traffic", {}).get("ping", {})
    checks(
        "our side pings charon's",
        ping.get("received") == PINGS,
        f"{ping.get('received')} of {ping.get('sent')} answered",
    )
    sas = table.get("nodes", {}).get("fw", {}).get("ikeSas", [])
    seen = [(sa["role"], sa["state"], sa["proposal"], sa["natt"]) for sa in sas]
    wanted = [(case.role, "established", case.suite.phase1, True)]
    checks(
        f"our IKE SA is the {case.role}'s, {case.suite.phase1}, with NAT traversal",
        seen == wanted,
        seen,
    )
    check_same_spis(checks, listed, table)
    check_messages(checks, meeting, case)


def check_messages(checks, meeting, case):
    messages = meeting.results().get("messages", {})
    kinds = ("main", "aggressive", "quick", "transaction")
    seen = {kind: messages.get(kind) for kind in kinds}
    wanted = {kind: case.messages.get(kind, 0) for kind in kinds}
    text = ", ".join(f"{count} of {kind}" for kind, count in case.messages.items())
    checks(f"messages: {text}", seen == wanted, seen)
    dropped = len(DROPPED.findall(meeting.charon.log()))
    again = messages.get("retransmitted")
    checks(f"{dropped} repeated, as many as charon dropped", again == dropped, again)


def check_ports(checks, capture, case):
    """Both ends move to port 4500 with the first encrypted message (RFC 3947)."""
    # Covers MM-03, NT-01, NT-02.
    seen = [
        (p.first("udp.srcport"), p.first("udp.dstport"), p.is_encrypted())
        for p in capture.isakmp()
    ]
    encrypted = sum(case.messages.values()) - case.clear
    wanted = [("500", "500", False)] * case.clear + [("4500", "4500", True)] * encrypted
    checks(
        f"{case.clear} clear messages on port 500, {encrypted} encrypted ones on 4500",
        seen[: len(wanted)] == wanted,
        seen,
    )
    outside = [p for p in capture.esp() if p.all("udp.srcport")[:1] != ["4500"]]
    checks("ESP travels in UDP on port 4500", not outside, numbers(outside))


def check_log(checks, log):
    complaints = [m.group(0) for m in COMPLAINTS.finditer(log) if not HARMLESS.search(m.group(0))]
    checks("charon's log holds no complaint", log and not complaints, "; ".join(complaints[:3]))


def last_line(text):
    lines = text.strip().splitlines()
    return lines[-1] if lines else "no output"
