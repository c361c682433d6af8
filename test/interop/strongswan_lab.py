# SPDX-License-Identifier: GPL-2.0-only
"""A simulated gateway on a TAP device, and a real peer behind it: the set-up of all tests here.

    pc 10.1.0.10 --- fw 10.8.0.1 === internet === router 10.9.0.1 --- tap0 10.9.0.2 --- lo 10.2.0.1
    '------------------ simulated -----------------------------'            charon
"""

import re

from interop_lab import (
    Charon,
    Lab,
    peer_environment,
    ping_command,
    pings_answered,
    require_program,
    results,
    stop,
    wait_until,
)

PC = "10.1.0.10"
GATEWAY = "10.8.0.1"
GATEWAY_LAN = "10.1.0.0/24"
ROUTER = "10.9.0.1"
CHARON = "10.9.0.2"
CHARON_LAN_HOST = "10.2.0.1"
CHARON_LAN = "10.2.0.0/24"


def scenario(sections, stop_at, more=""):
    """Writes a scenario: what all have in common, and tables of keys to add or to replace.

    @p sections maps a section's head, such as "tunnel office", to its keys. With a "client fw"
    among them, that takes the place of the gateway and its network.
    """
    tables = {
        "simulation": {"stop": stop_at},
        "internet": {"delay": "2ms", "tap": "tap0", "tap-address": f"{ROUTER}/24"},
        "gateway fw": {"address": GATEWAY, "lan": GATEWAY_LAN},
        "host pc": {"behind": "fw", "address": PC},
        "tunnel office": {
            "between": "fw",
            "external-address": CHARON,
            "external-lan": CHARON_LAN,
        },
    }
    if "client fw" in sections:
        del tables["gateway fw"], tables["host pc"]
        tables["client fw"] = {"address": GATEWAY}
    for head, keys in sections.items():
        tables[head] = {**tables.get(head, {}), **keys}
    text = ""
    for head, keys in tables.items():
        lines = [f"{key} = {value}" for key, value in keys.items() if value is not None]
        text += "\n".join([f"[{head}]", *lines]) + "\n\n"
    return text + more


def pings_from_pc(start, count, name="ping", target=CHARON_LAN_HOST, sender="pc"):
    return f"""
[traffic {name}]
kind = ping
from = {sender}
to = {target}
start = {start}
interval = 200ms
count = {count}
"""


class Meeting:
    """One run of the simulated gateway beside a real peer, from set-up to the files it leaves."""

    def __init__(self, name, with_charon=None, mtu=1500, has_wire=False, **charon_options):
        """@p has_wire puts a wire between both sides that can be cut."""
        self.program = require_program("ipsec-lab")
        self.lab = Lab(name)
        self.namespace = self.lab.add_namespace()
        add = self.namespace.add_wired_tap if has_wire else self.namespace.add_tap
        add("tap0", f"{CHARON}/24")
        self.namespace.ip("link", "set", "tap0", "mtu", mtu)
        self.namespace.ip("address", "add", f"{CHARON_LAN_HOST}/32", "dev", "lo")
        self.namespace.ip("route", "add", "10.8.0.0/24", "via", ROUTER)
        self.charon = None
        if with_charon:
            self.charon = Charon(self.lab, self.namespace, with_charon, **charon_options)
        self.dump = self.lab.capture(self.namespace, "tap0", "tap0.pcap")
        self.simulated = None

    def put_charon(self, namespace, conf, **charon_options):
        """Starts charon in another namespace than the TAP device's."""
        self.charon = Charon(self.lab, namespace, conf, **charon_options)

    def kill_charon(self):
        """charon ends at once, and tells nobody."""
        self.charon.process.kill()
        self.charon.process.wait()

    def start_charon_again(self):
        """Starts charon as it was configured before, with a log of its own."""
        conf = (self.charon.folder / "swanctl.conf").read_text()
        self.charon = Charon(self.lab, self.namespace, conf, tag="charon-again")

    def start(self, text):
        """Starts the simulation; returns when its TAP device is attached."""
        file = self.lab.folder / "scenario.ini"
        file.write_text(text)
        self.output = self.lab.folder / "output"
        self.simulated = self.lab.start(
            self.namespace,
            [self.program, file, "--output", self.output],
            "ipsec-lab.txt",
        )
        return wait_until(self.is_attached, 5, step=0.05)

    def is_attached(self):
        state = self.namespace.ip("link", "show", "tap0")
        return "LOWER_UP" in state or self.simulated.poll() is not None

    def finish(self, seconds=20):
        """Waits for the simulation's own end and returns its exit status."""
        wait_until(lambda: self.simulated.poll() is not None, seconds)
        status = stop(self.simulated)
        stop(self.dump)
        return status

    def close(self):
        self.lab.close()

    def said(self):
        return self.lab.read("ipsec-lab.txt")

    def results(self):
        return results(self.output)

    def tables(self):
        return self.output / "wireshark"

    def capture(self):
        return self.lab.folder / "tap0.pcap"

    def ping_pc(self, count=3):
        return self.namespace.ping(CHARON_LAN_HOST, PC, count)

    def start_pings_to_pc(self, count, interval=0.2):
        """Starts pings from charon's side that go on meanwhile."""
        command = ping_command(CHARON_LAN_HOST, PC, count, interval)
        self.pings = self.lab.start(self.namespace, command, "ping.txt", env=peer_environment())

    def pings_to_pc_answered(self, seconds=10):
        """Waits for the end of these pings; returns how many of them were answered."""
        wait_until(lambda: self.pings.poll() is not None, seconds)
        return pings_answered(self.lab.read("ping.txt"))


def spis(list_sas):
    """Reads the SPIs of charon's children, as sets of numbers: (inbound, outbound)."""
    return tuple(
        {int(spi, 16) for spi in re.findall(rf"^\s+{way}\s+([0-9a-f]{{8}}),", list_sas, re.M)}
        for way in ("in", "out")
    )


def simulated_spis(table, direction):
    """Reads the SPIs of the simulated gateway from results.json."""
    sas = table.get("nodes", {}).get("fw", {}).get("ipsecSas", [])
    return {int(sa["spi"], 16) for sa in sas if sa["direction"] == direction}


def check_same_spis(checks, listed, table):
    """charon's list of SAs and our results.json must name the same IPsec SAs, and at least one."""
    theirs = spis(listed)
    ours = simulated_spis(table, "out"), simulated_spis(table, "in")
    checks("both ends have the same SPIs", theirs[0] and theirs == ours, (theirs, ours))
