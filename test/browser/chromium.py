# SPDX-License-Identifier: GPL-2.0-only
"""A headless Chromium, spoken to through a pipe: the DevTools protocol with Python's own library."""

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

# What Debian calls the engine alone, and the whole browser, which can do the same.
PROGRAMS = ("chromium-headless-shell", "chromium")
FLAGS = (
    "--headless",
    "--remote-debugging-pipe",
    # Only pages that this test made are opened, and root may not have a sandbox.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # No name leads anywhere.
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
TIMEOUT = 60


def find():
    """Returns the path of a Chromium, or None."""
    return next((path for path in map(shutil.which, PROGRAMS) if path), None)


class Chromium:
    """One browser; commands wait for their answers, events are kept for whoever asks."""

    def __init__(self, program):
        self._profile = tempfile.TemporaryDirectory(
            prefix="report-pages-", ignore_cleanup_errors=True
        )
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()
        # The browser reads from 3 and writes to 4; above 9 the ends are not in each other's way.
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (to_browser, from_browser)]
        os.close(to_browser)
        os.close(from_browser)

        def place_ends():
            os.dup2(ends[0], 3)
            os.dup2(ends[1], 4)

        self._process = subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={self._profile.name}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=place_ends,
            pass_fds=(3, 4),
        )
        for end in ends:
            os.close(end)
        self._buffer = b""
        self._number = 0
        self._events = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.command("Browser.close")
            self._process.wait(TIMEOUT)
        except (EOFError, OSError, TimeoutError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        os.close(self._write)
        os.close(self._read)
        self._profile.cleanup()

    def _receive(self, deadline):
        """Returns the next message of the browser."""
        while b"\0" not in self._buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._read], [], [], left)[0]:
                raise TimeoutError("Chromium does not answer")
            octets = os.read(self._read, 1 << 16)
            if not octets:
                raise EOFError("Chromium ended")
            self._buffer += octets
        text, _, self._buffer = self._buffer.partition(b"\0")
        return json.loads(text)

    def command(self, method, session=None, **parameters):
        """Sends a command and returns its result."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + TIMEOUT
        while True:
            answer = self._receive(deadline)
            if answer.get("id") != self._number:
                self._events.append(answer)
            elif "error" in answer:
                raise RuntimeError(f"{method}: {answer['error']['message']}")
            else:
                return answer["result"]

    def wait_for(self, method):
        """Waits until an event came, which may have happened before."""
        deadline = time.monotonic() + TIMEOUT
        while not any(event.get("method") == method for event in self._events):
            self._events.append(self._receive(deadline))

    def take_events(self):
        """Returns the events since the last call as (method, parameters)."""
        events, self._events = self._events, []
        return [(event["method"], event["params"]) for event in events if "method" in event]


class Page:
    """One page of a browser, with what went wrong while it was opened."""

    def __init__(self, browser, url):
        self._browser = browser
        browser.take_events()
        target = browser.command("Target.createTarget", url="about:blank")["targetId"]
        self._target = target
        attached = browser.command("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self._command(f"{domain}.enable")
        browser.take_events()
        self._command("Page.navigate", url=url)
        browser.wait_for("Page.loadEventFired")
        self._url = url

    def _command(self, method, **parameters):
        return self._browser.command(method, self._session, **parameters)

    def close(self):
        self._browser.command("Target.closeTarget", targetId=self._target)

    def show(self, scheme, width, height=900):
        """Sets the colour scheme, "light" or "dark", and the size of the window."""
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self._command("Emulation.setEmulatedMedia", features=[feature])
        self._command(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def evaluate(self, expression):
        """Returns the value of an expression of JavaScript."""
        answer = self._command("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"]["exception"]["description"])
        return answer["result"].get("value")

    def faults(self):
        """Returns errors, and requests for anything but the page, since it was opened."""
        faults = []
        for method, parameters in self._browser.take_events():
            if method == "Runtime.exceptionThrown":
                faults.append("exception: " + parameters["exceptionDetails"]["text"])
            elif method == "Runtime.consoleAPICalled":
                faults.append("the page writes to the console: " + parameters["type"])
            elif method == "Log.entryAdded":
                faults.append(f"{parameters['entry']['level']}: {parameters['entry']['text']}")
            elif method == "Network.requestWillBeSent":
                url = parameters["request"]["url"]
                if url != self._url and not url.startswith("data:"):
                    faults.append(f"asks for {url}")
        return faults

    def screenshot(self, path):
        """Writes a picture of the whole page."""
        size = self._command("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 6000)}
        answer = self._command(
            "Page.captureScreenshot", clip={**clip, "scale": 1}, captureBeyondViewport=True
        )
        with open(path, "wb") as file:
            file.write(base64.b64decode(answer["data"]))
