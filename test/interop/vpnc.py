# SPDX-License-Identifier: GPL-2.0-only
"""vpnc calls the simulated gateway: a group's key, a user's password, an address, and pings.

Unlike strongSwan's data plane it sends ESP as protocol 50 where there is no NAT.
"""

import functools
import re
import sys

from dissection import Dissection, check_checksums, check_esp, check_isakmp, numbers
from interop_lab import require_namespaces, require_program, require_tools, run_meetings
from remote_access import ASSIGNED, MODE_CONFIG_MESSAGES, XAUTH_MESSAGES, server
from strongswan_cases import last_line, pre_shared
from strongswan_certificates import Certificates
from strongswan_conf import GATEWAY_NAME, NAME_SERVER, PASSWORD, SECRET, SUITES, USER, Suite
from strongswan_lab import (
    GATEWAY,
    GATEWAY_LAN,
    PC,
    Meeting,
    pings_from_pc,
    scenario,
    simulated_spis,
)
from vpnc_lab import Vpnc

GROUP = "teachers"
PINGS = 5
SUITE = Suite(SUITES[1].phase1, "nopfs-esp-aes128-sha", "", "")
MESSAGES = {
    "aggressive": 3,
    "transaction": XAUTH_MESSAGES + MODE_CONFIG_MESSAGES,
    "quick": 3,
}
EXPECTED = f"""
[expect up]
that = tunnel office up

[expect answered]
that = ping answered = {PINGS}
"""


class Way:
    """How ESP travels: what both ends are told, and what must be seen."""

    def __init__(self, name, vpnc, ours, in_udp, hybrid=False):
        self.name = name
        self.vpnc = vpnc
        self.ours = ours
        self.in_udp = in_udp
        self.hybrid = hybrid


WAYS = (
    Way("raw ESP, vpnc without NAT traversal", "none", "auto", False),
    Way("raw ESP, no NAT is detected", "natt", "auto", False),
    Way("ESP in UDP, we pretend a NAT", "natt", "force", True),
    Way("ESP in UDP, vpnc pretends a NAT", "force-natt", "auto", True),
    Way("raw ESP, we have a certificate instead of the key", "natt", "auto", False, hybrid=True),
)


def sections(way, certificates):
    tunnel = {
        **pre_shared(SUITE),
        "mode": "aggressive",
        "fw.id": GATEWAY_NAME,
        "peer-id": f"keyid:{GROUP}",
        "nat-traversal": way.ours,
    }
    told = server(tunnel, password=PASSWORD, way="pull")
    if certificates:
        # vpnc does not ask for a certificate, and knows what to do with a single one only.
        told["tunnel office"].update({"auth": "hybrid", "send-certificate": "always"})
        told.update(certificates.for_us())
    return told


def main():
    require_namespaces()
    require_tools("tshark", "dumpcap")
    require_program("ipsec-lab")
    return run_meetings(functools.partial(run, index) for index in range(len(WAYS)))


def run(index, checks):
    print(f"-- {WAYS[index].name}", flush=True)
    meeting = Meeting(f"vpnc-{index}")
    try:
        meet(checks, meeting, WAYS[index])
    finally:
        meeting.close()


def meet(checks, meeting, way):
    pings = pings_from_pc("2500ms", PINGS, target=ASSIGNED)
    certificates = Certificates("vpnc", short=True) if way.hybrid else None
    meeting.start(scenario(sections(way, certificates), "5s", pings + EXPECTED))
    vpnc = Vpnc(
        meeting.lab,
        meeting.namespace,
        GATEWAY,
        GATEWAY_LAN,
        group=GROUP,
        secret=SECRET,
        user=USER,
        password=PASSWORD,
        nat_traversal=way.vpnc,
        authority=certificates and certificates.root.certificate,
    )
    checks("vpnc connects", vpnc.wait(3), last_line(vpnc.log()))
    answered = meeting.namespace.ping(ASSIGNED, PC, 3)
    status = meeting.finish()
    vpnc.close()

    checks("vpnc's side pings the simulated PC", answered == 3, f"{answered} of 3 answered")
    checks("the simulated run passes", status == 0, last_line(meeting.said()))
    check_told(checks, vpnc)
    check_results(checks, meeting, vpnc, way)
    capture = Dissection(meeting.capture(), meeting.tables())
    check_isakmp(checks, capture, sum(MESSAGES.values()))
    check_esp(checks, capture, [(PC, ASSIGNED, PINGS), (ASSIGNED, PC, 3)])
    check_checksums(checks, capture)
    check_way(checks, capture, way)


def check_told(checks, vpnc):
    """What vpnc hands to its script is what Mode Config said."""
    # Covers MC-02, MC-04.
    told = [vpnc.told(f"INTERNAL_IP4_{name}") for name in ("ADDRESS", "NETMASK", "DNS")]
    wanted = [ASSIGNED, "255.255.255.0", NAME_SERVER]
    checks("vpnc is told address, mask and name server", told == wanted, told)
    count, network = vpnc.told("CISCO_SPLIT_INC"), vpnc.told("CISCO_SPLIT_INC_0_ADDR")
    length = vpnc.told("CISCO_SPLIT_INC_0_MASKLEN")
    seen = (count, f"{network}/{length}")
    checks("and the network, in Cisco's form", seen == ("1", GATEWAY_LAN), seen)


def check_results(checks, meeting, vpnc, way):
    table = meeting.results()
    sas = table.get("nodes", {}).get("fw", {}).get("ikeSas", [])
    seen = [(sa["role"], sa["state"], sa["natt"]) for sa in sas]
    wanted = [("responder", "established", way.in_udp)]
    checks("our IKE SA is the responder's", seen == wanted, seen)
    spis = [
        {int(spi, 16) for spi in re.findall(rf"{direction} spi: 0x([0-9a-f]+)", vpnc.log())}
        for direction in ("local -> remote", "remote -> local")
    ]
    ours = [simulated_spis(table, direction) for direction in ("in", "out")]
    checks("both ends name the same SPIs", ours == spis and all(ours), f"{ours} and {spis}")
    messages = {kind: table.get("messages", {}).get(kind) for kind in MESSAGES}
    checks(f"messages are {MESSAGES}", messages == MESSAGES, messages)
    again = table.get("messages", {}).get("retransmitted")
    checks("none is repeated", again == 0, again)


def check_way(checks, capture, way):
    """ESP is protocol 50, or in UDP on port 4500 together with what IKE encrypts."""
    # Covers NT-01.
    wrong = [p for p in capture.esp() if (p.first("udp.srcport") == "4500") != way.in_udp]
    how = "in UDP" if way.in_udp else "as protocol 50"
    checks(f"ESP travels {how}", not wrong, numbers(wrong))
    port = "4500" if way.in_udp else "500"
    encrypted = [p for p in capture.isakmp() if p.is_encrypted()]
    wrong = [p for p in encrypted if p.first("udp.dstport") != port]
    checks(f"encrypted ISAKMP messages go to port {port}", encrypted and not wrong, numbers(wrong))


if __name__ == "__main__":
    sys.exit(main())
