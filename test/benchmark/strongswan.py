#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Compares main mode and quick mode of simulated sites with those of strongSwan.

    strongswan.py BUILD [TUNNELS [ROUNDS]]

Two charons in namespaces of their own, with a veth pair between them, bring up TUNNELS (100) at
once, each with an IKE SA of its own. scale-benchmark brings up sites of the same suite, built
before. All of it runs on one core, in ROUNDS (5) rounds in which both take turns for each suite.
Figures are CPU time of both ends of a tunnel, medians over rounds; ratios are taken within a round.

charon is told what makes it fast: Diffie-Hellman by the plugin gmp with short exponents, no log, no
limits for many beginners. Quick mode installs SAs, policies and routes of a data plane in user
space (kernel-libipsec), which pings then go through.

Ends with 77, and says why, where there is no strongSwan or no right to make namespaces; with 1
unless every tunnel came up as it should.
"""

import atexit
import os
import re
import shutil
import socket
import statistics
import struct
import subprocess
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
if len(sys.argv) > 1:
    os.environ["IPSEC_BUILD_DIR"] = sys.argv[1]
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "interop"))

from interop_lab import BUILD, Charon, Lab, end_with_parent, require_namespaces, skip
from strongswan_conf import SECRET, Suite, render

NAME = "strongswan-benchmark"
# gmp stands before openssl, which does Diffie-Hellman, too.
PLUGINS = (
    "random nonce drbg gmp openssl hmac kdf socket-default kernel-libipsec kernel-netlink vici"
)
INITIATOR = "10.9.0.1"
RESPONDER = "10.9.0.2"
BRANCHES = "10.10.0.0/16"
BRANCH_LANS = "10.128.0.0/9"
HUB_LAN = "10.2.0.0/24"
HUB_LAN_HOST = "10.2.0.1"
MOST_TUNNELS = 250 * 100
# Without more CPU time than a hundredth of it for so long, all that can come up has.
QUIET = 0.5
# After so long it has not.
PATIENCE = 120
# Those of scale-benchmark; by how much strongSwan should cost more.
SUITES = (
    (Suite("pre-g2-aes128-sha", "nopfs-esp-aes128-sha", "aes128-sha1-modp1024", "aes128-sha1"), 5),
    (
        Suite(
            "pre-g2-aes128-sha", "g2-esp-aes128-sha", "aes128-sha1-modp1024", "aes128-sha1-modp1024"
        ),
        5,
    ),
    (
        Suite("pre-g14-aes128-sha", "nopfs-esp-aes128-sha", "aes128-sha1-modp2048", "aes128-sha1"),
        2.5,
    ),
    (
        Suite(
            "pre-g14-aes128-sha",
            "g14-esp-aes128-sha",
            "aes128-sha1-modp2048",
            "aes128-sha1-modp2048",
        ),
        2.5,
    ),
)


class FastCharon(Charon):
    """A charon that does nothing but what tunnels need."""

    def _settings(self, more):
        # libipsec blocks several threads for good.
        return f"""
