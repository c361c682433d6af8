# SPDX-License-Identifier: GPL-2.0-only
"""XAUTH behind a pre-shared key: either end asks the other for a user's password."""

import functools
import re
import sys

from interop_lab import wait_until
from remote_access import (
    ASSIGNED,
    MODE_CONFIG_MESSAGES,
    NAMES,
    XAUTH_MESSAGES,
    client,
    pre_shared_named,
    server,
)
from strongswan_cases import Case, last_line, run
from strongswan_conf import (
    AGGRESSIVE_PSK,
    PASSWORD,
    SUITES,
    USER,
    answers_as_user,
    asks_for_user,
    assigns_address,
    connection,
    pool,
    shared_secret,
    user_secret,
)
from strongswan_lab import CHARON_LAN_HOST, PC, Meeting, scenario

SUITE = SUITES[1]
CLEAR = {"main": 4, "aggressive": 2}
PHASE1 = {"main": 6, "aggressive": 3}


def messages(mode, role):
    """As a client we get an address, too: it is where our traffic comes from."""
    more = MODE_CONFIG_MESSAGES if role == "initiator" else 0
    return {mode: PHASE1[mode], "transaction": XAUTH_MESSAGES + more, "quick": 3}


def inside(role):
    return (ASSIGNED if role == "initiator" else PC, CHARON_LAN_HOST)


def verdict(log):
    """What charon says of the user, on whichever end he is."""
    match = re.search(rf"XAuth authentication of '{USER}' (?:\(myself\) )?(\w+)", log)
    return match.group(1) if match else None


def check_user(checks, meeting, _):
    # Covers XA-01.
    said = verdict(meeting.charon.log())
    checks("charon's log says that the user is known", said == "successful", said)


def case(mode, role, password=PASSWORD):
    """Who begins phase 1 is the user; @p password is his, PASSWORD is what the other end knows."""
    table = connection(SUITE, ids=NAMES, aggressive=mode == "aggressive")
    tunnel = pre_shared_named(SUITE, mode)
    if role == "initiator":
        table = assigns_address(asks_for_user(table), pull=True)
        sections, known = client(tunnel, password=password), PASSWORD
    else:
        table = answers_as_user(table)
        sections, known = server(tunnel, password=PASSWORD), password
    return Case(
        f"xauth {mode}",
        role,
        SUITE,
        table,
        sections,
        secrets={**shared_secret(NAMES), **user_secret(known)},
        pools=pool() if role == "initiator" else None,
        settings=AGGRESSIVE_PSK,
        messages=messages(mode, role),
        clear=CLEAR[mode],
        inside=inside(role),
        checks=(check_user,),
    )


def refuse(role, checks):
    """A wrong password: both ends say so, and nothing is left."""
    print(f"-- wrong password, we are the {role}", flush=True)
    wrong = case("aggressive", role, "mirror")
    meeting = Meeting(f"xauth-wrong-password-{role}", wrong.conf, **wrong.meeting_options)
    try:
        meeting.start(scenario(wrong.sections, "3s"))
        if role == "responder":
            asked = meeting.charon.initiate("net", seconds=3)
            checks("charon's negotiation fails", asked.returncode != 0, last_line(asked.stdout))
        wait_until(lambda: verdict(meeting.charon.log()), 2)
        said = verdict(meeting.charon.log())
        checks("charon's log says that the password is wrong", said == "failed", said)
        left = meeting.charon.sas()
        checks("charon has no IPsec SA", "INSTALLED" not in left, left)
        status = meeting.finish()
        checks("the simulated run ends with status 1", status == 1, f"status {status}")
        node = meeting.results().get("nodes", {}).get("fw", {})
        # As the server we refuse messages, as the client we are refused.
        reasons = {failure["reason"] for failure in node.get("failures", [])}
        counted = reasons if role == "initiator" else node.get("drops", {})
        checks("our side names the reason XauthFailed", "XauthFailed" in counted, counted)
        left = node.get("ipsecSas"), node.get("ikeSas")
        checks("our side has no SA left", left == ([], []), left)
    finally:
        meeting.close()


def main():
    cases = [("aggressive", "initiator"), ("aggressive", "responder"), ("main", "responder")]
    return run(
        (case(mode, role) for mode, role in cases),
        *(functools.partial(refuse, role) for role in ("initiator", "responder")),
    )


if __name__ == "__main__":
    sys.exit(main())
