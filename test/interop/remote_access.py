# SPDX-License-Identifier: GPL-2.0-only
"""XAUTH and Mode Config in scenarios: what our end of a meeting is told, in either part.

A gateway is always the server of a peer outside the simulation, and a [client] is its client.
"""

from strongswan_cases import proposals
from strongswan_conf import CHARON_NAME, GATEWAY_NAME, NAME_SERVER, SECRET, USER
from strongswan_lab import GATEWAY_LAN

NAMES = (CHARON_NAME, GATEWAY_NAME)
# The first address that either end hands out.
ASSIGNED = "10.3.0.17"
LAST = "10.3.0.30"

# Transactions of XAUTH (REQUEST, REPLY, SET, ACK) and of Mode Config (REQUEST, REPLY or SET, ACK).
XAUTH_MESSAGES = 4
MODE_CONFIG_MESSAGES = 2


def named(suite, mode, **keys):
    """The keys of our tunnel with names on both ends."""
    return {
        **proposals(suite),
        "mode": mode,
        "fw.id": GATEWAY_NAME,
        "peer-id": CHARON_NAME,
        **keys,
    }


def pre_shared_named(suite, mode):
    return named(suite, mode, **{"pre-shared-key": SECRET})


def server(tunnel, *, password=None, way=None):
    """We are the gateway of a client that must know @p password, and gets an address by @p way."""
    sections = {"tunnel office": dict(tunnel)}
    keys = sections["tunnel office"]
    if password:
        keys.update({"xauth": "true", "xauth-users": f"{USER}:{password}"})
    if way:
        keys.update({"mode-config": way, "pool": "clients", "dns": NAME_SERVER})
        keys.update({"subnets": GATEWAY_LAN, "split-include": "true", "external-lan": None})
        sections["pool clients"] = {"addresses": f"{ASSIGNED} - {LAST}", "netmask": 24}
    return sections


def client(tunnel, *, password=None, way="pull", **keys):
    """We are a client without a network; @p keys are of the section [client]."""
    sections = {"client fw": keys, "tunnel office": {**tunnel, "start": "auto"}}
    if password:
        keys.update({"xauth-user": USER, "xauth-password": password})
        sections["tunnel office"]["xauth"] = "true"
    sections["tunnel office"]["mode-config"] = way
    return sections
