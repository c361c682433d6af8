# SPDX-License-Identifier: GPL-2.0-only
"""What tshark, an independent dissector, sees in a capture when it is given a run's key tables."""

import os
import re
import subprocess
import xml.etree.ElementTree as ElementTree

# What an ISAKMP message says, encrypted or not.
ISAKMP_VALUES = (
    "isakmp.nonce",
    "isakmp.hash",
    "isakmp.key_exchange.data",
    "isakmp.ike.nat_hash",
    "isakmp.vid_bytes",
    "isakmp.spi",
    "isakmp.id.data.ipv4_addr",
    "isakmp.ike.attr.life_duration",
    "isakmp.ipsec.attr.life_duration",
)
# Octets of a value that report.html writes one by one.
SHOWN_OCTETS = 32
# Severities of Wireshark's expert information.
EXPERT_WARNING = 0x600000


class Packet:
    """The fields of one packet, by Wireshark's names, each with all of its values in order."""

    def __init__(self, element):
        self.fields = {}
        self.protocols = [proto.get("name") for proto in element.iter("proto")]
        for field in element.iter("field"):
            self.fields.setdefault(field.get("name"), []).append(field.get("show", ""))

    def number(self):
        return self.fields.get("frame.number", self.fields.get("num", ["?"]))[0]

    def has(self, name):
        return name in self.fields or name in self.protocols

    def time(self):
        """When it was captured, in seconds."""
        return float(self.first("frame.time_epoch"))

    def sender(self):
        """The address in its outer header."""
        return self.first("ip.src")

    def all(self, name):
        return self.fields.get(name, [])

    def first(self, name, default=""):
        return self.fields.get(name, [default])[0]

    def datagram(self):
        """What tells it from any other datagram, and not from a repetition of itself."""
        names = ("ip.src", "udp.srcport", "udp.length", "udp.checksum", "isakmp.messageid")
        return tuple(self.first(name) for name in names)

    def is_error(self):
        """Whether it is of ICMP, in clear: it may quote what it is about."""
        return self.first("ip.proto") == "1"

    def is_isakmp(self):
        return "isakmp" in self.protocols and not self.is_error()

    def is_esp(self):
        return "esp" in self.protocols and not self.is_error()

    def is_fragment(self):
        """Whether it is a piece of an ISAKMP message (payload 132)."""
        return self.has("isakmp.frag.packetid")

    def is_encrypted(self):
        """Whether the encryption flag is set: of the message that is complete with this packet."""
        return self.all("isakmp.flag_e")[-1:] in (["1"], ["True"], ["true"])

    def is_readable(self):
        """Whether tshark saw through the encryption: with a wrong key payloads show too, but not
        the HASH or SIG that every encrypted message of IKEv1 carries."""
        reserved = [value for value in self.all("isakmp.reserved") if value.strip("0:")]
        return (self.has("isakmp.hash") or self.has("isakmp.sig")) and not reserved

    def worst_expert(self):
        """The highest severity that tshark's experts gave, 0 if they had nothing to say."""
        found = [int(value, 0) for value in self.all("_ws.expert.severity") if value]
        return max(found, default=0)

    def is_malformed(self):
        return self.has("_ws.malformed")

    def echo(self):
        """The inner ping: ("request" or "reply", source, destination), or None."""
        kind = {"8": "request", "0": "reply"}.get(self.first("icmp.type"))
        if not kind or not self.has("esp.decrypted_data"):
            return None
        return kind, self.all("ip.src")[-1], self.all("ip.dst")[-1]


class Dissection:
    """All packets of a capture as tshark shows them with the tables of a "wireshark" folder."""

    def __init__(self, capture, tables):
        command = ["tshark", "-n", "-r", str(capture), "-T", "pdml"]
        for preference in (
            "esp.enable_encryption_decode:TRUE",
            "esp.enable_authentication_check:TRUE",
            "ip.check_checksum:TRUE",
            "udp.check_checksum:TRUE",
            "tcp.check_checksum:TRUE",
        ):
            command += ["-o", preference]
        done = subprocess.run(
            command,
            env=dict(os.environ, WIRESHARK_CONFIG_DIR=str(tables)),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"tshark: {done.stderr.decode(errors='replace').strip()}")
        self.packets = [Packet(e) for e in ElementTree.fromstring(done.stdout).iter("packet")]

    def isakmp(self):
        """All ISAKMP messages, each once: tshark's cipher chain does not know repetitions."""
        first = {}
        for packet in self.packets:
            if packet.is_isakmp():
                first.setdefault(packet.datagram(), packet)
        return list(first.values())

    def esp(self):
        return [p for p in self.packets if p.is_esp()]


def numbers(packets):
    return "frames " + " ".join(p.number() for p in packets)


def check_isakmp(checks, dissection, least):
    """Every ISAKMP message decodes, and those that are encrypted decrypt."""
    messages = dissection.isakmp()
    checks(
        f"the capture holds at least {least} ISAKMP messages",
        len(messages) >= least,
        f"{len(messages)} found",
    )
    bad = [p for p in messages if p.is_malformed() or p.worst_expert() >= EXPERT_WARNING]
    checks("tshark finds no fault in any ISAKMP message", not bad, numbers(bad))
    encrypted = [p for p in messages if p.is_encrypted()]
    unread = [p for p in encrypted if not p.is_readable()]
    checks(
        f"tshark decrypts the encrypted ISAKMP messages ({len(encrypted)})",
        encrypted and not unread,
        numbers(unread),
    )


def check_page(checks, dissection, page):
    """The lines that messages of report.html unfold to hold what tshark decrypts."""
    lines = "\n".join(re.findall(r'<span class="det">(.*?)</span>', page))
    for name in ISAKMP_VALUES:
        values = {value for p in dissection.isakmp() for value in p.all(name)}
        # Octets stand with a colon between them, numbers and addresses as they are.
        words = {value.replace(":", "")[: 2 * SHOWN_OCTETS] for value in values}
        missing = sorted(word for word in words if word not in lines)
        checks(f"report.html shows each {name} ({len(words)})", words and not missing, missing)


def check_esp(checks, dissection, pings):
    """Every ESP packet authenticates, and the inner pings show.

    @p pings lists (source, destination, least number of answered requests).
    """
    packets = dissection.esp()
    wrong = [p for p in packets if p.first("esp.icv_good").lower() not in ("1", "true")]
    checks(
        f"tshark finds the ICV of every ESP packet good ({len(packets)})",
        packets and not wrong,
        numbers(wrong),
    )
    echoes = [p.echo() for p in packets]
    for source, destination, least in pings:
        requests = echoes.count(("request", source, destination))
        replies = echoes.count(("reply", destination, source))
        checks(
            f"tshark shows the inner pings {source} -> {destination} and their replies",
            requests >= least and replies >= least,
            f"{requests} requests, {replies} replies, at least {least} expected",
        )


def check_checksums(checks, dissection):
    """No IPv4, UDP, TCP or ICMP checksum is wrong, inner headers included."""
    wrong = [
        p
        for p in dissection.packets
        for name in ("ip", "udp", "tcp", "icmp")
        if "0" in p.all(f"{name}.checksum.status")
    ]
    checks("tshark finds no wrong checksum", dissection.packets and not wrong, numbers(wrong))
