# SPDX-License-Identifier: GPL-2.0-only
"""Checks the captures of simulated runs with tshark and the key tables that the runs wrote."""

import subprocess
import sys

from dissection import Dissection, check_checksums, check_esp, check_isakmp, check_page
from interop_lab import SOURCE, Checks, Lab, require_program, require_tools, results

# Scenario, messages of IKE at least, PC that pings and PC that answers, pings through the tunnel.
RUNS = (
    ("site-to-site", 9, "192.168.0.2", "172.16.0.2", 5),
    ("site-to-site-junos", 9, "10.2.0.2", "10.1.0.2", 5),
)


def check_nat(checks):
    """What leaves a NAT has right checksums and no inside address."""
    print("-- nat-first", flush=True)
    lab = Lab("tshark-nat-first")
    prefix = lab.folder / "nat"
    done = subprocess.run(
        [require_program("nat-first"), f"--capture={prefix}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    checks("the run passes", done.returncode == 0, done.stdout.decode(errors="replace"))
    dissection = Dissection(f"{prefix}-box.pcap", lab.folder)
    check_checksums(checks, dissection)
    good = [p for p in dissection.packets if "1" in p.all("udp.checksum.status")]
    checks("tshark finds the UDP checksums right", len(good) == 4, f"{len(good)} of 4")
    inside = [p for p in dissection.packets if p.sender().startswith("10.")]
    checks("no inside address leaves", not inside, f"{len(inside)} packets")


def main():
    require_tools("tshark")
    program = require_program("ipsec-lab")
    checks = Checks()
    for name, messages, source, target, pings in RUNS:
        print(f"-- {name}.ini", flush=True)
        lab = Lab(f"tshark-{name}")
        output = lab.folder / "output"
        done = subprocess.run(
            [program, SOURCE / "examples/scenarios" / f"{name}.ini", "--output", output, "--quiet"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        checks("the run passes", done.returncode == 0, done.stdout.decode(errors="replace"))
        captures = sorted(output.rglob("*.pcap"))
        checks("the run writes captures", captures)
        seen = [(path, Dissection(path, output / "wireshark")) for path in captures]
        outside = [(path, d) for path, d in seen if d.isakmp()]
        checks("both gateways' captures hold ISAKMP", len(outside) >= 2, f"{len(outside)}")
        for path, dissection in outside:
            print(f"   {path.name}", flush=True)
            check_isakmp(checks, dissection, messages)
            check_esp(checks, dissection, [(source, target, pings)])
            check_page(checks, dissection, (output / "report.html").read_text(encoding="utf-8"))
        for path, dissection in seen:
            if dissection.packets:
                check_checksums(checks, dissection)
    check_nat(checks)
    return checks.status()


if __name__ == "__main__":
    sys.exit(main())
