# SPDX-License-Identifier: GPL-2.0-only
"""What charon is told: the sections of swanctl.conf as nested tables."""

from strongswan_lab import CHARON, CHARON_LAN, GATEWAY, GATEWAY_LAN

SECRET = "tiandihui2"
CHARON_NAME = "charon.example.test"
GATEWAY_NAME = "gateway.example.test"
USER = "alice"
PASSWORD = "wonderland"
# What a server of Mode Config hands out, whichever end it is.
CLIENT_POOL = "10.3.0.16/28"
NAME_SERVER = "10.2.0.53"

# Without this charon refuses to answer aggressive mode with a pre-shared key.
AGGRESSIVE_PSK = "i_dont_care_about_security_and_use_aggressive_mode_psk = yes"
# Its data plane sends what comes from an assigned address only if that address is an interface's.
VIRTUAL_IP = "install_virtual_ip = yes"


class Suite:
    """What both ends are told to propose."""

    def __init__(self, phase1, phase2, ike, esp):
        self.phase1 = phase1
        self.phase2 = phase2
        self.ike = ike
        self.esp = esp

    def __str__(self):
        return f"{self.phase1} {self.phase2}"

    def signed(self, method):
        """The same with another method of authentication."""
        phase1 = self.phase1.replace("pre-", method + "-", 1)
        return Suite(phase1, self.phase2, self.ike, self.esp)


# With PFS throughout; charon names the group behind the ESP algorithms.
SUITES = (
    Suite("pre-g2-3des-md5", "g2-esp-3des-md5", "3des-md5-modp1024", "3des-md5-modp1024"),
    Suite("pre-g2-aes128-sha", "g2-esp-aes128-sha", "aes128-sha1-modp1024", "aes128-sha1-modp1024"),
    Suite(
        "pre-g14-aes256-sha256",
        "g14-esp-aes256-sha256",
        "aes256-sha256-modp2048",
        "aes256-sha256-modp2048",
    ),
)
WITHOUT_PFS = Suite(
    "pre-g14-aes128-sha256", "nopfs-esp-aes128-sha", "aes128-sha256-modp2048", "aes128-sha1"
)


def render(tables, indent=0):
    """Writes nested tables as strongSwan's files have them."""
    text = ""
    margin = " " * indent
    for key, value in tables.items():
        if isinstance(value, dict):
            text += f"{margin}{key} {{\n{render(value, indent + 4)}{margin}}}\n"
        else:
            text += f"{margin}{key} = {value}\n"
    return text


def connection(suite, auth=("psk", "psk"), ids=(CHARON, GATEWAY), aggressive=False):
    """One connection with one child; what is in pairs is charon's, then the simulated gateway's."""
    return {
        "version": 1,
        "aggressive": "yes" if aggressive else "no",
        "local_addrs": CHARON,
        "remote_addrs": GATEWAY,
        "proposals": suite.ike,
        "local": {"auth": auth[0], "id": ids[0]},
        "remote": {"auth": auth[1], "id": ids[1]},
        "children": {
            "net": {
                "local_ts": CHARON_LAN,
                "remote_ts": GATEWAY_LAN,
                "esp_proposals": suite.esp,
            }
        },
    }


def without_fragments(table):
    """Large messages travel in fragments of IP."""
    return {**table, "fragmentation": "no"}


def shared_secret(ids=(CHARON, GATEWAY), secret=SECRET):
    return {"ike-simulated": {"id-1": ids[0], "id-2": ids[1], "secret": f'"{secret}"'}}


def user_secret(password=PASSWORD):
    return {"xauth-user": {"id": USER, "secret": f'"{password}"'}}


def asks_for_user(table):
    """charon asks for a password, XAUTH, behind whatever authenticates phase 1."""
    return {**table, "remote-xauth": {"auth": "xauth"}}


def answers_as_user(table):
    return {**table, "local-xauth": {"auth": "xauth", "xauth_id": USER}}


def assigns_address(table, pull):
    """charon hands out addresses by Mode Config, asked for (pull) or not."""
    child = {**table["children"]["net"], "remote_ts": "dynamic"}
    return {
        **table,
        "pools": "clients",
        "pull": "yes" if pull else "no",
        "children": {"net": child},
    }


def wants_address(table, pull):
    child = {**table["children"]["net"], "local_ts": "dynamic"}
    return {
        **table,
        "vips": "0.0.0.0",
        "pull": "yes" if pull else "no",
        "children": {"net": child},
    }


def pool():
    told = {"dns": NAME_SERVER, "netmask": "255.255.255.0", "subnet": CHARON_LAN}
    return {"clients": {"addrs": CLIENT_POOL, **told}}


def net_to_net(suite, secret=SECRET, remote_lan=GATEWAY_LAN):
    """Main mode between two networks, with a pre-shared key."""
    table = connection(suite)
    table["children"]["net"]["remote_ts"] = remote_lan
    return swanctl_conf(table, shared_secret(secret=secret))


def swanctl_conf(table, secrets=None, pools=None):
    tables = {"connections": {"simulated": table}, "secrets": secrets or {}}
    if pools:
        tables["pools"] = pools
    return render(tables)
