# SPDX-License-Identifier: GPL-2.0-only
"""Transport mode and AH with strongSwan, from either side.

charon negotiates both. Its data plane in user space, kernel-libipsec, has neither: it refuses the
SAs on which both ends have agreed. What can be compared is all that comes before: the proposal on
the wire, the SPIs, and the keys.
"""

import functools
import re
import sys

from dissection import Dissection, check_isakmp
from interop_lab import (
    require_namespaces,
    require_program,
    require_tools,
    run_meetings,
    wait_until,
)
from strongswan_cases import last_line, pre_shared
from strongswan_conf import WITHOUT_PFS, Suite, connection, shared_secret, swanctl_conf
from strongswan_lab import CHARON, GATEWAY, Meeting, pings_from_pc, scenario, simulated_spis

ESP = WITHOUT_PFS
AH = Suite(ESP.phase1, "nopfs-ah-sha", ESP.ike, "sha1")
HOSTS = {
    "encapsulation": "transport",
    "external-lan": f"{CHARON}/32",
    "proxy-id": f"{GATEWAY}/32, {CHARON}/32",
}
# AH covers the addresses that a NAT changes, and charon's data plane always pretends a NAT.
WITHOUT_NAT = {"nat-traversal": "off"}


class Kind:
    """What is negotiated, its encapsulation mode on the wire, and what charon's data plane says."""

    def __init__(self, name, suite, keys, mode, refusal):
        self.name = name
        self.suite = suite
        self.keys = keys
        self.mode = mode
        self.refusal = refusal
        self.is_transport = "encapsulation" in keys
        self.is_ah = suite is AH


KINDS = (
    # UDP-Encapsulated-Transport (RFC 3947 section 5.1).
    Kind("ESP in UDP in transport mode", ESP, HOSTS, "4", "unsupported mode"),
    Kind(
        "ESP in transport mode",
        ESP,
        {**HOSTS, **WITHOUT_NAT},
        "2",
        "only UDP encapsulation is supported",
    ),
    Kind("AH in transport mode", AH, {**HOSTS, **WITHOUT_NAT}, "2", "protocol not supported"),
    Kind("AH in tunnel mode", AH, WITHOUT_NAT, "1", "protocol not supported"),
)


def main():
    require_namespaces()
    require_tools("tshark", "dumpcap")
    require_program("ipsec-lab")
    return run_meetings(
        functools.partial(run, kind, role)
        for kind in KINDS
        for role in ("initiator", "responder")
    )


def charons(kind):
    table = connection(kind.suite)
    child = table["children"]["net"]
    proposals = child.pop("esp_proposals")
    child["ah_proposals" if kind.is_ah else "esp_proposals"] = proposals
    if kind.is_transport:
        child.update(mode="transport", local_ts=f"{CHARON}/32", remote_ts=f"{GATEWAY}/32")
    return swanctl_conf(table, shared_secret())


def run(kind, role, checks):
    print(f"-- {kind.name}, we are the {role}", flush=True)
    label = kind.name.lower().replace(" ", "-")
    meeting = Meeting(f"{label}-{role}", charons(kind))
    try:
        negotiate(checks, meeting, kind, role)
    finally:
        meeting.close()


def negotiate(checks, meeting, kind, role):
    target = {"target": CHARON, "sender": "fw"} if kind.is_transport else {}
    pings = pings_from_pc("300ms", 5, **target) if role == "initiator" else ""
    tunnel = {**pre_shared(kind.suite), **kind.keys}
    expected = "[expect nothing-in-clear]\nthat = clear-packets fw = 0\n"
    meeting.start(scenario({"tunnel office": tunnel}, "3s", pings + expected))
    if role == "responder":
        asked = meeting.charon.initiate("net", seconds=3)
        checks("charon's own negotiation fails", asked.returncode != 0, last_line(asked.stdout))
    refused = wait_until(lambda: "in kernel" in meeting.charon.log(), 3)
    checks("charon refuses what it negotiated", refused)
    left = meeting.charon.sas()
    checks("charon keeps its IKE SA", "ESTABLISHED" in left, left)
    checks("charon has no IPsec SA", "INSTALLED" not in left, left)
    status = meeting.finish()
    checks("nothing leaves in clear", status == 0, last_line(meeting.said()))

    check_refusal(checks, meeting.charon.log(), kind)
    if role == "initiator":
        check_agreement(checks, meeting, kind)
    else:
        check_withdrawal(checks, meeting, kind)
    capture = Dissection(meeting.capture(), meeting.tables())
    check_isakmp(checks, capture, 9 if role == "initiator" else 8)
    modes = [m for p in capture.isakmp() for m in p.all("isakmp.ipsec.attr.encap_mode")]
    checks(f"both ends name encapsulation mode {kind.mode}", modes == [kind.mode] * 2, modes)


