# SPDX-License-Identifier: GPL-2.0-only
"""Either end finds out that the other one is dead, and begins anew; crashes of both ends.

The other one is dead if the wire between them is cut, or if its process is killed.
"""

import functools
import sys
import time

from dissection import Dissection, check_esp, check_isakmp
from interop_lab import (
    require_namespaces,
    require_program,
    require_tools,
    run_meetings,
    wait_until,
)
from strongswan_cases import last_line, pre_shared
from strongswan_conf import SUITES, connection, shared_secret, swanctl_conf
from strongswan_lab import (
    CHARON,
    CHARON_LAN_HOST,
    GATEWAY,
    PC,
    Meeting,
    check_same_spis,
    pings_from_pc,
    scenario,
)

SUITE = SUITES[1]
PINGS = 5
STARTED = {**pre_shared(SUITE), "start": "auto", "start-at": "300ms"}
# We find out five seconds after we heard of charon last.
PROBING = {
    **STARTED,
    "dpd": "periodic",
    "dpd-delay": "2s",
    "dpd-retry": "1s",
    "dpd-tries": 3,
    "dpd-action": "restart",
}
OUR_DELAY, OUR_TIME = 2, 5
SILENT = {**STARTED, "dpd": "off"}
# charon counts whole seconds from a probe on: the first one without answer, or the last one with an
# answer in the same second.
CHARON_DELAY, CHARON_TIMEOUT = 2, 6
CHARON_PROBING = {"dpd_delay": "2s", "dpd_timeout": "6s"}
INITIAL_CONTACT = "24578"


def main():
    require_namespaces()
    require_tools("tshark", "dumpcap")
    require_program("ipsec-lab")
    parts = (
        ("charon finds us dead", charon_finds_us_dead, CHARON_PROBING),
        ("we find charon dead", we_find_charon_dead, {}),
        ("charon is killed", charon_is_killed, {}),
        ("charon comes back", charon_comes_back, {}),
        ("we crash", we_crash, {}),
    )
    return run_meetings(functools.partial(run, *part) for part in parts)


def run(name, part, probing, checks):
    print(f"-- {name}", flush=True)
    table = connection(SUITE)
    table.update(probing)
    if probing:
        table["children"]["net"]["dpd_action"] = "restart"
    label = "dead-peer-" + name.replace(" ", "-")
    meeting = Meeting(label, swanctl_conf(table, shared_secret()), has_wire=True)
    try:
        part(checks, meeting)
    finally:
        meeting.close()


def begin(checks, meeting, tunnel, stop_at, more=""):
    """Brings the tunnel up; it is to carry our pings shortly before the end of the run."""
    pings = pings_from_pc(f"{stop_at - 3}s", PINGS)
    meeting.start(scenario({"tunnel office": tunnel}, f"{stop_at}s", pings + more))
    checks("the tunnel comes up", wait_until(meeting.charon.has_child, 4))
    checks("pings pass", meeting.ping_pc() == 3)


def end(checks, meeting, seconds=30):
    """Both ends must have one IKE SA and one pair of IPsec SAs, which pings cross.

    Returns what our side reports, and the capture.
    """
    charon = meeting.charon
    up = wait_until(lambda: count(charon.sas()) == (1, 1), seconds)
    checks("charon has one IKE SA and one pair of IPsec SAs", up, charon.sas())
    checks("pings pass from charon's side", meeting.ping_pc() == 3)
    listed = charon.sas()
    meeting.finish(seconds)
    table = meeting.results()
    node = table.get("nodes", {}).get("fw", {})
    ike, ipsec = node.get("ikeSas", []), node.get("ipsecSas", [])
    checks("we have one IKE SA and one pair", (len(ike), len(ipsec)) == (1, 2), (ike, ipsec))
    check_same_spis(checks, listed, table)
    answered = table.get("traffic", {}).get("ping", {}).get("received")
    checks("pings pass from our side", answered == PINGS, answered)
    capture = Dissection(meeting.capture(), meeting.tables())
    check_isakmp(checks, capture, 2 * 9)
    check_esp(checks, capture, [(PC, CHARON_LAN_HOST, PINGS), (CHARON_LAN_HOST, PC, 2 * 3)])
    return node, capture


def count(list_sas):
    """Returns how many IKE SAs and pairs of IPsec SAs charon has."""
    return list_sas.count("ESTABLISHED, IKEv1"), list_sas.count("INSTALLED, ")


def we_find_charon_dead(checks, meeting):
    # Covers DP-01, DP-02.
    begin(checks, meeting, PROBING, 23)
    time.sleep(3 * OUR_DELAY)
    meeting.namespace.cut_wire()
    time.sleep(OUR_TIME + 2)
    meeting.namespace.mend_wire()
    check_replaced(checks, meeting)
    node, capture = end(checks, meeting)
    check_death(checks, node, capture)
    answered, unanswered = check_probes(checks, capture, GATEWAY)
    checks("charon answers our probes", answered >= 3, answered)
    checks("three remain without answer", unanswered == 3, unanswered)
    check_contact(checks, capture, GATEWAY)


