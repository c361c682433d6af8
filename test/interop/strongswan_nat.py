# SPDX-License-Identifier: GPL-2.0-only
"""NAT traversal with strongSwan: our clients behind our NAT, and charon behind the kernel's.

    alice 192.168.7.2 --+
    bob   192.168.7.3 --+- home 10.8.0.1 === internet === router 10.9.0.1 --- tap0 10.9.0.2 charon
"""

import functools
import sys

from strongswan_certificates import Certificates
from dissection import Dissection, check_esp, check_isakmp
from interop_lab import require_namespaces, require_program, require_tools, wait_until
from remote_access import (
    ASSIGNED,
    MODE_CONFIG_MESSAGES,
    NAMES,
    XAUTH_MESSAGES,
    client,
    named,
    pre_shared_named,
)
from strongswan_cases import PINGS, Case, last_line, run
from strongswan_conf import (
    AGGRESSIVE_PSK,
    CHARON_NAME,
    SECRET,
    SUITES,
    asks_for_user,
    assigns_address,
    connection,
    pool,
    shared_secret,
    swanctl_conf,
    user_secret,
    without_fragments,
)
from strongswan_lab import (
    CHARON,
    CHARON_LAN_HOST,
    GATEWAY,
    PC,
    Meeting,
    pings_from_pc,
    scenario,
)

SUITE = SUITES[1]
HOME = "192.168.7.0/24"
ALICE = "192.168.7.2"
# Ports are never those of inside: whoever answers to 500 or 4500 answers nobody.
NAT = {"nat home": {"address": GATEWAY, "lan": HOME, "ports": "random"}}
KEEPALIVE = "2s"


def main():
    require_namespaces()
    require_tools("tshark", "dumpcap", "openssl", "nft")
    require_program("ipsec-lab")
    return run(
        cases(),
        two_clients,
        keepalives_and_rebinding,
        functools.partial(behind_masquerade, "main"),
        functools.partial(behind_masquerade, "aggressive"),
    )


# One client behind the NAT


def cases():
    certificates = Certificates("nat")
    yield natted("nat main psk", connection(SUITE, ids=NAMES), pre_shared_named(SUITE, "main"))
    yield natted(
        "nat main rsa",
        without_fragments(connection(SUITES[2].signed("rsa"), ("pubkey", "pubkey"), NAMES)),
        named(SUITES[2].signed("rsa"), "main"),
        suite=SUITES[2].signed("rsa"),
        sections=certificates.for_us(node="client"),
        credentials=certificates.for_charon(),
    )
    yield natted(
        "nat aggressive psk",
        connection(SUITE, ids=NAMES, aggressive=True),
        pre_shared_named(SUITE, "aggressive"),
        messages={"aggressive": 3, "quick": 3},
    )
    table = asks_for_user(connection(SUITE, ids=NAMES, aggressive=True))
    yield natted(
        "nat xauth",
        assigns_address(table, pull=True),
        pre_shared_named(SUITE, "aggressive"),
        messages={
            "aggressive": 3,
            "transaction": XAUTH_MESSAGES + MODE_CONFIG_MESSAGES,
            "quick": 3,
        },
        access=True,
    )


def natted(name, table, tunnel, *, suite=SUITE, sections=None, access=False, messages=None, **more):
    """A case of which our end is a client behind the NAT; with @p access it is asked for a user,
    and gets an address."""
    if access:
        ours = client(tunnel, password="wonderland")
        more["secrets"] = {**shared_secret(NAMES), **user_secret()}
        more["pools"] = pool()
    else:
        ours = {"client fw": {}, "tunnel office": {**tunnel, "start": "auto"}}
        table["children"]["net"]["remote_ts"] = f"{ALICE}/32"
        more["secrets"] = shared_secret(NAMES)
    for head, keys in (sections or {}).items():
        ours[head] = {**keys, **ours.get(head, {})}
    ours["client fw"] = {**ours["client fw"], "behind": "home", "address": ALICE}
    return Case(
        name,
        "initiator",
        suite,
        table,
        {**NAT, **ours},
        settings=AGGRESSIVE_PSK,
        messages=messages or {"main": 6, "quick": 3},
        clear=None,
        inside=(ASSIGNED if access else ALICE, CHARON_LAN_HOST),
        checks=(check_nat,),
        **more,
    )


