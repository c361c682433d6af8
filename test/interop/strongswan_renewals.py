# SPDX-License-Identifier: GPL-2.0-only
"""Renews and deletes SAs that were negotiated with strongSwan, asked for by either side."""

import functools
import re
import sys

from interop_lab import (
    require_namespaces,
    require_program,
    require_tools,
    run_meetings,
    wait_until,
)
from strongswan_cases import CALL, check_log, pre_shared
from strongswan_conf import SUITES, net_to_net
from strongswan_lab import Meeting, pings_from_pc, scenario, spis

SUITE = SUITES[1]


def main():
    require_namespaces()
    require_tools("dumpcap")
    require_program("ipsec-lab")
    parts = (("charon renews", charon_renews), ("we renew", we_renew))
    return run_meetings(functools.partial(run, name, part) for name, part in parts)


def run(name, part, checks):
    print(f"-- {name}", flush=True)
    meeting = Meeting("renewal-" + name.replace(" ", "-"), net_to_net(SUITE))
    try:
        part(checks, meeting)
    finally:
        meeting.close()


def charon_renews(checks, meeting):
    """Renews phase 2 without phase 1, then phase 1 without phase 2."""
    # Covers LT-01.
    charon = meeting.charon
    meeting.start(scenario({"tunnel office": pre_shared(SUITE)}, "9s", CALL))
    checks("the tunnel comes up", wait_until(charon.has_child, 4))
    first, _ = spis(charon.sas())
    charon.swanctl("--rekey", "--child", "net")
    checks("charon has new IPsec SAs", wait_until(lambda: spis(charon.sas())[0] - first, 3))
    second, _ = spis(charon.sas())
    checks("below the same IKE SA", ike_sas(charon) == {"1"}, charon.sas())
    checks("pings pass on the new IPsec SAs", meeting.ping_pc() == 3)
    charon.swanctl("--rekey", "--ike", "simulated")
    checks("charon has a new IKE SA", wait_until(lambda: "2" in ike_sas(charon), 3), charon.sas())
    checks("above the same IPsec SAs", spis(charon.sas())[0] == second, charon.sas())
    checks("pings pass still", meeting.ping_pc() == 3)
    done = charon.swanctl("--terminate", "--ike", "simulated", "--timeout", "2")
    checks("charon deletes all", done.returncode == 0 and not charon.has_child(), done.stdout)
    status = meeting.finish()
    checks("the simulated run ends by itself", status in (0, 1), f"status {status}")
    node = meeting.results().get("nodes", {}).get("fw", {})
    left = node.get("ipsecSas"), node.get("ikeSas")
    checks("the simulated gateway has no SA left", left == ([], []), left)
    check_log(checks, charon.log())


def ike_sas(charon):
    """Returns charon's numbers of the IKE SAs that are established."""
    return set(re.findall(r"#(\d+), ESTABLISHED, IKEv1", charon.sas()))


def we_renew(checks, meeting):
    charon = meeting.charon
    tunnel = {**pre_shared(SUITE), "phase2-lifetime": "4s"}
    pings = pings_from_pc("1500ms", 25)
    expected = "[expect all]\nthat = ping answered = 25\n"
    meeting.start(scenario({"tunnel office": tunnel}, "8s", CALL + pings + expected))
    checks("the tunnel comes up", wait_until(charon.has_child, 4))
    first, _ = spis(charon.sas())
    renewed = wait_until(lambda: spis(charon.sas())[0] - first, 6)
    checks("we renew the IPsec SAs before their end", renewed, charon.sas())
    gone = wait_until(lambda: not spis(charon.sas())[0] & first, 4)
    checks("and delete the old ones at their end", gone, charon.sas())
    status = meeting.finish()
    checks("no ping is lost meanwhile", status == 0, meeting.said()[-300:])
    check_log(checks, charon.log())


if __name__ == "__main__":
    sys.exit(main())
