# SPDX-License-Identifier: GPL-2.0-only
"""Short lifetimes under continuous pings, renewed by either end, and Deletes from either end."""

import functools
import sys

from dissection import Dissection, check_esp, check_isakmp
from interop_lab import (
    require_namespaces,
    require_program,
    require_tools,
    run_meetings,
    wait_until,
)
from strongswan_cases import CALL, check_log, last_line, pre_shared
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
# Of each side, five in a second.
PINGS = 180
# When charon renews of itself, nothing at random. It offers both times together as the lifetime of
# phase 1.
CHARON_IKE = {"rekey_time": "16s", "over_time": "10s", "rand_time": "0s"}
CHARON_IPSEC = {"rekey_time": "10s", "life_time": "20s", "rand_time": "0s"}
ESP = "3"
ISAKMP = "1"


def main():
    require_namespaces()
    require_tools("tshark", "dumpcap")
    require_program("ipsec-lab")
    parts = (
        ("charon renews", charon_renews, {"ike": CHARON_IKE, "ipsec": CHARON_IPSEC}),
        ("we renew", we_renew, {}),
        ("charon deletes", charon_deletes, {}),
        ("we delete", we_delete, {}),
    )
    return run_meetings(functools.partial(run, *part) for part in parts)


def run(name, part, times, checks):
    print(f"-- {name}", flush=True)
    table = connection(SUITE)
    table.update(times.get("ike", {}))
    table["children"]["net"].update(times.get("ipsec", {}))
    meeting = Meeting("life-" + name.replace(" ", "-"), swanctl_conf(table, shared_secret()))
    try:
        part(checks, meeting)
    finally:
        meeting.close()


def charon_renews(checks, meeting):
    # Covers LT-01, LT-06.
    tunnel = pre_shared(SUITE)
    meeting.start(scenario({"tunnel office": tunnel}, "40s", pings_from_pc("1500ms", PINGS)))
    asked = meeting.charon.initiate("net", seconds=3)
    checks("charon's own negotiation succeeds", asked.returncode == 0, last_line(asked.stdout))
    check_renewals(checks, meeting, "responder")


def we_renew(checks, meeting):
    # Covers LT-01, LT-06.
    tunnel = {**pre_shared(SUITE), "phase1-lifetime": "20s", "phase2-lifetime": "15s"}
    pings = CALL + pings_from_pc("1500ms", PINGS)
    meeting.start(scenario({"tunnel office": tunnel}, "40s", pings))
    checks("the tunnel comes up", wait_until(meeting.charon.has_child, 4))
    check_renewals(checks, meeting, "initiator")


def check_renewals(checks, meeting, role):
    """Pings cross both ways until the run is at its end; @p role is ours in all negotiations."""
    meeting.start_pings_to_pc(PINGS)
    answered = meeting.pings_to_pc_answered(seconds=50)
    listed = meeting.charon.sas()
    meeting.finish()
    table = meeting.results()
    node = table.get("nodes", {}).get("fw", {})
    ping = table.get("traffic", {}).get("ping", {})
    checks("every ping from charon's side is answered", answered == PINGS, answered)
    sent = ping.get("sent"), ping.get("received")
    checks("every ping from our side is answered", sent == (PINGS, PINGS), sent)
    ike = node.get("endedIkeSas", []) + node.get("ikeSas", [])
    checks(
        f"three IKE SAs or four, we are the {role} of each",
        len(ike) in (3, 4) and all(sa["role"] == role for sa in ike),
        ike,
    )
    check_overlap(checks, "IKE SA", ike, "establishedAt", "endedAt")
    inbound = [sa for sa in both(node, "Ipsec") if sa["direction"] == "in"]
    checks("four pairs of IPsec SAs or five", len(inbound) in (4, 5), inbound)
    check_overlap(checks, "pair of IPsec SAs", inbound, "installedAt", "removedAt")
    checks("no packet failed on any of them", not any(sa["failed"] for sa in both(node, "Ipsec")))
    check_keys(checks, meeting, len(ike), 2 * len(inbound))
    check_same_spis(checks, listed, table)
    check_log(checks, meeting.charon.log())
    capture = Dissection(meeting.capture(), meeting.tables())
    check_isakmp(checks, capture, 6 * 3 + 3 * 4)
    check_esp(checks, capture, [(PC, CHARON_LAN_HOST, PINGS), (CHARON_LAN_HOST, PC, PINGS)])


def check_keys(checks, meeting, ike_sas, ipsec_sas):
    """Each SA must have a key of its own."""
    for name, column, count in (
        ("ikev1_decryption_table", 1, ike_sas),
        ("esp_sa", 5, ipsec_sas),
    ):
        lines = (meeting.tables() / name).read_text().splitlines()
        keys = {line.split(",")[column] for line in lines}
        checks(f"{count} keys in {name}, no two the same", len(keys) == count, lines)


def both(node, kind):
    """Our SAs that ended and those that are there."""
    name = kind + "Sas"
    return node.get("ended" + name, []) + node.get(name[0].lower() + name[1:], [])