def check_nat(checks, meeting, capture):
    # Covers NT-01, NT-02, F22.
    found = "remote host is behind NAT" in meeting.charon.log()
    checks("charon's log says that our end is behind a NAT", found)
    ports = {p.first("udp.srcport") for p in sent_by(capture, GATEWAY)}
    checks("nothing left the NAT from port 500 or 4500", ports and not ports & {"500", "4500"}, ports)


def sent_by(capture, sender):
    return [p for p in capture.isakmp() + capture.esp() if p.sender() == sender]


# Two at once


def two_clients(checks):
    """Two users behind one NAT, of whom charon knows no address."""
    print("-- two clients behind one NAT", flush=True)
    users = ("alice.example.test", "bob.example.test")
    table = assigns_address(connection(SUITE, ids=(CHARON_NAME, "%any"), aggressive=True), True)
    table["remote_addrs"] = "%any"
    secrets = {
        f"ike-{number}": {"id-1": CHARON_NAME, "id-2": user, "secret": f'"{SECRET}"'}
        for number, user in enumerate(users)
    }
    conf = swanctl_conf(table, secrets, pool())
    meeting = Meeting("nat-two-clients", conf, settings=AGGRESSIVE_PSK)
    try:
        tunnel = {**pre_shared_named(SUITE, "aggressive"), "mode-config": "pull", "start": "auto"}
        tunnel["fw.id"] = users[0]
        second = {**tunnel, "between": "bob", "external-address": CHARON}
        second["bob.id"] = users[1]
        del second["fw.id"]
        second["external-lan"] = "10.2.0.0/24"
        sections = {
            **NAT,
            "client fw": {"behind": "home", "address": ALICE},
            "client bob": {"behind": "home"},
            "tunnel office": tunnel,
            "tunnel second": second,
        }
        pings = pings_from_pc("4s", PINGS, "ping", sender="fw")
        pings += pings_from_pc("4s", PINGS, "other", sender="bob")
        meeting.start(scenario(sections, "7s", pings))
        both = wait_until(lambda: meeting.charon.sas().count("INSTALLED, ") == 2, 4)
        listed = meeting.charon.sas()
        checks("charon has a pair of IPsec SAs with each", both, listed)
        remotes = [line.strip() for line in listed.splitlines() if f"@ {GATEWAY}[" in line]
        ports = {line.rsplit("[", 1)[1] for line in remotes}
        checks("both come from one address and two ports", len(ports) == 2, remotes)
        meeting.finish()
        traffic = meeting.results().get("traffic", {})
        answered = [traffic.get(name, {}).get("received") for name in ("ping", "other")]
        checks("both ping charon's side", answered == [PINGS, PINGS], answered)
        check_isakmp(checks, Dissection(meeting.capture(), meeting.tables()), 2 * 8)
    finally:
        meeting.close()


# The mapping kept, and lost


def keepalives_and_rebinding(checks):
    """An idle client keeps its mapping; then the NAT forgets it, and charon follows."""
    print("-- keepalives, and another mapping in mid-tunnel", flush=True)
    table = connection(SUITE, ids=NAMES)
    table["children"]["net"]["remote_ts"] = f"{ALICE}/32"
    meeting = Meeting("nat-rebinding", swanctl_conf(table, shared_secret(NAMES)))
    try:
        tunnel = {
            **pre_shared_named(SUITE, "main"),
            "start": "auto",
            "nat-keepalive": KEEPALIVE,
            "dpd": "periodic",
            "dpd-delay": "6s",
        }
        sections = {
            **NAT,
            "client fw": {"behind": "home", "address": ALICE},
            "tunnel office": tunnel,
        }
        rebind = "[event rebind]\nkind = nat-rebind\ntarget = home\nat = 9s\n"
        late = pings_from_pc("15s", PINGS, "ping", sender="fw")
        meeting.start(scenario(sections, "18s", rebind + late))
        checks("the tunnel comes up", wait_until(meeting.charon.has_child, 4))
        before = remote_port(meeting.charon.sas())
        # Its data plane does not look where ESP comes from: the next probe shows it the new port,
        # and then it makes other IPsec SAs, for it cannot move those it has.
        moved = wait_until(lambda: remote_port(meeting.charon.sas()) != before, 12)
        listed = meeting.charon.sas()
        checks("charon follows to another port", moved, (before, listed))
        checks("charon's side pings ours", meeting.namespace.ping(CHARON_LAN_HOST, ALICE, 3) == 3)
        meeting.finish()
        table = meeting.results()
        answered = table.get("traffic", {}).get("ping", {}).get("received")
        checks("our side pings charon's behind the new mapping", answered == PINGS, answered)
        node = table.get("nodes", {}).get("fw", {})
        ike = node.get("ikeSas", []), node.get("endedIkeSas", [])
        checks("under the IKE SA of before", [len(sas) for sas in ike] == [1, 0], ike)
        capture = Dissection(meeting.capture(), meeting.tables())
        check_keepalives(checks, capture)
        check_isakmp(checks, capture, 9)
        check_esp(checks, capture, [(ALICE, CHARON_LAN_HOST, 1), (CHARON_LAN_HOST, ALICE, 3)])
    finally:
        meeting.close()


