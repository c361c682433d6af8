# SPDX-License-Identifier: GPL-2.0-only
"""Two tunnels under one IKE SA with strongSwan; large packets, and TCP with a real kernel.

The simulated PC speaks ns-3's TCP, a server in charon's namespace speaks the kernel's. Then a real
iperf3 there sends to the PC.
"""

import functools
import sys

from dissection import Dissection, check_checksums, check_isakmp
from interop_lab import (
    require_namespaces,
    require_program,
    require_tools,
    run_meetings,
    wait_until,
)
from strongswan_cases import CALL, check_log, last_line, pre_shared
from strongswan_conf import SUITES, WITHOUT_PFS, connection, shared_secret, swanctl_conf
from strongswan_lab import CHARON_LAN_HOST, PC, Meeting, pings_from_pc, scenario

SUITE = SUITES[2]
OTHER_LAN = "10.4.0.0/24"
OTHER_HOST = "10.4.0.1"
# ns-3's traffic of a scenario counts its ports from here.
FIRST_PORT = 5001
SEGMENTS = 1500
SEGMENT_OCTETS = 1000
TRANSFER_SECONDS = 4
SERVER = """
import socket, sys
listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind((sys.argv[1], int(sys.argv[2])))
listener.listen()
print("listening", flush=True)
connection, _ = listener.accept()
total = 0
while data := connection.recv(65536):
    total += len(data)
    print("received", total, flush=True)
"""


def main():
    require_namespaces()
    require_tools("tshark", "dumpcap", "python3", "ss")
    require_program("ipsec-lab")
    parts = (
        ("two tunnels", two_tunnels),
        ("large packets and TCP", large_and_tcp),
        ("iperf3", iperf3),
        ("iperf3 with loss", functools.partial(iperf3, loss="1%")),
    )
    return run_meetings(functools.partial(run, name, part) for name, part in parts)


def run(name, part, checks):
    print(f"-- {name}", flush=True)
    part(checks, "traffic-" + name.replace(" ", "-"))


def two_tunnels(checks, label):
    # Covers QM-21.
    table = connection(SUITE)
    table["children"]["other"] = {**table["children"]["net"], "local_ts": OTHER_LAN}
    meeting = Meeting(label, swanctl_conf(table, shared_secret()))
    try:
        meeting.namespace.ip("address", "add", f"{OTHER_HOST}/32", "dev", "lo")
        other = {
            "between": "fw",
            "external-address": "10.9.0.2",
            "external-lan": OTHER_LAN,
            **pre_shared(SUITE),
        }
        calls = CALL + pings_from_pc("1500ms", 1, "call-other", target=OTHER_HOST)
        pings = pings_from_pc("2500ms", 5) + pings_from_pc("2500ms", 5, "other", OTHER_HOST)
        expected = (
            "[expect both]\nthat = ping answered = 5\n"
            "[expect other]\nthat = other answered = 5\n"
            "[expect one-phase-1]\nthat = messages main = 6\n"
            "[expect two-quick-modes]\nthat = messages quick = 6\n"
        )
        meeting.start(
            scenario(
                {"tunnel office": pre_shared(SUITE), "tunnel lab": other},
                "5s",
                calls + pings + expected,
            )
        )
        wait_until(lambda: meeting.charon.sas().count("INSTALLED") == 2, 4)
        listed = meeting.charon.sas()
        checks("charon lists one IKE SA", listed.count("ESTABLISHED") == 1, listed)
        checks("and two pairs of IPsec SAs", listed.count("INSTALLED") == 2, listed)
        status = meeting.finish()
        checks("pings pass in both tunnels", status == 0, last_line(meeting.said()))
        check_log(checks, meeting.charon.log())
        check_isakmp(checks, Dissection(meeting.capture(), meeting.tables()), 12)
    finally:
        meeting.close()


