#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Runs the benchmarks and writes their ratios into doc/performance.md.

    run.py BUILD ROOT [--many]

--many adds a run of 100,000 sites: some minutes, and 5 GB of memory.

Each ratio is taken within one run, for machines differ and drift. Absolute times stand beside for
orientation only.
"""

import datetime
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

BEGIN = "<!-- measured by make bench -->"
END = "<!-- end of what was measured -->"

# How a program says that it cannot run here.
SKIPPED = 77


def run(program, *arguments):
    """Runs one benchmark, shows what it prints, and returns it."""
    print("+", program.name, *arguments, flush=True)
    result = subprocess.run([program, *arguments], check=True, text=True, stdout=subprocess.PIPE)
    print(result.stdout, flush=True)
    return result.stdout


def run_strongswan(build):
    """Runs the comparison with strongSwan; returns its table, or why there is none."""
    script = Path(__file__).resolve().parent / "strongswan.py"
    print("+", script.name, build, flush=True)
    result = subprocess.run([script, build], text=True, stdout=subprocess.PIPE)
    print(result.stdout, flush=True)
    if result.returncode == SKIPPED:
        return "Not measured, " + result.stdout.strip() + "."
    if result.returncode:
        raise SystemExit("the comparison with strongSwan failed")
    return result.stdout.strip()


def suite_rows(text):
    """Reads the lines of esp-benchmark that say what stands in relation to what."""
    pattern = re.compile(
        r"^(?P<name>\S+): seal (?P<seal>\S+), open (?P<open>\S+), processor both ways "
        r"(?P<both>\S+) of raw; (?P<more>\S+) ns more; 10000 tunnels at random "
        r"(?P<random>\S+) of one$", re.M)
    return [match.groupdict() for match in pattern.finditer(text)]


def esp_table(text):
    rows = suite_rows(text)
    if not rows:
        raise SystemExit("esp-benchmark printed no ratios")
    lines = ["| suite/octets | seal | open | both ends of the processor | 10,000 SAs at random |",
             "|---|---|---|---|---|"]
    for row in rows:
        lines.append("| {name} | {seal} | {open} | {both} | {random} |".format(**row))
    return "\n".join(lines)


def chain_table(text):
    start = text.index("| chain")
    return text[start:].strip()


def bring_up_table(text):
    start = text.index("| bring-up")
    return text[start:].strip()


def handshake_table(text):
    """Divides what tunnels cost by what their cryptography alone does."""
    time = {}
    names = {}
    for line in text.splitlines():
        match = re.match(r"^(Tunnel|CryptographyAlone)/(\d+)\s+\S+ \w+\s+(\S+) us\s+\d+\s*(.*)$",
                         line)
        if match:
            kind, number, micros, label = match.groups()
            time[kind, number] = float(micros)
            names.setdefault(number, label)
    lines = ["| proposals | ratio |", "|---|---|"]
    for number, label in sorted(names.items()):
        ratio = time["Tunnel", number] / time["CryptographyAlone", number]
        lines.append(f"| {label} | {ratio:.2f} |")
    if len(lines) == 2:
        raise SystemExit("handshake-benchmark printed no times")
    return "\n".join(lines)


# Seconds of CPU that building, bring-up and one renewal may take for so many sites, on a machine
# that forwards a plain packet in QUIET_PACKET microseconds.
WANTED_SECONDS = {1000: 1, 10000: 10, 100000: 110}
QUIET_PACKET = 12.3


def scale_tables(text):
    """Returns the tables of scale-benchmark."""
    return text[text.index("| sites"):].strip()


def in_packets(text, chain):
    """Tells what scale-benchmark found in packets that are forwarded plainly."""
    plain = re.search(r"^\| plain 1400 \| (\S+) \|", chain, re.M)
    suite = re.search(r"^\| pre-g2\S+ nopfs\S+ \| .* \| (\S+) \| (\S+) \|$", text, re.M)
    runs = re.findall(r"^\| (\d+) \| (within 10 s|at once) \| .* \| (\S+) \| \d+ \| \S+ \| \S+ "
                      r"\|$", text, re.M)
    if not plain or not suite or not runs:
        raise SystemExit("scale-benchmark or chain-benchmark printed no times")
    packet = float(plain.group(1))
    beyond, rekey = (float(value) / packet for value in suite.groups())
    lines = ["| in packets that a chain of five nodes forwards plainly | packets | wanted at most |",
             "|---|---|---|",
             f"| a tunnel beyond its cryptography | {beyond:.1f} | 16 |",
             f"| a renewal by quick mode without PFS | {rekey:.1f} | {100 / QUIET_PACKET:.1f} |"]
    firsts = {}
    for sites, start, seconds in runs:
        firsts.setdefault((sites, start), seconds)
    for (sites, start), seconds in firsts.items():
        wanted = WANTED_SECONDS.get(int(sites))
        limit = f"{wanted * 1e6 / QUIET_PACKET:,.0f}" if wanted else ""
        lines.append(f"| build, bring-up and renewal of {int(sites):,} sites that start {start} | "
                     f"{float(seconds) * 1e6 / packet:,.0f} | {limit} |")
    return "\n".join(lines)


def main():
    build, root = Path(sys.argv[1]), Path(sys.argv[2])
    programs = build / "test"
    esp = run(programs / "esp-benchmark", "--benchmark_min_time=0.1", "--benchmark_repetitions=5",
              "--benchmark_report_aggregates_only=false")
    chain = run(programs / "chain-benchmark")
    handshake = run(programs / "handshake-benchmark", "--benchmark_min_time=0.2")
    scale = run(programs / "scale-benchmark")
    many = run(programs / "scale-benchmark", "1000", "100000") if "--many" in sys.argv else ""
    tree = run(programs / "tree-benchmark")
    strongswan = run_strongswan(build)
    threads = max(1, len(os.sched_getaffinity(0)) - 1)
    bring_up = run(programs / "bring-up-benchmark", "300", str(threads), "7")
    measured = "\n".join([
        BEGIN, "",
        f"Measured on {datetime.date.today()}, {platform.machine()}.", "",
        "ESP in relation to OpenSSL alone with kept contexts:", "", esp_table(esp), "",
        "Packets from host to host:", "", chain_table(chain), "",
        "Main and quick mode of both ends, in relation to their cryptography by OpenSSL alone, "
        "without a table for the generator:", "", handshake_table(handshake), "",
        "Branches at one hub, with group 2 and without PFS; every figure is CPU time, and memory is "
        "what the process grew by:", "", scale_tables(scale), "",
        *([scale_tables(many), ""] if many else []),
        in_packets(scale + many, chain), "",
        "Sites that a provider's tree of links joins to the hub, beside the cloud, both built by "
        "VpnTopologyHelper, with group 2 and without PFS; build and bring-up are a site's time, "
        "traffic is not:", "", tree.strip(), "",
        "Main and quick mode of both ends by strongSwan (all tunnels at once, two charons on one "
        "core in namespaces, Diffie-Hellman by its plugin gmp with short exponents), and of as many "
        "sites here on the same core, in turns:", "", strongswan, "",
        "Main and quick modes of a hub and its branches, with threads beside the simulator's "
        f"(dh-workers, {threads + 1} cores), and with secrets computed once per pair "
        "(dh-once-per-pair: less than what two machines compute):", "",
        bring_up_table(bring_up), "",
        END])
    page = root / "doc" / "performance.md"
    text = page.read_text()
    before, rest = text.split(BEGIN)
    page.write_text(before + measured + rest.split(END)[1])
    print(f"written to {page}")


if __name__ == "__main__":
    main()