def charon_finds_us_dead(checks, meeting):
    # Covers DP-01, DP-02.
    begin(checks, meeting, SILENT, 32)
    time.sleep(3 * CHARON_DELAY)
    meeting.namespace.cut_wire()
    log = meeting.charon.log
    found = wait_until(lambda: "DPD check timed out" in log(), CHARON_DELAY + CHARON_TIMEOUT + 4)
    found_at = time.time()
    checks("charon finds out", found)
    meeting.namespace.mend_wire()
    _, capture = end(checks, meeting)
    sent = [p.time() for p in capture.isakmp() + capture.esp() if p.sender() == GATEWAY]
    heard = [at for at in sent if at < found_at]
    silence = found_at - max(heard, default=0)
    latest = CHARON_TIMEOUT + CHARON_DELAY
    checks(
        f"{CHARON_TIMEOUT} to {latest} seconds after we were heard last",
        CHARON_TIMEOUT - 1 < silence < latest + 1,
        silence,
    )
    answered, _ = check_probes(checks, capture, CHARON)
    checks("we answer charon's probes", answered >= 3, answered)
    check_contact(checks, capture, CHARON)


def charon_is_killed(checks, meeting):
    # Covers DP-02.
    begin(checks, meeting, PROBING, 21)
    meeting.kill_charon()
    time.sleep(OUR_TIME + 1)
    meeting.start_charon_again()
    node, capture = end(checks, meeting)
    check_death(checks, node, capture)
    _, unanswered = check_probes(checks, capture, GATEWAY)
    checks("three probes remain without answer", unanswered == 3, unanswered)


def charon_comes_back(checks, meeting):
    """It lost all, and says so: our old SAs go, though nobody deleted them."""
    begin(checks, meeting, SILENT, 12)
    meeting.kill_charon()
    meeting.start_charon_again()
    asked = meeting.charon.initiate("net", seconds=3)
    checks("charon's own negotiation succeeds", asked.returncode == 0, last_line(asked.stdout))
    node, capture = end(checks, meeting)
    check_contact(checks, capture, CHARON)
    reasons = [sa["reason"] for sa in node.get("endedIkeSas", []) + node.get("endedIpsecSas", [])]
    checks("our old SAs end by its announcement", reasons == ["InitialContact"] * 3, reasons)


def we_crash(checks, meeting):
    """We lost all, and say so: charon's old SAs go."""
    crash = "[event crash]\nkind = crash\ntarget = fw\nat = 3500ms\nfor = 2s\n"
    begin(checks, meeting, SILENT, 14, crash)
    check_replaced(checks, meeting)
    _, capture = end(checks, meeting)
    check_contact(checks, capture, GATEWAY, at_least=2)


def check_replaced(checks, meeting):
    """charon knows nothing of our end of its SAs until we say so."""
    log = meeting.charon.log
    gone = f"destroying duplicate IKE_SA for peer '{GATEWAY}', received INITIAL_CONTACT"
    checks("charon destroys its old SAs", wait_until(lambda: gone in log(), 8))


def check_contact(checks, capture, sender, at_least=1):
    """Somebody with nothing left must say so in main mode."""
    contacts = [
        p
        for p in capture.isakmp()
        if p.sender() == sender and INITIAL_CONTACT in p.all("isakmp.notify.msgtype")
    ]
    checks(f"tshark shows INITIAL-CONTACT from {sender}", len(contacts) >= at_least)


def check_death(checks, node, capture):
    """Our old SAs must end so long after we heard of charon as we are told to wait."""
    ended = node.get("endedIkeSas", []) + node.get("endedIpsecSas", [])
    dead = [sa.get("endedAt", sa.get("removedAt")) for sa in ended if sa["reason"] == "PeerDead"]
    checks("our old SAs end together: the peer is dead", len(set(dead)) == 1 and len(dead) == 3)
    if not dead:
        return
    up_at = ended[0]["establishedAt"]
    from_charon = [p for p in capture.isakmp() + capture.esp() if p.sender() == CHARON]
    # Our IKE SA is there with the first encrypted message of charon, MM6.
    begun = next(p.time() for p in from_charon if p.is_encrypted()) - up_at
    heard = max(p.time() - begun for p in from_charon if p.time() - begun < dead[0])
    silence = dead[0] - heard
    checks(f"{OUR_TIME} seconds after charon was heard", abs(silence - OUR_TIME) < 0.5, silence)


def check_probes(checks, capture, sender):
    """The numbers of R-U-THERE must count, those of the answers must be the same.

    Returns how many probes of @p sender were answered, and how many were not.
    """
    name = "isakmp.notify.data.dpd.are_you_there"
    probes, answers = [], []
    for packet in capture.isakmp():
        if packet.sender() == sender and packet.has(name):
            probes.append((packet.first("isakmp.ispi"), int(packet.first(name))))
        elif packet.sender() != sender and packet.has(name + "_ack"):
            answers.append((packet.first("isakmp.ispi"), int(packet.first(name + "_ack"))))
    steps = [new[1] - old[1] for old, new in zip(probes, probes[1:]) if old[0] == new[0]]
    counts = steps and set(steps) == {1} and len(set(answers)) == len(answers)
    checks("tshark sees each probe count by one", counts, probes)
    checks("and no answer with another number", not set(answers) - set(probes), answers)
    return len(answers), len(set(probes) - set(answers))


if __name__ == "__main__":
    sys.exit(main())