def check_refusal(checks, log, kind):
    """It is the data plane that refuses, for this reason, and IKE had nothing to object."""
    # Covers QM-16, QM-19.
    said = re.findall(r"\[ESP\] +IPsec SA: (.*)", log)
    checks(f"its data plane says: {kind.refusal}", said == [kind.refusal] * 2, said)
    protocol = "AH" if kind.is_ah else "ESP"
    selected = re.findall(r"selected proposal: ((?:AH|ESP):\S+)", log)
    checks(f"charon agreed on {protocol}", len(selected) == 1 and selected[0].startswith(protocol))


def check_agreement(checks, meeting, kind):
    """As the initiator we send the last message and cannot know what becomes of it there."""
    table = meeting.results()
    messages = {kind: table.get("messages", {}).get(kind) for kind in ("main", "quick")}
    checks("main mode and quick mode are complete", messages == {"main": 6, "quick": 3}, messages)
    sas = table.get("nodes", {}).get("fw", {}).get("ipsecSas", [])
    wanted = "transport" if kind.is_transport else "tunnel"
    seen = {(sa["protocol"], sa["mode"]) for sa in sas}
    checks(f"our SAs are in {wanted} mode", seen == {("ah" if kind.is_ah else "esp", wanted)}, seen)
    theirs = charons_spis(meeting.charon.log())
    ours = simulated_spis(table, "out"), simulated_spis(table, "in")
    checks("both ends name the same SPIs", all(theirs) and ours == theirs, f"{ours}, {theirs}")
    # RFC 2408 section 3.15 wants the sender's own SPI there.
    protocol = "AH" if kind.is_ah else "ESP"
    log = meeting.charon.log()
    deleted = re.findall(rf"sending DELETE for {protocol} CHILD_SA with SPI (\w+)", log)
    seen = {int(spi, 16) for spi in deleted}
    checks("charon's DELETE names our SPI, so ours stay", seen == ours[1], deleted)
    if not kind.is_ah:
        keys = charons_keys(log)
        known = (meeting.tables() / "esp_sa").read_text()
        missing = [key for key in keys if key not in known]
        checks("both ends have the same four keys", len(keys) == 4 and not missing, missing)


def check_withdrawal(checks, meeting, kind):
    """As the responder we are told in time: charon does not send its last message."""
    node = meeting.results().get("nodes", {}).get("fw", {})
    seen = [(f["phase"], f["reason"]) for f in node.get("failures", [])]
    told = "[ HASH N(NO_PROP) ]" in meeting.charon.log()
    checks("our side is told NO-PROPOSAL-CHOSEN", told and seen == [(2, "ErrorNotify")], seen)
    checks("our side has no IPsec SA left", node.get("ipsecSas") == [], node.get("ipsecSas"))
    protocol = "AH" if kind.is_ah else "ESP"
    _, outbound = charons_spis(meeting.charon.log())
    withdrawn = {f"received DELETE for {protocol} CHILD_SA with SPI {spi:08x}" for spi in outbound}
    said = all(line in meeting.charon.log() for line in withdrawn)
    checks("we withdraw the SPI that both ends knew", withdrawn and said, withdrawn)


def charons_spis(log):
    """Reads the SPIs with which charon began to install SAs: (inbound, outbound)."""
    return tuple(
        {
            int(spi, 16)
            for spi in re.findall(
                rf"adding {way} (?:AH|ESP) SA\n.*\[CHD\]   SPI 0x([0-9a-f]+), src", log
            )
        }
        for way in ("inbound", "outbound")
    )


def charons_keys(log):
    """Reads the keys of ESP, each as one number in hexadecimal."""
    blocks = re.findall(
        r"\[CHD\] (?:encryption|integrity) (?:initiator|responder) key => .*\n"
        r"((?:.*\[CHD\]\s+\d+: .*\n)+)",
        log,
    )
    return [
        "".join(re.findall(r"\d+: ((?:[0-9A-F]{2} )+)", block)).replace(" ", "").lower()
        for block in blocks
    ]


if __name__ == "__main__":
    sys.exit(main())