def check_overlap(checks, text, sas, begin, end):
    """Each SA must be there before the one that it follows has gone."""
    ordered = sorted(sas, key=lambda sa: sa[begin])
    gaps = [
        (old[end], new[begin])
        for old, new in zip(ordered, ordered[1:])
        if end in old and old[end] <= new[begin]
    ]
    checks(f"each {text} comes before the one that it replaces has gone", not gaps, gaps)


def charon_deletes(checks, meeting):
    """The IPsec SAs alone, then the IKE SA with what belongs to it."""
    charon = meeting.charon
    pings = pings_from_pc("4s", 1, "again") + pings_from_pc("4500ms", 5)
    meeting.start(scenario({"tunnel office": pre_shared(SUITE)}, "11s", pings))
    asked = charon.initiate("net", seconds=3)
    checks("charon's own negotiation succeeds", asked.returncode == 0, last_line(asked.stdout))
    charon.swanctl("--terminate", "--child", "net", "--timeout", "2")
    listed = charon.sas()
    alone = "ESTABLISHED" in listed and "INSTALLED" not in listed
    checks("charon deletes the IPsec SAs and keeps the IKE SA", alone, listed)
    checks("our next packet makes new ones", wait_until(charon.has_child, 5), charon.sas())
    # Longer than ours last, which would ask for SAs again.
    checks("pings pass", meeting.ping_pc(8) == 8)
    done = charon.swanctl("--terminate", "--ike", "simulated", "--timeout", "2")
    checks("charon deletes the IKE SA", done.returncode == 0 and not charon.sas(), done.stdout)
    meeting.finish()
    check_two_ends(checks, meeting, CHARON)


def we_delete(checks, meeting):
    """The IPsec SAs alone, since they end and nobody renews them; then the IKE SA, twice."""
    charon = meeting.charon
    sections = {
        "personality lazy": {"ipsec-renewer": "nobody"},
        "gateway fw": {"personality": "lazy"},
        "tunnel office": {**pre_shared(SUITE), "phase2-lifetime": "3s"},
        "event away": {"kind": "stop-tunnel", "target": "office", "at": "7s"},
        "event back": {"kind": "start-tunnel", "target": "office", "at": "9s"},
        "event end": {"kind": "stop", "target": "fw", "at": "11s"},
    }
    pings = CALL + pings_from_pc("5s", 1, "again") + pings_from_pc("5500ms", 5)
    meeting.start(scenario(sections, "13s", pings))
    checks("the tunnel comes up", wait_until(charon.has_child, 4))
    gone = wait_until(lambda: not charon.has_child(), 5)
    listed = charon.sas()
    checks("our IPsec SAs end, and charon has none", gone and "ESTABLISHED" in listed, listed)
    checks("our next packet makes new ones", wait_until(charon.has_child, 4), charon.sas())
    gone = wait_until(lambda: not charon.sas(), 4)
    checks("we stop the tunnel, and charon has no SA left", gone, charon.sas())
    checks("we start it again", wait_until(charon.has_child, 4), charon.sas())
    gone = wait_until(lambda: not charon.sas(), 4)
    checks("our gateway stops, and charon has no SA left", gone, charon.sas())
    meeting.finish()
    check_two_ends(checks, meeting, GATEWAY)


def check_two_ends(checks, meeting, sender):
    """Nothing is left; the first IKE SA had two pairs of IPsec SAs, one after the other."""
    table = meeting.results()
    node = table.get("nodes", {}).get("fw", {})
    left = node.get("ipsecSas"), node.get("ikeSas")
    checks("the simulated gateway has no SA left", left == ([], []), left)
    ike = node.get("endedIkeSas", [])
    inbound = [sa for sa in node.get("endedIpsecSas", []) if sa["direction"] == "in"]
    checks("there were two pairs of IPsec SAs, or more", len(inbound) >= 2, inbound)
    times = ike and inbound[1:] and (
        ike[0]["establishedAt"],
        inbound[0]["installedAt"],
        inbound[0]["removedAt"],
        inbound[1]["installedAt"],
        ike[0]["endedAt"],
    )
    checks("two of them below the first IKE SA", times and list(times) == sorted(times), times)
    answered = table.get("traffic", {}).get("ping", {}).get("received")
    checks("the pings between are answered", answered == 5, answered)
    check_log(checks, meeting.charon.log())
    capture = Dissection(meeting.capture(), meeting.tables())
    check_isakmp(checks, capture, 6 + 2 * 3 + 3)
    deletes = [
        (p.sender(), protocol)
        for p in capture.isakmp()
        for protocol in p.all("isakmp.delete.protoid")
    ]
    for name, protocol in (("ESP", ESP), ("ISAKMP", ISAKMP)):
        seen = deletes.count((sender, protocol))
        checks(f"tshark shows Deletes of {name} by {sender}", seen > 0, deletes)


if __name__ == "__main__":
    sys.exit(main())
