# SPDX-License-Identifier: GPL-2.0-only
"""Debian's vpnc, a client for Cisco's gateways, in a namespace: a third stack beside strongSwan."""

import re

from interop_lab import PEERS, peer_environment, stop, wait_until

# vpnc tells its script by environment variables what it was given.
SCRIPT = """#!/bin/sh
set -e
[ "$reason" = connect ] || exit 0
env | grep -E '^(INTERNAL|CISCO)_' | sort >{folder}/told.txt
ip address add "$INTERNAL_IP4_ADDRESS/32" dev "$TUNDEV"
ip link set "$TUNDEV" up mtu 1300
ip route add {network} dev "$TUNDEV" src "$INTERNAL_IP4_ADDRESS"
"""


class Vpnc:
    """One connection of vpnc: aggressive mode with a group's key, XAUTH and Mode Config.

    @p nat_traversal is none, natt (if a NAT is detected) or force-natt. With an @p authority the
    gateway must have a certificate of it (hybrid authentication).
    """

    def __init__(
        self,
        lab,
        namespace,
        gateway,
        network,
        *,
        group,
        secret,
        user,
        password,
        nat_traversal="natt",
        authority=None,
        tag="vpnc",
    ):
        self.lab = lab
        self.tag = tag
        folder = lab.folder / tag
        folder.mkdir()
        script = folder / "script"
        script.write_text(SCRIPT.format(folder=folder, network=network))
        script.chmod(0o755)
        lines = [
            f"IPSec gateway {gateway}",
            f"IPSec ID {group}",
            f"IPSec secret {secret}",
            f"IPSEC target network {network}",
            f"Xauth username {user}",
            f"Xauth password {password}",
            f"NAT Traversal Mode {nat_traversal}",
            f"Script {script}",
            f"Pidfile {folder}/vpnc.pid",
            "Interface name vpnc0",
            "Noninteractive",
            "No Detach",
            "Debug 2",
        ]
        if authority:
            lines += ["IKE Authmode hybrid", f"CA-File {authority}"]
        (folder / "vpnc.conf").write_text("\n".join(lines) + "\n")
        self.process = lab.start(
            namespace,
            ["stdbuf", "-oL", PEERS / "usr/sbin/vpnc", folder / "vpnc.conf"],
            f"{tag}/vpnc.log",
            env=peer_environment(),
        )

    def log(self):
        return self.lab.read(f"{self.tag}/vpnc.log")

    def is_connected(self):
        """Whether quick mode is done and packets are carried."""
        return "VPNC started in foreground" in self.log()

    def wait(self, seconds):
        wait_until(lambda: self.is_connected() or self.process.poll() is not None, seconds)
        return self.process.poll() is None and self.is_connected()

    def told(self, name):
        """Returns what Mode Config said, by the variable that vpnc hands to its script."""
        match = re.search(rf"^{name}=(.*)$", self.lab.read(f"{self.tag}/told.txt"), re.M)
        return match.group(1) if match else None

    def close(self):
        """Lets vpnc delete its SAs and end."""
        return stop(self.process)
