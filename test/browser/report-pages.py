#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Opens report.html and ladder.svg of several runs in a headless Chromium and checks them.

    report-pages.py BUILD ROOT OUTPUT [--screenshots]

Each page must open without an error and without asking for anything, unfold, be readable in light
and dark, fit a narrow window, and name its tables and pictures. Then the checks themselves are
checked: a page that is spoilt in a known way must be refused. Exits with 77 where there is no
Chromium.
"""

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
# Runs: name, scenario, options, and words that their page must show once it is unfolded.
RUNS = (
    ("simple", "site-to-site", (), ("2 of 2 came true", "Nonce: fresh random", "[tunnel ab]")),
    (
        "branches",
        "branches",
        ("--output.series=true",),
        ("47 IKE SAs", "3 of 50 branches", "Tunnels up", "simulated time (s)"),
    ),
    (
        "failures",
        "site-to-site",
        ("--internet.loss=20%", "--tunnel.ab.fw-b.pre-shared-key=it's wrong"),
        ("0 of 2 came true", "LOST", "sent again", "'--tunnel.ab.fw-b.pre-shared-key=it'\\''s"),
    ),
    ("strange", "strange", (), ("<script>alert(\"a & b\")</script> </pre> <b title='x'>",)),
    ("dial-up", "home-office", (), ("behind",)),
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
)


class Checker:
    """Counts and prints faults."""

    def __init__(self, browser, screenshots):
        self.browser = browser
        self.rules = (pathlib.Path(__file__).parent / "check-page.js").read_text(encoding="ascii")
        self.screenshots = screenshots
        self.faults = 0

    def report(self, what, faults):
        for fault in faults[:20]:
            print(f"{what}: {fault}")
        self.faults += len(faults)

    def ask(self, page, rule):
        return page.evaluate(f"{self.rules.strip()}.{rule}()")

    def check_report(self, name, path, words):
        """Checks one report.html."""
        page = chromium.Page(self.browser, path.as_uri())
        page.show("light", WIDE)
        for rule in ("structure", "unfold"):
            self.report(f"{name} ({rule})", self.ask(page, rule))
        text = page.evaluate("document.body.innerText + [...document.querySelectorAll('svg')]"
                             ".map(picture => picture.textContent)")
        shown = text.lower()
        missing = [f"does not show '{word}'" for word in words if word.lower() not in shown]
        self.report(name, missing)
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
            self.report(f"{name} ({scheme})", self.ask(page, "contrast"))
            if self.screenshots:
                page.screenshot(path.parent / f"{path.stem}-{scheme}.png")
        self.report(name, page.faults())
        page.close()

    def check_spoilt(self, path):
        """Makes sure that each rule refuses a page that is spoilt."""
        for rule, spoil, found in SPOILT:
            page = chromium.Page(self.browser, path.as_uri())
            page.show("light", NARROW)
            page.evaluate(spoil)
            if not any(found in fault for fault in self.ask(page, rule)):
                self.report("the checks", [f"{rule} does not refuse: {spoil}"])
            page.close()
        page = chromium.Page(self.browser, path.as_uri())
        page.evaluate("new Image().src = 'https://a.example/a.png'; setTimeout(() => x.y, 0)")
        page.evaluate("console.error('no')")
        if len(page.faults()) < 2:
            self.report("the checks", ["a request and an error are not refused"])
        page.close()


def run(build, root, output, name, scenario, options):
    """Runs a scenario and returns the folder with its reports."""
    folder = output / name
    folder.mkdir(parents=True, exist_ok=True)
    file = root / "examples" / "scenarios" / f"{scenario}.ini"
    if scenario == "strange":
        file = folder / "strange.ini"
        text = (root / "examples" / "scenarios" / "site-to-site.ini").read_text(encoding="utf-8")
        file.write_text(text + STRANGE, encoding="utf-8")
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
        for name, scenario, options, words in RUNS:
            folder = run(build, root, output, name, scenario, options)
            checker.check_report(name, folder / "report.html", words)
            checker.check_picture(f"{name}, ladder.svg", folder / "ladder.svg")
        pages = [(output / "simple" / file).read_bytes() for file in ("report.html", "ladder.svg")]
        folder = run(build, root, output, *RUNS[0][:3])
        again = [(folder / file).read_bytes() for file in ("report.html", "ladder.svg")]
        checker.report("simple", [] if pages == again else ["equal runs make different pages"])
        checker.check_spoilt(folder / "report.html")
    print(f"{len(RUNS)} reports opened, {len(SPOILT) + 1} spoilt ones tried, {checker.faults} faults")
    return 1 if checker.faults else 0


if __name__ == "__main__":
    sys.exit(main())
