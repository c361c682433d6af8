#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Opens report.html and ladder.svg of several runs in a headless Chromium and checks them.

    report-pages.py BUILD ROOT OUTPUT [--screenshots]

Each page must open without an error and without asking for anything, unfold, be readable in light
and dark, fit a narrow window, and name its tables and pictures. Then the checks themselves are
checked: a page that is spoilt in a known way must be refused. Exits with 77 where there is no
Chromium.
"""

import json
import pathlib
import subprocess
import sys

import chromium

SCHEMES = ("light", "dark")
WIDE = 1280
NARROW = 360
# Words of a scenario that would break a page which does not escape them.
STRANGE = """
[expect strange]
that = messages main = 0
hint = <script>alert("a & b")</script> </pre> <b title='x'>
"""
# As long as names may be, of wide letters.
LONG = ("wwwwwwww-mmmmmmmm-" * 2)[:31]
# Runs: name, scenario, options, and what their page must show once it is unfolded: where, by a
# selector, and which words. Each of these must be missing on the page of another run.
RUNS = (
    (
        "simple",
        "site-to-site",
        (),
        (
            ("#summary + dl", "2 of 2 came true"),
            (".message.enc .body .det", "IPv4 subnet 192.168.0.0/255.255.255.0"),
            ("#scenario ~ details pre", "[tunnel ab]"),
        ),
    ),
    (
        "branches",
        "branches",
        ("--output.series=true",),
        (
            ("#branches ~ ul", "47 IKE SAs"),
            ("#branches ~ ul", "3 of 50 branches"),
            ("figure.plot text", "simulated time (s)"),
            ("#plots ~ figure:nth-of-type(1)", "Tunnels up"),
        ),
    ),
    (
        "failures",
        "site-to-site",
        ("--internet.loss=20%", "--tunnel.ab.fw-b.pre-shared-key=it's wrong"),
        (
            ("#summary + dl", "0 of 2 came true"),
            (".message.lost .rem", "lost"),
            (".message.again .rem", "sent again"),
            (".note .way", "s later"),
            ("#again ~ .wide pre", "'--tunnel.ab.fw-b.pre-shared-key=it'\\''s"),
        ),
    ),
    (
        "crash",
        "hub-reboot",
        ("--output.series=false",),
        (
            ("#summary + dl", "arrived where nobody listens"),
            (".message .rem", "nobody listens"),
        ),
    ),
    (
        "strange",
        "strange",
        (),
        (("#summary ~ .wide td", "<script>alert(\"a & b\")</script> </pre> <b title='x'>"),),
    ),
    (
        "dial-up",
        "home-office",
        (),
        ((".event .way", "laptop 192.168.1.2:500 is 203.0.113.1:500 here"),),
    ),
    ("names", "names", (), ((".ends span", f"{LONG}a"), ("figure text", f"{LONG[-8:]}"))),
)
# How to spoil a page, and what must be found then.
SPOILT = (
    ("contrast", "document.body.style.color = '#888'", "contrast"),
    ("contrast", "document.querySelector('svg text').style.fill = '#9ab'", "contrast"),
    ("contrast", "document.querySelector('caption').style.fontSize = '7px'", "words of 7.0"),
    ("width", "document.querySelector('h1').style.width = '500px'", "wide"),
    ("structure", "document.querySelector('caption').remove()", "no caption"),
    ("structure", "document.querySelector('th').removeAttribute('scope')", "no scope"),
    ("structure", "document.querySelector('svg').removeAttribute('aria-label')", "accessible"),
    ("structure", "document.querySelector('h3').id = 'summary'", "twice"),
    ("structure", "document.querySelector('h2').outerHTML = '<h4>x</h4>'", "follows level 1"),
    ("structure", "document.documentElement.lang = ''", "no lang"),
    ("structure", "document.querySelector('a').href = 'https://a.example/'", "names https"),
    ("unfold", "document.querySelector('.message .body').style.display = 'none'", "not unfold"),
    ("pictures", "document.querySelector('svg text').setAttribute('x', -9)", "of the picture"),
)
# The same for a picture by itself.
SPOILT_PICTURE = (
    ("contrast", "document.querySelector('text').style.fill = '#9ab'", "contrast"),
    ("pictures", "document.querySelector('text').setAttribute('y', 2000)", "of the picture"),
    (
        "pictures",
        "document.querySelector('rect.head ~ text.h').textContent += ' and much more than fits'",
        "of its box",
    ),
    (
        "pictures",
        "[...document.querySelectorAll('text')].map(one => one.setAttribute('y', 20))",
        "overlaps",
    ),
)


class Checker:
    """Counts and prints faults."""

    def __init__(self, browser, screenshots):
        self.browser = browser
        self.rules = (pathlib.Path(__file__).parent / "check-page.js").read_text(encoding="ascii")
        self.screenshots = screenshots
        self.faults = 0
        # By page: what it shows, by selector.
        self.seen = {}

    def report(self, what, faults):
        for fault in faults[:20]:
            print(f"{what}: {fault}")
        self.faults += len(faults)

    def ask(self, page, rule):
        return page.evaluate(f"{self.rules.strip()}.{rule}()")

    def check_words(self, name):
        """Checks that a page shows what it must, and that another one does not."""
        for selector, word in next(run[3] for run in RUNS if run[0] == name):
            shows = [page for page, seen in self.seen.items() if word in seen[selector]]
            if name not in shows:
                self.report(name, [f"does not show '{word}' in {selector}"])
            elif len(shows) == len(self.seen):
                self.report(name, [f"'{word}' in {selector} is on every page"])

    def check_report(self, name, path):
        """Checks one report.html."""
        page = chromium.Page(self.browser, path.as_uri())
        page.show("light", WIDE)
        for rule in ("structure", "unfold", "pictures"):
            self.report(f"{name} ({rule})", self.ask(page, rule))
        self.seen[name] = {
            selector: page.evaluate(
                f"[...document.querySelectorAll({json.dumps(selector)})]"
                ".map(one => one.innerText ?? one.textContent).join('\\n')"
            )
            for run in RUNS
            for selector, _ in run[3]
        }
        for scheme in SCHEMES:
            for width in (WIDE, NARROW):
                page.show(scheme, width)
                for rule in ("contrast", "width"):
                    self.report(f"{name} ({scheme}, {width}, {rule})", self.ask(page, rule))
                if self.screenshots:
                    page.screenshot(path.parent / f"{scheme}-{width}.png")
        self.report(name, page.faults())
        page.close()

    def check_picture(self, name, path):
        """Checks one SVG file, opened by itself."""
        page = chromium.Page(self.browser, path.as_uri())
        for scheme in SCHEMES:
            page.show(scheme, WIDE)
            for rule in ("contrast", "pictures"):
                self.report(f"{name} ({scheme}, {rule})", self.ask(page, rule))
            if self.screenshots:
                page.screenshot(path.parent / f"{path.stem}-{scheme}.png")
        self.report(name, page.faults())
        page.close()

    def check_spoilt(self, path, ways, width):
        """Makes sure that each rule refuses a page that is spoilt."""
        for rule, spoil, found in ways:
            page = chromium.Page(self.browser, path.as_uri())
            page.show("light", width)
            page.evaluate(spoil)
            if not any(found in fault for fault in self.ask(page, rule)):
                self.report("the checks", [f"{rule} does not refuse: {spoil}"])
            page.close()

    def check_events(self, path):
        """Makes sure that errors and requests are noticed."""
        page = chromium.Page(self.browser, path.as_uri())
        page.evaluate("new Image().src = 'https://a.example/a.png'; setTimeout(() => x.y, 0)")
        page.evaluate("console.error('no')")
        if len(page.faults()) < 2:
            self.report("the checks", ["a request and an error are not refused"])
        page.close()

    def check_again(self, name, build, folder):
        """Gives the command that a page prints, and compares what comes of it."""
        page = chromium.Page(self.browser, (folder / "report.html").as_uri())
        command = page.evaluate("document.querySelector('#again ~ .wide pre').textContent")
        page.close()
        again = folder / "again"
        again.mkdir(exist_ok=True)
        if not (again / "build").exists():
            (again / "build").symlink_to(build)
        subprocess.run(command, shell=True, cwd=again, stdout=subprocess.DEVNULL, check=False)
        for file in ("report.html", "ladder.svg"):
            made = again / "output" / file
            if not made.exists() or made.read_bytes() != (folder / file).read_bytes():
                self.report(name, [f"the command that it prints makes another {file}"])


def run(build, root, output, name, scenario, options):
    """Runs a scenario and returns the folder with its reports."""
    folder = output / name
    folder.mkdir(parents=True, exist_ok=True)
    file = root / "examples" / "scenarios" / f"{scenario}.ini"
    if scenario in ("strange", "names"):
        file = folder / f"{scenario}.ini"
        text = (root / "examples" / "scenarios" / "site-to-site.ini").read_text(encoding="utf-8")
        text = text + STRANGE if scenario == "strange" else text.replace("fw-", LONG)
        file.write_text(text, encoding="utf-8")
    program = build / "examples" / "ipsec-lab"
    command = [program, file, "--quiet", "--output", folder, "--output.pcap=false", *options]
    status = subprocess.run(command, check=False).returncode
    if status not in (0, 1):
        sys.exit(f"{name}: ipsec-lab exits with {status}")
    return folder


def main():
    program = chromium.find()
    if not program:
        print("skipped: reports are not opened, because Chromium (chromium-headless-shell) is missing")
        return 77
    build, root, output = (pathlib.Path(path).resolve() for path in sys.argv[1:4])
    with chromium.Chromium(program) as browser:
        checker = Checker(browser, "--screenshots" in sys.argv[4:])
        for name, scenario, options, _ in RUNS:
            folder = run(build, root, output, name, scenario, options)
            checker.check_report(name, folder / "report.html")
            checker.check_picture(f"{name}, ladder.svg", folder / "ladder.svg")
        for name in ("simple", "failures"):
            checker.check_again(name, build, output / name)
        for name, *_ in RUNS:
            checker.check_words(name)
        checker.check_spoilt(output / "simple" / "report.html", SPOILT, NARROW)
        checker.check_spoilt(output / "simple" / "ladder.svg", SPOILT_PICTURE, WIDE)
        checker.check_events(output / "simple" / "report.html")
    spoilt = len(SPOILT) + len(SPOILT_PICTURE) + 1
    print(f"{len(RUNS)} reports opened, {spoilt} spoilt ones tried, {checker.faults} faults")
    return 1 if checker.faults else 0


if __name__ == "__main__":
    sys.exit(main())