charon {{
    threads = 24
    load = {PLUGINS}
    dh_exponent_ansi_x9_42 = no
    dos_protection = no
    install_virtual_ip = no
    retransmit_timeout = 30
    ikesa_table_size = 256
    {more}
    filelog {{
        file {{
            path = {self.folder}/charon.log
            default = -1
        }}
    }}
}}
swanctl {{
    load = random openssl
}}
"""

    def cpu_seconds(self):
        """Returns the CPU time of all its threads, and of children that have ended."""
        # The clock of another process: clock_getcpuclockid(3).
        own = time.clock_gettime((~self.process.pid << 3) | 2)
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        # The 16th and 17th field: proc(5).
        return own + (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")

    def initiate_all(self, children):
        """Asks for children by charon's own protocol, and waits for none of them.

        Requests are a length and a command with pairs of keys and values; "timeout" asks for an
        answer at once.
        """

        def name(text):
            return struct.pack("!B", len(text)) + text.encode()

        def pair(key, value):
            return b"\x03" + name(key) + struct.pack("!H", len(value)) + value.encode()

        with socket.socket(socket.AF_UNIX) as vici:
            vici.connect(f"/proc/{self.process.pid}/root/run/charon.vici")
            answers = vici.makefile("rb")
            for child in children:
                request = b"\x00" + name("initiate") + pair("child", child) + pair("timeout", "-1")
                vici.sendall(struct.pack("!I", len(request)) + request)
                answer = answers.read(*struct.unpack("!I", answers.read(4)))
                if b"success\x00\x03yes" not in answer:
                    raise RuntimeError(f"charon does not begin {child}: {answer!r}")

    def check(self, suite, tunnels):
        """Raises an exception unless all tunnels are up as they should be."""
        group = "MODP_" + suite.ike.partition("modp")[2]
        algorithms = self.swanctl("--list-algs").stdout
        if not re.search(rf"\b{group}\[gmp\]", algorithms):
            raise RuntimeError(f"charon does not compute {group} by gmp:\n{algorithms}")
        listed = self.swanctl("--list-sas", timeout=60).stdout
        ike = rf"^  AES_CBC-128/HMAC_SHA1_96/PRF_HMAC_SHA1/{group}\n  established"
        pfs = f"/{group}" if "modp" in suite.esp else ""
        esp = rf"INSTALLED, TUNNEL-in-UDP, ESP:AES_CBC-128/HMAC_SHA1_96{pfs}\n"
        seen = len(re.findall(ike, listed, re.M)), len(re.findall(esp, listed))
        if seen != (tunnels, tunnels):
            raise RuntimeError(
                f"{suite}: charon has {seen[0]} IKE SAs and {seen[1]} pairs of IPsec SAs as wanted "
                f"in place of {tunnels}; it lists:\n{listed[:1500]}"
            )


def connection(local, remote, child, local_lan, remote_lan, suite):
    never = {"rekey_time": 0}
    return {
        "version": 1,
        "local_addrs": local,
        "remote_addrs": remote,
        "proposals": suite.ike,
        "reauth_time": 0,
        **never,
        "local": {"auth": "psk"},
        "remote": {"auth": "psk"},
        "children": {
            child: {
                "local_ts": local_lan,
                "remote_ts": remote_lan,
                "esp_proposals": suite.esp,
                **never,
            }
        },
    }


def branch_address(number):
    return f"10.10.{number // 250}.{number % 250 + 1}"


def branch_lan(number, last="0/24"):
    return f"10.{128 + number // 250}.{number % 250}.{last}"


def swanctl_confs(suite, tunnels):
    """Returns what the initiator is told, which is all branches, and the responder, the hub."""
    branches = {
        f"branch{i}": connection(
            branch_address(i), RESPONDER, f"net{i}", branch_lan(i), HUB_LAN, suite
        )
        for i in range(tunnels)
    }
    hub = {"hub": connection(RESPONDER, BRANCHES, "net", HUB_LAN, BRANCH_LANS, suite)}
    secrets = {"ike-all": {"secret": f'"{SECRET}"'}}
    return [render({"connections": each, "secrets": secrets}) for each in (branches, hub)]


def join_namespaces(lab, tunnels):
    """Returns two namespaces with a veth pair between them, and with the addresses of all."""
    initiator, responder = lab.add_namespace(), lab.add_namespace()
    initiator.ip("link", "add", "wire", "type", "veth", "peer", "name", "end")
    initiator.ip("link", "set", "end", "netns", responder.holder.pid)
    for namespace, device, address in (
        (initiator, "wire", INITIATOR),
        (responder, "end", RESPONDER),
    ):
        namespace.ip("address", "add", f"{address}/24", "dev", device)
        namespace.ip("link", "set", device, "up")
    for number in range(tunnels):
        initiator.ip("address", "add", f"{branch_address(number)}/32", "dev", "wire")
        initiator.ip("address", "add", branch_lan(number, "1/32"), "dev", "lo")
    responder.ip("address", "add", f"{HUB_LAN_HOST}/32", "dev", "lo")
    responder.ip("route", "add", BRANCHES, "via", INITIATOR)
    return initiator, responder


def cpu_when_idle(charons):
    """Waits until charons use next to no CPU time; returns how much they have used until then."""
    deadline = time.monotonic() + PATIENCE
    used = sum(charon.cpu_seconds() for charon in charons)
    while time.monotonic() < deadline:
        time.sleep(QUIET)
        before, used = used, sum(charon.cpu_seconds() for charon in charons)
        if used - before < QUIET / 100:
            return used
    raise RuntimeError(f"charon is still busy after {PATIENCE} s")


def strongswan_microseconds(lab, namespaces, suite, tunnels, tag):
    """Returns what a tunnel costs two charons that were just started."""
    charons = [
        FastCharon(lab, namespace, conf, tag=f"{tag}-{end}")
        for namespace, conf, end in zip(namespaces, swanctl_confs(suite, tunnels), "ab")
    ]
    before = cpu_when_idle(charons)
    charons[0].initiate_all([f"net{i}" for i in range(tunnels)])
    cost = cpu_when_idle(charons) - before
    for charon in charons:
        charon.check(suite, tunnels)
    for number in {0, tunnels - 1}:
        if namespaces[0].ping(branch_lan(number, "1"), HUB_LAN_HOST, 1) != 1:
            raise RuntimeError(f"{suite}: no ping through tunnel {number}")
    for charon in charons:
        charon.process.kill()
        charon.process.wait()
        shutil.rmtree(charon.folder)
    return cost / tunnels * 1e6


def our_microseconds(program, number, suite, sites):
    """Returns what a tunnel costs both ends and ns-3."""
    done = subprocess.run(
        [program, "--suite", str(number), str(sites)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        preexec_fn=end_with_parent,
    )
    return float(re.search(rf"^\| {suite} \| (\S+) \|", done.stdout, re.M).group(1))


def main():
    tunnels = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    if not 1 <= tunnels <= MOST_TUNNELS:
        raise SystemExit(f"strongswan.py: from 1 to {MOST_TUNNELS} tunnels")
    program = BUILD / "test" / "scale-benchmark"
    if not program.exists():
        skip(f"{program.name} is not built in {BUILD}")
    require_namespaces()
    # All that is started from here on inherits it.
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    # Runs after the lab's own end.
    atexit.register(shutil.rmtree, BUILD / "interop" / NAME, ignore_errors=True)
    lab = Lab(NAME)
    namespaces = join_namespaces(lab, tunnels)
    costs = {suite: ([], []) for suite, _ in SUITES}
    for turn in range(rounds):
        for number, (suite, _) in enumerate(SUITES):
            theirs, ours = costs[suite]
            theirs.append(
                strongswan_microseconds(lab, namespaces, suite, tunnels, f"{turn}-{number}")
            )
            ours.append(our_microseconds(program, number, suite, tunnels))
            print(f"{suite}: {theirs[-1]:.0f} us, here {ours[-1]:.0f}", file=sys.stderr, flush=True)
    print(
        f"| {tunnels} tunnels | us of strongSwan for each | us here | ratio | in {rounds} rounds "
        "| wanted at least |\n|---|---|---|---|---|---|"
    )
    for suite, wanted in SUITES:
        theirs, ours = costs[suite]
        ratios = [a / b for a, b in zip(theirs, ours)]
        print(
            f"| {suite} | {statistics.median(theirs):.0f} | {statistics.median(ours):.0f} "
            f"| {statistics.median(ratios):.1f} | {min(ratios):.1f} to {max(ratios):.1f} "
            f"| {wanted} |"
        )


if __name__ == "__main__":
    main()