def remote_port(list_sas):
    """Returns the port that charon sends to, as it lists it: "10.8.0.1[61234]"."""
    for line in list_sas.splitlines():
        if f"@ {GATEWAY}[" in line:
            return line.rsplit("[", 1)[1].split("]")[0]
    return None


def check_keepalives(checks, capture):
    """Of the silent seconds between the pings and the rebinding each second one has its octet."""
    kept = [
        p
        for p in capture.packets
        if p.has("udpencap.nat_keepalive") and p.sender() == GATEWAY
    ]
    checks("tshark shows three NAT keepalives or more", len(kept) >= 3, len(kept))
    gaps = [round(b.time() - a.time(), 1) for a, b in zip(kept, kept[1:])]
    checks("none sooner than two seconds after the one before", min(gaps, default=0) >= 1.9, gaps)


# The other way round


def behind_masquerade(mode, checks):
    """charon in a network of its own behind netfilter's MASQUERADE calls our hub."""
    print(f"-- charon behind MASQUERADE, {mode} mode", flush=True)
    meeting = Meeting(f"nat-masquerade-{mode}")
    try:
        inside = meeting.lab.add_namespace()
        masquerade(meeting.namespace, inside)
        table = connection(SUITE, ids=NAMES, aggressive=mode == "aggressive")
        table["local_addrs"] = "192.168.77.2"
        conf = swanctl_conf(table, shared_secret(NAMES))
        meeting.put_charon(inside, conf)
        tunnel = {**pre_shared_named(SUITE, mode), "start": "traffic"}
        pings = pings_from_pc("3s", PINGS)
        meeting.start(scenario({"tunnel office": tunnel}, "6s", pings))
        asked = meeting.charon.initiate("net", seconds=3)
        checks("charon's negotiation succeeds", asked.returncode == 0, last_line(asked.stdout))
        found = "local host is behind NAT" in meeting.charon.log()
        checks("charon's log says that it is behind a NAT", found)
        checks("charon's side pings ours", inside.ping(CHARON_LAN_HOST, PC, 3) == 3)
        meeting.finish()
        table = meeting.results()
        answered = table.get("traffic", {}).get("ping", {}).get("received")
        checks("our hub's side pings charon's", answered == PINGS, answered)
        (sa,) = table.get("nodes", {}).get("fw", {}).get("ikeSas", [{}]) or [{}]
        checks("our hub sees NAT traversal", sa.get("natt") is True, sa)
        capture = Dissection(meeting.capture(), meeting.tables())
        senders = {p.sender() for p in capture.isakmp() + capture.esp()}
        checks("only the NAT's address is outside", senders == {CHARON, GATEWAY}, senders)
        check_isakmp(checks, capture, 6)
        check_esp(checks, capture, [(PC, CHARON_LAN_HOST, PINGS), (CHARON_LAN_HOST, PC, 3)])
    finally:
        meeting.close()


RULES = """
table ip nat {
    chain postrouting {
        type nat hook postrouting priority srcnat;
        oifname "tap0" meta l4proto udp masquerade to :20000-29999
    }
}
"""


def masquerade(router, inside):
    """Joins two namespaces, of which the first hides the second behind its own address."""
    router.ip("link", "add", "inner", "type", "veth", "peer", "name", "outer")
    router.ip("link", "set", "outer", "netns", inside.holder.pid)
    router.ip("address", "add", "192.168.77.1/24", "dev", "inner")
    router.ip("link", "set", "inner", "up")
    inside.ip("address", "add", "192.168.77.2/24", "dev", "outer")
    inside.ip("link", "set", "outer", "up")
    inside.ip("route", "add", "default", "via", "192.168.77.1")
    router.ip("address", "del", f"{CHARON_LAN_HOST}/32", "dev", "lo")
    inside.ip("address", "add", f"{CHARON_LAN_HOST}/32", "dev", "lo")
    router.run("nft", RULES)


if __name__ == "__main__":
    sys.exit(main())