def large_and_tcp(checks, label):
    meeting = Meeting(label, swanctl_conf(connection(WITHOUT_PFS), shared_secret()))
    try:
        server = meeting.lab.start(
            meeting.namespace,
            ["python3", "-c", SERVER, CHARON_LAN_HOST, FIRST_PORT + 2],
            "server.txt",
        )
        wait_until(lambda: "listening" in meeting.lab.read("server.txt"), 5)
        large = pings_from_pc("2s", 5, "large") + "size = 3000B\n"
        stream = f"""
[traffic stream]
kind = tcp
from = pc
to = {CHARON_LAN_HOST}
size = {SEGMENT_OCTETS}B
rate = 4Mbps
count = {SEGMENTS}
start = 2500ms
"""
        expected = "[expect large]\nthat = large answered = 5\n"
        expected += "[expect nothing-refused]\nthat = drops SelectorMismatch = 0\n"
        meeting.start(
            scenario({"tunnel office": pre_shared(WITHOUT_PFS)}, "9s", CALL + large + stream + expected)
        )
        wait_until(meeting.charon.has_child, 4)
        answered = meeting.namespace.ping(CHARON_LAN_HOST, PC, 3)
        checks("charon's side pings meanwhile", answered == 3, f"{answered} of 3")
        total = SEGMENTS * SEGMENT_OCTETS
        wait_until(lambda: f"received {total}\n" in meeting.lab.read("server.txt"), 10)
        status = meeting.finish()
        checks("pings of 3000 octets are answered", status == 0, last_line(meeting.said()))
        said = last_line(meeting.lab.read("server.txt"))
        checks(f"the real kernel received {total} octets by TCP", said == f"received {total}", said)
        drops = meeting.results()["nodes"]["fw"]["drops"]
        # A message that arrives twice is none of the tunnel's packets.
        checks("the gateway dropped no packet", not set(drops) - {"Duplicate"}, drops)
        capture = Dissection(meeting.capture(), meeting.tables())
        check_icvs(checks, capture)
        check_checksums(checks, capture)
        assert server
    finally:
        meeting.close()


def iperf3(checks, label, loss="0%"):
    """@p loss befalls what our gateway sends: acknowledgements, mostly."""
    meeting = Meeting(label, swanctl_conf(connection(WITHOUT_PFS), shared_secret()))
    try:
        sections = {
            "tunnel office": pre_shared(WITHOUT_PFS),
            "gateway fw": {"loss": loss},
            "traffic transfer": {
                "kind": "iperf3",
                "from": CHARON_LAN_HOST,
                "to": "pc",
                "size": "1B",
                "start": "0s",
            },
            "expect all": {"that": "transfer answered = 100%"},
        }
        meeting.start(scenario(sections, "12s", CALL))
        wait_until(meeting.charon.has_child, 4)
        refused = meeting.namespace.iperf3(CHARON_LAN_HOST, PC, "--reverse").get("error", "")
        checks("the host refuses to send", "not implemented" in refused, refused)
        report = meeting.namespace.iperf3(
            CHARON_LAN_HOST, PC, "--time", TRANSFER_SECONDS, "--bitrate", "1M", "--parallel", 2
        )
        wait_until(lambda: not meeting.namespace.unacknowledged(), 3)
        unacknowledged = meeting.namespace.unacknowledged()
        dropped = {device: meeting.namespace.drops(device) for device in ("tap0", "ipsec0")}
        status = meeting.finish()
        checks("everything that iperf3 sent arrives", status == 0, last_line(meeting.said()))
        check_transfer(checks, report, meeting.results())
        checks("the kernel has everything acknowledged", not unacknowledged, unacknowledged)
        checks("the kernel dropped nothing", not any(dropped.values()), dropped)
        check_drops(checks, meeting.results(), loss != "0%")
        check_log(checks, meeting.charon.log())
        capture = Dissection(meeting.capture(), meeting.tables())
        check_icvs(checks, capture)
        check_checksums(checks, capture)
    finally:
        meeting.close()


def check_transfer(checks, report, table):
    """What a real client says must be what the simulated host says."""
    checks("iperf3 succeeds", "error" not in report, report.get("error"))
    end = report.get("end", {})
    sent, told = end.get("sum_sent", {}), end.get("sum_received", {})
    transfer = table.get("traffic", {}).get("transfer", {})
    checks(f"it ran for {sent.get('seconds')} s", sent.get("seconds", 0) >= TRANSFER_SECONDS)
    octets = sent.get("bytes", 0)
    counted = transfer.get("sentOctets"), transfer.get("receivedOctets")
    arrived = 0 < octets == counted[0] == counted[1]
    checks(f"{octets} octets were sent, and arrived", arrived, counted)
    # What is still under way when a client asks does not count in the answer.
    checks(
        f"it is told of {told.get('bytes')} octets",
        0.5 * octets < told.get("bytes", 0) <= octets,
        told,
    )


def check_drops(checks, table, is_lossy):
    """The simulated link may lose packets, and nobody else."""
    node = table.get("nodes", {}).get("fw", {})
    # A message that arrives twice is none of the tunnel's packets.
    drops = set(node.get("drops", {})) - {"Duplicate"}
    checks("our gateway dropped no packet", "drops" in node and not drops, node.get("drops"))
    lost = node.get("lostPackets", 0), node.get("unsentPackets", 0)
    checks(f"the link lost {lost[0]}", lost[1] == 0 and (lost[0] > 0) == is_lossy, lost)


def check_icvs(checks, capture):
    wrong = [p for p in capture.esp() if p.first("esp.icv_good").lower() not in ("1", "true")]
    checks("tshark finds the ICV of every ESP packet good", capture.esp() and not wrong)


if __name__ == "__main__":
    sys.exit(main())
